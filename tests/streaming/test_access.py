"""Predicates and their queryset twins agree, for every person and every state."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.domain.access import Viewer
from clubs.enums import Role
from clubs.models import Membership
from fitfriends.core import clock
from streaming import errors
from streaming.domain import access, queries
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast, add_member, make_session, make_user
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db

PEOPLE = ["ana", "ben", "cleo", "dov", "eva", "op", "op_teacher", "gone", "frozen", "shrunk", "nobody"]


def person(cast: Cast, name: str) -> Viewer:
    if name == "nobody":
        return AnonymousUser()
    if name in cast.people:
        return cast.people[name]
    user = make_user(name.title(), is_staff=name.startswith("op"), is_active=name != "frozen")
    if name in {"gone", "frozen", "shrunk", "op_teacher"}:
        make_stream(make_session(cast.club, user), State.LIVE)
    if name in {"gone", "frozen", "shrunk"}:
        membership = add_member(cast.club, user, Role.MEMBER if name == "shrunk" else Role.INSTRUCTOR)
        if name == "gone":
            Membership.objects.filter(pk=membership.pk).update(left_at=clock.now())
    return user


@pytest.mark.parametrize("name", PEOPLE)
def test_twins_agree(cast: Cast, name: str) -> None:
    user = person(cast, name)
    for state in State:
        make_stream(make_session(cast.club, cast.ben), state)
        make_stream(make_session(cast.other_club, cast.eva), state)
    visible = set(Stream.objects.visible_to(user))
    run = set(Stream.objects.run_by(user))
    watchable = set(Stream.objects.watchable_by(user))

    for stream in Stream.objects.select_related("group_session"):
        assert access.may_see(user, stream) == (stream in visible)
        assert access.may_run(user, stream) == (stream in run)
        assert access.may_watch(user, stream) == (stream in watchable)
        assert access.may_schedule(user, stream.group_session) == (stream in run)


@pytest.mark.parametrize("name", PEOPLE)
def test_one_query_finds_the_same_standing(cast: Cast, name: str) -> None:
    user = person(cast, name)
    make_stream(cast.session)
    make_stream(cast.other_session, State.LIVE)

    for stream in Stream.objects.select_related("group_session"):
        wanted = access.class_role(user, stream)
        try:
            found = queries.by_room(user, stream.room_id).class_role
        except errors.NoSuchStream:
            found = None
        assert found == wanted
        assert access.may_see_key(user, stream) == (wanted is not None and wanted.broadcasts)
