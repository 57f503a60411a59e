"""Who is there now: people with a living socket, and bare players heard a moment ago.

One sorted set per room, each entry with the moment at which it is forgotten, so that a crash leaves no ghosts:
`s:<user>:<connection>` a viewer's socket, `t:<user>:<connection>` a socket of those who run the class,
`b:<user>` a bare player. Those who run the class are seen, not counted.
"""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import cast

from fitfriends.core import redis
from streaming.domain.watching import viewer_slots

# A socket reports every few seconds; a bare player is heard whenever nginx asks for its verdict anew.
SOCKET_SECONDS = 30
BARE_SECONDS = 15

_SEEN = redis.Script("""
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], 120000)
if ARGV[3] ~= '' then redis.call('ZADD', KEYS[2], 'XX', now, ARGV[3]) end
return 1
""")
# How many watch. Counting a crowd takes time in proportion, and a storm asks with each join: beyond a hundred entries
# the answer may be a quarter of a second old.
LUA = """
local function count_viewers(present)
  redis.call('ZREMRANGEBYSCORE', present, '-inf', now)
  local crowd = redis.call('ZCARD', present) > 100
  local known = crowd and redis.call('GET', present .. ':count')
  if known then return tonumber(known) end
  local viewers, seen = 0, {}
  for _, entry in ipairs(redis.call('ZRANGE', present, 0, -1)) do
    local kind, user = string.match(entry, '^(%a):(%d+)')
    if kind ~= 't' and not seen[user] then
      seen[user] = true
      viewers = viewers + 1
    end
  end
  if crowd then redis.call('SET', present .. ':count', viewers, 'PX', 250) end
  return viewers
end
local function player_seen(present, user, milliseconds)
  redis.call('ZADD', present, now + milliseconds, 'b:' .. user)
  redis.call('PEXPIRE', present, 120000)
end
"""
_COUNT = redis.Script(LUA, "return count_viewers(KEYS[1])")
_GLANCE = redis.Script("""
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local viewers, staff, seen = {}, {}, {}
for _, entry in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local kind, user = string.match(entry, '^(%a):(%d+)')
  if not seen[kind == 't' and 't' .. user or user] then
    seen[kind == 't' and 't' .. user or user] = true
    table.insert(kind == 't' and staff or viewers, tonumber(user))
  end
end
table.sort(viewers)
table.sort(staff)
local answer = {#viewers}
for _, user in ipairs(staff) do if #answer <= tonumber(ARGV[1]) then table.insert(answer, 't' .. user) end end
for _, user in ipairs(viewers) do if #answer <= tonumber(ARGV[1]) then table.insert(answer, 's' .. user) end end
return answer
""")


@dataclass(frozen=True, slots=True)
class Present:
    user_id: int
    runs: bool  # runs the class: seen, not counted


@dataclass(frozen=True, slots=True)
class Glance:
    viewer_count: int
    people: list[Present]  # those who run the class first, then by id


def key(room_id: str) -> str:
    return redis.key("presence", room_id)


def _entry(user_id: int, conn_id: str, *, runs: bool) -> str:
    return f"{'t' if runs else 's'}:{user_id}:{conn_id}"


def _seen(room_id: str, user_id: int, conn_id: str, *, runs: bool) -> tuple[str | int, ...]:
    holder = "" if runs else str(user_id)
    return key(room_id), viewer_slots.key(room_id), _entry(user_id, conn_id, runs=runs), SOCKET_SECONDS * 1000, holder


def socket_seen(room_id: str, user_id: int, conn_id: str, *, runs: bool = False) -> None:
    """The socket lives; also keeps its person's viewer slot, if there is one. Call at least every 10 s."""
    redis.client().eval(_SEEN.text, 2, *_seen(room_id, user_id, conn_id, runs=runs))


async def asocket_seen(room_id: str, user_id: int, conn_id: str, *, runs: bool = False) -> None:
    await _wait(redis.async_client().eval(_SEEN.text, 2, *_seen(room_id, user_id, conn_id, runs=runs)))


async def asockets_seen(room_id: str, sockets: Iterable[tuple[int, str, bool]]) -> None:
    """The same for many, as (user_id, conn_id, runs), in one round trip."""
    pipeline = redis.async_client().pipeline(transaction=False)
    for user_id, conn_id, runs in sockets:
        pipeline.eval(_SEEN.text, 2, *_seen(room_id, user_id, conn_id, runs=runs))
    await pipeline.execute()


def socket_gone(room_id: str, user_id: int, conn_id: str, *, runs: bool = False) -> None:
    redis.client().zrem(key(room_id), _entry(user_id, conn_id, runs=runs))


async def asocket_gone(room_id: str, user_id: int, conn_id: str, *, runs: bool = False) -> None:
    await redis.async_client().zrem(key(room_id), _entry(user_id, conn_id, runs=runs))


def player_gone(room_id: str, user_id: int) -> None:
    redis.client().zrem(key(room_id), f"b:{user_id}")


def glance(room_id: str, *, limit: int = 60) -> Glance:
    """The exact count, and at most `limit` of the people."""
    return _read(redis.client().eval(_GLANCE.text, 1, key(room_id), limit))


async def aglance(room_id: str, *, limit: int = 60) -> Glance:
    return _read(await _wait(redis.async_client().eval(_GLANCE.text, 1, key(room_id), limit)))


def viewer_count(room_id: str) -> int:
    return cast("int", _COUNT.run((key(room_id),)))


async def aviewer_count(room_id: str) -> int:
    return (await aglance(room_id, limit=0)).viewer_count


def viewer_counts(room_ids: list[str]) -> dict[str, int]:
    """The counts of many rooms in one round trip."""
    pipeline = redis.client().pipeline(transaction=False)
    for room_id in room_ids:
        pipeline.eval(_COUNT.text, 1, key(room_id))
    return dict(zip(room_ids, map(int, pipeline.execute()), strict=True))


def people(room_id: str, *, limit: int = 60) -> list[Present]:
    return glance(room_id, limit=limit).people


async def apeople(room_id: str, *, limit: int = 60) -> list[Present]:
    return (await aglance(room_id, limit=limit)).people


def forget_person(room_id: str, user_id: int) -> None:
    """Removes a person whose rights ended, on whatever they watched."""
    client = redis.client()
    prefixes = (f"s:{user_id}:", f"t:{user_id}:", f"b:{user_id}")
    entries = cast("list[str]", client.zrange(key(room_id), 0, -1))
    theirs = [entry for entry in entries if entry.startswith(prefixes[:2]) or entry == prefixes[2]]
    if theirs:
        client.zrem(key(room_id), *theirs)


def forget_room(room_id: str) -> None:
    redis.client().delete(key(room_id))


def _read(reply: object) -> Glance:
    count, *entries = cast("list[int | str]", reply)
    people = [Present(int(str(entry)[1:]), str(entry)[0] == "t") for entry in entries]
    return Glance(int(count), people)


async def _wait(reply: object) -> object:
    """redis-py types one command for both of its clients; the asynchronous one's replies are awaited."""
    return await cast("Awaitable[object]", reply)
