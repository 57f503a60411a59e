"""The reports of a club, for its moderators."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from chat.domain import held
from chat.enums import MINUTES
from chat.limits import NOTE_CHARACTERS
from chat.models import Report
from chat.moderation import reports
from chat.moderation.enums import ReportState, Verdict
from chat.moderation.reports import outcomes as report_outcomes
from chat.moderation.reports import queue as report_queue
from chat.moderation.reports.evidence import QuotedMessage
from clubs.domain import access
from clubs.models import Club
from fitfriends.core import errors
from fitfriends.pages.clubs import club_for
from fitfriends.pages.decorators import action, page

A_PAGE = 30


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=Verdict.choices)
    minutes = forms.ChoiceField(choices=[(number, number) for number in MINUTES], required=False)
    words = forms.CharField(max_length=NOTE_CHARACTERS, required=False)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the evidence with its time as templates show times."""

    line: QuotedMessage
    at: datetime
    reported: bool


def queue_for(user: User, slug: str) -> Club:
    """NotFound for whoever has no queue there."""
    club = club_for(user, slug)
    if not report_queue.may_look(user, club):
        raise errors.NotFound
    return club


@page
def club_reports(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    club = queue_for(user, slug)
    asked = request.GET.get("state", "")
    state = ReportState(asked) if asked in ReportState.values else None
    rows = report_queue.of_club(club, user=user, state=state).prefetch_related("complaints")
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "club": club,
        "states": ReportState.choices,
        "state": state or "",
        "page": shown,
        "rows": shown.object_list,
        "held": held.of_club(club, user=user),
    }
    return render(request, "pages/reports.html", context)


@page
def club_report(request: HttpRequest, user: User, slug: str, report_id: int) -> HttpResponse:
    report = _report_for(user, slug, report_id)
    complaints = list(report.complaints.order_by("pk"))
    first = complaints[0].evidence if complaints else None
    said = first["said"]["id"] if first and first["said"] else None
    context = {
        "club": report.club,
        "report": report,
        "complaints": complaints,
        "around": [_spoken(line, said) for line in first["around"]] if first else [],
        "notes": report.notes.order_by("pk"),
        "mine": report.state == ReportState.IN_REVIEW and report.taken_by_id == user.pk,
        "may_return": access.may_manage_club(user, report.club),
        "outcomes": [(outcome.value, outcome.label) for outcome in report_outcomes.offered(report, user=user)],
        "minutes": MINUTES,
    }
    return render(request, "pages/report.html", context)


@action
def act_on_report(request: HttpRequest, user: User, slug: str, report_id: int) -> HttpResponse:
    """The buttons of one report's page."""
    report = _report_for(user, slug, report_id)
    match request.POST.get("act"):
        case "take":
            reports.take(report, actor=user)
            messages.success(request, "It is yours to look at. The others see that.")
        case "put_back":
            reports.put_back(report, actor=user)
            messages.success(request, "Somebody else may take it now.")
        case "note":
            reports.note(report, actor=user, words=request.POST.get("words", ""))
        case "close":
            _close(request, user, report)
        case _:
            raise errors.Invalid
    return redirect("club-report", slug=slug, report_id=report_id)


@action
def decide_held(request: HttpRequest, user: User, slug: str, held_id: int) -> HttpResponse:
    queue_for(user, slug)
    row = held.find(held_id)
    if request.POST.get("act") == "release":
        held.release(row, actor=user)
        messages.success(request, "The message is in the talk.")
    else:
        held.reject(row, actor=user)
        messages.success(request, "The message is not let in. Its writer is told.")
    return redirect("club-reports", slug=slug)


def _close(request: HttpRequest, user: User, report: Report) -> None:
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        raise errors.Invalid("Please choose what came of it.")
    given = form.cleaned_data
    outcome = Verdict(given["outcome"])
    minutes = int(given["minutes"]) if outcome == Verdict.TIME_OUT and given["minutes"] else None
    reports.close(report, actor=user, outcome=outcome, minutes=minutes, words=given["words"])
    messages.success(request, "Closed. Who reported it is told what came of it.")


def _report_for(user: User, slug: str, report_id: int) -> Report:
    report = report_queue.find(report_id, user=user)
    if report.club.slug != slug:
        raise errors.NotFound
    return report


def _spoken(line: QuotedMessage, said: int | None) -> Spoken:
    return Spoken(line, datetime.fromtimestamp(line["at"] / 1000, tz=UTC), line["id"] == said)
