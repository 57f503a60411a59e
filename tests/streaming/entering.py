"""Seats and places without a stream's row: a room is enough for Redis."""

import itertools
from contextlib import suppress

from streaming import errors
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import admission
from streaming.domain.watching.client_info import ClientInfo
from streaming.enums import Device
from streaming.models import Stream

_streams = itertools.count(1)


def claim(room_id: str, user_id: int, *, places: int, site: bool = True) -> bool:
    """Whether there was a seat."""
    with suppress(errors.Full):
        enter(room_id, user_id, places=places, site=site)
        return True
    return False


def take(room_id: str, user_id: int, *, device: str) -> str:
    """The place that the device has now."""
    return enter(room_id, user_id, device=device).place


def enter(room_id: str, user_id: int, *, places: int = 50, device: str = "", site: bool = True) -> admission.Entry:
    stream = Stream(pk=next(_streams), room_id=room_id, max_viewers=places)
    visitor = ClientInfo(Device.OTHER, "", site=site, device=device)
    return admission.enter(user_id, stream, visitor, stamp=redis_clock.now(), joins=True)
