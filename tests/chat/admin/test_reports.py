"""Reports in the admin: operators and owners see what is theirs to look at, and take it there too."""

import pytest
from django.test import Client

from accounts.models import User
from chat.models import Report, Room
from chat.moderation import reports
from chat.moderation.enums import ReportState, Verdict, Why
from tests.cast import Cast
from tests.chat.conftest import said_by

pytestmark = pytest.mark.django_db
LIST = "/admin/chat/report/"


@pytest.fixture
def report(cast: Cast, people: dict[str, User], room: Room) -> Report:
    said = said_by(room, cast.cleo, "You are slow")
    return reports.report_message(said, reporter=people["sam"], why=Why.MEAN, words="Please look").report


def as_(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize(("who", "sees"), [("op", True), ("ana", True), ("ben", True), ("eva", False)])
def test_who_sees_a_report(people: dict[str, User], report: Report, who: str, *, sees: bool) -> None:
    browser = as_(people[who])

    assert ("Cleo" in browser.get(LIST).content.decode()) is sees
    one = browser.get(f"{LIST}{report.pk}/change/")
    assert (one.status_code == 200) is sees
    assert ("Please look" in one.content.decode()) is sees


def test_taking_and_leaving_alone(people: dict[str, User], report: Report) -> None:
    browser = as_(people["ana"])

    for action in ("take_them", "put_them_back", "take_them", "leave_alone"):
        browser.post(LIST, {"action": action, "_selected_action": report.pk})

    report.refresh_from_db()
    assert (report.state, report.outcome, report.closed_by) == (
        ReportState.CLOSED,
        Verdict.NO_ACTION,
        people["ana"],
    )
