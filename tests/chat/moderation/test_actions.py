"""Keeping order: who may do what to whom, what each act changes, and that it is written down."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from chat.domain import access, messages
from chat.enums import ON_PEOPLE, Act
from chat.errors import (
    NoSuchPerson,
    NoSuchRoom,
    NothingToPin,
    NotModerator,
    NotYours,
    Outranked,
)
from chat.models import Action, Room
from chat.moderation import actions
from clubs.domain import bookings, memberships, requests
from clubs.enums import JoinPolicy
from clubs.errors import Banned
from clubs.models import Ban, JoinRequest, Membership
from fitfriends.core import errors
from fitfriends.core.frames import type_of
from streaming.domain import access as streaming_access
from streaming.enums import ClassRole
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import said_by

pytestmark = pytest.mark.django_db

LADDER = ["op", "ana", "ben", "kim", "mia", "sam", "cleo", "dov", "gone"]
# Who moderates whom; everybody else is refused.
BELOW = {
    "op": {"ana", "ben", "kim", "mia", "sam", "cleo", "dov", "gone"},
    "ana": {"ben", "kim", "mia", "sam", "cleo", "dov", "gone"},
    "ben": {"kim", "mia", "sam", "cleo", "dov", "gone"},
    "mia": {"cleo", "dov", "gone"},
    "sam": {"cleo", "dov", "gone"},
}


@pytest.mark.parametrize("actor", LADDER)
def test_the_ladder(people: dict[str, User], stream: Stream, actor: str) -> None:
    allowed = set()
    for target in LADDER:
        try:
            access.require_outranks(people[actor], people[target], stream)
        except (Outranked, NotModerator, NoSuchRoom):
            continue
        allowed.add(target)

    assert allowed == BELOW.get(actor, set())


@pytest.mark.parametrize("name", [*LADDER, "eva"])
def test_who_moderates(people: dict[str, User], stream: Stream, name: str) -> None:
    assert access.may_moderate(people[name], stream) is (name in BELOW)


@pytest.mark.parametrize("act", ON_PEOPLE)
@pytest.mark.parametrize(("name", "refused"), [("dov", NoSuchRoom), ("gone", NoSuchRoom), ("kim", NotModerator)])
def test_strangers_learn_nothing_and_readers_are_refused(
    people: dict[str, User], room: Room, act: Act, name: str, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        actions.act_on(room, act, user=people["cleo"], actor=people[name], minutes=5)

    assert not Action.objects.exists()


def test_a_moderator_takes_a_seat_and_runs_nothing(people: dict[str, User], stream: Stream) -> None:
    for name in ("mia", "sam"):
        standing = streaming_access.class_role(people[name], stream)
        assert standing == ClassRole.MODERATOR
        assert (standing.runs, standing.broadcasts, standing.moderates) == (False, False, True)


@pytest.mark.parametrize("actor", ["op", "ana", "ben", "mia", "sam"])
def test_deleting_and_restoring_follow_the_ladder(people: dict[str, User], room: Room, actor: str) -> None:
    for author in ("ana", "ben", "cleo"):
        message = said_by(room, people[author])
        if author in BELOW[actor]:
            messages.delete(message, actor=people[actor])
            assert messages.restore(messages.find(message.pk), actor=people[actor]).text == "Hello"
            assert messages.find(message.pk).deleted_at is None
        elif author != actor:
            with pytest.raises(NotYours):
                messages.delete(message, actor=people[actor])

    rows = Action.objects.order_by("pk").values_list("act", flat=True)
    assert set(rows) == {Act.DELETE, Act.RESTORE}


def test_what_its_author_or_somebody_above_took_back_stays(people: dict[str, User], room: Room) -> None:
    own, above = said_by(room, people["cleo"]), said_by(room, people["cleo"])
    messages.delete(own, actor=people["cleo"])
    messages.delete(above, actor=people["ana"])

    for message, actor in ((own, "ana"), (above, "sam"), (above, "cleo")):
        with pytest.raises(NotYours):
            messages.restore(messages.find(message.pk), actor=people[actor])
    assert list(Action.objects.values_list("act", flat=True)) == [Act.DELETE]  # one's own words are one's own affair


def test_a_reader_who_was_away_gets_a_restored_message_back(people: dict[str, User], room: Room) -> None:
    message = said_by(room, people["cleo"])
    messages.delete(message, actor=people["ben"])
    after = messages.events_since(room, 1).seq
    messages.restore(messages.find(message.pk), actor=people["ben"])

    assert [(type_of(e), e.seq) for e in messages.events_since(room, after).events] == [("message_restored", 3)]
    assert [type_of(e) for e in messages.events_since(room, 0).events] == ["chat_message", "message_restored"]
    assert messages.events_since(room, 3).events == []


def test_a_pinned_message_comes_down_with_its_words(people: dict[str, User], room: Room) -> None:
    one, two = said_by(room, people["cleo"]), said_by(room, people["cleo"])
    for message in (one, two, two):
        actions.pin(message, actor=people["mia"])
    room.refresh_from_db()
    assert room.pinned == two

    messages.delete(messages.find(two.pk), actor=people["cleo"])
    assert Room.objects.get(pk=room.pk).pinned is None
    with pytest.raises(NothingToPin):
        actions.pin(two, actor=people["mia"])
    actions.pin(one, actor=people["mia"])
    for _ in range(2):
        actions.unpin(room, actor=people["mia"])
    assert [row.act for row in Action.objects.order_by("pk")] == [Act.PIN, Act.PIN, Act.PIN, Act.UNPIN]


def test_a_ban_from_the_class_hides_it_and_can_be_lifted(people: dict[str, User], cast: Cast, room: Room) -> None:
    bookings.participate(cast.session, actor=people["cleo"])
    for _ in range(2):
        actions.act_on(room, Act.BAN_CLASS, user=people["cleo"], actor=people["sam"], reason="Insults")
    assert streaming_access.class_role(people["cleo"], room.stream) is None
    assert not Stream.objects.visible_to(people["cleo"]).exists()
    assert bookings.taken(cast.session) == 0
    assert Membership.objects.of(people["cleo"]).exists()

    actions.act_on(room, Act.LIFT_BAN_CLASS, user=people["cleo"], actor=people["sam"])
    assert streaming_access.class_role(people["cleo"], room.stream) == ClassRole.MEMBER
    assert [row.act for row in Action.objects.order_by("pk")] == [Act.BAN_CLASS, Act.LIFT_BAN_CLASS]


def test_who_teaches_in_the_club_is_not_banned_from_one_class(people: dict[str, User], room: Room) -> None:
    with pytest.raises(Outranked):
        actions.act_on(room, Act.BAN_CLASS, user=people["kim"], actor=people["ben"])


@pytest.mark.parametrize("actor", ["ben", "mia", "sam"])
def test_only_the_owner_bans_from_the_club(people: dict[str, User], room: Room, actor: str) -> None:
    for act in (Act.BAN_CLUB, Act.LIFT_BAN_CLUB):
        with pytest.raises(errors.NotAllowed):
            actions.act_on(room, act, user=people["cleo"], actor=people[actor])
    assert not Ban.objects.exists()


@pytest.mark.parametrize("policy", JoinPolicy)
def test_a_ban_from_the_club_closes_every_way_back(
    people: dict[str, User], cast: Cast, room: Room, policy: JoinPolicy
) -> None:
    cast.club.join_policy = policy
    cast.club.save()
    actions.act_on(room, Act.BAN_CLUB, user=people["cleo"], actor=people["ana"])

    assert not Membership.objects.of(people["cleo"]).exists()
    if policy == JoinPolicy.OPEN:
        with pytest.raises(Banned):
            memberships.join(cast.club, actor=people["cleo"])
    if policy == JoinPolicy.REQUEST:
        with pytest.raises(Banned):
            requests.ask(cast.club, actor=people["cleo"])
        asked = JoinRequest.objects.create(club=cast.club, user=people["cleo"])
        with pytest.raises(Banned):
            requests.accept(asked, actor=people["ana"])
    with pytest.raises(Banned):
        memberships.admit(cast.club, people["cleo"])

    actions.act_on(room, Act.LIFT_BAN_CLUB, user=people["cleo"], actor=people["ana"])
    memberships.admit(cast.club, people["cleo"])
    assert streaming_access.class_role(people["cleo"], room.stream) == ClassRole.MEMBER


def test_those_who_run_the_class_appoint_and_dismiss(people: dict[str, User], room: Room) -> None:
    with pytest.raises(NotModerator):
        actions.act_on(room, Act.APPOINT, user=people["cleo"], actor=people["mia"])
    for _ in range(2):
        actions.act_on(room, Act.APPOINT, user=people["cleo"], actor=people["ben"])
    assert access.may_moderate(people["cleo"], room.stream)
    actions.act_on(room, Act.DISMISS, user=people["cleo"], actor=people["ben"])
    assert not access.may_moderate(people["cleo"], room.stream)
    with pytest.raises(NoSuchPerson):
        actions.act_on(room, Act.APPOINT, user=people["gone"], actor=people["ben"])


def test_strangers_to_the_club_are_nobody(people: dict[str, User], room: Room) -> None:
    assert actions.find_person(room, people["gone"].pk) == people["gone"]
    for unknown in (people["eva"].pk, 987_654_321):
        with pytest.raises(NoSuchPerson):
            actions.find_person(room, unknown)


def test_what_was_done_stays_written_down(people: dict[str, User], room: Room) -> None:
    actions.time_out(room, user=people["cleo"], actor=people["ben"], minutes=1)
    (row,) = Action.objects.all()

    row.reason = "Never mind"
    changes: list[Callable[[], object]] = [
        row.save,
        row.delete,
        Action.objects.all().delete,
        lambda: Action.objects.update(reason=""),
    ]
    for change in changes:
        with pytest.raises(PermissionDenied):
            change()

    people["cleo"].delete()
    kept = Action.objects.get()
    assert (kept.target, kept.target_name, kept.reason) == (None, "Cleo", "")


def test_nobody_is_outside_of_the_table(people: dict[str, User]) -> None:
    assert set(LADDER) | {"eva"} == set(people)
