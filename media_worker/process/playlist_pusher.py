"""Hands every new playlist to nginx, from a thread of its own: a web server that hangs must not stop the media."""

import http.client
import logging
import threading
from urllib.parse import urlsplit

from media_worker.packager.window import Page
from media_worker.process.contract import Push

_log = logging.getLogger(__name__)
# A web server that was restarted knows nothing: it is told again.
_REPEAT_SECONDS = 1.0
_TIMEOUT_SECONDS = 1.0
_CLOSE_SECONDS = 1.5
_PAST_WANTED = 202
_STALE = 409


class PlaylistPusher:
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
        self._pages: dict[str, tuple[int, Page]] = {}
        self._fresh: set[str] = set()
        self._closed = False
        self._failing = False
        self._heard = False
        self._thread = threading.Thread(target=self._send_all, name=f"herald-{ref}", daemon=True)
        self._thread.start()

    @property
    def heard(self) -> bool:
        """Whether the last batch was taken: nginx then has every part that was announced."""
        return self._heard

    def tell(self, rendition: str, version: int, page: Page, /) -> None:
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

    def _send(self, batch: list[tuple[str, int, Page]]) -> bool:
        try:
            for name, version, page in batch:
                self._put(name, version, page)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            if not self._failing:
                _log.warning("playlists of %s cannot be handed to nginx, which reads the files: %s", self._ref, error)
            self._failing = True
            self._heard = False
            return False
        if self._failing:
            _log.warning("playlists of %s are handed to nginx again", self._ref)
        self._failing = False
        self._heard = True
        return True

    def _put(self, rendition: str, version: int, page: Page) -> None:
        """The pieces that change with each part; the long one only when nginx says that it lacks it."""
        path = f"{self._base}/{self._ref}/{rendition}"
        sizes = {"X-Past": page.past_id, "X-Skip": str(len(page.skip))} if page.skip else {}
        if self._request(path, page.delta, {"X-Version": str(version), **sizes}) == _PAST_WANTED:
            self._request(f"{path}/past", page.past, {"X-Past": page.past_id})

    def _request(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        self._connection.request("PUT", path, body, {"X-Hook-Secret": self._secret, **headers})
        reply = self._connection.getresponse()
        reply.read()
        if reply.status >= 300 and reply.status != _STALE:
            raise http.client.HTTPException(f"status {reply.status}")
        return reply.status
