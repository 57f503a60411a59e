"""Signs of life of players: gathered in memory, told to Redis once a second in one pipeline."""

from collections import defaultdict
from typing import cast

from fitfriends.core import redis
from streaming.domain.tokens import revocations
from streaming.domain.tokens.signing import PlaybackToken
from streaming.domain.watching import device_slots, presence, slots, viewer_slots, viewings, visit_log

# A gap longer than this was a pause, not watching: nginx asks anew every few seconds while a player loads.
_LONGEST_GAP_MS = 15_000
_BATCH = 200

# Per viewer: user, viewing (empty: none), whether it takes a slot, whether it is a bare player, its device slot.
# Answers with the users whose slot was free for too long and is taken by somebody else now.
_BEAT = redis.Script(
    slots.LUA,
    viewer_slots.LUA,
    device_slots.LUA,
    presence.LUA,
    """
local viewers, cap, present, heard_at, watched, devices_head, revoked = unpack(KEYS)
local silence, bare_ms, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, room = tonumber(ARGV[4]), ARGV[5]
local refused = {}
for i = 6, #ARGV, 5 do
  local user, viewing, takes_slot, is_bare, device = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local allowed = true
  if limit > 0 and device ~= '' then
    local who = room .. ':' .. user .. ':'
    allowed = keep_device_slot(devices_head .. user, revoked, device, limit, silence, who)
  end
  if allowed and takes_slot == '1' then
    allowed = keep_viewer_slot(viewers, cap, user, silence)
    if not allowed then table.insert(refused, user) end
  end
  if allowed then
    if is_bare == '1' then player_seen(present, user, bare_ms) end
    if viewing ~= '' then
      local heard = redis.call('HGET', heard_at, viewing)
      local gap = heard and now - tonumber(heard) or -1
      if gap > 0 and gap <= longest then redis.call('HINCRBY', watched, viewing, gap) end
      if gap ~= 0 then redis.call('HSET', heard_at, viewing, now) end
    end
  end
end
return refused
""",
)

type Heard = tuple[str, int, str]
type LostSlots = set[tuple[str, int]]


class Buffer:
    """The viewers heard since the last flush; one entry for each device slot, however often it was heard."""

    def __init__(self) -> None:
        self._heard: dict[Heard, PlaybackToken] = {}

    def __len__(self) -> int:
        return len(self._heard)

    def add(self, token: PlaybackToken) -> None:
        self._heard[token.room_id, token.user_id, token.device_slot] = token

    async def flush(self) -> LostSlots:
        """Tells Redis; returns who lost their slot. Raises Redis' errors and then keeps what it has."""
        if not self._heard:
            return set()
        heard, self._heard = self._heard, {}
        try:
            return await _tell(heard)
        except BaseException:
            self._heard = heard | self._heard
            raise


async def _tell(heard: dict[Heard, PlaybackToken]) -> LostSlots:
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
            pipeline.eval(_BEAT.text, len(keys), *keys, *limits, *viewers)
            asked.append(room_id)
    replies = cast("list[list[str]]", await pipeline.execute())
    return {(room_id, int(user)) for room_id, users in zip(asked, replies, strict=True) for user in users}


def _viewer(token: PlaybackToken) -> tuple[int, str, int, int, str]:
    counted = not token.runs
    viewing = visit_log.name(token.stream_id, token.user_id) if token.stream_id else ""
    return token.user_id, viewing, int(counted), int(counted and not token.site), token.device_slot
