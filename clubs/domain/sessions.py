"""Classes: scheduled, changed, cancelled."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from accounts.domain.access import require
from accounts.domain.profile import check_time_zone
from accounts.models import User
from clubs.domain import access, bookings, memberships
from clubs.enums import Role, SessionStatus
from clubs.errors import Cancelled, CapacityBelow, Over, TooManyClasses
from clubs.models import Club, GroupSession
from clubs.signals import session_cancelled
from fitfriends.core import clock, errors
from fitfriends.core.text import clean_text, required_line
from notifications.domain import notify
from notifications.enums import Kind

TITLE_LENGTH = 120
DESCRIPTION_LENGTH = 4000
SHORTEST, LONGEST = 5, 480
LARGEST = 100_000
MAX_COMING = 1000
# "Now" in a form was a moment ago by the time it arrives.
_GRACE = timedelta(minutes=10)
_AHEAD = timedelta(days=366)


@transaction.atomic
def schedule(
    club: Club,
    *,
    actor: User,
    title: str,
    starts_at: datetime,
    description: str = "",
    duration_minutes: int = 45,
    instructor: User | None = None,
    time_zone: str | None = None,
    capacity: int | None = None,
) -> GroupSession:
    """A new class. Instructors schedule their own; owners also for their instructors."""
    locked = memberships.lock_club(club.pk)
    may_schedule_in(locked, actor=actor)
    teacher = instructor or actor
    _check_teacher(locked, teacher, actor)
    _check_start(starts_at)
    _check_numbers(duration_minutes, capacity)
    zone = time_zone or locked.time_zone
    check_time_zone(zone)
    if locked.group_sessions.filter(starts_at__gt=clock.now(), status=SessionStatus.SCHEDULED).count() >= MAX_COMING:
        raise TooManyClasses
    return GroupSession.objects.create(
        club=locked,
        title=required_line(title, TITLE_LENGTH, field="title"),
        description=clean_text(description, DESCRIPTION_LENGTH),
        instructor=teacher,
        starts_at=starts_at,
        duration_minutes=duration_minutes,
        time_zone=zone,
        capacity=capacity,
    )


_UNCHANGED = object()


@transaction.atomic
def change(
    session: GroupSession,
    *,
    actor: User,
    title: str | None = None,
    description: str | None = None,
    starts_at: datetime | None = None,
    duration_minutes: int | None = None,
    instructor: User | None = None,
    time_zone: str | None = None,
    capacity: int | object | None = _UNCHANGED,
) -> GroupSession:
    """Changes what is given; `capacity=None` lifts the limit. Participants are told when the time changes."""
    locked = lock(session.pk)
    may_change(locked, actor=actor)
    _require_open(locked)
    before = locked.starts_at
    if title is not None:
        locked.title = required_line(title, TITLE_LENGTH, field="title")
    if description is not None:
        locked.description = clean_text(description, DESCRIPTION_LENGTH)
    if starts_at is not None and starts_at.replace(microsecond=0) != before.replace(microsecond=0):
        _check_start(starts_at)
        locked.starts_at = starts_at
    if time_zone is not None:
        check_time_zone(time_zone)
        locked.time_zone = time_zone
    if instructor is not None and instructor.pk != locked.instructor_id:
        _check_teacher(locked.club, instructor, actor)
        locked.instructor = instructor
    if isinstance(capacity, int) or capacity is None:
        locked.capacity = capacity
    if duration_minutes is not None:
        locked.duration_minutes = duration_minutes
    _check_numbers(locked.duration_minutes, locked.capacity)
    if locked.capacity is not None and locked.capacity < bookings.taken(locked):
        raise CapacityBelow
    locked.save()
    if locked.starts_at != before:
        _tell_moved(locked)
    return locked


@transaction.atomic
def cancel(session: GroupSession, *, actor: User) -> GroupSession:
    """For good; who took part is told. A second time changes nothing."""
    locked = lock(session.pk)
    require(access.may_manage_session(actor, locked), message="Only its instructor and owners cancel it.")
    if locked.status == SessionStatus.CANCELLED:
        return locked
    if locked.ends_at <= clock.now():
        raise Over
    locked.status = SessionStatus.CANCELLED
    locked.cancelled_at = clock.now()
    locked.save(update_fields=["status", "cancelled_at", "updated_at"])
    notify.tell(
        bookings.people_of(locked).exclude(pk=actor.pk),
        kind=Kind.CLASS_CANCELLED,
        occasion=f"class:{locked.pk}:cancelled",
        title=f"{locked.title} is cancelled",
        body=f"{locked.club} had to cancel this class.",
        url=f"/classes/{locked.pk}",
    )
    transaction.on_commit(partial(session_cancelled.send_robust, sender=GroupSession, group_session=locked))
    return locked


def may_schedule_in(club: Club, *, actor: User) -> None:
    """For a door that looks further at the input: raises NotAllowed before it tells anything about it."""
    require(access.may_teach_in(actor, club), message="Only owners and instructors schedule classes.")


def may_change(session: GroupSession, *, actor: User) -> None:
    """As may_schedule_in, for a class."""
    require(access.may_manage_session(actor, session), message="Only its instructor and owners change it.")


def lock(session_id: int) -> GroupSession:
    """Inside a transaction; raises NotFound when the class is gone."""
    # of=("self",): the club's row stays free for others.
    rows = GroupSession.objects.select_for_update(of=("self",)).select_related("club", "instructor")
    locked = rows.filter(pk=session_id).first()
    if locked is None:
        raise errors.NotFound
    return locked


def _require_open(session: GroupSession) -> None:
    if session.status == SessionStatus.CANCELLED:
        raise Cancelled
    if session.ends_at <= clock.now():
        raise Over


def _check_teacher(club: Club, teacher: User, actor: User) -> None:
    if teacher.pk != actor.pk:
        require(access.may_manage_club(actor, club), message="Only an owner schedules for somebody else.")
    if access.role_in(club.pk, teacher) not in (Role.OWNER, Role.INSTRUCTOR):
        raise errors.Invalid(fields={"instructor_id": ["This person does not teach in this club."]})


def _check_start(starts_at: datetime) -> None:
    at = clock.now()
    if starts_at < at - _GRACE:
        raise errors.Invalid(fields={"starts_at": ["This moment is over."]})
    if starts_at > at + _AHEAD:
        raise errors.Invalid(fields={"starts_at": ["Classes are scheduled a year ahead at most."]})


def _check_numbers(duration_minutes: int, capacity: int | None) -> None:
    if not SHORTEST <= duration_minutes <= LONGEST:
        raise errors.Invalid(fields={"duration_minutes": [f"Between {SHORTEST} and {LONGEST} minutes."]})
    if capacity is not None and not 1 <= capacity <= LARGEST:
        raise errors.Invalid(fields={"capacity": [f"Between 1 and {LARGEST} people."]})


def _tell_moved(session: GroupSession) -> None:
    notify.tell(
        bookings.people_of(session),
        kind=Kind.CLASS_MOVED,
        occasion=f"class:{session.pk}:moved:{int(session.starts_at.timestamp())}",
        title=f"{session.title} has a new time",
        body="See whether it still suits you.",
        url=f"/classes/{session.pk}",
    )
