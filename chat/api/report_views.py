"""API views of reports: members file them, moderators look at them."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.domain.access import require
from accounts.enums import Scope
from chat.api.report_serializers import (
    CloseIn,
    FullReportOut,
    NoteIn,
    NoteOut,
    QueueQuery,
    ReportedOut,
    ReportIn,
    ReportOut,
)
from chat.api.views import message_of, room_of
from chat.errors import NoSuchMessage
from chat.models import Report
from chat.moderation import actions, reports
from chat.moderation.enums import ReportState, Verdict, Why
from chat.moderation.reports import queue as report_queue
from clubs.domain import queries as club_queries
from fitfriends.core.api import ok
from fitfriends.core.schema import envelope

_REPORT = envelope("ChatReportReply", report=FullReportOut())


class Reports(APIView):
    """Tell moderators about a message or a person; also after the class. The same again changes nothing."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(
        operation_id="chat_report",
        request=ReportIn,
        responses={201: envelope("ChatReported", report=ReportedOut())},
    )
    def post(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        given = ReportIn(data=request.data)
        given.is_valid(raise_exception=True)
        why, words = Why(given.validated_data["why"]), given.validated_data["words"]
        if "message_id" in given.validated_data:
            message = message_of(given.validated_data["message_id"])
            if message.room_id != room.pk:
                raise NoSuchMessage
            filed = reports.report_message(message, reporter=caller(request), why=why, words=words)
        else:
            person = actions.find_person(room, given.validated_data["user_id"])
            filed = reports.report_person(room, user=person, reporter=caller(request), why=why, words=words)
        return ok(201, report=ReportedOut(filed).data)


class Queue(ListAPIView[Report]):
    """The reports of a club that are the caller's to look at, newest first."""

    serializer_class = ReportOut
    results_name = "reports"
    queryset = Report.objects.none()

    def get_queryset(self) -> QuerySet[Report]:
        club = club_queries.club(self.kwargs["club_id"], user=self.request.user)
        require(report_queue.may_look(self.request.user, club), message="The moderators of the club look at this.")
        query = QueueQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        state = query.validated_data.get("state")
        return report_queue.of_club(club, user=self.request.user, state=ReportState(state) if state else None)

    @extend_schema(operation_id="chat_reports_list", parameters=[QueueQuery])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)


class OneReport(APIView):
    """With all complaints, what was said, and the notes."""

    @extend_schema(operation_id="chat_reports_show", responses=_REPORT)
    def get(self, request: Request, report_id: int) -> Response:
        return _shown(report_queue.find(report_id, user=request.user), request)


class Take(APIView):
    """One at a time looks at a report."""

    @extend_schema(operation_id="chat_reports_take", request=None, responses=_REPORT)
    def post(self, request: Request, report_id: int) -> Response:
        report = report_queue.find(report_id, user=request.user)
        return _shown(reports.take(report, actor=caller(request)), request)


class PutBack(APIView):
    """For somebody else to take."""

    @extend_schema(operation_id="chat_reports_put_back", request=None, responses=_REPORT)
    def post(self, request: Request, report_id: int) -> Response:
        report = report_queue.find(report_id, user=request.user)
        return _shown(reports.put_back(report, actor=caller(request)), request)


class Notes(APIView):
    """What moderators tell each other."""

    @extend_schema(
        operation_id="chat_reports_note",
        request=NoteIn,
        responses={201: envelope("ChatReportNote", note=NoteOut())},
    )
    def post(self, request: Request, report_id: int) -> Response:
        report = report_queue.find(report_id, user=request.user)
        given = NoteIn(data=request.data)
        given.is_valid(raise_exception=True)
        written = reports.note(report, actor=caller(request), words=given.validated_data["words"])
        return ok(201, note=NoteOut(written).data)


class Close(APIView):
    """With what came of it: the outcome is done, and who reported it is told."""

    @extend_schema(operation_id="chat_reports_close", request=CloseIn, responses=_REPORT)
    def post(self, request: Request, report_id: int) -> Response:
        report = report_queue.find(report_id, user=request.user)
        given = CloseIn(data=request.data)
        given.is_valid(raise_exception=True)
        closed = reports.close(
            report,
            actor=caller(request),
            outcome=Verdict(given.validated_data["outcome"]),
            minutes=given.validated_data.get("minutes"),
            words=given.validated_data["words"],
        )
        return _shown(closed, request)


def _shown(report: Report, request: Request) -> Response:
    return ok(report=FullReportOut(report, context={"user": request.user}).data)
