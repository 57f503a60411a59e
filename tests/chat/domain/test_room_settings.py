"""The rules of a talk: whom each of them holds, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat.domain import posting
from chat.enums import Act
from chat.errors import EmojiOnly, Frozen, Newcomer, NoLinks, TimedOut, Wait
from chat.models import Action, Message, Room
from chat.moderation import actions
from fitfriends.core import clock, errors
from streaming.enums import ClassRole
from tests.chat.conftest import said_by

pytestmark = pytest.mark.django_db


def test_a_time_out_holds_until_it_is_over_or_lifted(people: dict[str, User], room: Room) -> None:
    cleo, ben = people["cleo"], people["ben"]
    until = actions.time_out(room, user=cleo, actor=ben, minutes=5, reason="Calm down")
    with pytest.raises(TimedOut) as refused:
        said_by(room, cleo)
    assert refused.value.until == until
    assert 290 <= refused.value.retry_after <= 300
    said_by(room, ben)

    Room.objects.filter(pk=room.pk).update(timeouts={str(cleo.pk): clock.to_ms(clock.now()) - 1})
    said_by(room, cleo)
    actions.time_out(room, user=cleo, actor=ben, minutes=60)
    actions.lift_time_out(room, user=cleo, actor=ben)
    actions.lift_time_out(room, user=cleo, actor=ben)
    said_by(room, cleo)

    log = Action.objects.order_by("pk")
    assert [row.act for row in log] == [Act.TIME_OUT, Act.TIME_OUT, Act.LIFT_TIME_OUT]
    first = log[0]
    assert (first.actor, first.target, first.reason, first.details) == (ben, cleo, "Calm down", {"minutes": 5})
    assert (first.club, first.stream, first.class_title) == (
        room.stream.group_session.club,
        room.stream,
        room.stream.title,
    )


def test_a_moderator_is_held_by_a_time_out_too(people: dict[str, User], room: Room) -> None:
    actions.time_out(room, user=people["sam"], actor=people["ben"], minutes=1)

    with pytest.raises(TimedOut):
        posting.post(room, author=people["sam"], role=ClassRole.MODERATOR, text="But I")


@pytest.mark.parametrize("minutes", [0, 2, 61])
def test_other_time_outs_are_not_given(people: dict[str, User], room: Room, minutes: int) -> None:
    with pytest.raises(errors.Invalid):
        actions.time_out(room, user=people["cleo"], actor=people["ben"], minutes=minutes)


@pytest.mark.parametrize(
    ("rule", "text", "refused"),
    [
        ({"frozen": True}, "Hello", Frozen),
        ({"links": False}, "see https://example.org/x", NoLinks),
        ({"links": False}, "my site is trainhard.com", NoLinks),
        ({"links": False}, "3.5 km, e.g. today. ok?", None),
        ({"emoji_only": True}, "well done", EmojiOnly),
        ({"emoji_only": True}, "💪🏽 👩‍👩‍👧 🇩🇪 ❤️ 3️⃣", None),
        ({"established_days": 2}, "Hello", Newcomer),
        ({"slow_seconds": 30}, "Hello", None),
    ],
)
def test_a_rule_of_the_room_binds_members_and_not_moderators(
    people: dict[str, User], room: Room, rule: dict[str, Any], text: str, refused: type[Exception] | None
) -> None:
    actions.change_settings(room, actor=people["sam"], **rule)
    joined_at = clock.now() - timedelta(days=1)

    def post(role: ClassRole) -> None:
        posting.post(room, author=people["cleo"], role=role, text=text, joined_at=joined_at)

    post(ClassRole.MODERATOR)
    Message.objects.all().delete()
    if refused is None:
        post(ClassRole.MEMBER)
    else:
        with pytest.raises(refused):
            post(ClassRole.MEMBER)
    (row,) = Action.objects.all()
    assert (row.act, row.details) == (Act.SETTINGS, rule)


def test_the_established_write_among_the_established(people: dict[str, User], room: Room) -> None:
    actions.change_settings(room, actor=people["ben"], established_days=2)

    posting.post(
        room,
        author=people["cleo"],
        role=ClassRole.MEMBER,
        text="x",
        joined_at=clock.now() - timedelta(days=2, minutes=1),
    )


def test_slow_mode_counts_a_persons_own_messages(people: dict[str, User], room: Room) -> None:
    actions.change_settings(room, actor=people["ben"], slow_seconds=30)
    first = posting.post(room, author=people["cleo"], role=ClassRole.MEMBER, text="one", client_id="a")
    said_by(room, people["kim"])

    with pytest.raises(Wait) as refused:
        said_by(room, people["cleo"], "two")
    again = posting.post(room, author=people["cleo"], role=ClassRole.MEMBER, text="one", client_id="a")

    assert refused.value.until == clock.to_ms(first.message.sent_at) + 30_000
    assert (again.is_new, again.message) == (False, first.message)
    room.refresh_from_db()
    assert room.last_seq == 2  # a refusal takes no number
    Message.objects.update(sent_at=clock.now() - timedelta(seconds=31))
    said_by(room, people["cleo"], "two")


@pytest.mark.parametrize("wrong", [{"slow_seconds": 601}, {"slow_seconds": -1}, {"established_days": 366}])
def test_settings_have_their_limits(people: dict[str, User], room: Room, wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid):
        actions.change_settings(room, actor=people["ben"], **wrong)


def test_the_rules_cost_a_message_no_query(people: dict[str, User], room: Room) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            posting.post(room, author=people["cleo"], role=ClassRole.MEMBER, text="\U0001f4aa", joined_at=long_ago)
        return len(captured)

    long_ago = clock.now() - timedelta(days=9)
    bare = queries()
    actions.change_settings(room, actor=people["ben"], links=False, emoji_only=True, established_days=2)
    actions.time_out(room, user=people["kim"], actor=people["ben"], minutes=5)

    assert queries() == bare
    actions.change_settings(room, actor=people["ben"], slow_seconds=5)
    Message.objects.update(sent_at=long_ago)
    assert queries() == bare + 1
