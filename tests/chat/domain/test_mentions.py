"""Calling somebody by name: who is meant, and who is told."""

import pytest

from accounts.models import User
from chat.domain import club_filter, mentions, messages
from chat.models import Message, Room
from chat.moderation import actions
from chat.tasks import tell_mentioned
from clubs.models import Ban
from notifications.domain import preferences
from notifications.enums import Channel, Kind
from notifications.models import Notification
from streaming.domain.watching import presence
from tests.cast import Cast, add_member, make_user
from tests.chat.conftest import said_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def luz(cast: Cast) -> User:
    found = make_user("Ana Luz", email="luz@example.com")
    add_member(cast.club, found)
    return found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Cleo look", ["Cleo"]),
        ("@cLEO!", ["Cleo"]),
        ("@Ana Luz, and @ana", ["Ana Luz", "Ana"]),
        ("@Ana Luzia", ["Ana"]),
        ("@Cleopatra", []),
        ("cleo@example.com and a@Cleo", []),
        ("@Dov @Eva @everyone", []),  # nobody of the club
        ("@Cleo @cleo @Cleo", ["Cleo"]),
        ("@Ben", []),  # oneself
        ("@ @@ 50% @_", []),
    ],
)
def test_who_is_mentioned(cast: Cast, luz: User, room: Room, text: str, names: list[str]) -> None:
    assert [str(user) for user in mentions.mentioned(said_by(room, cast.ben, text))] == names


def test_at_most_as_many_as_the_club_allows(cast: Cast, luz: User, room: Room) -> None:
    club_filter.change(cast.club, actor=cast.ana, mention_limit=1, on_mentions="off")

    assert [str(user) for user in mentions.mentioned(said_by(room, cast.ben, "@Cleo @Ana"))] == ["Cleo"]


def told(message: Message) -> list[str]:
    tell_mentioned(message.pk)
    return [str(row.user) for row in Notification.objects.filter(kind=Kind.MENTION).order_by("pk")]


def test_who_is_away_is_told_once(cast: Cast, room: Room) -> None:
    said = said_by(room, cast.ben, "@Cleo where are you?")

    assert told(said) == told(said) == ["Cleo"]
    row = Notification.objects.get()
    assert (row.title, row.body) == ("Ben calls you in Morning yoga", "@Cleo where are you?")
    assert row.url == f"/classes/{cast.session.pk}"


@pytest.mark.parametrize("case", ["here", "muted", "banned", "deleted", "unwanted"])
def test_who_is_not_told(cast: Cast, room: Room, case: str) -> None:
    said = said_by(room, cast.ben, "@Cleo hello")
    match case:
        case "here":
            presence.socket_seen(room.stream.room_id, cast.cleo.pk, "1")
        case "muted":
            actions.time_out(room, user=cast.cleo, actor=cast.ben, minutes=5)
        case "banned":
            Ban.objects.create(club=cast.club, group_session=cast.session, user=cast.cleo)
        case "deleted":
            messages.delete(said, actor=cast.ben)
        case _:
            preferences.set_wish(cast.cleo, kind=Kind.MENTION, channel=Channel.IN_APP, enabled=False)

    assert told(said) == []
