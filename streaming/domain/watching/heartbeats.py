"""Signs of life of players: gathered in memory, told to Redis once a second in one pipeline."""

from collections import defaultdict
from typing import cast

from fitfriends.core import redis
from streaming.domain.tokens import revocations
from streaming.domain.tokens.signing import PlaybackToken
from streaming.domain.watching import device_slots, presence, viewer_slots, viewings, visit_log

# A gap longer than this was a pause, not watching: nginx asks anew every few seconds while a player loads.
_LONGEST_GAP_MS = 15_000
_BATCH = 200

# Per viewer: user, viewing (empty: none), whether it takes a seat, whether it is a bare player, its place.
# Answers with the users whose seat was free for too long and is taken by somebody else now. A place that was silent
# for too long comes back while its person has room for it, and is refused for good when not.
_BEAT = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local silence, bare_ms, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, room = tonumber(ARGV[4]), ARGV[5]
local refused = {}
local function has_place(user, place)
  local key, who = KEYS[6] .. user, room .. ':' .. user .. ':' .. place
  local heard = redis.call('ZSCORE', key, place)
  if not heard or tonumber(heard) <= now - silence then
    if redis.call('ZSCORE', KEYS[7], who) then return false end
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - silence)
    if redis.call('ZCARD', key) >= limit then
      redis.call('ZADD', KEYS[7], string.format('%.0f', t[1] * 1000000 + t[2]), who)
      return false
    end
  end
  redis.call('ZADD', key, now, place)
  redis.call('PEXPIRE', key, silence * 2)
  return true
end
for i = 6, #ARGV, 5 do
  local user, viewing, place = ARGV[i], ARGV[i + 1], ARGV[i + 4]
  local allowed = limit == 0 or place == '' or has_place(user, place)
  if allowed and ARGV[i + 2] == '1' then
    local last = redis.call('ZSCORE', KEYS[1], user)
    if not last or tonumber(last) <= now - silence then
      redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - silence)
      local places = redis.call('GET', KEYS[2])
      allowed = not places or redis.call('ZCARD', KEYS[1]) < tonumber(places)
    end
    if allowed then redis.call('ZADD', KEYS[1], now, user) else table.insert(refused, user) end
  end
  if allowed then
    if ARGV[i + 3] == '1' then redis.call('ZADD', KEYS[3], now + bare_ms, 'b:' .. user) end
    if viewing ~= '' then
      local heard = redis.call('HGET', KEYS[4], viewing)
      local gap = heard and now - tonumber(heard) or -1
      if gap > 0 and gap <= longest then redis.call('HINCRBY', KEYS[5], viewing, gap) end
      if gap ~= 0 then redis.call('HSET', KEYS[4], viewing, now) end
    end
  end
end
redis.call('PEXPIRE', KEYS[1], silence * 2)
redis.call('PEXPIRE', KEYS[3], 120000)
return refused
"""

type Heard = tuple[str, int, str]
type Unseated = set[tuple[str, int]]


class Buffer:
    """The viewers heard since the last flush; one entry for each place, however often it was heard."""

    def __init__(self) -> None:
        self._heard: dict[Heard, PlaybackToken] = {}

    def __len__(self) -> int:
        return len(self._heard)

    def add(self, token: PlaybackToken) -> None:
        self._heard[token.room_id, token.user_id, token.place] = token

    async def flush(self) -> Unseated:
        """Tells Redis; returns who has no seat any more. Raises Redis' errors and then keeps what it has."""
        if not self._heard:
            return set()
        heard, self._heard = self._heard, {}
        try:
            return await _tell(heard)
        except BaseException:
            self._heard = heard | self._heard
            raise


async def _tell(heard: dict[Heard, PlaybackToken]) -> Unseated:
    rooms: dict[str, list[PlaybackToken]] = defaultdict(list)
    for token in heard.values():
        rooms[token.room_id].append(token)
    pipeline = redis.async_client().pipeline(transaction=False)
    asked: list[str] = []
    for room_id, tokens in rooms.items():
        for start in range(0, len(tokens), _BATCH):
            keys = (
                viewer_slots.key(room_id),
                viewer_slots.cap_key(room_id),
                presence.key(room_id),
                viewings.HEARD,
                viewings.WATCHED,
                device_slots.key_head(room_id),
                revocations.KEY,
            )
            limits = (
                viewer_slots.silence_ms(),
                presence.BARE_SECONDS * 1000,
                _LONGEST_GAP_MS,
                device_slots.limit(),
                room_id,
            )
            viewers = [part for token in tokens[start : start + _BATCH] for part in _viewer(token)]
            pipeline.eval(_BEAT, len(keys), *keys, *limits, *viewers)
            asked.append(room_id)
    replies = cast("list[list[str]]", await pipeline.execute())
    return {(room_id, int(user)) for room_id, users in zip(asked, replies, strict=True) for user in users}


def _viewer(token: PlaybackToken) -> tuple[int, str, int, int, str]:
    counted = not token.runs
    viewing = visit_log.name(token.stream_id, token.user_id) if token.stream_id else ""
    return token.user_id, viewing, int(counted), int(counted and not token.site), token.place
