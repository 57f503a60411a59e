"""API doors of a club's people: members, requests, invitations. Its owners decide, its members look."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from clubs.api.serializers import InvitationIn, InvitationOut, JoinRequestOut, MembershipOut, RoleIn
from clubs.domain import invitations, memberships, queries, requests
from clubs.enums import Role
from clubs.models import Invitation, JoinRequest, Membership
from fitfriends.core.api import ok
from fitfriends.core.schema import envelope

_MEMBERSHIP = envelope("MembershipReply", membership=MembershipOut())
_INVITATION = envelope("InvitationReply", invitation=InvitationOut())


@extend_schema_view(get=extend_schema(operation_id="clubs_memberships_list"))
class Memberships(ListAPIView[Membership]):
    serializer_class = MembershipOut
    results_name = "memberships"
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        club = queries.club(self.kwargs["club_id"], user=self.request.user)
        return queries.memberships_of(club, user=self.request.user)


class MembershipDetail(APIView):
    @extend_schema(operation_id="clubs_memberships_change", request=RoleIn, responses=_MEMBERSHIP)
    def patch(self, request: Request, club_id: int, membership_id: int) -> Response:
        membership = queries.membership(membership_id, club_id=club_id, user=request.user)
        given = RoleIn(data=request.data)
        given.is_valid(raise_exception=True)
        changed = memberships.set_role(membership, actor=caller(request), role=Role(given.validated_data["role"]))
        return ok(membership=MembershipOut(changed).data)

    @extend_schema(operation_id="clubs_memberships_end", responses=_MEMBERSHIP)
    def delete(self, request: Request, club_id: int, membership_id: int) -> Response:
        """Ends every right of this person in the club at once."""
        membership = queries.membership(membership_id, club_id=club_id, user=request.user)
        return ok(membership=MembershipOut(memberships.remove(membership, actor=caller(request))).data)


@extend_schema_view(get=extend_schema(operation_id="clubs_requests_list"))
class JoinRequests(ListAPIView[JoinRequest]):
    """Who waits to be let in."""

    serializer_class = JoinRequestOut
    results_name = "requests"
    queryset = JoinRequest.objects.none()

    def get_queryset(self) -> QuerySet[JoinRequest]:
        return queries.open_requests(self.kwargs["club_id"], user=self.request.user)


class Accept(APIView):
    @extend_schema(operation_id="clubs_requests_accept", request=None, responses=_MEMBERSHIP)
    def post(self, request: Request, club_id: int, request_id: int) -> Response:
        asked = queries.request(request_id, club_id=club_id, user=request.user)
        return ok(membership=MembershipOut(requests.accept(asked, actor=caller(request))).data)


class Decline(APIView):
    @extend_schema(
        operation_id="clubs_requests_decline",
        request=None,
        responses=envelope("DeclineReply", join_request=JoinRequestOut()),
    )
    def post(self, request: Request, club_id: int, request_id: int) -> Response:
        asked = queries.request(request_id, club_id=club_id, user=request.user)
        return ok(join_request=JoinRequestOut(requests.decline(asked, actor=caller(request))).data)


class Invitations(ListAPIView[Invitation]):
    """Open invitations of a club."""

    serializer_class = InvitationOut
    results_name = "invitations"
    queryset = Invitation.objects.none()

    def get_queryset(self) -> QuerySet[Invitation]:
        return queries.open_invitations(self.kwargs["club_id"], user=self.request.user)

    @extend_schema(operation_id="clubs_invitations_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="clubs_invitations_invite", request=InvitationIn, responses={201: _INVITATION})
    def post(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        given = InvitationIn(data=request.data)
        given.is_valid(raise_exception=True)
        invitation = invitations.invite(
            club,
            actor=caller(request),
            email=given.validated_data["email"],
            role=Role(given.validated_data["role"]),
        )
        return ok(201, invitation=InvitationOut(invitation).data)


class InvitationDetail(APIView):
    @extend_schema(operation_id="clubs_invitations_revoke", responses=_INVITATION)
    def delete(self, request: Request, club_id: int, invitation_id: int) -> Response:
        invitation = queries.invitation(invitation_id, club_id=club_id, user=request.user)
        return ok(invitation=InvitationOut(invitations.revoke(invitation, actor=caller(request))).data)


class AcceptInvitation(APIView):
    """With the code from the mail, by the person it was sent to."""

    @extend_schema(operation_id="invitations_accept", request=None, responses=_MEMBERSHIP)
    def post(self, request: Request, code: str) -> Response:
        return ok(membership=MembershipOut(invitations.accept(code, actor=caller(request))).data)
