"""Handling reports: one at a time looks, closing does what it says, and who is told."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from chat.domain import messages
from chat.enums import Act
from chat.errors import (
    NoSuchReport,
    NotModerator,
    NotTaken,
    Outranked,
    ReportClosed,
    Taken,
)
from chat.models import Action, Complaint, Message, Report, Room
from chat.moderation import reports
from chat.moderation.enums import ReportState, Verdict, Why
from fitfriends.core import errors
from notifications.enums import Kind
from notifications.models import Notification
from streaming.domain import access as streaming_access
from tests.cast import Cast
from tests.chat.conftest import said_by
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def reported(room: Room, by: User, about: User, text: str = "You are slow") -> Report:
    return reports.report_message(said_by(room, about, text), reporter=by, why=Why.MEAN).report


def told(kind: Kind) -> dict[str, str]:
    rows = Notification.objects.filter(kind=kind).select_related("user").order_by("pk")
    return {str(row.user): f"{row.title} {row.body}" for row in rows}


def test_one_at_a_time_looks_at_a_report(cast: Cast, people: dict[str, User], room: Room) -> None:
    report = reported(room, people["sam"], cast.cleo)
    with pytest.raises(NotTaken):
        reports.close(report, actor=cast.ben, outcome=Verdict.NO_ACTION)

    assert reports.take(report, actor=people["mia"]).taken_by == people["mia"]
    assert reports.take(report, actor=people["mia"]).state == ReportState.IN_REVIEW
    for act in (reports.take, reports.put_back):
        with pytest.raises(Taken):
            act(report, actor=cast.ben)
    with pytest.raises(Taken):
        reports.close(report, actor=cast.ben, outcome=Verdict.NO_ACTION)
    assert reports.put_back(report, actor=cast.ana).state == ReportState.OPEN  # an owner may
    reports.take(report, actor=cast.ben)
    reports.close(report, actor=cast.ben, outcome=Verdict.NO_ACTION)
    with pytest.raises(ReportClosed):
        reports.take(report, actor=people["mia"])
    acts = Action.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == [Act.TAKE_REPORT, Act.RETURN_REPORT, Act.TAKE_REPORT, Act.CLOSE_REPORT]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_it(cast: Cast, people: dict[str, User], room: Room) -> None:
    report = reported(room, people["sam"], cast.cleo)

    def take(actor: User) -> User | None:
        return reports.take(Report.objects.get(pk=report.pk), actor=actor).taken_by

    taken, refused = at_once([partial(take, people[name]) for name in ("ana", "ben", "mia")])

    report.refresh_from_db()
    assert (taken, refused) == ([report.taken_by], [Taken.code] * 2)


@pytest.mark.django_db(transaction=True)
def test_two_who_report_at_once_make_one(cast: Cast, people: dict[str, User], room: Room) -> None:
    said = said_by(room, cast.cleo)

    def file(reporter: User) -> int:
        return reports.report_message(messages.find(said.pk), reporter=reporter, why=Why.MEAN).report_id

    found, refused = at_once([partial(file, people[name]) for name in ("sam", "mia", "kim", "sam")])

    assert (len(found), len(set(found)), refused) == (4, 1, [])
    assert Complaint.objects.count() == 3


def test_closing_deletes_the_message_and_tells_who_reported(cast: Cast, people: dict[str, User], room: Room) -> None:
    report = reported(room, people["sam"], cast.cleo)
    reports.report_message(messages.find(report.message_id or 0), reporter=people["mia"], why=Why.HATE)
    reports.take(report, actor=cast.ben)

    reports.close(report, actor=cast.ben, outcome=Verdict.MESSAGE_DELETED, words="Clear case")

    assert Message.objects.get().deleted_by == cast.ben
    answers = told(Kind.REPORT_ANSWERED)
    assert set(answers) == {"Sam", "Mia"}
    assert "They took the message away." in answers["Sam"]
    assert Notification.objects.filter(user=cast.cleo).count() == 0
    assert report.notes.get().words == "Clear case"
    assert list(Action.objects.order_by("pk").values_list("act", "target_name"))[-2:] == [
        (Act.DELETE, "Cleo"),
        (Act.CLOSE_REPORT, ""),
    ]


@pytest.mark.parametrize(
    ("outcome", "actor", "minutes"),
    [(Verdict.TIME_OUT, "ben", 10), (Verdict.BAN_CLASS, "mia", None), (Verdict.BAN_CLUB, "ana", None)],
)
def test_closing_acts_on_the_person(
    people: dict[str, User], room: Room, outcome: Verdict, actor: str, minutes: int | None
) -> None:
    report = reported(room, people["sam"], people["cleo"])
    reports.take(report, actor=people[actor])

    reports.close(report, actor=people[actor], outcome=outcome, minutes=minutes)

    done = Action.objects.get(act=str(outcome))
    assert (done.actor, done.target, done.reason) == (people[actor], people["cleo"], f"Report {report.pk}")
    assert streaming_access.may_see(people["cleo"], room.stream) is (outcome == Verdict.TIME_OUT)


def test_a_word_to_the_person_does_not_say_who_reported(cast: Cast, people: dict[str, User], room: Room) -> None:
    report = reported(room, people["sam"], cast.cleo)
    reports.take(report, actor=people["mia"])

    reports.close(report, actor=people["mia"], outcome=Verdict.WARNED)

    words = told(Kind.TALK_WARNING)
    assert set(words) == {"Cleo"}
    assert not [name for name in ("Sam", "Mia", "report") if name in words["Cleo"]]


@pytest.mark.parametrize(
    ("outcome", "actor", "fault"),
    [
        (Verdict.BAN_CLUB, "ben", errors.Invalid),  # an owner's business
        (Verdict.BAN_CLASS, "kim", NotModerator),  # teaches other classes
        (Verdict.TIME_OUT, "ben", errors.Invalid),  # without minutes
    ],
)
def test_what_its_handler_may_not_do_leaves_the_report_open(
    people: dict[str, User], room: Room, outcome: Verdict, actor: str, fault: type[Exception]
) -> None:
    report = reported(room, people["sam"], people["cleo"])
    reports.take(report, actor=people[actor])

    with pytest.raises(fault):
        reports.close(report, actor=people[actor], outcome=outcome, words="No")

    report.refresh_from_db()
    assert (report.state, report.outcome, report.notes.count()) == (ReportState.IN_REVIEW, "", 0)
    assert told(Kind.REPORT_ANSWERED) == {}


def test_the_ladder_holds_in_the_queue_too(cast: Cast, people: dict[str, User], room: Room) -> None:
    report = reported(room, cast.cleo, cast.ben)

    for name in ("ben", "mia", "sam", "kim", "cleo", "eva", "dov", "gone"):
        for act in (reports.take, reports.put_back):
            with pytest.raises(NoSuchReport):
                act(report, actor=people[name])
        with pytest.raises(NoSuchReport):
            reports.note(report, actor=people[name], words="Hm")


def test_after_closing_the_same_may_be_reported_anew(cast: Cast, people: dict[str, User], room: Room) -> None:
    report = reported(room, people["sam"], cast.cleo)
    reports.take(report, actor=cast.ben)
    reports.close(report, actor=cast.ben, outcome=Verdict.NO_ACTION)

    again = reports.report_message(messages.find(report.message_id or 0), reporter=people["sam"], why=Why.MEAN)

    assert again.report_id != report.pk


def test_the_log_of_a_report_stays(cast: Cast, people: dict[str, User], room: Room) -> None:
    reports.take(reported(room, people["sam"], cast.cleo), actor=cast.ben)

    with pytest.raises(PermissionDenied):
        Action.objects.all().delete()
    assert Outranked.code == "chat:outranked"
