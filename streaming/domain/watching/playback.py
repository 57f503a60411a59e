"""Watching: slots, a viewing and a token, and their end."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from accounts.models import User
from fitfriends.core import clock
from streaming import errors
from streaming.domain import deadlines
from streaming.domain.queries import VisibleStream
from streaming.domain.tokens import revocations, signing
from streaming.domain.tokens.signing import PlaybackToken
from streaming.domain.watching import admission, device_slots, presence, viewer_slots, visit_log
from streaming.domain.watching.admission import Entry
from streaming.domain.watching.client_info import ClientInfo
from streaming.enums import State
from streaming.models import Stream
from streaming.signals import viewer_removed

# A class in its last moments, or beyond its time: the hard stop ends it, not its viewers' tokens.
_SHORTEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ticket:
    token: str
    expires_at: int  # seconds since the epoch
    viewer_count: int


def join(user: User, visible: VisibleStream, *, stamp: int, client: ClientInfo) -> Ticket:
    """A viewer slot, a device slot and a token.

    `stamp` is redis_clock.now() from before the stream was looked up; see revocations.
    A person has one viewer slot and one viewing however often they join, and a slot for each device: the newest takes
    the oldest's when there are too many. Those who run the class take none; they may join from the preview on.
    Conflict: ended, not started, full.
    """
    return _admit(user, visible, stamp=stamp, client=client, joins=True)


def renew(user: User, visible: VisibleStream, *, stamp: int, client: ClientInfo) -> Ticket:
    """A fresh token for somebody who is in.

    Conflict when their slot is gone, or when their other devices hold all their slots: they join again.
    """
    return _admit(user, visible, stamp=stamp, client=client, joins=False)


def _admit(user: User, visible: VisibleStream, *, stamp: int, client: ClientInfo, joins: bool) -> Ticket:
    stream, runs = visible.stream, visible.class_role.runs
    _check_open(stream, runs=runs)
    if runs:
        entry = Entry(device_slots.NO_SLOT, presence.viewer_count(stream.room_id))
    else:
        entry = admission.enter(user.pk, stream, client, stamp=stamp, joins=joins)
    token = PlaybackToken(
        room_id=stream.room_id,
        user_id=user.pk,
        stream_id=0 if runs else stream.pk,
        issued=stamp,
        expires=_expiry(stream),
        site=client.site,
        runs=runs,
        device_slot=entry.device_slot,
    )
    return Ticket(signing.write_playback(token), token.expires, entry.viewer_count)


def leave(user_id: int, stream: Stream) -> None:
    """Frees the slots, ends the viewing, refuses its token. Again, or never joined: nothing."""
    revocations.revoke(stream.room_id, user_id)
    viewer_slots.free(stream.room_id, user_id)
    device_slots.forget(stream.room_id, user_id)
    presence.player_gone(stream.room_id, user_id)
    visit_log.leave(stream.pk, user_id)


def remove(user_id: int, stream: Stream) -> None:
    """Somebody lost every right in the room: as leave, and their sockets are told to go."""
    leave(user_id, stream)
    presence.forget_person(stream.room_id, user_id)
    viewer_removed.send_robust(sender=Stream, room_id=stream.room_id, user_id=user_id)


def _check_open(stream: Stream, *, runs: bool) -> None:
    if not stream.is_open:
        raise errors.Ended
    if not stream.doors_open and not (runs and stream.state == State.PREVIEW):
        raise errors.NotStarted


def _expiry(stream: Stream) -> int:
    """The class's remaining time with its margin, at most PLAYBACK_TOKEN_HOURS."""
    now = clock.now()
    longest = now + timedelta(hours=settings.PLAYBACK_TOKEN_HOURS)
    remaining = max(deadlines.hard_stop_at(stream.group_session), now + _SHORTEST)
    return int(min(longest, remaining).timestamp())
