"""The pages of reports: filing after the class, the queue, one report, and what its buttons do."""

from collections.abc import Callable

import pytest
from django.test import Client

from chat.domain import messages, posting, rooms
from chat.models import Complaint, HeldMessage, Report, Room
from chat.moderation import reports
from chat.moderation.enums import Why
from notifications.models import Notification
from streaming.enums import ClassRole, State
from streaming.models import Stream
from tests.cast import Cast, add_member, make_user
from tests.streaming.factories import make_stream

type As = Callable[[str], Client]


@pytest.fixture
def room(cast: Cast) -> Room:
    stream: Stream = make_stream(cast.session, State.LIVE)
    return rooms.find(stream.room_id)


@pytest.fixture
def report(cast: Cast, room: Room) -> Report:
    gia = make_user("Gia")
    add_member(cast.club, gia)
    said = posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="<b>You are slow</b>").message
    complaint = reports.report_message(messages.find(said.pk), reporter=gia, why=Why.MEAN, words="Please look")
    return complaint.report


def test_reporting_without_a_script(cast: Cast, as_: As, room: Room) -> None:
    said = posting.post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="Faster!").message
    address = f"/classes/{cast.session.pk}/report"
    cleo = as_("cleo")

    assert "Faster!" in cleo.get(address).content.decode()
    assert cleo.post(address, {"about": "message:99", "why": "mean"}).status_code == 400
    assert cleo.post(address, {"about": f"message:{said.pk}"}).status_code == 400
    for about in (f"message:{said.pk}", f"person:{cast.ben.pk}"):
        assert cleo.post(address, {"about": about, "why": "mean", "words": "It hurt"}).status_code == 302

    assert list(Complaint.objects.values_list("reporter_name", "why", "words")) == [("Cleo", "mean", "It hurt")] * 2


def test_the_queue_and_one_report(cast: Cast, as_: As, report: Report) -> None:
    queue = as_("ben").get("/clubs/harbour-club/reports").content.decode()
    page = as_("ben").get(f"/clubs/harbour-club/reports/{report.pk}").content.decode()

    assert "Cleo" in queue
    assert "1 person reported" in queue
    assert "&lt;b&gt;You are slow&lt;/b&gt;" in page
    assert "Please look" in page
    assert "I look at it" in page
    assert as_("cleo").get(f"/clubs/harbour-club/reports/{report.pk}").status_code == 404
    assert as_("eva").get(f"/clubs/hill-club/reports/{report.pk}").status_code == 404
    assert "1" in as_("ben").get("/clubs/harbour-club").content.decode().split("/reports")[1].split("</a>")[0]
    assert "/reports" not in as_("cleo").get("/clubs/harbour-club").content.decode()


def test_from_taking_to_closing(cast: Cast, as_: As, report: Report) -> None:
    address = f"/clubs/harbour-club/reports/{report.pk}"
    ben, ana = as_("ben"), as_("ana")

    ben.post(f"{address}/act", {"act": "take"})
    assert "Ben" in ana.get(address).content.decode()
    assert "Somebody else is looking" in ana.post(f"{address}/act", {"act": "take"}, follow=True).content.decode()
    ben.post(f"{address}/act", {"act": "note", "words": "I know her"})
    assert "I know her" in ben.get(address).content.decode()
    assert "choose what came" in ben.post(f"{address}/act", {"act": "close"}, follow=True).content.decode()
    ben.post(f"{address}/act", {"act": "close", "outcome": "message_deleted", "words": "Clear"})

    report.refresh_from_db()
    assert (report.state, report.outcome) == ("closed", "message_deleted")
    assert "Message deleted" in ben.get(address).content.decode()
    assert "Nobody waits for you" in ben.get("/clubs/harbour-club/reports").content.decode()
    assert "Cleo" in ben.get("/clubs/harbour-club/reports?state=closed").content.decode()
    assert Notification.objects.filter(kind="report_answered").get().user.display_name == "Gia"


@pytest.mark.parametrize(("act", "review"), [("release", "released"), ("reject", "rejected")])
def test_what_waits_is_decided_on_the_queues_page(cast: Cast, as_: As, room: Room, act: str, review: str) -> None:
    row = HeldMessage.objects.create(
        room=room, author=cast.cleo, author_name="Cleo", author_role="member", text="Hm?"
    )

    assert "Hm?" in as_("ben").get("/clubs/harbour-club/reports").content.decode()
    as_("ben").post(f"/clubs/harbour-club/held/{row.pk}", {"act": act})

    row.refresh_from_db()
    assert row.review == review
