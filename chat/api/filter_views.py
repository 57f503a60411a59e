"""API views of the chat filter: a club's rules, and the messages that wait."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.enums import Scope
from chat.api.filter_serializers import ChatRulesChange, ChatRulesOut, HeldOut
from chat.domain import access, club_filter, held, rooms
from chat.errors import NoSuchRoom
from clubs.domain import queries
from fitfriends.core.api import ok
from fitfriends.core.ids import is_room_id
from fitfriends.core.schema import envelope

_RULES = envelope("ChatRulesReply", rules=ChatRulesOut())
_HELD = envelope("HeldReply", held=HeldOut())


class ClubChatRules(APIView):
    """What the club's owners do not want in the talk, and what comes of it."""

    @extend_schema(operation_id="chat_rules_show", responses=_RULES)
    def get(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        return ok(rules=ChatRulesOut(club_filter.shown(club, user=caller(request))).data)

    @extend_schema(operation_id="chat_rules_change", request=ChatRulesChange, responses=_RULES)
    def patch(self, request: Request, club_id: int) -> Response:
        club = queries.club(club_id, user=request.user)
        club_filter.shown(club, user=caller(request))  # who may not change them learns nothing from the checks
        given = ChatRulesChange(data=request.data)
        given.is_valid(raise_exception=True)
        return ok(rules=ChatRulesOut(club_filter.change(club, actor=caller(request), **given.validated_data)).data)


class Held(APIView):
    """What waits in a room, oldest first; for members their own that were not let in."""

    @extend_schema(operation_id="chat_held_list", responses=envelope("HeldList", held=HeldOut(many=True)))
    def get(self, request: Request, room_id: str) -> Response:
        if not is_room_id(room_id):
            raise NoSuchRoom
        room = rooms.find(room_id)
        if not access.may_read(caller(request), room.stream):
            raise NoSuchRoom
        return ok(held=HeldOut(held.shown(room, user=caller(request)), many=True).data)


class Release(APIView):
    """Let a message in: it becomes the newest of the talk."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="chat_held_release", request=None, responses=_HELD)
    def post(self, request: Request, held_id: int) -> Response:
        return ok(held=HeldOut(held.release(held.find(held_id), actor=caller(request))).data)


class Reject(APIView):
    """Turn a message away."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="chat_held_reject", request=None, responses=_HELD)
    def post(self, request: Request, held_id: int) -> Response:
        return ok(held=HeldOut(held.reject(held.find(held_id), actor=caller(request))).data)
