"""What was said goes a while after its class; open reports keep what they need."""

from datetime import timedelta
from typing import Any

import pytest

from chat.domain import messages, retention
from chat.models import Complaint, HeldMessage, Message, Report, Room
from chat.moderation import reports
from chat.moderation.enums import Verdict, Why
from fitfriends.core import clock
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import said_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoken(cast: Cast, room: Room) -> Report:
    """Three messages, one of them reported, and one that was never let in."""
    HeldMessage.objects.create(room=room, author=cast.cleo, author_name="Cleo", author_role="member", text="Hm?")
    said = [said_by(room, cast.cleo, f"{number}") for number in range(3)]
    return reports.report_message(messages.find(said[1].pk), reporter=cast.ben, why=Why.MEAN).report


def end(room: Room, *, days_ago: int) -> None:
    at = clock.now() - timedelta(days=days_ago)
    Stream.objects.filter(pk=room.stream_id).update(ended_at=at, state=State.ENDED, ingest_client_id="")


@pytest.mark.parametrize(("days_ago", "left"), [(179, 3), (181, 0)])
def test_messages_of_classes_that_ended_long_ago_go(
    room: Room, spoken: Report, monkeypatch: pytest.MonkeyPatch, days_ago: int, left: int
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    end(room, days_ago=days_ago)

    gone = retention.forget_old(clock.now())

    assert (Message.objects.count(), HeldMessage.objects.count(), gone) == (left, left // 3, 4 - left // 3 * 4)
    kept = Complaint.objects.get()
    assert kept.evidence["said"]["message"] == "1"
    assert Report.objects.get().message_id == (spoken.message_id if left else None)


def test_a_class_that_runs_keeps_all(room: Room, spoken: Report) -> None:
    assert retention.forget_old(clock.now() + timedelta(days=1000)) == 0


def test_closed_reports_go_as_long_after(cast: Cast, room: Room, spoken: Report) -> None:
    reports.take(spoken, actor=cast.ana)
    reports.close(spoken, actor=cast.ana, outcome=Verdict.NO_ACTION)

    retention.forget_old(clock.now() + timedelta(days=179))
    assert Report.objects.count() == 1
    retention.forget_old(clock.now() + timedelta(days=181))
    assert (Report.objects.count(), Complaint.objects.count()) == (0, 0)


def test_zero_keeps_everything(room: Room, spoken: Report, settings: Any) -> None:
    settings.CHAT_RETENTION_DAYS = 0
    end(room, days_ago=5000)

    assert retention.forget_old(clock.now()) == 0
    assert "as long as the club exists" in retention.in_words()
