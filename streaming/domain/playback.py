"""Watching: a seat, a viewing and a token, and their end."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from accounts.models import User
from fitfriends.core import clock
from streaming import errors
from streaming.domain import places, presence, revocations, scheduling, seats, tokens, viewings
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


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a person watches from."""

    kind: Device
    country: str
    site: bool  # our own page
    device: str  # the same for the same device of a person, or what comes closest to it


def join(user: User, seen: Seen, *, stamp: int, visitor: Visitor) -> Ticket:
    """A seat, a place and a token. `stamp` is stamps.now() from before `seen` was looked up; see revocations.

    A person has one seat and one viewing however often they join, and a place for each device: the newest takes the
    oldest's when there are too many. Those who run the class take none of them; they may join from the preview on.
    Conflict: ended, not started, full.
    """
    _check_open(seen.stream, runs=seen.standing.runs)
    if seen.standing.runs:
        return _ticket(user, seen, stamp=stamp, visitor=visitor)
    if not seats.claim(seen.stream.room_id, user.pk, places=seen.stream.max_viewers):
        raise errors.Full
    place = places.take(seen.stream.room_id, user.pk, device=visitor.device, stamp=stamp)
    return _viewer(user, seen, stamp=stamp, visitor=visitor, place=place)


def renew(user: User, seen: Seen, *, stamp: int, visitor: Visitor) -> Ticket:
    """A fresh token for somebody who is in.

    Conflict when their seat is gone, or when their other devices have all their places: they join again.
    """
    _check_open(seen.stream, runs=seen.standing.runs)
    if seen.standing.runs:
        return _ticket(user, seen, stamp=stamp, visitor=visitor)
    if not seats.holds(seen.stream.room_id, user.pk):
        raise errors.NotJoined
    place = places.keep(seen.stream.room_id, user.pk, device=visitor.device, stamp=stamp)
    if place is None:
        raise errors.PlaceTaken
    seats.claim(seen.stream.room_id, user.pk, places=seen.stream.max_viewers)
    return _viewer(user, seen, stamp=stamp, visitor=visitor, place=place)


def _viewer(user: User, seen: Seen, *, stamp: int, visitor: Visitor, place: str) -> Ticket:
    stream = seen.stream
    viewing_id = viewings.open_for(stream, user.pk, device=visitor.kind, country=visitor.country, at=clock.now())
    if not visitor.site:
        presence.player_seen(stream.room_id, user.pk)
    return _ticket(user, seen, stamp=stamp, visitor=visitor, viewing_id=viewing_id, place=place)


def _ticket(
    user: User, seen: Seen, *, stamp: int, visitor: Visitor, viewing_id: int = 0, place: str = places.NO_PLACE
) -> Ticket:
    token = PlaybackToken(
        room_id=seen.stream.room_id,
        user_id=user.pk,
        viewing_id=viewing_id,
        issued=stamp,
        expires=_expiry(seen.stream),
        site=visitor.site,
        runs=seen.standing.runs,
        place=place,
    )
    return Ticket(tokens.write_playback(token), token.expires)


def leave(user_id: int, stream: Stream) -> None:
    """Frees the seat, closes the viewing, refuses its token. Again, or never joined: nothing."""
    revocations.revoke(stream.room_id, user_id)
    seats.free(stream.room_id, user_id)
    places.forget(stream.room_id, user_id)
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
