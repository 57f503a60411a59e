"""API views of moderators in a talk, and of the owners who read what was done."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.domain.access import require
from accounts.enums import Scope
from chat.api.serializers import ActionIn, ActionOut, MessageOut, SettingsIn, SettingsOut
from chat.api.views import message_of, room_of
from chat.domain import access, audit, message_frames, messages, room_settings
from chat.enums import Act
from chat.models import Action
from chat.moderation import actions
from clubs.domain import access as clubs_access
from clubs.domain import queries as club_queries
from fitfriends.core.api import ok
from fitfriends.core.frames import plain
from fitfriends.core.schema import envelope

_SETTINGS = envelope("ChatSettings", settings=SettingsOut())
_DONE = envelope("ChatActionDone")


class Settings(APIView):
    """The rules of a talk: its readers see them, moderators change them."""

    scopes = {"PATCH": Scope.WATCH}

    @extend_schema(operation_id="chat_settings", responses=_SETTINGS)
    def get(self, request: Request, room_id: str) -> Response:
        return ok(settings=plain(room_settings.settings_of(room_of(request, room_id))))

    @extend_schema(operation_id="chat_settings_change", request=SettingsIn, responses=_SETTINGS)
    def patch(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        access.require_moderator(caller(request), room.stream)
        given = SettingsIn(data=request.data)
        given.is_valid(raise_exception=True)
        return ok(settings=plain(actions.change_settings(room, actor=caller(request), **given.validated_data)))


class Actions(APIView):
    """Time-outs, bans, helpers: one act on one person."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="chat_actions_act", request=ActionIn, responses=_DONE)
    def post(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        access.require_moderator(caller(request), room.stream)
        given = ActionIn(data=request.data)
        given.is_valid(raise_exception=True)
        actions.act_on(
            room,
            Act(given.validated_data["action"]),
            user=actions.find_person(room, given.validated_data["user_id"]),
            actor=caller(request),
            minutes=given.validated_data.get("minutes"),
            reason=given.validated_data["reason"],
        )
        return ok()


class Restore(APIView):
    """Gives a message its words back."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(
        operation_id="chat_message_restore",
        request=None,
        responses=envelope("MessageRestored", message=MessageOut()),
    )
    def post(self, request: Request, message_id: int) -> Response:
        message = messages.restore(message_of(message_id), actor=caller(request))
        return ok(message=plain(message_frames.of_message(message)))


class Pin(APIView):
    """On top of the talk; DELETE takes down whatever is pinned in this message's room."""

    scopes = {"PUT": Scope.WATCH, "DELETE": Scope.WATCH}

    @extend_schema(operation_id="chat_message_pin", request=None, responses=_DONE)
    def put(self, request: Request, message_id: int) -> Response:
        actions.pin(message_of(message_id), actor=caller(request))
        return ok()

    @extend_schema(operation_id="chat_message_unpin", responses=_DONE)
    def delete(self, request: Request, message_id: int) -> Response:
        actions.unpin(message_of(message_id).room, actor=caller(request))
        return ok()


class AuditLog(ListAPIView[Action]):
    """What was done in all classes of a club, newest first; for its owners."""

    serializer_class = ActionOut
    results_name = "actions"
    queryset = Action.objects.none()

    def get_queryset(self) -> QuerySet[Action]:
        club = club_queries.club(self.kwargs["club_id"], user=self.request.user)
        require(
            clubs_access.may_manage_club(self.request.user, club), message="Only an owner of the club reads this."
        )
        return audit.of_club(club)

    @extend_schema(operation_id="chat_audit_log")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)
