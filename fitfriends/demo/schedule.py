"""The demo's clubs and a week of their classes."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accounts.models import User
from clubs.enums import JoinPolicy, Role, SessionStatus
from clubs.models import Club, GroupSession, Membership, Participation
from fitfriends.core import clock
from fitfriends.demo import people

ZONE = "Europe/Lisbon"


@dataclass(frozen=True, slots=True)
class Plan:
    """One class of every week, at a time of day in the club's zone."""

    title: str
    description: str
    hour: int
    minutes: int
    every: int  # days between two of them


HARBOUR = (
    Plan("Sunrise Yoga Flow", "Start slowly: breath, hips, shoulders. Bring a mat and a blanket.", 7, 45, 1),
    Plan("HIIT Cardio Blast", "Thirty minutes, no equipment. Water and a towel within reach.", 18, 30, 2),
    Plan("Strength: Deadlift Form", "Light weights, clean lines. A bar or two full bottles.", 19, 60, 3),
)
NORTH = (
    Plan("Morning Mobility", "Joints first, coffee later.", 8, 30, 2),
    Plan("Evening Core", "Floor work for every level. Bring a mat.", 20, 40, 3),
)
LIVE_TITLE = "Open Class: Move With the Clock"


@dataclass(frozen=True, slots=True)
class Clubs:
    harbour: Club
    north: Club


def settle_clubs(cast: dict[str, User]) -> Clubs:
    harbour = _club(
        "harbour-movement", "Harbour Movement", JoinPolicy.REQUEST, "Yoga, cardio and strength by the sea."
    )
    north = _club(
        "north-studio", "North Studio", JoinPolicy.INVITATION, "A small studio for people who like it quiet."
    )
    _belong(harbour, cast["owner"], Role.OWNER)
    _belong(harbour, cast["instructor"], Role.INSTRUCTOR)
    _belong(north, cast["owner2"], Role.OWNER)
    _belong(north, cast["instructor2"], Role.INSTRUCTOR)
    for person in people.MEMBERS:
        _belong(harbour, cast[person.key], Role.MEMBER)
    for person in people.MEMBERS2:
        _belong(north, cast[person.key], Role.MEMBER)
    return Clubs(harbour, north)


def _club(slug: str, name: str, policy: JoinPolicy, description: str) -> Club:
    values = {"name": name, "join_policy": policy, "description": description, "time_zone": ZONE}
    return Club.objects.get_or_create(slug=slug, defaults=values)[0]


def _belong(club: Club, user: User, role: Role) -> None:
    # The last of the members is new: the talk shows them the house rules before their first words.
    known = 0 if user.email == people.MEMBERS[-1].email else club.rules_version
    given = {"role": role, "rules_read": known}
    Membership.objects.get_or_create(club=club, user=user, left_at=None, defaults=given)


def settle_week(clubs: Clubs, cast: dict[str, User]) -> None:
    """Fill the coming seven days where they are empty."""
    for club, teacher, plans in (
        (clubs.harbour, cast["instructor"], HARBOUR),
        (clubs.north, cast["instructor2"], NORTH),
    ):
        for plan in plans:
            for day in range(1, 8, plan.every):
                _schedule(club, teacher, plan, _at(day, plan.hour))


def _at(days: int, hour: int) -> datetime:
    zone = zoneinfo.ZoneInfo(ZONE)
    day = clock.now().astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(hour), tzinfo=zone)


def _schedule(club: Club, teacher: User, plan: Plan, starts_at: datetime) -> GroupSession:
    session, is_new = GroupSession.objects.get_or_create(
        club=club,
        title=plan.title,
        starts_at=starts_at,
        defaults={
            "instructor": teacher,
            "description": plan.description,
            "duration_minutes": plan.minutes,
            "time_zone": ZONE,
            "capacity": 30,
        },
    )
    if is_new:
        members = club.memberships.active().filter(role=Role.MEMBER)[:3]
        Participation.objects.bulk_create(
            Participation(group_session=session, user_id=member.user_id) for member in members
        )
    return session


def upcoming(club: Club, teacher: User) -> GroupSession:
    """A coming class of this instructor that has no stream yet."""
    found = (
        GroupSession.objects.filter(club=club, instructor=teacher, status=SessionStatus.SCHEDULED, streams=None)
        .filter(starts_at__gt=clock.now())
        .exclude(title=LIVE_TITLE)
        .order_by("starts_at")
        .first()
    )
    if found is None:
        plan = Plan("Extra Class", "Somebody asked for one more.", 12, 30, 1)
        found = _schedule(club, teacher, plan, clock.now().replace(microsecond=0) + timedelta(hours=3))
    return found


def live_class(club: Club, teacher: User, guests: list[User]) -> GroupSession:
    """The class that is going on now: today's if it still runs for a good while, or a new one."""
    now = clock.now().replace(second=0, microsecond=0)
    session = (
        GroupSession.objects.filter(club=club, title=LIVE_TITLE, status=SessionStatus.SCHEDULED)
        .filter(starts_at__lte=now, starts_at__gt=now - timedelta(hours=4))
        .order_by("-starts_at")
        .first()
    )
    if session is None:
        session = GroupSession.objects.create(
            club=club,
            title=LIVE_TITLE,
            description="A clock, a beep and a moving picture: the demo's tireless instructor.",
            instructor=teacher,
            starts_at=now - timedelta(minutes=5),
            duration_minutes=480,
            time_zone=ZONE,
        )
    for guest in guests:
        Participation.objects.get_or_create(group_session=session, user=guest, cancelled_at=None)
    return session
