"""What moderators do: each act checks their rank, is done and logged, and is told to every process of the room."""

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from chat.domain import access, audit, broadcast, delay
from chat.domain.room_settings import settings_of
from chat.enums import MINUTES, Act
from chat.errors import NoSuchPerson, NothingToPin, Outranked
from chat.frames.moderation import RoomSettingsFrame
from chat.limits import LONGEST_DAYS, LONGEST_DELAY, SLOWEST_SECONDS
from chat.models import Message, Room
from clubs.domain import bans
from clubs.models import Membership, SessionModerator
from fitfriends.core import clock, errors
from streaming.domain.watching import playback

_MOST = {"slow_seconds": SLOWEST_SECONDS, "established_days": LONGEST_DAYS, "delay_seconds": LONGEST_DELAY}


def find_person(room: Room, user_id: int) -> User:
    """Finds somebody who belongs or belonged to the room's club. Raises NoSuchPerson for all others alike."""
    club_id = room.stream.group_session.club_id
    membership = Membership.objects.filter(club_id=club_id, user_id=user_id).select_related("user").first()
    if membership is None:
        raise NoSuchPerson
    return membership.user


# --- people --------------------------------------------------------------------------------------------------
def act_on(room: Room, act: Act, *, user: User, actor: User, minutes: int | None = None, reason: str = "") -> None:
    """Any of enums.ON_PEOPLE by its name. `minutes` belong to a time-out. What is so already is not written again.

    Raises what access.require_moderator and access.require_outranks raise; Invalid for other minutes.
    """
    match act:
        case Act.TIME_OUT:
            time_out(room, user=user, actor=actor, minutes=minutes or 0, reason=reason)
        case Act.LIFT_TIME_OUT:
            lift_time_out(room, user=user, actor=actor, reason=reason)
        case Act.BAN_CLASS | Act.LIFT_BAN_CLASS:
            _bar_from_class(room, act, user=user, actor=actor, reason=reason)
        case Act.BAN_CLUB | Act.LIFT_BAN_CLUB:
            _bar_from_club(room, act, user=user, actor=actor, reason=reason)
        case Act.APPOINT | Act.DISMISS:
            _appoint(room, act, user=user, actor=actor, reason=reason)
        case _:
            raise errors.Invalid(fields={"action": ["This is not done to a person."]})


def time_out(room: Room, *, user: User, actor: User, minutes: int, reason: str = "") -> int:
    """Gives a time-out and returns its end, in milliseconds since 1970. A second one replaces the first."""
    if minutes not in MINUTES:
        raise errors.Invalid(fields={"minutes": [f"One of {', '.join(map(str, MINUTES))}."]})
    access.require_outranks(actor, user, room.stream)
    until = clock.to_ms(clock.now() + timedelta(minutes=minutes))
    with transaction.atomic():
        _set_timeout(room, user, until)
        _done(Act.TIME_OUT, room, actor=actor, target=user, reason=reason, details={"minutes": minutes})
    return until


def lift_time_out(room: Room, *, user: User, actor: User, reason: str = "") -> None:
    access.require_outranks(actor, user, room.stream)
    with transaction.atomic():
        if _set_timeout(room, user, None):
            _done(Act.LIFT_TIME_OUT, room, actor=actor, target=user, reason=reason)


def _set_timeout(room: Room, user: User, until: int | None) -> bool:
    """Sets or removes a time-out and removes those that are over. True when this person's changed.

    Takes the lock that posting takes.
    """
    locked = Room.objects.select_for_update().get(pk=room.pk)
    now = clock.to_ms(clock.now())
    kept = {key: end for key, end in locked.timeouts.items() if end > now}
    before: int | None = kept.pop(str(user.pk), None)
    if until is not None:
        kept[str(user.pk)] = until
    locked.timeouts = kept
    locked.save(update_fields=["timeouts"])
    return before != until


def _bar_from_class(room: Room, act: Act, *, user: User, actor: User, reason: str) -> None:
    """Bans from a class or lifts the ban. A ban ends every socket and playback of the person in the class."""
    access.require_outranks(actor, user, room.stream)
    session = room.stream.group_session
    if Membership.objects.of(user).staff().filter(club_id=session.club_id).exists():
        raise Outranked("Who teaches in the club is not banned from one class. Ask an owner to change their role.")
    with transaction.atomic():
        if act == Act.LIFT_BAN_CLASS:
            changed = bans.lift_from_class(session, user=user)
        else:
            changed = bans.from_class(session, user=user)
            transaction.on_commit(lambda: playback.remove(user.pk, room.stream))
        if changed:
            _done(act, room, actor=actor, target=user, reason=reason)


def _bar_from_club(room: Room, act: Act, *, user: User, actor: User, reason: str) -> None:
    """Bans from the club or lifts the ban; only owners may. A ban ends the membership and every open socket."""
    access.require_outranks(actor, user, room.stream)
    club = room.stream.group_session.club
    bar = bans.lift_from_club if act == Act.LIFT_BAN_CLUB else bans.from_club
    with transaction.atomic():
        if bar(club, user=user, actor=actor):
            _done(act, room, actor=actor, target=user, reason=reason)


def _appoint(room: Room, act: Act, *, user: User, actor: User, reason: str) -> None:
    """Makes a member a moderator of this class alone, or ends that. Only those who run the class may."""
    access.require_runs(actor, room.stream)
    access.require_outranks(actor, user, room.stream)
    session = room.stream.group_session
    rows = SessionModerator.objects.filter(group_session=session, user=user)
    with transaction.atomic():
        if act == Act.DISMISS:
            changed = bool(rows.delete()[0])
        else:
            if not Membership.objects.of(user).filter(club_id=session.club_id).exists():
                raise NoSuchPerson
            _, changed = SessionModerator.objects.get_or_create(group_session=session, user=user)
        if changed:
            _done(act, room, actor=actor, target=user, reason=reason)


# --- the room ------------------------------------------------------------------------------------------------
def pin(message: Message, *, actor: User) -> None:
    """Pins a message for everybody, in place of the one before."""
    room = message.room
    access.require_moderator(actor, room.stream)
    with transaction.atomic():
        locked = Room.objects.select_for_update().get(pk=room.pk)
        message.refresh_from_db(fields=["deleted_at"])
        if message.deleted_at:
            raise NothingToPin
        if locked.pinned_id != message.pk:
            Room.objects.filter(pk=room.pk).update(pinned=message)
            _done(Act.PIN, room, actor=actor, target=message.author, message=message)


def unpin(room: Room, *, actor: User) -> None:
    access.require_moderator(actor, room.stream)
    with transaction.atomic():
        if Room.objects.filter(pk=room.pk, pinned__isnull=False).update(pinned=None):
            _done(Act.UNPIN, room, actor=actor)


def change_settings(
    room: Room,
    *,
    actor: User,
    slow_seconds: int | None = None,
    established_days: int | None = None,
    links: bool | None = None,
    emoji_only: bool | None = None,
    frozen: bool | None = None,
    delay_seconds: int | None = None,
) -> RoomSettingsFrame:
    """Changes settings of the room; None leaves one as it is. Returns all of them."""
    access.require_moderator(actor, room.stream)
    numbers = {"slow_seconds": slow_seconds, "established_days": established_days, "delay_seconds": delay_seconds}
    wrong = {name: value for name, value in numbers.items() if value is not None and not 0 <= value <= _MOST[name]}
    if wrong:
        raise errors.Invalid(fields={name: [f"0 to {_MOST[name]}."] for name in wrong})
    given = {**numbers, "links": links, "emoji_only": emoji_only, "frozen": frozen}
    with transaction.atomic():
        locked = Room.objects.select_for_update().select_related("stream__group_session").get(pk=room.pk)
        changed: dict[str, object] = {n: v for n, v in given.items() if v is not None and v != getattr(locked, n)}
        for name, value in changed.items():
            setattr(locked, name, value)
        if changed:
            locked.save(update_fields=list(changed))
            if delay_seconds is not None and "delay_seconds" in changed:
                delay.reschedule(room, seconds=delay_seconds)
            _done(Act.SETTINGS, room, actor=actor, details=changed)
    return settings_of(locked)


def _done(
    act: Act,
    room: Room,
    *,
    actor: User,
    target: User | None = None,
    message: Message | None = None,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    """Logs the act in its transaction, and tells every process of the room after the commit."""
    audit.write(act, room, actor=actor, target=target, message=message, reason=reason, details=details)
    room_id = room.stream.room_id
    transaction.on_commit(lambda: broadcast.state_changed(room_id))
