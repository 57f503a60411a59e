"""Playback tokens that count no more: per person and room a moment; what was issued before it is refused.

A sorted set in Redis by that moment, so that every verdict process can ask twice a second for what is new and answer
from memory. A token is stamped before its holder's rights are checked: a right that ends in between refuses it.
A device slot that was lost (watching/device_slots.py) stands here too, for good: whenever its token was issued.
"""

from collections.abc import Iterable
from typing import cast

from django.conf import settings

from fitfriends.core import redis
from streaming.domain.tokens.redis_clock import MICROSECONDS

EVERYBODY = 0
KEY = redis.key("revoked")
# Two revocations may be written in another order than they are stamped; asking for a little more costs nothing.
_OVERLAP = 2 * MICROSECONDS

_REVOKE = redis.Script("""
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', micros - ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', micros), ARGV[i]) end
return string.format('%.0f', micros)
""")


def _horizon() -> int:
    """No token lives longer, so no older revocation matters."""
    return (settings.PLAYBACK_TOKEN_HOURS + 1) * 3600 * MICROSECONDS


def revoke(room_id: str, *user_ids: int) -> None:
    """Refuses all playback tokens that these people hold for the room; without people, everybody's."""
    members = [f"{room_id}:{user_id}" for user_id in user_ids or (EVERYBODY,)]
    _REVOKE.run((KEY,), _horizon(), *members)


def device_slot_member(room_id: str, user_id: int, device_slot: str) -> str:
    return f"{room_id}:{user_id}:{device_slot}"


class Known:
    """One process's copy for its verdicts; refresh() brings it up to date and is called often."""

    def __init__(self) -> None:
        self._moments: dict[str, int] = {}
        self._latest = 0

    def __len__(self) -> int:
        return len(self._moments)

    def refuses(self, room_id: str, user_id: int, issued: int, device_slot: str = "") -> bool:
        moments = self._moments
        if device_slot and device_slot_member(room_id, user_id, device_slot) in moments:
            return True
        return issued <= moments.get(f"{room_id}:{user_id}", -1) or issued <= moments.get(
            f"{room_id}:{EVERYBODY}", -1
        )

    async def refresh(self) -> None:
        """Raises Redis' errors; what is known stays known."""
        client = redis.async_client()
        found = await client.zrangebyscore(KEY, self._latest - _OVERLAP, "+inf", withscores=True)
        self._learn((str(member), int(score)) for member, score in cast("list[tuple[str, float]]", found))

    def _learn(self, found: Iterable[tuple[str, int]]) -> None:
        for member, moment in found:
            self._moments[member] = max(moment, self._moments.get(member, 0))
            self._latest = max(self._latest, moment)
        oldest = self._latest - _horizon()
        if len(self._moments) > 1000:
            self._moments = {member: moment for member, moment in self._moments.items() if moment > oldest}
