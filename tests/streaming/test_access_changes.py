"""Rights that end in the club end in its rooms; a class that is called off takes its stream along."""

from collections.abc import Iterator
from typing import Any

import pytest

from clubs.domain import bookings as club_seats
from clubs.domain import memberships
from clubs.enums import Role
from clubs.models import Membership
from clubs.signals import membership_ended, session_cancelled
from fitfriends.core import redis
from notifications.models import Notification
from streaming import tasks
from streaming.domain import lifecycle, queries
from streaming.domain.ingest import keys
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import presence, viewer_slots, viewings
from streaming.domain.watching.client_info import ClientInfo
from streaming.domain.watching.playback import join
from streaming.enums import Device, EndReason, State
from streaming.models import Stream, Viewing
from streaming.signals import viewer_removed
from tests.cast import Cast, make_session
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def removed() -> Iterator[list[tuple[str, int]]]:
    heard: list[tuple[str, int]] = []

    def on_removed(room_id: str, user_id: int, **kw: Any) -> None:
        heard.append((room_id, user_id))

    viewer_removed.connect(on_removed)
    yield heard
    viewer_removed.disconnect(on_removed)


def revoked() -> list[str]:
    return sorted(str(member) for member in redis.client().zrange(redis.key("revoked"), 0, -1))


def test_leaving_the_club_ends_every_right_in_its_open_rooms(
    cast: Cast, removed: list[tuple[str, int]], django_capture_on_commit_callbacks: Any
) -> None:
    stream = make_stream(cast.session, State.LIVE)
    make_stream(cast.other_session, State.LIVE)
    make_stream(make_session(cast.club, cast.ben), State.ENDED)
    seen = queries.by_id(cast.cleo, stream.pk)
    join(cast.cleo, seen, stamp=redis_clock.now(), client=ClientInfo(Device.TV, "", site=False, device=""))
    presence.socket_seen(stream.room_id, cast.cleo.pk, "a")

    with django_capture_on_commit_callbacks(execute=True):
        memberships.leave(cast.club, actor=cast.cleo)

    assert revoked() == [f"{stream.room_id}:{cast.cleo.pk}"]
    assert not viewer_slots.holds(stream.room_id, cast.cleo.pk)
    assert presence.people(stream.room_id) == []
    viewings.flush()
    assert Viewing.objects.get().left_at is not None
    assert removed == [(stream.room_id, cast.cleo.pk)]


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (State.SCHEDULED, State.SCHEDULED),
        (State.PREVIEW, State.SCHEDULED),
        (State.STARTING, State.ENDED),
        (State.LIVE, State.ENDED),
        (State.INTERRUPTED, State.ENDED),
    ],
)
def test_an_instructor_who_may_teach_no_more_is_off_the_air(cast: Cast, state: State, wanted: State) -> None:
    stream = make_stream(cast.session, state)
    key = keys.issue(stream)
    membership = Membership.objects.get(user=cast.ben)
    membership.role = Role.MEMBER
    membership.save()

    membership_ended.send_robust(sender=Membership, membership=membership)

    stream.refresh_from_db()
    assert (stream.state, stream.ingest_client_id) == (wanted, "")
    if wanted == State.ENDED:
        assert stream.end_reason == EndReason.OPERATOR
    else:
        assert keys.find(key) is None
    assert f"{stream.room_id}:{cast.ben.pk}" in revoked()


def test_a_colleague_who_shrinks_to_member_may_stay(cast: Cast, removed: list[tuple[str, int]]) -> None:
    stream = make_stream(cast.session, State.LIVE)
    membership = Membership.objects.get(user=cast.cleo)

    membership_ended.send_robust(sender=Membership, membership=membership)

    stream.refresh_from_db()
    assert (stream.state, removed) == (State.LIVE, [])


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.SCHEDULED, EndReason.CANCELLED),
        (State.PREVIEW, EndReason.CANCELLED),
        (State.STARTING, EndReason.CANCELLED),
        (State.LIVE, EndReason.OPERATOR),
        (State.INTERRUPTED, EndReason.OPERATOR),
    ],
)
def test_a_class_that_is_called_off(cast: Cast, state: State, reason: EndReason) -> None:
    stream = make_stream(cast.session, state)

    for _ in range(2):
        session_cancelled.send_robust(sender=type(cast.session), group_session=cast.session)

    stream.refresh_from_db()
    assert (stream.state, stream.end_reason, stream.revision) == (State.ENDED, reason, 1)


def test_those_who_signed_up_are_told_once(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    for person in (cast.cleo, cast.ana):
        club_seats.participate(cast.session, actor=person)

    tasks.announce_live(stream.pk)
    tasks.announce_live(stream.pk)

    told = Notification.objects.order_by("user_id")
    assert [note.user for note in told] == [cast.ana, cast.cleo]
    assert {note.url for note in told} == {f"/classes/{cast.session.pk}"}
    assert told[0].title == f"{stream.title} is live"


def test_who_left_the_club_is_not_told(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    club_seats.participate(cast.session, actor=cast.cleo)
    Membership.objects.filter(user=cast.cleo).update(left_at=stream.started_at)

    tasks.announce_live(stream.pk)

    assert not Notification.objects.exists()


def test_the_picture_of_a_class_reaches_those_who_signed_up(
    cast: Cast, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(tasks.announce_live, "delay", queued.append)
    stream: Stream = make_stream(cast.session, State.STARTING, ingest_client_id="1")

    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.picture(stream, client_id="1")

    assert queued == [stream.pk]
