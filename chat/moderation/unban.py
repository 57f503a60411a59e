"""Lifts bans from the club's page, where no class is open. Only owners may; each act is logged as the ban was."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.domain.access import require
from accounts.models import User
from chat.domain import audit
from chat.enums import Act
from clubs.domain import access, bans
from clubs.models import Ban, Club


def standing(club: Club) -> QuerySet[Ban]:
    """The bans that hold, newest first. The caller has checked who may see them."""
    return Ban.objects.filter(club=club, lifted_at=None).select_related("user", "group_session").order_by("-pk")


def lift(ban: Ban, *, actor: User) -> bool:
    """Lifts a ban from the club or from one class. False when it was lifted already. Raises NotAllowed."""
    require(access.may_manage_club(actor, ban.club), message="Only an owner lifts bans here.")
    session = ban.group_session
    with transaction.atomic():
        if session is None:
            changed = bans.lift_from_club(ban.club, user=ban.user, actor=actor)
        else:
            changed = bans.lift_from_class(session, user=ban.user)
        if changed:
            audit.write_for_club(
                Act.LIFT_BAN_CLASS if session else Act.LIFT_BAN_CLUB,
                ban.club_id,
                class_title=session.title if session else "",
                actor=actor,
                target=ban.user,
            )
    return changed
