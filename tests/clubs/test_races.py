"""Many at once on a real PostgreSQL: the last seat, the last owner, leaving while taking a seat."""

from functools import partial

import pytest

from clubs.domain import bookings, memberships, requests
from clubs.enums import JoinPolicy, Role
from clubs.models import JoinRequest, Membership, Participation
from tests.cast import add_member, make_cast, make_user
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]


def test_last_seats_are_given_once() -> None:
    cast = make_cast()
    cast.session.capacity = 3
    cast.session.save()
    people = [make_user(f"P{number}") for number in range(10)]
    for person in people:
        add_member(cast.club, person)
    _, refused = at_once([partial(bookings.participate, cast.session, actor=who) for who in people])
    assert refused == ["class:full"] * 7
    assert bookings.taken(cast.session) == 3


def test_one_person_takes_one_seat() -> None:
    cast = make_cast()
    cast.session.capacity = 1
    cast.session.save()
    assert at_once([lambda: bookings.participate(cast.session, actor=cast.cleo)] * 6)[1] == []
    assert bookings.taken(cast.session) == 1


def test_two_last_owners_do_not_both_leave() -> None:
    cast = make_cast()
    add_member(cast.club, cast.dov, Role.OWNER)
    _, refused = at_once(
        [
            lambda: memberships.leave(cast.club, actor=cast.ana),
            lambda: memberships.leave(cast.club, actor=cast.dov),
        ]
    )
    assert refused == ["clubs:owner:last"]
    assert Membership.objects.active().filter(club=cast.club, role=Role.OWNER).count() == 1


@pytest.mark.parametrize("_", range(3))
def test_who_leaves_keeps_no_seat(_: int) -> None:
    cast = make_cast()
    at_once(
        [
            lambda: memberships.leave(cast.club, actor=cast.cleo),
            lambda: bookings.participate(cast.session, actor=cast.cleo),
        ]
    )
    assert not Participation.objects.filter(user=cast.cleo, cancelled_at=None).exists()


def test_join_and_ask_at_once_happen_once() -> None:
    cast = make_cast()
    assert at_once([lambda: memberships.join(cast.club, actor=cast.dov)] * 5)[1] == []
    assert Membership.objects.filter(club=cast.club, user=cast.dov).count() == 1
    cast.other_club.join_policy = JoinPolicy.REQUEST
    cast.other_club.save()
    assert at_once([lambda: requests.ask(cast.other_club, actor=cast.dov)] * 5)[1] == []
    assert JoinRequest.objects.count() == 1


def test_a_request_is_decided_once() -> None:
    cast = make_cast()
    cast.club.join_policy = JoinPolicy.REQUEST
    cast.club.save()
    asked = requests.ask(cast.club, actor=cast.dov)
    _, refused = at_once(
        [
            lambda: requests.accept(JoinRequest.objects.get(pk=asked.pk), actor=cast.ana),
            lambda: requests.decline(JoinRequest.objects.get(pk=asked.pk), actor=cast.ana),
        ]
    )
    assert refused == ["clubs:request:decided"]
