"""Who came and who left since the rows were last written: what viewings.py writes behind.

One hash in Redis, an entry for each viewing. It is written in the same piece as the slots (admission.py), so a
process that is killed between a join and its row loses nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fitfriends.core import clock, redis

KEY = redis.key("visits")
# An entry: when they came, were last seen and left, in milliseconds (0: did not), and from where. Who came is known
# to have come until the row says so, however often they come and go meanwhile; an earlier leaving stays as it was.
LUA = """
local function came(visits, viewing, from)
  local entry = redis.call('HGET', visits, viewing)
  local first = entry and string.match(entry, '^%d+') or '0'
  if first == '0' then first = now end
  redis.call('HSET', visits, viewing, first .. ' ' .. now .. ' 0 ' .. from)
end
local function gone(visits, viewing)
  local entry = redis.call('HGET', visits, viewing) or '0 0 0 other '
  local first, seen, left, from = string.match(entry, '^(%d+) (%d+) (%d+) (.*)$')
  if left == '0' then redis.call('HSET', visits, viewing, first .. ' ' .. now .. ' ' .. now .. ' ' .. from) end
end
"""
_GONE = redis.Script(LUA, "gone(KEYS[1], ARGV[1])")

type ViewingKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Visit:
    viewer: ViewingKey  # of which stream, and who
    came: datetime | None  # None: there is a row that knows
    seen: datetime
    left: datetime | None
    device: str
    country: str


def name(stream_id: int, user_id: int) -> str:
    """What a viewing is called in Redis."""
    return f"{stream_id}:{user_id}"


def viewer(name: str) -> ViewingKey:
    stream_id, _, user_id = name.partition(":")
    return int(stream_id), int(user_id)


def leave(stream_id: int, user_id: int) -> None:
    """The person has left."""
    _GONE.run((KEY,), name(stream_id, user_id))


def read(entries: dict[str, str]) -> Iterator[Visit]:
    for called, entry in entries.items():
        came, seen, left, device, country = entry.split(" ")
        yield Visit(viewer(called), _moment(came), clock.from_ms(int(seen)), _moment(left), device, country)


def _moment(milliseconds: str) -> datetime | None:
    return clock.from_ms(int(milliseconds)) if milliseconds != "0" else None
