"""API doors of clubs: finding, founding, changing, joining, leaving."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from clubs.api.serializers import (
    ClubChange,
    ClubIn,
    ClubOut,
    ClubsAsked,
    JoinIn,
    JoinRequestOut,
    MembershipOut,
)
from clubs.domain import access, clubs, memberships, queries, requests
from clubs.enums import JoinPolicy
from clubs.models import Club
from fitfriends.core.api import ok
from fitfriends.core.schema import envelope

_CLUB = envelope("ClubReply", club=ClubOut())
_JOINED = envelope(
    "JoinReply", membership=MembershipOut(allow_null=True), join_request=JoinRequestOut(allow_null=True)
)


class Clubs(ListAPIView[Club]):
    """Clubs that I belong to or may know of, newest first."""

    serializer_class = ClubOut
    results_name = "clubs"
    queryset = Club.objects.none()

    def get_queryset(self) -> QuerySet[Club]:
        asked = ClubsAsked(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return queries.clubs_for(self.request.user, mine=asked.validated_data["mine"])

    @extend_schema(operation_id="clubs_list", parameters=[ClubsAsked])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="clubs_found", request=ClubIn, responses={201: _CLUB})
    def post(self, request: Request) -> Response:
        given = ClubIn(data=request.data)
        given.is_valid(raise_exception=True)
        club = clubs.found(actor=caller(request), **given.validated_data)
        return ok(201, club=ClubOut(queries.club(club.pk, user=request.user)).data)


class ClubDetail(APIView):
    @extend_schema(operation_id="clubs_show", responses=_CLUB)
    def get(self, request: Request, club_id: int) -> Response:
        return ok(club=ClubOut(queries.club(club_id, user=request.user)).data)

    @extend_schema(operation_id="clubs_change", request=ClubChange, responses=_CLUB)
    def patch(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        given = ClubChange(data=request.data)
        given.is_valid(raise_exception=True)
        clubs.change(club, actor=caller(request), **given.validated_data)
        return ok(club=ClubOut(queries.club(club_id, user=request.user)).data)


class Join(APIView):
    """Into an open club at once; into a club that decides by request: 202, and its owners are told."""

    @extend_schema(operation_id="clubs_join", request=JoinIn, responses={200: _JOINED, 202: _JOINED})
    def post(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        given = JoinIn(data=request.data)
        given.is_valid(raise_exception=True)
        if club.join_policy == JoinPolicy.REQUEST and access.role_in(club_id, request.user) is None:
            asked = requests.ask(club, actor=caller(request), message=given.validated_data["message"])
            return ok(202, membership=None, join_request=JoinRequestOut(asked).data)
        membership = memberships.join(club, actor=caller(request))
        return ok(membership=MembershipOut(membership).data, join_request=None)


class Leave(APIView):
    @extend_schema(
        operation_id="clubs_leave",
        request=None,
        responses=envelope("LeaveReply", membership=MembershipOut()),
    )
    def post(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        return ok(membership=MembershipOut(memberships.leave(club, actor=caller(request))).data)
