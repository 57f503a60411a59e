"""Hands every new playlist to nginx, from a thread of its own: a web server that hangs must not stop the media."""

import http.client
import logging
import threading
from urllib.parse import urlsplit

from media_worker.process.contract import Push

_log = logging.getLogger(__name__)
# A web server that was restarted knows nothing: it is told again.
_REPEAT_SECONDS = 1.0
_TIMEOUT_SECONDS = 1.0
_CLOSE_SECONDS = 1.5
_STALE = 409


class NginxHerald:
    """Keeps the newest page of each rendition and sends it; older ones that were not sent yet are left out."""

    def __init__(self, push: Push, ref: str) -> None:
        address = urlsplit(push.url)
        self._ref = ref
        self._base = address.path.rstrip("/")
        self._secret = push.secret
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port or 80, timeout=_TIMEOUT_SECONDS
        )
        self._news = threading.Condition()
        self._pages: dict[str, tuple[int, bytes]] = {}
        self._fresh: set[str] = set()
        self._closed = False
        self._failing = False
        self._thread = threading.Thread(target=self._send_all, name=f"herald-{ref}", daemon=True)
        self._thread.start()

    def tell(self, rendition: str, version: int, page: bytes, /) -> None:
        with self._news:
            self._pages[rendition] = (version, page)
            self._fresh.add(rendition)
            self._news.notify()

    def close(self) -> None:
        """What was told before is sent, or given up after a second."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join(_CLOSE_SECONDS)
        self._connection.close()

    def _send_all(self) -> None:
        while True:
            with self._news:
                if not self._fresh and not self._closed:
                    self._news.wait(_REPEAT_SECONDS)
                # Nothing new for a second: everything again.
                names = self._fresh or set(() if self._closed else self._pages)
                if self._closed and not names:
                    return
                batch = [(name, *self._pages[name]) for name in names]
                self._fresh = set()
            if not self._send(batch):
                with self._news:
                    if self._closed:
                        return
                    self._news.wait(_REPEAT_SECONDS / 5)

    def _send(self, batch: list[tuple[str, int, bytes]]) -> bool:
        try:
            for name, version, page in batch:
                self._put(name, version, page)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            if not self._failing:
                _log.warning("playlists of %s cannot be handed to nginx, which reads the files: %s", self._ref, error)
            self._failing = True
            return False
        if self._failing:
            _log.warning("playlists of %s are handed to nginx again", self._ref)
        self._failing = False
        return True

    def _put(self, rendition: str, version: int, page: bytes) -> None:
        headers = {"X-Hook-Secret": self._secret, "X-Version": str(version)}
        self._connection.request("PUT", f"{self._base}/{self._ref}/{rendition}", page, headers)
        reply = self._connection.getresponse()
        reply.read()
        if reply.status >= 300 and reply.status != _STALE:
            raise http.client.HTTPException(f"status {reply.status}")
