"""What an outcome of a report does, by the same functions as on the class page."""

from accounts.domain.access import Viewer
from accounts.models import User
from chat.domain import messages, rooms
from chat.enums import Act
from chat.models import Report
from chat.moderation import actions
from chat.moderation.enums import Verdict
from chat.moderation.reports import notices
from clubs.domain import access
from fitfriends.core import errors

_ON_THE_PERSON = {
    Verdict.TIME_OUT: Act.TIME_OUT,
    Verdict.BAN_CLASS: Act.BAN_CLASS,
    Verdict.BAN_CLUB: Act.BAN_CLUB,
}


def offered(report: Report, *, user: Viewer) -> list[Verdict]:
    """The outcomes that make sense for this report. Each act checks for itself whether the user may do it."""
    found = [Verdict.NO_ACTION]
    if report.target_id is not None:
        found.append(Verdict.WARNED)
    if report.message_id is not None:
        found.append(Verdict.MESSAGE_DELETED)
    if report.target_id is not None and report.stream is not None:
        if report.stream.is_open:
            found.append(Verdict.TIME_OUT)
        found.append(Verdict.BAN_CLASS)
        if access.may_manage_club(user, report.club):
            found.append(Verdict.BAN_CLUB)
    return found


def carry_out(report: Report, outcome: Verdict, *, actor: User, minutes: int | None) -> None:
    """Does what the outcome says. Call it inside the transaction that closes the report.

    Raises Invalid where there is nothing to act on.
    """
    if outcome not in offered(report, user=actor):
        raise errors.Invalid(fields={"outcome": ["This outcome is not possible for this report."]})
    if outcome == Verdict.MESSAGE_DELETED and report.message_id is not None:
        messages.delete(messages.find(report.message_id), actor=actor)
    elif outcome == Verdict.WARNED and report.target is not None:
        notices.warn(report, report.target)
    elif outcome in _ON_THE_PERSON and report.target is not None and report.stream is not None:
        actions.act_on(
            rooms.find(report.stream.room_id),
            _ON_THE_PERSON[outcome],
            user=report.target,
            actor=actor,
            minutes=minutes,
            reason=f"Report {report.pk}",
        )
