"""All that Redis has to say to a join or a renewal, in one round trip: slots, presence, viewing, the count.

In one piece, so that nobody is ever left with a viewer slot and no device slot, or with both and no viewing.
"""

from dataclasses import dataclass
from typing import cast

from fitfriends.core import redis
from streaming import errors
from streaming.domain.tokens import revocations
from streaming.domain.watching import device_slots, presence, slots, viewer_slots, visit_log
from streaming.domain.watching.client_info import ClientInfo
from streaming.models import Stream

_ENTER = redis.Script(
    slots.LUA,
    viewer_slots.LUA,
    device_slots.LUA,
    presence.LUA,
    visit_log.LUA,
    """
local viewers, cap, present, devices, revoked, visits = unpack(KEYS)
local user, joins, viewer_limit, cap_seconds = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])
local silence, slot, limit, who, head = tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9])
local bare_ms, viewing, from = tonumber(ARGV[10]), ARGV[11], ARGV[12]

if not joins and not redis.call('ZSCORE', viewers, user) then return {'not-joined'} end
if joins and not claim_viewer_slot(viewers, cap, user, viewer_limit, silence, cap_seconds) then return {'full'} end
if limit > 0 then
  slot = take_device_slot(devices, revoked, slot, limit, silence, joins, who, head)
  if slot == '' then return {'device-slot-taken'} end
end
if not joins then claim_viewer_slot(viewers, cap, user, viewer_limit, silence, cap_seconds) end
if bare_ms > 0 then player_seen(present, user, bare_ms) end
came(visits, viewing, from)
return {'in', slot, count_viewers(present)}
""",
)
_REFUSALS = {"full": errors.Full, "not-joined": errors.NotJoined, "device-slot-taken": errors.DeviceSlotTaken}


@dataclass(frozen=True, slots=True)
class Entry:
    device_slot: str
    viewer_count: int


def enter(user_id: int, stream: Stream, client: ClientInfo, *, stamp: int, joins: bool) -> Entry:
    """A viewer slot and a device slot, or the ones already held. Raises Full.

    Renewing takes no slot from another device: raises NotJoined and DeviceSlotTaken.
    """
    room_id = stream.room_id
    keys = (
        viewer_slots.key(room_id),
        viewer_slots.cap_key(room_id),
        presence.key(room_id),
        f"{device_slots.key_head(room_id)}{user_id}",
        revocations.KEY,
        visit_log.KEY,
    )
    viewer = (stream.max_viewers, viewer_slots.CAP_SECONDS, viewer_slots.silence_ms())
    device = (device_slots.spell(client.device, stamp), device_slots.limit())
    names = (revocations.device_slot_member(room_id, user_id, ""), device_slots.MOMENT)
    bare_ms = 0 if client.site else presence.BARE_SECONDS * 1000
    viewing = (visit_log.name(stream.pk, user_id), f"{client.kind} {client.country}")
    found = cast("list[str]", _ENTER.run(keys, user_id, int(joins), *viewer, *device, *names, bare_ms, *viewing))
    if found[0] in _REFUSALS:
        raise _REFUSALS[found[0]]
    return Entry(device_slot=found[1], viewer_count=int(found[2]))
