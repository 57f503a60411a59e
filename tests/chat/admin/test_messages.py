"""Keeping order in the admin: the same functions as on the class page, with the same ladder and the same log."""

import pytest
from django.test import Client

from chat.domain import rooms
from chat.enums import Act
from chat.models import Action, Message, Room
from chat.moderation import actions
from clubs.models import Ban
from tests.cast import Cast
from tests.chat.conftest import said_by

pytestmark = pytest.mark.django_db


def do(client: Client, action: str, message: Message) -> str:
    given = {"action": action, "_selected_action": [message.pk]}
    return client.post("/admin/chat/message/", given, follow=True).content.decode()


@pytest.mark.parametrize(
    ("actor", "action", "act"),
    [
        ("ben", "take_back", Act.DELETE),
        ("ben", "pin", Act.PIN),
        ("ben", "time_out", Act.TIME_OUT),
        ("ben", "ban_class", Act.BAN_CLASS),
        ("ana", "ban_club", Act.BAN_CLUB),
    ],
)
def test_each_act_is_done_and_written_down(  # noqa: PLR0917 -- fixtures and parameters
    client: Client, cast: Cast, room: Room, actor: str, action: str, act: Act
) -> None:
    message = said_by(room, cast.cleo)
    client.force_login(cast.people[actor])

    do(client, action, message)

    assert [(row.act, row.actor, row.target) for row in Action.objects.all()] == [
        (act, cast.people[actor], cast.cleo)
    ]


def test_what_was_done_is_undone(client: Client, cast: Cast, room: Room) -> None:
    message = said_by(room, cast.cleo)
    client.force_login(cast.ben)

    for action in ("time_out", "lift_time_out", "ban_class", "lift_bans", "take_back", "restore"):
        do(client, action, message)

    message.refresh_from_db()
    assert (
        message.deleted_at,
        Ban.objects.filter(lifted_at=None).count(),
        rooms.find(room.stream.room_id).timeouts,
    ) == (None, 0, {})
    assert Action.objects.count() == 6


def test_the_ladder_holds(client: Client, cast: Cast, room: Room) -> None:
    message = said_by(room, cast.ana)
    client.force_login(cast.ben)

    page = do(client, "time_out", message)

    assert "You cannot do this to somebody of your own rank or above." in page
    assert not Action.objects.exists()


def test_another_clubs_owner_reaches_nothing(client: Client, cast: Cast, room: Room) -> None:
    message = said_by(room, cast.cleo)
    client.force_login(cast.eva)

    do(client, "ban_class", message)

    assert not Action.objects.exists()
    actions.time_out(room, user=cast.cleo, actor=cast.ben, minutes=1)
    assert Action.objects.count() == 1
