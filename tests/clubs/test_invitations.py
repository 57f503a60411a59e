"""Invitations: a code in one mail, for one address, once."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from clubs.domain import invitations, memberships
from clubs.enums import JoinPolicy, Role
from clubs.errors import AlreadyMember, ForAnother, TooManyInvitations
from clubs.models import Invitation
from fitfriends.core import clock, errors
from tests.cast import Cast, api_as, make_user

pytestmark = pytest.mark.usefixtures("clean_redis")


def invite(cast: Cast, email: str = "Dov@Example.com", role: Role = Role.INSTRUCTOR) -> str:
    """Returns the code from the mail."""
    invitation = invitations.invite(cast.club, actor=cast.ana, email=email, role=role)
    invitations.deliver(invitation.pk)
    found = re.search(r"/invitations/(\w+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_invited_person_comes_in_with_their_role(cast: Cast) -> None:
    cast.club.join_policy = JoinPolicy.INVITATION
    cast.club.save()
    code = invite(cast)
    assert mail.outbox[0].to == ["dov@example.com"]
    reply = api_as(cast.dov).post(f"/api/invitations/{code}/accept")
    assert (reply.status_code, reply.json()["membership"]["role"]) == (200, "instructor")
    assert api_as(cast.dov).post(f"/api/invitations/{code}/accept").status_code == 404


def test_code_is_nowhere_but_in_the_mail(cast: Cast) -> None:
    code = invite(cast)
    row = Invitation.objects.filter().values().get()
    assert all(code not in str(value) for value in row.values())
    api = api_as(cast.ana)
    assert code not in api.get(f"/api/clubs/{cast.club.pk}/invitations").content.decode()


def test_a_forwarded_mail_opens_no_door(cast: Cast) -> None:
    code = invite(cast)
    with pytest.raises(ForAnother):
        invitations.accept(code, actor=cast.eva)
    unverified = make_user("Unverified", email="new@example.com", verified=False)
    other = invite(cast, "new@example.com")
    with pytest.raises(ForAnother):
        invitations.accept(other, actor=unverified)
    assert invitations.accept(code, actor=cast.dov).user == cast.dov


def test_expired_revoked_and_superseded_are_not_there(cast: Cast) -> None:
    first = invite(cast)
    second = invite(cast)
    with pytest.raises(errors.NotFound):
        invitations.accept(first, actor=cast.dov)
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(errors.NotFound):
        invitations.accept(second, actor=cast.dov)
    third = invite(cast)
    invitations.revoke(invitations.find(third), actor=cast.ana)
    with pytest.raises(errors.NotFound):
        invitations.accept(third, actor=cast.dov)
    with pytest.raises(errors.NotFound):
        invitations.accept("x" * 5000, actor=cast.dov)


def test_revoked_is_not_mailed(cast: Cast) -> None:
    invitation = invitations.invite(cast.club, actor=cast.ana, email="dov@example.com")
    invitations.revoke(invitation, actor=cast.ana)
    invitations.deliver(invitation.pk)
    assert mail.outbox == []


def test_members_are_not_invited_and_owners_are_not_made_by_mail(cast: Cast) -> None:
    with pytest.raises(AlreadyMember):
        invitations.invite(cast.club, actor=cast.ana, email="CLEO@example.com")
    with pytest.raises(errors.Invalid):
        invitations.invite(cast.club, actor=cast.ana, email="new@example.com", role=Role.OWNER)


def test_invitations_a_day_are_limited(cast: Cast) -> None:
    Invitation.objects.bulk_create(
        Invitation(club=cast.club, email="x@example.com", digest=str(number), expires_at=clock.now())
        for number in range(invitations.MAX_A_DAY)
    )
    with pytest.raises(TooManyInvitations):
        invitations.invite(cast.club, actor=cast.ana, email="new@example.com")


def test_a_smaller_role_by_mail_takes_nothing_away(cast: Cast) -> None:
    code = invite(cast, role=Role.MEMBER)
    memberships.join(cast.club, actor=cast.dov)
    membership = cast.club.memberships.get(user=cast.dov)
    memberships.set_role(membership, actor=cast.ana, role=Role.INSTRUCTOR)
    assert invitations.accept(code, actor=cast.dov).role == Role.INSTRUCTOR
