"""Viewer and device slots without a stream's row: a room is enough for Redis."""

import itertools
from contextlib import suppress

from streaming import errors
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import admission
from streaming.domain.watching.client_info import ClientInfo
from streaming.enums import Device
from streaming.models import Stream

_streams = itertools.count(1)


def claim(room_id: str, user_id: int, *, slots: int, site: bool = True) -> bool:
    """Whether there was a slot."""
    with suppress(errors.Full):
        enter(room_id, user_id, slots=slots, site=site)
        return True
    return False


def take(room_id: str, user_id: int, *, device: str) -> str:
    """The slot that the device has now."""
    return enter(room_id, user_id, device=device).device_slot


def enter(room_id: str, user_id: int, *, slots: int = 50, device: str = "", site: bool = True) -> admission.Entry:
    stream = Stream(pk=next(_streams), room_id=room_id, max_viewers=slots)
    client = ClientInfo(Device.OTHER, "", site=site, device=device)
    return admission.enter(user_id, stream, client, stamp=redis_clock.now(), joins=True)
