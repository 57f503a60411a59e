"""API doors of classes: the schedule, one class, a booking of it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.enums import Scope
from clubs.api.serializers import ParticipationOut, SessionChange, SessionIn, SessionOut, SessionsAsked
from clubs.domain import bookings, queries, sessions
from clubs.models import GroupSession, Participation
from fitfriends.core.api import Pages, ok
from fitfriends.core.schema import envelope

_SESSION = envelope("GroupSessionReply", group_session=SessionOut())


def _shown(request: Request, session_id: int, status: int = 200) -> Response:
    return ok(status, group_session=SessionOut(queries.session(session_id, user=request.user)).data)


def _named(given: dict[str, Any], club_id: int) -> dict[str, Any]:
    """The given fields with the instructor as a person."""
    fields = dict(given)
    instructor_id = fields.pop("instructor_id", None)
    if instructor_id is not None:
        fields["instructor"] = queries.teacher(instructor_id, club_id=club_id)
    return fields


class ByStart(Pages):
    ordering = ("starts_at", "id")


class Sessions(ListAPIView[GroupSession]):
    """The classes of my clubs, by their start."""

    serializer_class = SessionOut
    pagination_class = ByStart
    results_name = "group_sessions"
    queryset = GroupSession.objects.none()

    def get_queryset(self) -> QuerySet[GroupSession]:
        asked = SessionsAsked(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return queries.schedule_of(self.request.user, **asked.validated_data)

    @extend_schema(operation_id="group_sessions_list", parameters=[SessionsAsked])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="group_sessions_schedule", request=SessionIn, responses={201: _SESSION})
    def post(self, request: Request) -> Response:
        given = SessionIn(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        club = queries.club(fields.pop("club_id"), user=request.user)
        sessions.may_schedule_in(club, actor=caller(request))
        session = sessions.schedule(club, actor=caller(request), **_named(fields, club.pk))
        return _shown(request, session.pk, 201)


class SessionDetail(APIView):
    @extend_schema(operation_id="group_sessions_show", responses=_SESSION)
    def get(self, request: Request, session_id: int) -> Response:
        return _shown(request, session_id)

    @extend_schema(operation_id="group_sessions_change", request=SessionChange, responses=_SESSION)
    def patch(self, request: Request, session_id: int) -> Response:
        session = queries.session(session_id, user=request.user)
        given = SessionChange(data=request.data)
        given.is_valid(raise_exception=True)
        sessions.may_change(session, actor=caller(request))
        sessions.change(session, actor=caller(request), **_named(given.validated_data, session.club_id))
        return _shown(request, session_id)


class Cancel(APIView):
    @extend_schema(operation_id="group_sessions_cancel", request=None, responses=_SESSION)
    def post(self, request: Request, session_id: int) -> Response:
        sessions.cancel(queries.session(session_id, user=request.user), actor=caller(request))
        return _shown(request, session_id)


class Booking(APIView):
    """My booking of a class."""

    scopes = {"POST": Scope.WATCH, "DELETE": Scope.WATCH}

    @extend_schema(operation_id="group_sessions_participate", request=None, responses=_SESSION)
    def post(self, request: Request, session_id: int) -> Response:
        bookings.participate(queries.session(session_id, user=request.user), actor=caller(request))
        return _shown(request, session_id)

    @extend_schema(operation_id="group_sessions_withdraw", responses=_SESSION)
    def delete(self, request: Request, session_id: int) -> Response:
        bookings.withdraw(queries.session(session_id, user=request.user), actor=caller(request))
        return _shown(request, session_id)


@extend_schema_view(get=extend_schema(operation_id="group_sessions_participations_list"))
class Participations(ListAPIView[Participation]):
    """Who takes part."""

    serializer_class = ParticipationOut
    results_name = "participations"
    queryset = Participation.objects.none()

    def get_queryset(self) -> QuerySet[Participation]:
        return queries.participations_of(self.kwargs["session_id"], user=self.request.user)
