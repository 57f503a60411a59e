"""Reports: filed by members, taken by one of those who keep order at a time, closed with what came of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from chat.domain import access, audit
from chat.enums import Act
from chat.errors import (
    NoSuchMessage,
    NoSuchReport,
    NoSuchRoom,
    NotTaken,
    OwnReport,
    ReportClosed,
    Taken,
    TooManyReports,
)
from chat.frames import text_cleaning as words_of
from chat.models import Complaint, Message, Report, ReportNote, Room
from chat.moderation import evidence, report_notices, report_outcomes, report_queue
from chat.moderation.enums import COMPLAINT_CHARACTERS, NOTE_CHARACTERS, About, ReportState, Verdict, Why
from chat.moderation.evidence import Evidence
from clubs.domain import access as clubs_access
from fitfriends.core import clock, errors
from fitfriends.core.text import clean_text

AN_HOUR = 10


# --- filing --------------------------------------------------------------------------------------------------
def report_message(message: Message, *, reporter: User, why: Why, words: str = "") -> Complaint:
    """Raises NoSuchMessage for whoever may not read it, OwnReport, TooManyReports. Twice is once."""
    if not access.may_read(reporter, message.room.stream):
        raise NoSuchMessage
    about = {"about": About.MESSAGE, "message": message, "target": message.author, "target_name": message.author_name}
    return _file(
        _Filing(message.room, f"message:{message.pk}", about), evidence.of_message(message), reporter, why, words
    )


def report_person(room: Room, *, user: User, reporter: User, why: Why, words: str = "") -> Complaint:
    """Somebody of the room's club. Raises NoSuchRoom, OwnReport, TooManyReports. Twice is once."""
    if not access.may_read(reporter, room.stream):
        raise NoSuchRoom
    about = {"about": About.PERSON, "target": user, "target_name": _name(user)}
    filing = _Filing(room, f"room:{room.pk}:person:{user.pk}", about)
    return _file(filing, evidence.of_person(room, user), reporter, why, words)


@dataclass(frozen=True, slots=True)
class _Filing:
    """What is reported; `about` are columns of Report."""

    room: Room
    subject: str
    about: dict[str, Any]


def _file(filing: _Filing, seen: Evidence, reporter: User, why: Why, words: str) -> Complaint:
    target: User | None = filing.about["target"]
    if target is not None and target.pk == reporter.pk:
        raise OwnReport
    stream = filing.room.stream
    given = {**filing.about, "stream": stream, "class_title": stream.title[:120]}
    with transaction.atomic():
        # A flood's reports are counted one after the other; without the key, which notifications of others refer to.
        User.objects.select_for_update(no_key=True).get(pk=reporter.pk)
        report = _open(stream.group_session.club_id, filing.subject, given)
        before = report.complaints.filter(reporter=reporter).first()
        if before is not None:
            return before
        since = clock.now() - timedelta(hours=1)
        if Complaint.objects.filter(reporter=reporter, at__gt=since).count() >= AN_HOUR:
            raise TooManyReports(retry_after=600)
        complaint = Complaint.objects.create(
            report=report,
            reporter=reporter,
            reporter_name=_name(reporter),
            why=why,
            words=clean_text(words, COMPLAINT_CHARACTERS),
            evidence=seen,
        )
        told = [user for user in report_queue.handlers_of(report) if user.pk != reporter.pk]
        report_notices.tell_of_a_new_one(report, told)
    return complaint


def _open(club_id: int, subject: str, given: dict[str, Any]) -> Report:
    """The one report about this that is not closed, locked: what is closed meanwhile is followed by another."""
    rows = Report.objects.exclude(state=ReportState.CLOSED)
    while True:
        found, _ = rows.get_or_create(club_id=club_id, subject=subject, defaults=given)
        locked = (
            rows.select_for_update(of=("self",)).select_related("club", "stream__group_session").filter(pk=found.pk)
        )
        if report := locked.first():
            return report


# --- handling ------------------------------------------------------------------------------------------------
def take(report: Report, *, actor: User) -> Report:
    """One at a time looks at a report. Taking one's own again changes nothing.

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
    """For somebody else to take. An owner puts back what another forgot.

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
    """For the others who keep order; also on a closed report. Raises NoSuchReport, Invalid."""
    _require_right(report, actor)
    cleaned = clean_text(words, NOTE_CHARACTERS)
    if not cleaned:
        raise errors.Invalid(fields={"words": ["Please write something here."]})
    with transaction.atomic():
        written = ReportNote.objects.create(report=report, author=actor, author_name=_name(actor), words=cleaned)
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
        report_outcomes.carry_out(report, outcome, actor=actor, minutes=minutes)
        _log(Act.CLOSE_REPORT, report, actor, outcome=str(outcome))
        report_notices.tell_the_reporters(report)
    return report


def _require_right(report: Report, actor: User) -> None:
    if not report_queue.handled_by(actor).filter(pk=report.pk).exists():
        raise NoSuchReport


def _require_holder(report: Report, actor: User) -> None:
    if report.state == ReportState.CLOSED:
        raise ReportClosed
    if report.state == ReportState.OPEN:
        raise NotTaken
    if report.taken_by_id != actor.pk:
        raise Taken


def _log(act: Act, report: Report, actor: User, **details: object) -> None:
    """Without the person it is about: what is done to them is a row of its own."""
    audit.write_for_club(
        act,
        report.club_id,
        stream=report.stream,
        class_title=report.class_title,
        actor=actor,
        details={"report": report.pk, **details},
    )


def _name(user: User) -> str:
    return words_of.clean_name(str(user))[:60]
