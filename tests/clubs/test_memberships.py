"""Joining, leaving, roles: rights come and go at once, and a club keeps an owner."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from clubs.domain import bookings, memberships, requests
from clubs.enums import JoinPolicy, RequestState, Role
from clubs.errors import AlreadyDecided, AlreadyMember, LastOwner, NotOpen, StillTeaching, TooManyRequests
from clubs.models import Club, GroupSession, Membership
from clubs.signals import membership_ended
from fitfriends.core import clock, errors
from notifications.enums import Kind
from notifications.models import Notification
from tests.cast import Cast, add_member, make_session, make_user, next_week

pytestmark = pytest.mark.usefixtures("clean_redis")


@pytest.fixture
def ended() -> Iterator[list[Membership]]:
    heard: list[Membership] = []

    def hear(membership: Membership, **kwargs: object) -> None:
        heard.append(membership)

    membership_ended.connect(hear)
    yield heard
    membership_ended.disconnect(hear)


def of(cast: Cast, name: str) -> Membership:
    return Membership.objects.get(club=cast.club, user=cast.people[name], left_at=None)


def set_policy(club: Club, policy: JoinPolicy) -> None:
    club.join_policy = policy
    club.save(update_fields=["join_policy"])


def test_join_open_club_once(cast: Cast) -> None:
    first = memberships.join(cast.club, actor=cast.dov)
    assert memberships.join(cast.club, actor=cast.dov) == first
    assert first.role == Role.MEMBER
    assert memberships.join(cast.club, actor=cast.ana).role == Role.OWNER


@pytest.mark.parametrize(
    ("policy", "refusal"), [(JoinPolicy.REQUEST, NotOpen), (JoinPolicy.INVITATION, errors.NotFound)]
)
def test_join_refused(cast: Cast, policy: JoinPolicy, refusal: type[Exception]) -> None:
    set_policy(cast.club, policy)
    with pytest.raises(refusal):
        memberships.join(cast.club, actor=cast.dov)


def test_leave_ends_rights_and_seats(
    cast: Cast, ended: list[Membership], django_capture_on_commit_callbacks: Any
) -> None:
    coming = make_session(cast.club, cast.ben, starts_at=clock.now() + timedelta(days=1))
    seat, now, elsewhere = (
        bookings.participate(coming, actor=cast.cleo),
        bookings.participate(cast.session, actor=cast.cleo),
        bookings.participate(_other(cast), actor=cast.cleo),
    )
    past = make_session(cast.club, cast.ben, starts_at=clock.now() - timedelta(hours=1))
    kept = past.participations.create(user=cast.cleo)
    with django_capture_on_commit_callbacks(execute=True):
        left = memberships.leave(cast.club, actor=cast.cleo)
        assert ended == []
    assert ended == [left]
    for row, given_up in ((seat, True), (now, True), (elsewhere, False), (kept, False)):
        row.refresh_from_db()
        assert (row.cancelled_at is not None) == given_up
    assert not GroupSession.objects.visible_to(cast.cleo).filter(club=cast.club).exists()
    with pytest.raises(errors.NotFound):
        memberships.leave(cast.club, actor=cast.cleo)


def _other(cast: Cast) -> GroupSession:
    add_member(cast.other_club, cast.cleo)
    return cast.other_session


def test_return_is_a_new_membership(cast: Cast) -> None:
    left = memberships.leave(cast.club, actor=cast.cleo)
    back = memberships.join(cast.club, actor=cast.cleo)
    assert back.pk != left.pk


def test_last_owner_stays(cast: Cast) -> None:
    with pytest.raises(LastOwner) as refusal:
        memberships.leave(cast.club, actor=cast.ana)
    assert refusal.value.code == "clubs:owner:last"
    with pytest.raises(LastOwner):
        memberships.set_role(of(cast, "ana"), actor=cast.ana, role=Role.MEMBER)
    memberships.set_role(of(cast, "cleo"), actor=cast.ana, role=Role.OWNER)
    memberships.leave(cast.club, actor=cast.ana)


def test_a_frozen_owner_does_not_count(cast: Cast) -> None:
    add_member(cast.club, make_user("Frozen", is_active=False), Role.OWNER)
    with pytest.raises(LastOwner):
        memberships.leave(cast.club, actor=cast.ana)


def test_instructor_with_classes_does_not_leave_but_can_be_removed(cast: Cast) -> None:
    past = make_session(cast.club, cast.ben, starts_at=clock.now() - timedelta(days=1))
    with pytest.raises(StillTeaching):
        memberships.leave(cast.club, actor=cast.ben)
    memberships.remove(of(cast, "ben"), actor=cast.ana)
    cast.session.refresh_from_db()
    past.refresh_from_db()
    assert (cast.session.instructor, past.instructor) == (cast.ana, cast.ben)


def test_instructor_made_member_hands_over(
    cast: Cast, ended: list[Membership], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        memberships.set_role(of(cast, "ben"), actor=cast.ana, role=Role.MEMBER)
    cast.session.refresh_from_db()
    assert cast.session.instructor == cast.ana
    assert [membership.user for membership in ended] == [cast.ben]


def test_promotion_ends_nothing(cast: Cast, ended: list[Membership], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        memberships.set_role(of(cast, "cleo"), actor=cast.ana, role=Role.INSTRUCTOR)
    assert ended == []


def test_operator_removing_hands_over_to_the_eldest_owner(cast: Cast) -> None:
    add_member(cast.club, cast.eva, Role.OWNER)
    memberships.remove(of(cast, "ben"), actor=make_user("Op", is_staff=True))
    cast.session.refresh_from_db()
    assert cast.session.instructor == cast.ana


@pytest.mark.parametrize("actor", ["ben", "dov", "eva"])
def test_only_owners_decide(cast: Cast, actor: str) -> None:
    with pytest.raises(errors.NotAllowed):
        memberships.remove(of(cast, "cleo"), actor=cast.people[actor])
    with pytest.raises(errors.NotAllowed):
        memberships.set_role(of(cast, "cleo"), actor=cast.people[actor], role=Role.OWNER)


def test_ask_tells_owners_and_accept_tells_the_person(cast: Cast) -> None:
    set_policy(cast.club, JoinPolicy.REQUEST)
    asked = requests.ask(cast.club, actor=cast.dov, message="Hi\u202e!")
    assert requests.ask(cast.club, actor=cast.dov) == asked
    assert asked.message == "Hi!"
    told = Notification.objects.get(kind=Kind.CLUB_REQUEST)
    assert (told.user, told.title) == (cast.ana, "Dov asks to join Harbour Club")
    membership = requests.accept(asked, actor=cast.ana)
    assert (membership.user, membership.role) == (cast.dov, Role.MEMBER)
    assert Notification.objects.get(kind=Kind.CLUB_WELCOME).user == cast.dov
    with pytest.raises(AlreadyDecided):
        requests.decline(asked, actor=cast.ana)
    with pytest.raises(AlreadyMember):
        requests.ask(cast.club, actor=cast.dov)


def test_declined_may_ask_again_but_not_for_ever(cast: Cast) -> None:
    set_policy(cast.club, JoinPolicy.REQUEST)
    for _ in range(requests.MAX_A_MONTH):
        requests.decline(requests.ask(cast.club, actor=cast.dov), actor=cast.ana)
    with pytest.raises(TooManyRequests):
        requests.ask(cast.club, actor=cast.dov)


def test_joining_settles_a_waiting_request(cast: Cast) -> None:
    set_policy(cast.club, JoinPolicy.REQUEST)
    asked = requests.ask(cast.club, actor=cast.dov)
    set_policy(cast.club, JoinPolicy.OPEN)
    memberships.join(cast.club, actor=cast.dov)
    asked.refresh_from_db()
    assert asked.state == RequestState.ACCEPTED


def test_leaving_after_handing_over(cast: Cast) -> None:
    next_week(cast.session)
    GroupSession.objects.filter(pk=cast.session.pk).update(instructor=cast.ana)
    assert memberships.leave(cast.club, actor=cast.ben).left_at is not None
