"""A report is taken by one moderator at a time and closed with an outcome."""

from typing import Any

from django.db import transaction

from accounts.models import User
from chat.domain import audit
from chat.domain.people import name_of
from chat.enums import Act
from chat.errors import NoSuchReport, NotTaken, ReportClosed, Taken
from chat.limits import NOTE_CHARACTERS
from chat.models import Report, ReportNote
from chat.moderation.enums import ReportState, Verdict
from chat.moderation.reports import notices, outcomes, queue
from clubs.domain import access as clubs_access
from fitfriends.core import clock, errors
from fitfriends.core.text import clean_text


def take(report: Report, *, actor: User) -> Report:
    """Takes a report, which one moderator at a time handles. Taking one's own again changes nothing.

    Raises NoSuchReport, Taken, ReportClosed.
    """
    _require_right(report, actor)
    changes: dict[str, Any] = {"state": ReportState.IN_REVIEW, "taken_by": actor, "taken_at": clock.now()}
    with transaction.atomic():
        if Report.objects.filter(pk=report.pk, state=ReportState.OPEN).update(**changes):
            _log(Act.TAKE_REPORT, report, actor)
    report.refresh_from_db()
    _require_holder(report, actor)
    return report


def put_back(report: Report, *, actor: User) -> Report:
    """Puts a report back for somebody else to take. Owners may put back what another forgot.

    Raises NoSuchReport, Taken, ReportClosed.
    """
    _require_right(report, actor)
    rows = Report.objects.filter(pk=report.pk, state=ReportState.IN_REVIEW)
    if not clubs_access.may_manage_club(actor, report.club):
        rows = rows.filter(taken_by=actor)
    changes: dict[str, Any] = {"state": ReportState.OPEN, "taken_by": None, "taken_at": None}
    with transaction.atomic():
        if rows.update(**changes):
            _log(Act.RETURN_REPORT, report, actor)
    report.refresh_from_db()
    if report.state != ReportState.OPEN:
        _require_holder(report, actor)
    return report


def note(report: Report, *, actor: User, words: str) -> ReportNote:
    """Writes a note for the other moderators, also on a closed report. Raises NoSuchReport, Invalid."""
    _require_right(report, actor)
    cleaned = clean_text(words, NOTE_CHARACTERS)
    if not cleaned:
        raise errors.Invalid(fields={"words": ["Please write something here."]})
    with transaction.atomic():
        written = ReportNote.objects.create(report=report, author=actor, author_name=name_of(actor), words=cleaned)
        _log(Act.NOTE_REPORT, report, actor)
    return written


def close(report: Report, *, actor: User, outcome: Verdict, minutes: int | None = None, words: str = "") -> Report:
    """Does what the outcome says, as its actor may, and tells all who reported it; one without the other is undone.

    `minutes` belong to a time-out, `words` become a note. Raises NoSuchReport, NotTaken, Taken, ReportClosed, and
    what the act itself raises.
    """
    _require_right(report, actor)
    changes: dict[str, Any] = {"state": ReportState.CLOSED, "outcome": outcome, "closed_by": actor}
    with transaction.atomic():
        mine = Report.objects.filter(pk=report.pk, state=ReportState.IN_REVIEW, taken_by=actor)
        if not mine.update(**changes, closed_at=clock.now()):
            report.refresh_from_db()
            _require_holder(report, actor)
        report.refresh_from_db()
        if words.strip():
            note(report, actor=actor, words=words)
        outcomes.carry_out(report, outcome, actor=actor, minutes=minutes)
        _log(Act.CLOSE_REPORT, report, actor, outcome=str(outcome))
        notices.tell_the_reporters(report)
    return report


def _require_right(report: Report, actor: User) -> None:
    if not queue.handled_by(actor).filter(pk=report.pk).exists():
        raise NoSuchReport


def _require_holder(report: Report, actor: User) -> None:
    if report.state == ReportState.CLOSED:
        raise ReportClosed
    if report.state == ReportState.OPEN:
        raise NotTaken
    if report.taken_by_id != actor.pk:
        raise Taken


def _log(act: Act, report: Report, actor: User, **details: object) -> None:
    """Logs without the person it is about: what is done to them is a row of its own."""
    audit.write_for_club(
        act,
        report.club_id,
        stream=report.stream,
        class_title=report.class_title,
        actor=actor,
        details={"report": report.pk, **details},
    )
