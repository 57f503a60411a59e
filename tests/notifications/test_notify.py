"""Telling people: once per occasion, as they wish, only what was committed."""

from typing import Any

import pytest
from django.db import transaction

from fitfriends.core.redis import client
from notifications.domain import inbox, preferences
from notifications.domain.notify import tell
from notifications.enums import Channel, Kind
from notifications.models import Notification
from tests.cast import Cast, make_user
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("clean_redis")
LIVE: dict[str, Any] = {"kind": Kind.STREAM_LIVE, "occasion": "stream:1:live", "title": "Morning yoga is live"}


def queued() -> int:
    return int(client().llen("ffc-celery:default"))


def test_tell_once_per_occasion(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert len(tell([cast.cleo, cast.ben], **LIVE)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert tell([cast.cleo, cast.ben], **LIVE) == []
        assert [row.user for row in tell([cast.cleo, cast.dov], **LIVE)] == [cast.dov]
    assert inbox.unread_count(cast.cleo) == 1
    assert queued() == 2


def test_tell_uses_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    people = [make_user(f"P{number}") for number in range(40)]
    with django_assert_max_num_queries(6):
        assert len(tell(people, **LIVE)) == 40


@pytest.mark.parametrize(
    ("in_app", "email", "shown", "mailed"),
    [(True, True, 1, 1), (True, False, 1, 0), (False, True, 0, 1), (False, False, 0, 0)],
)
def test_tell_respects_wishes(cast: Cast, in_app: bool, email: bool, shown: int, mailed: int) -> None:  # noqa: FBT001
    for channel, enabled in ((Channel.IN_APP, in_app), (Channel.EMAIL, email)):
        preferences.set_wish(cast.cleo, kind=Kind.STREAM_LIVE, channel=channel, enabled=enabled)
    told = tell([cast.cleo], **LIVE)
    assert inbox.unread_count(cast.cleo) == shown
    assert len([row for row in told if row.by_mail]) == mailed


def test_defaults(cast: Cast) -> None:
    wishes = {wish.kind: (wish.in_app, wish.email) for wish in preferences.of(cast.cleo)}
    assert wishes.pop(Kind.STREAM_LIVE) == (True, True)
    assert set(wishes.values()) == {(True, False)}


def test_frozen_people_are_not_told(cast: Cast) -> None:
    assert tell([make_user("Frozen", is_active=False)], **LIVE) == []


def test_text_is_cleaned_and_cut(cast: Cast) -> None:
    [told] = tell([cast.cleo], **{**LIVE, "title": "a\u202e\x00" + "b" * 300})
    assert told.title == "a" + "b" * 199


@pytest.mark.django_db(transaction=True)
def test_rolled_back_is_not_told() -> None:
    cleo = make_user("Cleo")
    with transaction.atomic():
        tell([cleo], **LIVE)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert queued() == 0


@pytest.mark.django_db(transaction=True)
def test_reported_at_once_is_told_once() -> None:
    people = [make_user(f"P{number}") for number in range(5)]

    at_once([lambda: tell(people, **LIVE)] * 6)
    assert Notification.objects.count() == 5
