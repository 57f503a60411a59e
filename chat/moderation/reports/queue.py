"""Which reports a moderator may look at: those about people of a lower rank."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.domain.access import Viewer, is_operator
from accounts.models import User
from chat.errors import NoSuchReport
from chat.models import Report
from chat.moderation.enums import ReportState
from clubs.enums import Role
from clubs.models import Club, Membership, SessionModerator

_SESSION = "stream__group_session_id"


def handled_by(user: Viewer) -> QuerySet[Report]:
    """The reports that this person may read and decide, by the ladder of domain/access.py.

    Nobody's own, and nobody's about an equal: a club's owner is an operator's business. Colleagues who teach other
    classes look at reports too; what they may do about them, each act asks for itself.
    """
    if not user.is_authenticated or not user.is_active:
        return Report.objects.none()
    others = Report.objects.exclude(target_id=user.pk)
    if is_operator(user):
        return others
    mine = Membership.objects.of(user).filter(club_id=OuterRef("club_id"))
    theirs = Membership.objects.active().filter(club_id=OuterRef("club_id"), user_id=OuterRef("target_id"))
    helping = SessionModerator.objects.filter(group_session_id=OuterRef(_SESSION), user_id=OuterRef("target_id"))
    leads = Exists(mine.filter(role=Role.OWNER)) | (
        Exists(mine.filter(role=Role.INSTRUCTOR)) & Q(stream__group_session__instructor_id=user.pk)
    )
    in_class = mine.in_class(OuterRef(OuterRef(_SESSION))).filter(class_role=Role.MODERATOR)
    helps = Exists(mine.filter(role__in=[Role.INSTRUCTOR, Role.MODERATOR])) | Exists(in_class)
    is_staff = Exists(theirs.exclude(role=Role.MEMBER)) | Exists(helping)
    below_the_lead = ~Exists(theirs.filter(role=Role.OWNER))
    return others.exclude(target__is_staff=True).filter((leads & below_the_lead) | (helps & ~is_staff))


def find(report_id: int, *, user: Viewer) -> Report:
    """Raises NoSuchReport for whoever may not handle it, its target and its reporter among them."""
    found = handled_by(user).select_related(
        "club", "stream__group_session", "message", "target", "taken_by", "closed_by"
    )
    report = found.filter(pk=report_id).first()
    if report is None:
        raise NoSuchReport
    return report


def of_club(club: Club, *, user: Viewer, state: ReportState | None = None) -> QuerySet[Report]:
    """The reports of a club, newest first; without a state, those that are not closed."""
    rows = handled_by(user).filter(club=club).select_related("stream__group_session", "taken_by", "closed_by")
    rows = rows.filter(state=state) if state else rows.exclude(state=ReportState.CLOSED)
    return rows.order_by("-pk")


def may_look(user: Viewer, club: Club) -> bool:
    """True for owners, instructors and moderators of the club, moderators of its classes, and operators."""
    if is_operator(user):
        return True
    mine = Membership.objects.of(user).filter(club=club)
    grants = SessionModerator.objects.filter(group_session__club=club, user_id=user.pk or 0)
    return mine.exclude(role=Role.MEMBER).exists() or (mine.exists() and grants.exists())


def handlers_of(report: Report) -> list[User]:
    """The people whom a new report is told to. Operators only where nobody in the club may decide it."""
    moderators = Membership.objects.active().filter(club=report.club).exclude(role=Role.MEMBER).values("user_id")
    session = report.stream.group_session if report.stream else None
    helpers = SessionModerator.objects.filter(group_session=session).values("user_id")
    people = User.objects.filter(is_active=True)
    candidates = people.filter(Q(pk__in=moderators) | Q(pk__in=helpers)).order_by("pk")
    found = [user for user in candidates if handled_by(user).filter(id=report.id).exists()]
    return found or list(people.filter(is_staff=True).exclude(pk__in=[report.target_id]))
