"""Janus' secrets, all derived from one: nothing has to be stored or handed over."""

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoomSecrets:
    """The secrets of one host, by HMAC-SHA256 of SFU_SECRET. They outlive a restart, so leftovers can be removed."""

    secret: str

    def __repr__(self) -> str:
        return "RoomSecrets(...)"

    @property
    def api_secret(self) -> str:
        """In every request to Janus."""
        return self._derive("api")

    @property
    def admin_secret(self) -> str:
        """Of Janus' admin API."""
        return self._derive("admin")

    @property
    def admin_key(self) -> str:
        """Needed to create rooms and mountpoints, and to forward RTP."""
        return self._derive("admin-key")

    def room_secret(self, room: str) -> str:
        """Needed to destroy or to forward from this room."""
        return self._derive("room-secret", room)

    def room_pin(self, room: str) -> str:
        """Needed to join this room or to watch this mountpoint."""
        return self._derive("room-pin", room)

    def _derive(self, purpose: str, room: str = "") -> str:
        message = f"{purpose}\0{room}".encode()
        return hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()[:40]
