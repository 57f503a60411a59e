"""Pushes every new playlist to nginx, in a thread of its own: a web server that hangs must not stop the media."""

import http.client
import logging
import threading
from urllib.parse import urlsplit

from media_worker.packager.window import RenderedPlaylist
from media_worker.process.contract import Push

_log = logging.getLogger(__name__)
# A web server that was restarted knows nothing: everything is sent again.
_REPEAT_SECONDS = 1.0
_TIMEOUT_SECONDS = 1.0
_CLOSE_SECONDS = 1.5
_PAST_UNKNOWN = 202
_STALE = 409


class PlaylistPusher:
    """Sends the newest playlist of each rendition; older ones that were not sent yet are left out. Close it."""

    def __init__(self, push: Push, ref: str) -> None:
        address = urlsplit(push.url)
        self._ref = ref
        self._base = address.path.rstrip("/")
        self._secret = push.secret
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port or 80, timeout=_TIMEOUT_SECONDS
        )
        self._wake = threading.Condition()
        self._pages: dict[str, tuple[int, RenderedPlaylist]] = {}
        self._fresh: set[str] = set()
        self._closed = False
        self._failing = False
        self._delivered = False
        self._thread = threading.Thread(target=self._send_all, name=f"playlists-{ref}", daemon=True)
        self._thread.start()

    @property
    def delivered(self) -> bool:
        """Whether nginx took the last batch: then it knows every part that was announced."""
        return self._delivered

    def push(self, rendition: str, version: int, page: RenderedPlaylist, /) -> None:
        with self._wake:
            self._pages[rendition] = (version, page)
            self._fresh.add(rendition)
            self._wake.notify()

    def close(self) -> None:
        """Sends what was pushed before; gives it up after a second."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(_CLOSE_SECONDS)
        self._connection.close()

    def _send_all(self) -> None:
        while True:
            with self._wake:
                if not self._fresh and not self._closed:
                    self._wake.wait(_REPEAT_SECONDS)
                # Nothing new for a second: everything again.
                names = self._fresh or set(() if self._closed else self._pages)
                if self._closed and not names:
                    return
                batch = [(name, *self._pages[name]) for name in names]
                self._fresh = set()
            if not self._send(batch):
                with self._wake:
                    if self._closed:
                        return
                    self._wake.wait(_REPEAT_SECONDS / 5)

    def _send(self, batch: list[tuple[str, int, RenderedPlaylist]]) -> bool:
        try:
            for name, version, page in batch:
                self._put(name, version, page)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            if not self._failing:
                _log.warning("playlists of %s cannot be pushed to nginx, which reads the files: %s", self._ref, error)
            self._failing = True
            self._delivered = False
            return False
        if self._failing:
            _log.warning("playlists of %s are pushed to nginx again", self._ref)
        self._failing = False
        self._delivered = True
        return True

    def _put(self, rendition: str, version: int, page: RenderedPlaylist) -> None:
        """Sends the delta update, and the long past only when nginx answers that it lacks it."""
        path = f"{self._base}/{self._ref}/{rendition}"
        sizes = {"X-Past": page.past_id, "X-Skip": str(len(page.skip))} if page.skip else {}
        if self._request(path, page.delta, {"X-Version": str(version), **sizes}) == _PAST_UNKNOWN:
            self._request(f"{path}/past", page.past, {"X-Past": page.past_id})

    def _request(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        self._connection.request("PUT", path, body, {"X-Hook-Secret": self._secret, **headers})
        reply = self._connection.getresponse()
        reply.read()
        if reply.status >= 300 and reply.status != _STALE:
            raise http.client.HTTPException(f"status {reply.status}")
        return reply.status
