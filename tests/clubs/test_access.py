"""Predicates and their queryset twins agree, for every person and every object."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.domain.access import Viewer
from clubs.domain import access
from clubs.enums import JoinPolicy, Role
from clubs.models import Club, GroupSession, Membership
from fitfriends.core import clock
from tests.cast import Cast, add_member, make_club, make_session, make_user

PEOPLE = ["ana", "ben", "cleo", "dov", "eva", "op", "gone", "frozen", "frozen_op", "nobody"]


def person(cast: Cast, name: str) -> Viewer:
    if name == "nobody":
        return AnonymousUser()
    if name in cast.people:
        return cast.people[name]
    user = make_user(name.title(), is_staff=name.endswith("op"), is_active=not name.startswith("frozen"))
    if name in {"gone", "frozen"}:
        membership = add_member(cast.club, user, Role.INSTRUCTOR)
        make_session(cast.club, user)
        if name == "gone":
            Membership.objects.filter(pk=membership.pk).update(left_at=clock.now())
    return user


@pytest.fixture
def world(cast: Cast) -> Cast:
    for policy in JoinPolicy:
        club = make_club(cast.eva, join_policy=policy)
        make_session(club, cast.eva)
    Club.objects.filter(pk=cast.club.pk).update(join_policy=JoinPolicy.INVITATION)
    make_session(cast.club, cast.ana)
    make_session(cast.other_club, cast.ben)  # taught by somebody who is no longer in that club
    return cast


@pytest.mark.parametrize("name", PEOPLE)
def test_club_twins_agree(world: Cast, name: str) -> None:
    user = person(world, name)
    visible = set(Club.objects.visible_to(user))
    managed = set(Club.objects.managed_by(user))
    staffed = set(Club.objects.staffed_by(user))
    for club in Club.objects.all():
        assert access.may_see_club(user, club) == (club in visible), club
        assert access.may_manage_club(user, club) == (club in managed), club
        assert access.may_teach_in(user, club) == (club in staffed), club


@pytest.mark.parametrize("name", PEOPLE)
def test_session_twins_agree(world: Cast, name: str) -> None:
    user = person(world, name)
    visible = set(GroupSession.objects.visible_to(user))
    managed = set(GroupSession.objects.managed_by(user))
    for session in GroupSession.objects.select_related("club"):
        assert access.may_see_session(user, session) == (session in visible), session
        assert access.may_manage_session(user, session) == (session in managed), session
