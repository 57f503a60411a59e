"""Classes: scheduled by who teaches, changed and cancelled while they are to come."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clubs.domain import bookings, sessions
from clubs.enums import SessionStatus
from clubs.errors import Cancelled, CapacityBelow, Full, Over
from clubs.models import GroupSession
from clubs.signals import session_cancelled
from fitfriends.core import clock, errors
from notifications.enums import Kind
from notifications.models import Notification
from tests.cast import Cast, add_member, make_session, next_week

pytestmark = pytest.mark.usefixtures("clean_redis")


def tomorrow() -> datetime:
    return clock.now() + timedelta(days=1)


def test_schedule_cleans_and_takes_the_clubs_zone(cast: Cast) -> None:
    cast.club.time_zone = "Europe/Lisbon"
    cast.club.save()
    made = sessions.schedule(
        cast.club, actor=cast.ben, title=" HIIT\u202e\x00 ", description="a\r\n\r\n\r\n\r\nb", starts_at=tomorrow()
    )
    assert (made.title, made.description) == ("HIIT", "a\n\nb")
    assert (made.instructor, made.time_zone, made.duration_minutes) == (cast.ben, "Europe/Lisbon", 45)


def test_only_owners_schedule_for_others_and_only_for_who_teaches(cast: Cast) -> None:
    when = tomorrow()
    assert sessions.schedule(cast.club, actor=cast.ana, title="A", starts_at=when, instructor=cast.ben)
    with pytest.raises(errors.NotAllowed):
        sessions.schedule(cast.club, actor=cast.ben, title="A", starts_at=when, instructor=cast.ana)
    for outsider in (cast.cleo, cast.eva):
        with pytest.raises(errors.Invalid):
            sessions.schedule(cast.club, actor=cast.ana, title="A", starts_at=when, instructor=outsider)
        with pytest.raises(errors.NotAllowed):
            sessions.schedule(cast.club, actor=outsider, title="A", starts_at=when)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "\u202e"),
        ("starts_at", -timedelta(hours=1)),
        ("starts_at", timedelta(days=400)),
        ("duration_minutes", 4),
        ("duration_minutes", 481),
        ("capacity", 0),
        ("capacity", 10**9),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_schedule_refuses(cast: Cast, field: str, value: Any) -> None:
    given: dict[str, Any] = {"title": "A", "starts_at": tomorrow()}
    given[field] = clock.now() + value if isinstance(value, timedelta) else value
    with pytest.raises(errors.Invalid) as refusal:
        sessions.schedule(cast.club, actor=cast.ben, **given)
    assert list(refusal.value.fields) == [field]


def test_change_tells_participants_of_a_new_time_only(cast: Cast) -> None:
    next_week(cast.session)
    bookings.participate(cast.session, actor=cast.cleo)
    sessions.change(cast.session, actor=cast.ben, title="New", capacity=2)
    assert not Notification.objects.exists()
    moved = tomorrow()
    for _ in range(2):
        sessions.change(cast.session, actor=cast.ben, starts_at=moved)
    told = Notification.objects.get(kind=Kind.CLASS_MOVED)
    assert (told.user, told.url) == (cast.cleo, f"/classes/{cast.session.pk}")


def test_capacity_never_falls_below_who_takes_part(cast: Cast) -> None:
    add_member(cast.club, cast.dov)
    for person in (cast.cleo, cast.dov):
        bookings.participate(cast.session, actor=person)
    with pytest.raises(CapacityBelow):
        sessions.change(cast.session, actor=cast.ben, capacity=1)
    assert sessions.change(cast.session, actor=cast.ben, capacity=2).capacity == 2
    with pytest.raises(Full):
        bookings.participate(cast.session, actor=cast.ana)
    bookings.withdraw(cast.session, actor=cast.dov)
    bookings.participate(cast.session, actor=cast.ana)
    assert sessions.change(cast.session, actor=cast.ben, capacity=None).capacity is None


def test_cancel_once_and_for_good(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    heard: list[GroupSession] = []

    def hear(group_session: GroupSession, **kwargs: object) -> None:
        heard.append(group_session)

    bookings.participate(cast.session, actor=cast.cleo)
    session_cancelled.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert sessions.cancel(cast.session, actor=cast.ben).status == SessionStatus.CANCELLED
    session_cancelled.disconnect(hear)
    assert heard == [cast.session]
    assert Notification.objects.get(kind=Kind.CLASS_CANCELLED).user == cast.cleo
    for refused in (
        lambda: sessions.change(cast.session, actor=cast.ben, title="B"),
        lambda: bookings.participate(cast.session, actor=cast.ana),
    ):
        with pytest.raises(Cancelled):
            refused()


def test_over_is_over(cast: Cast) -> None:
    past = make_session(cast.club, cast.ben, starts_at=clock.now() - timedelta(hours=1))
    for refused in (
        lambda: sessions.change(past, actor=cast.ben, title="B"),
        lambda: sessions.cancel(past, actor=cast.ben),
        lambda: bookings.participate(past, actor=cast.cleo),
    ):
        with pytest.raises(Over):
            refused()
