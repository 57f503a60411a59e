"""Watching: a seat, a viewing and a token, and their end."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from accounts.models import User
from fitfriends.core import clock
from streaming import errors
from streaming.domain import presence, revocations, scheduling, seats, tokens, viewings
from streaming.domain.queries import Seen
from streaming.domain.tokens import PlaybackToken
from streaming.enums import Device, State
from streaming.models import Stream
from streaming.signals import viewer_removed

# A class in its last moments, or beyond its time: the hard stop ends it, not its viewers' tokens.
_SHORTEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ticket:
    token: str
    expires_at: int  # seconds since the epoch


def join(user: User, seen: Seen, *, stamp: int, device: Device, country: str, site: bool) -> Ticket:
    """A seat and a token. `stamp` is stamps.now() from before `seen` was looked up; see revocations.

    A person has one seat and one viewing however often they join. Those who run the class take neither; they may
    join from the preview on. Conflict: ended, not started, full.
    """
    stream, runs = seen.stream, seen.standing.runs
    _check_open(stream, runs=runs)
    viewing_id = 0
    if not runs:
        if not seats.claim(stream.room_id, user.pk, places=stream.max_viewers):
            raise errors.Full
        viewing_id = viewings.open_for(stream, user.pk, device=device, country=country, at=clock.now())
        if not site:
            presence.player_seen(stream.room_id, user.pk)
    token = PlaybackToken(
        room_id=stream.room_id,
        user_id=user.pk,
        viewing_id=viewing_id,
        issued=stamp,
        expires=_expiry(stream),
        site=site,
        runs=runs,
    )
    return Ticket(tokens.write_playback(token), token.expires)


def renew(user: User, seen: Seen, *, stamp: int, device: Device, country: str, site: bool) -> Ticket:
    """A fresh token for somebody who is in. Conflict when their seat is gone: they join again."""
    _check_open(seen.stream, runs=seen.standing.runs)
    if not seen.standing.runs and not seats.holds(seen.stream.room_id, user.pk):
        raise errors.NotJoined
    return join(user, seen, stamp=stamp, device=device, country=country, site=site)


def leave(user_id: int, stream: Stream) -> None:
    """Frees the seat, closes the viewing, refuses its token. Again, or never joined: nothing."""
    revocations.revoke(stream.room_id, user_id)
    seats.free(stream.room_id, user_id)
    presence.player_gone(stream.room_id, user_id)
    viewings.close(stream, user_id)


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
    remaining = max(scheduling.hard_stop_at(stream.group_session), now + _SHORTEST)
    return int(min(longest, remaining).timestamp())
