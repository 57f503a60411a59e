"""Whether a playback token still counts, answered from memory.

One gate for each process. What it needs of Redis comes and goes in the background: revocations twice a second, signs
of life once. While Redis does not answer, verdicts go on.
"""

import logging
import time

from redis.exceptions import RedisError

from fitfriends.core import clock
from streaming.domain import refusals
from streaming.domain.tokens import revocations, signing
from streaming.domain.tokens.signing import PlaybackToken
from streaming.domain.watching.heartbeats import Buffer

log = logging.getLogger(__name__)

REFRESH_SECONDS = 0.5
_FLUSH_SECONDS = 1.0
# Who lost a viewer slot may ask for another this much later.
_LOST_SLOT_SECONDS = 5.0


class Gate:
    """What one process knows about who may watch, and whom it has heard."""

    def __init__(self) -> None:
        self.known = revocations.Known()
        self.buffer = Buffer()
        self.lost_slots: dict[tuple[str, int], float] = {}
        self.kept = False  # a background task looks after it
        self._loaded = False
        self._refreshed = self._flushed = 0.0
        self._silent = False  # Redis did not answer last time

    def admits(self, room_id: str, text: str) -> bool:
        """Also remembers the viewer's sign of life. Nobody is let in before the revocations were read once."""
        try:
            token = signing.read_playback(text, room_id=room_id, at=clock.now())
        except signing.Refused as error:
            refusals.note("verdict", error.code, room=room_id)
            return False
        code = self._fault(token)
        if code:
            refusals.note("verdict", code, room=room_id, user_id=token.user_id)
            return False
        self.buffer.add(token)
        return True

    def _fault(self, token: PlaybackToken) -> str:
        """The code of what is wrong with a token that we signed; empty: nothing."""
        if not self._loaded:
            return "unavailable"
        if self.known.refuses(token.room_id, token.user_id, token.issued, token.device_slot):
            return "token:revoked"
        until = self.lost_slots.get((token.room_id, token.user_id))
        if until is not None:
            if time.monotonic() < until:
                return "stream:full"
            del self.lost_slots[token.room_id, token.user_id]
        return ""

    async def keep(self) -> None:
        """Refreshes and flushes what is due."""
        now = time.monotonic()
        try:
            if now - self._refreshed >= REFRESH_SECONDS:
                self._refreshed = now
                await self.known.refresh()
                self._loaded = True
            if now - self._flushed >= _FLUSH_SECONDS:
                self._flushed = now
                self._learn_lost_slots(await self.buffer.flush(), now)
            self._silent = False
        except RedisError as error:
            if not self._silent:
                log.warning("Redis does not answer; verdicts come from memory: %s", error)
            self._silent = True

    def _learn_lost_slots(self, found: set[tuple[str, int]], now: float) -> None:
        self.lost_slots = {who: until for who, until in self.lost_slots.items() if until > now}
        self.lost_slots |= dict.fromkeys(found, now + _LOST_SLOT_SECONDS)


gate = Gate()
