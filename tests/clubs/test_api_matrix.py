"""Who gets which answer from which door: every person at every endpoint of clubs and classes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from clubs.domain import requests
from clubs.enums import JoinPolicy, Role
from clubs.models import Club, Invitation, JoinRequest, Membership
from fitfriends.core import clock
from tests.cast import Cast, add_member, api_as, make_session, make_user, next_week

pytestmark = pytest.mark.usefixtures("clean_redis")
PEOPLE = ("op", "ana", "ben", "cleo", "dov", "eva", "gone", "nobody")


@dataclass(frozen=True, slots=True)
class World:
    cast: Cast
    asked: JoinRequest
    invitation: Invitation
    cleos: Membership


@dataclass(frozen=True, slots=True)
class Door:
    method: str
    path: Callable[[World], str]
    answers: str  # one status per person, in the order of PEOPLE
    body: Callable[[World], object] = lambda world: None

    def __str__(self) -> str:
        return f"{self.method} {self.path.__doc__ or ''}"


def club(suffix: str = "") -> Callable[[World], str]:
    return lambda world: f"/api/clubs/{world.cast.club.pk}{suffix}"


def session(suffix: str = "") -> Callable[[World], str]:
    return lambda world: f"/api/group-sessions/{world.cast.session.pk}{suffix}"


def given(**fields: object) -> Callable[[World], object]:
    return lambda world: fields


# The club is by invitation: who is outside must not learn that it is there.
#                                                         op  ana ben cleo dov eva gone nobody
DOORS: dict[str, Door] = {
    "show club": Door("GET", club(), "200 200 200 200 404 404 404 401"),
    "change club": Door("PATCH", club(), "200 200 403 403 404 404 404 401", given(name="New")),
    "join": Door("POST", club("/join"), "409 200 200 200 404 404 404 401"),
    "leave": Door("POST", club("/leave"), "404 409 409 200 404 404 404 401"),
    "members": Door("GET", club("/memberships"), "200 200 200 200 404 404 404 401"),
    "change role": Door(
        "PATCH",
        lambda world: club(f"/memberships/{world.cleos.pk}")(world),
        "200 200 403 403 404 404 404 401",
        given(role="instructor"),
    ),
    "remove": Door(
        "DELETE", lambda world: club(f"/memberships/{world.cleos.pk}")(world), "200 200 403 200 404 404 404 401"
    ),
    "requests": Door("GET", club("/requests"), "200 200 403 403 404 404 404 401"),
    "accept": Door(
        "POST", lambda world: club(f"/requests/{world.asked.pk}/accept")(world), "200 200 403 403 404 404 404 401"
    ),
    "decline": Door(
        "POST", lambda world: club(f"/requests/{world.asked.pk}/decline")(world), "200 200 403 403 404 404 404 401"
    ),
    "invitations": Door("GET", club("/invitations"), "200 200 403 403 404 404 404 401"),
    "invite": Door("POST", club("/invitations"), "201 201 403 403 404 404 404 401", given(email="new@example.com")),
    "uninvite": Door(
        "DELETE", lambda world: club(f"/invitations/{world.invitation.pk}")(world), "200 200 403 403 404 404 404 401"
    ),
    "schedule": Door(
        "POST",
        lambda world: "/api/group-sessions",
        "400 201 201 403 404 404 404 401",
        lambda world: {
            "club_id": world.cast.club.pk,
            "title": "New class",
            "starts_at": (clock.now() + timedelta(days=1)).isoformat(),
        },
    ),
    "show class": Door("GET", session(), "200 200 200 200 404 404 404 401"),
    "change class": Door("PATCH", session(), "200 200 200 403 404 404 404 401", given(title="Changed")),
    "cancel class": Door("POST", session("/cancel"), "200 200 200 403 404 404 404 401"),
    "take a seat": Door("POST", session("/participation"), "404 200 200 200 404 404 404 401"),
    "give it back": Door("DELETE", session("/participation"), "200 200 200 200 404 404 404 401"),
    "who takes part": Door("GET", session("/participations"), "200 200 200 200 404 404 404 401"),
}


@pytest.fixture
def world(cast: Cast) -> World:
    next_week(cast.session)
    Club.objects.filter(pk=cast.club.pk).update(join_policy=JoinPolicy.REQUEST)
    cast.club.refresh_from_db()
    asked = requests.ask(cast.club, actor=make_user("Guest"))
    Club.objects.filter(pk=cast.club.pk).update(join_policy=JoinPolicy.INVITATION)
    invitation = Invitation.objects.create(
        club=cast.club, email="x@example.com", digest="d", expires_at=clock.now() + timedelta(days=1)
    )
    return World(cast, asked, invitation, Membership.objects.get(club=cast.club, user=cast.cleo))


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("person", PEOPLE)
def test_matrix(world: World, name: str, person: str) -> None:
    door = DOORS[name]
    expected = int(door.answers.split()[PEOPLE.index(person)])
    user = world.cast.people.get(person)
    if person == "op":
        user = make_user("Op", is_staff=True)
    if person == "gone":
        user = make_user("Gone")
        Membership.objects.filter(pk=add_member(world.cast.club, user, Role.INSTRUCTOR).pk).update(
            left_at=clock.now()
        )
        make_session(world.cast.other_club, user)
    body = door.body(world)
    reply = api_as(user).generic(
        door.method,
        door.path(world),
        json.dumps(body) if body else "",
        content_type="application/json",
    )
    assert reply.status_code == expected, reply.content
    assert reply.json()["success"] == (expected < 400)
    if expected == 404:
        assert reply.json()["error"]["code"] == "not-found"
        assert "Harbour" not in reply.content.decode()


def test_lists_hide_what_is_not_mine(world: World) -> None:
    hidden, shown = world.cast.club, world.cast.other_club
    for user, expected in ((world.cast.dov, [shown]), (world.cast.cleo, [shown, hidden])):
        listed = api_as(user).get("/api/clubs").json()["clubs"]
        assert [row["id"] for row in listed] == [club.pk for club in expected]
    assert [row["id"] for row in api_as(world.cast.cleo).get("/api/clubs?mine=true").json()["clubs"]] == [hidden.pk]
    assert api_as(world.cast.dov).get("/api/group-sessions").json()["group_sessions"] == []
    mine = api_as(world.cast.cleo).get("/api/group-sessions").json()["group_sessions"]
    assert [row["id"] for row in mine] == [world.cast.session.pk]


def test_members_see_names_but_no_addresses(world: World) -> None:
    for path in (club("/memberships")(world), session("/participations")(world), session()(world)):
        assert b"@example.com" not in api_as(world.cast.cleo).get(path).content


def test_things_of_another_club_are_not_there(world: World) -> None:
    """A right in one club, an id from another."""
    other, api = world.cast.other_club, api_as(world.cast.eva)
    for method, path in (
        ("PATCH", f"memberships/{world.cleos.pk}"),
        ("DELETE", f"memberships/{world.cleos.pk}"),
        ("POST", f"requests/{world.asked.pk}/accept"),
        ("DELETE", f"invitations/{world.invitation.pk}"),
    ):
        reply = api.generic(method, f"/api/clubs/{other.pk}/{path}", "{}", content_type="application/json")
        assert reply.status_code == 404
