"""Reports: who may file and handle them, what they keep, what closing does, and who is told."""

import pytest

from accounts.models import User
from chat.domain import messages
from chat.errors import (
    NoSuchMessage,
    NoSuchReport,
    OwnReport,
    TooManyReports,
)
from chat.models import Complaint, Message, Report, Room
from chat.moderation import reports
from chat.moderation.enums import Why
from chat.moderation.reports import filing
from chat.moderation.reports import queue as report_queue
from clubs.models import Ban, SessionModerator
from notifications.enums import Kind
from notifications.models import Notification
from streaming.models import Stream
from tests.cast import Cast, add_member, api_as, make_user
from tests.chat.conftest import said_by

pytestmark = pytest.mark.django_db


def reported(room: Room, by: User, about: User, text: str = "You are slow") -> Report:
    return reports.report_message(said_by(room, about, text), reporter=by, why=Why.MEAN).report


def told(kind: Kind) -> dict[str, str]:
    rows = Notification.objects.filter(kind=kind).select_related("user").order_by("pk")
    return {str(row.user): f"{row.title} {row.body}" for row in rows}


# --- filing --------------------------------------------------------------------------------------------------
def test_a_report_keeps_what_was_said_and_what_was_around(cast: Cast, people: dict[str, User], room: Room) -> None:
    said = [said_by(room, people["sam"], f"{number}") for number in range(12)]

    complaint = reports.report_message(said[6], reporter=cast.cleo, why=Why.BODY, words=" He\x00 said it  twice ")
    messages.delete(said[6], actor=cast.ben)
    Message.objects.filter(pk=said[5].pk).delete()
    messages.delete(said[7], actor=cast.ben)

    kept = Complaint.objects.get(pk=complaint.pk)
    assert kept.words == "He said it twice"
    assert kept.evidence["said"]["message"] == "6"
    assert kept.evidence["said"]["username"] == "Sam"
    assert [line["message"] for line in kept.evidence["around"]] == [f"{number}" for number in range(2, 11)]
    assert not any(line["deleted"] for line in kept.evidence["around"])
    assert (kept.report.target, kept.report.class_title) == (people["sam"], room.stream.title)


def test_several_reports_of_a_message_are_one(cast: Cast, people: dict[str, User], room: Room) -> None:
    said = said_by(room, people["sam"], "You are slow")

    first = reports.report_message(said, reporter=cast.cleo, why=Why.MEAN)
    again = reports.report_message(said, reporter=cast.cleo, why=Why.OTHER, words="Still")
    other = reports.report_message(said, reporter=people["mia"], why=Why.HATE)

    assert again == first
    assert first.report_id == other.report_id
    assert {str(row.reporter): row.why for row in first.report.complaints.all()} == {"Cleo": "mean", "Mia": "hate"}
    assert Notification.objects.filter(kind=Kind.REPORT_NEW, user=cast.ben).count() == 1


def test_a_person_is_reported_with_the_last_they_said(cast: Cast, people: dict[str, User], room: Room) -> None:
    for number in range(12):
        said_by(room, people["sam"], f"{number}")

    complaint = reports.report_person(room, user=people["sam"], reporter=cast.cleo, why=Why.OTHER)

    assert complaint.evidence["said"] is None
    assert [line["message"] for line in complaint.evidence["around"]] == [f"{number}" for number in range(2, 12)]


def test_who_may_not_read_may_not_report(cast: Cast, people: dict[str, User], room: Room) -> None:
    said = said_by(room, cast.cleo)

    for stranger in ("dov", "eva", "gone"):
        with pytest.raises(NoSuchMessage):
            reports.report_message(said, reporter=people[stranger], why=Why.SPAM)
    with pytest.raises(OwnReport):
        reports.report_message(said, reporter=cast.cleo, why=Why.SPAM)


def test_a_flood_of_reports_is_stopped(cast: Cast, people: dict[str, User], room: Room) -> None:
    said = [said_by(room, people["sam"], f"{number}") for number in range(filing.REPORTS_AN_HOUR + 1)]
    for message in said[:-1]:
        reports.report_message(message, reporter=cast.cleo, why=Why.SPAM)

    with pytest.raises(TooManyReports):
        reports.report_message(said[-1], reporter=cast.cleo, why=Why.SPAM)
    assert reports.report_message(said[0], reporter=cast.cleo, why=Why.SPAM)  # known already


# --- who looks at it -----------------------------------------------------------------------------------------
# By whom it is about. Sam moderates this class alone, Kim teaches other classes of the club.
HANDLERS = {
    "cleo": {"op", "ana", "ben", "kim", "mia", "sam"},
    "sam": {"op", "ana", "ben", "kim", "mia"} - {"kim", "mia"},
    "mia": {"op", "ana", "ben"},
    "kim": {"op", "ana", "ben"},
    "ben": {"op", "ana"},
    "ana": {"op"},
    "op": set(),
}


@pytest.mark.parametrize("target", HANDLERS)
def test_who_handles_a_report(cast: Cast, people: dict[str, User], room: Room, target: str) -> None:
    reporter = make_user("Hal")
    add_member(cast.club, reporter)

    report = reports.report_person(room, user=people[target], reporter=reporter, why=Why.OTHER).report

    may = {name for name, user in people.items() if report_queue.handled_by(user).filter(pk=report.pk).exists()}
    assert may == HANDLERS[target]
    expected = HANDLERS[target] - {"op"} or HANDLERS[target]
    assert set(told(Kind.REPORT_NEW)) == {name.title() for name in expected}


def test_a_moderator_of_one_class_sees_that_class_alone(cast: Cast, people: dict[str, User], room: Room) -> None:
    report = reported(room, cast.ben, cast.cleo)
    assert report_queue.find(report.pk, user=people["sam"]) == report

    SessionModerator.objects.all().delete()
    with pytest.raises(NoSuchReport):
        report_queue.find(report.pk, user=people["sam"])
    SessionModerator.objects.create(group_session=cast.session, user=people["sam"])
    Ban.objects.create(club=cast.club, group_session=cast.session, user=people["sam"])
    with pytest.raises(NoSuchReport):
        report_queue.find(report.pk, user=people["sam"])


# --- the API -------------------------------------------------------------------------------------------------
def test_from_report_to_outcome_over_the_api(cast: Cast, people: dict[str, User], stream: Stream, room: Room) -> None:
    said = said_by(room, people["sam"], "You are slow")
    address = f"/api/chat/rooms/{stream.room_id}/reports"
    cleo, ben = api_as(cast.cleo), api_as(cast.ben)

    reply = cleo.post(address, {"message_id": said.pk, "why": "mean", "words": "Please look"}, format="json")
    assert (reply.status_code, set(reply.json()["report"])) == (201, {"id", "why", "words", "at"})
    for body in ({}, {"why": "mean"}, {"why": "x", "user_id": 1}, {"why": "mean", "user_id": 1, "message_id": 1}):
        assert cleo.post(address, body, format="json").status_code == 400
    assert cleo.post(address, {"user_id": cast.dov.pk, "why": "mean"}, format="json").status_code == 404

    [row] = ben.get(f"/api/chat/clubs/{cast.club.pk}/reports").json()["reports"]
    assert (row["target_name"], row["state"], row["complaint_count"]) == ("Sam", "open", 1)
    one = f"/api/chat/reports/{row['id']}"
    assert ben.post(f"{one}/take").json()["report"]["taken_by_id"] == cast.ben.pk
    assert ben.post(f"{one}/notes", {"words": "Hm"}, format="json").status_code == 201
    shown = ben.get(one).json()["report"]
    assert shown["complaints"][0]["evidence"]["said"]["message"] == "You are slow"
    assert "time_out" in shown["outcomes"]
    assert api_as(cast.ana).post(f"{one}/take").json()["error"]["code"] == "chat:report:taken"
    closed = ben.post(f"{one}/close", {"outcome": "warned"}, format="json").json()["report"]
    assert (closed["state"], closed["outcome"]) == ("closed", "warned")
    assert ben.get(f"/api/chat/clubs/{cast.club.pk}/reports").json()["reports"] == []
    rows = ben.get(f"/api/chat/clubs/{cast.club.pk}/reports?state=closed").json()["reports"]
    assert [row["id"] for row in rows] == [shown["id"]]
    assert api_as(people["sam"]).get(one).status_code == 404
    assert api_as(cast.eva).get(f"/api/chat/clubs/{cast.club.pk}/reports").status_code == 403
    assert api_as(cast.eva).get(one).status_code == 404
