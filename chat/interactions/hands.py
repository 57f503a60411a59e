"""Raised hands, in Redis: a hand is up as long as its person has a socket in the room.

One sorted set per room, by the moment at which each was raised; beside it stands presence, which forgets the sockets
of a process that crashed. A Redis that loses its memory lowers all hands, and their owners see that theirs is down.
"""

from collections.abc import Mapping
from typing import cast

from accounts.models import User
from chat.domain import access, broadcast, people, rooms
from chat.frames.interactions import Hand
from chat.models import Room
from fitfriends.core import redis
from streaming.domain.watching import presence

_DAY = 24 * 3600
NAMED_AT_MOST = 40

_RAISE = redis.Script(
    """
local raised = redis.call('ZADD', KEYS[1], 'NX', now, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return raised
"""
)
# Bare players are no sockets: 'b:<user>' has no second colon.
_UP = redis.Script(
    """
local raised = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
if #raised == 0 then return {0} end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local here = {}
for _, entry in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local user = string.match(entry, '^%a:(%d+):')
  if user then here[user] = true end
end
local answer = {0}
for i = 1, #raised, 2 do
  if here[raised[i]] then
    table.insert(answer, raised[i])
    table.insert(answer, string.format('%.0f', raised[i + 1]))
  else
    answer[1] = answer[1] + redis.call('ZREM', KEYS[1], raised[i])
  end
end
return answer
"""
)


def raise_hand(room: Room, *, user: User) -> None:
    """Raising it again keeps its position. Raises NotInRoom or TalkClosed."""
    access.require_talker(user, room.stream)
    if _RAISE.run((_key(room.stream.room_id),), user.pk, _DAY):
        broadcast.interactions_changed(room.stream.room_id, "hands")


def lower_hand(room: Room, *, user_id: int, actor: User) -> None:
    """Lowers one's own hand or, for moderators, somebody's. Lowering it again changes nothing.

    Raises as access.require_moderator does for those who lower another's.
    """
    if user_id != actor.pk:
        access.require_moderator(actor, room.stream)
    if redis.client().zrem(_key(room.stream.room_id), str(user_id)):
        broadcast.interactions_changed(room.stream.room_id, "hands")


def up(room_id: str) -> dict[int, int]:
    """Who has a hand up, first come first, with the milliseconds since 1970 at which it was raised.

    Takes down the hands of those who went; the other processes are told.
    """
    gone, *entries = cast("list[str | int]", _UP.run((_key(room_id), presence.key(room_id))))
    if gone:
        broadcast.interactions_changed(room_id, "hands")
    users, moments = entries[::2], entries[1::2]
    return {int(user): int(moment) for user, moment in zip(users, moments, strict=True)}


def shown(room_id: str) -> list[Hand]:
    """The hands that are up, with names; for those who moderate."""
    return named(room_id, up(room_id))


def named(room_id: str, raised: Mapping[int, int]) -> list[Hand]:
    """Names the first of the hands that `up` returned. Two queries, none when no hand is up."""
    first = list(raised)[:NAMED_AT_MOST]
    if not first:
        return []
    names = people.named(rooms.find(room_id).stream, first)
    return [
        Hand(user_id=user_id, username=names[user_id].username, raised_at=raised[user_id])
        for user_id in first
        if user_id in names
    ]


def _key(room_id: str) -> str:
    return redis.key("hands", room_id)
