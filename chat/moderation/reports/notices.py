"""Who is told what about a report. Never told: to the one it is about, who reported them."""

from collections.abc import Iterable

from accounts.models import User
from chat.models import Report
from chat.moderation.enums import About, Verdict
from notifications.domain import notify
from notifications.enums import Kind

_LOOKED = "Moderators of the club read it together with what was said around it."
_WHAT_CAME_OF_IT = {
    Verdict.NO_ACTION: "They decided to leave it as it is. It was right to say something.",
    Verdict.WARNED: "They had a word with the person.",
    Verdict.MESSAGE_DELETED: "They took the message away.",
    Verdict.TIME_OUT: "They gave the person a pause from the talk.",
    Verdict.BAN_CLASS: "The person is no longer in this class.",
    Verdict.BAN_CLUB: "The person is no longer in the club.",
}


def tell_of_a_new_one(report: Report, handlers: Iterable[User]) -> None:
    """Once per report, however many people report it."""
    thing = "A message" if report.about == About.MESSAGE else "A person"
    notify.tell(
        handlers,
        kind=Kind.REPORT_NEW,
        occasion=f"report:{report.pk}:new",
        title=f"{thing} was reported in {report.class_title}",
        body="Have a look when you can. One of you takes it; the others see that.",
        url=f"/clubs/{report.club.slug}/reports/{report.pk}",
    )


def tell_the_reporters(report: Report) -> None:
    reporters = [complaint.reporter for complaint in report.complaints.select_related("reporter")]
    notify.tell(
        [reporter for reporter in reporters if reporter is not None],
        kind=Kind.REPORT_ANSWERED,
        occasion=f"report:{report.pk}:closed",
        title=f"We looked at what you reported in {report.class_title}",
        body=f"{_LOOKED} {_WHAT_CAME_OF_IT[Verdict(report.outcome)]} Thank you for looking out for the others.",
        url="/notifications",
    )


def warn(report: Report, target: User) -> None:
    what = "Something you wrote" if report.about == About.MESSAGE else "How you talked to others"
    notify.tell(
        [target],
        kind=Kind.TALK_WARNING,
        occasion=f"report:{report.pk}:warned",
        title=f"A word about the talk in {report.class_title}",
        body=f"{what} did not sit well. Please keep to the house rules of {report.club}: be kind, and let others be.",
        url=f"/clubs/{report.club.slug}",
    )
