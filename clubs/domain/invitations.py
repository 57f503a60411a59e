"""Inviting somebody by e-mail. The code is in their mail and nowhere else: the database keeps a keyed digest.

An invitation is for the account with that address (docs/adr/0003): a forwarded mail opens no door, because an
invitation may carry a role that teaches.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.domain.access import require
from accounts.models import User
from clubs.domain import access, memberships
from clubs.enums import Role
from clubs.errors import AlreadyMember, ForAnother, TooManyInvitations
from clubs.models import Club, Invitation, Membership
from fitfriends.core import clock, crypto, errors
from fitfriends.core.ids import random_word
from notifications.domain import mail

MAIL_INVITATION = "clubs.tasks.mail_invitation"
LIFE = timedelta(days=14)
MAX_A_DAY = 100
_PURPOSE = "invitation"


def _digest(code: str) -> str:
    return crypto.digest(code, purpose=_PURPOSE)


@transaction.atomic
def invite(club: Club, *, actor: User, email: str, role: Role = Role.MEMBER) -> Invitation:
    """Mails a way in; an earlier invitation of the same address ends. Whether it has an account stays unsaid."""
    locked = memberships.lock_club(club.pk)
    require(access.may_manage_club(actor, locked), message="Only an owner invites.")
    if role == Role.OWNER:
        raise errors.Invalid(fields={"role": ["Invite as member or instructor; owners are made among members."]})
    at = clock.now()
    address = email.strip().lower()
    if Membership.objects.active().filter(club=locked, user__email__iexact=address).exists():
        raise AlreadyMember
    if Invitation.objects.filter(club=locked, created_at__gt=at - timedelta(days=1)).count() >= MAX_A_DAY:
        raise TooManyInvitations(retry_after=3600)
    open_of(locked).filter(email__iexact=address).update(revoked_at=at)
    invitation = Invitation.objects.create(
        club=locked,
        email=address,
        role=role,
        digest=_digest(random_word(40)),  # of a code that nobody holds, until the mail is written
        invited_by=actor,
        expires_at=at + LIFE,
    )
    transaction.on_commit(lambda: current_app.send_task(MAIL_INVITATION, (invitation.pk,)), robust=True)
    return invitation


def open_of(club: Club) -> QuerySet[Invitation]:
    """Not accepted, not revoked, not expired; newest first."""
    return Invitation.objects.filter(
        club=club, accepted_at=None, revoked_at=None, expires_at__gt=clock.now()
    ).order_by("-id")


def deliver(invitation_id: int) -> None:
    """Writes the mail with a fresh code, so that no queue ever holds one; raises MailLater to be tried again."""
    invitation = Invitation.objects.select_related("club", "invited_by").get(pk=invitation_id)
    if invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= clock.now():
        return
    code = random_word(32)
    Invitation.objects.filter(pk=invitation.pk).update(digest=_digest(code))
    mail.send(
        "clubs/mail/invitation",
        to=invitation.email,
        context={
            "club": invitation.club,
            "inviter": invitation.invited_by,
            "role": Role(invitation.role),
            "expires_at": invitation.expires_at,
            "url": f"{settings.PUBLIC_URL}/invitations/{code}",
        },
    )


def find(code: str) -> Invitation:
    """The open invitation of this code; unknown, used, revoked and expired look alike: NotFound."""
    found = Invitation.objects.select_related("club").filter(digest=_digest(code[:200])).first()
    if found is None or found.accepted_at or found.revoked_at or found.expires_at <= clock.now():
        raise errors.NotFound
    return found


@transaction.atomic
def accept(code: str, *, actor: User) -> Membership:
    """Lets the invited person in with the role they were invited for."""
    invitation = find(code)
    club = memberships.lock_club(invitation.club_id)
    if not _is_theirs(invitation, actor):
        raise ForAnother
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not used.update(accepted_at=clock.now()):
        raise errors.NotFound
    return memberships.admit(club, actor, role=Role(invitation.role), by=invitation.invited_by)


def _is_theirs(invitation: Invitation, user: User) -> bool:
    return bool(EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists())


def revoke(invitation: Invitation, *, actor: User) -> Invitation:
    require(access.may_manage_club(actor, invitation.club), message="Only an owner takes invitations back.")
    if not open_of(invitation.club).filter(pk=invitation.pk).update(revoked_at=clock.now()):
        raise errors.NotFound
    invitation.refresh_from_db()
    return invitation
