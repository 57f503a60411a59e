"""Members report a message or a person."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from chat.domain import access
from chat.domain.people import name_of
from chat.errors import NoSuchMessage, NoSuchRoom, OwnReport, TooManyReports
from chat.limits import COMPLAINT_CHARACTERS, TITLE_CHARACTERS
from chat.models import Complaint, Message, Report, Room
from chat.moderation.enums import About, ReportState, Why
from chat.moderation.reports import evidence, notices, queue
from chat.moderation.reports.evidence import Evidence
from fitfriends.core import clock
from fitfriends.core.text import clean_text

REPORTS_AN_HOUR = 10


def report_message(message: Message, *, reporter: User, why: Why, words: str = "") -> Complaint:
    """Reports a message. Reporting it again returns the first complaint.

    Raises NoSuchMessage for whoever may not read it, OwnReport, TooManyReports.
    """
    if not access.may_read(reporter, message.room.stream):
        raise NoSuchMessage
    about = {"about": About.MESSAGE, "message": message, "target": message.author, "target_name": message.author_name}
    return _file(
        _Filing(message.room, f"message:{message.pk}", about), evidence.of_message(message), reporter, why, words
    )


def report_person(room: Room, *, user: User, reporter: User, why: Why, words: str = "") -> Complaint:
    """Reports somebody of the room's club. Reporting them again returns the first complaint.

    Raises NoSuchRoom, OwnReport, TooManyReports.
    """
    if not access.may_read(reporter, room.stream):
        raise NoSuchRoom
    about = {"about": About.PERSON, "target": user, "target_name": name_of(user)}
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
    given = {**filing.about, "stream": stream, "class_title": stream.title[:TITLE_CHARACTERS]}
    with transaction.atomic():
        # Locks the reporter, so that reports sent at once are counted one after the other. Not the row's key, which
        # notifications of others refer to.
        User.objects.select_for_update(no_key=True).get(pk=reporter.pk)
        report = _open(stream.group_session.club_id, filing.subject, given)
        before = report.complaints.filter(reporter=reporter).first()
        if before is not None:
            return before
        since = clock.now() - timedelta(hours=1)
        if Complaint.objects.filter(reporter=reporter, at__gt=since).count() >= REPORTS_AN_HOUR:
            raise TooManyReports(retry_after=600)
        complaint = Complaint.objects.create(
            report=report,
            reporter=reporter,
            reporter_name=name_of(reporter),
            why=why,
            words=clean_text(words, COMPLAINT_CHARACTERS),
            evidence=seen,
        )
        told = [user for user in queue.handlers_of(report) if user.pk != reporter.pk]
        notices.tell_of_a_new_one(report, told)
    return complaint


def _open(club_id: int, subject: str, given: dict[str, Any]) -> Report:
    """Finds or makes the one open report about this subject and locks it; another one if it is closed meanwhile."""
    rows = Report.objects.exclude(state=ReportState.CLOSED)
    while True:
        found, _ = rows.get_or_create(club_id=club_id, subject=subject, defaults=given)
        locked = (
            rows.select_for_update(of=("self",)).select_related("club", "stream__group_session").filter(pk=found.pk)
        )
        if report := locked.first():
            return report
