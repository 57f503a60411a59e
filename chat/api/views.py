"""API views of messages: reading back and deleting. Messages are sent by the socket (docs/websocket.md)."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import IntegerField
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.enums import Scope
from chat.api.serializers import HistoryQuery, MessageOut
from chat.domain import access, delay, message_frames, messages, rooms
from chat.errors import NoSuchMessage, NoSuchRoom
from chat.limits import BIGGEST_ID
from chat.models import Message, Room
from fitfriends.core.api import ok
from fitfriends.core.frames import plain
from fitfriends.core.ids import is_room_id
from fitfriends.core.schema import envelope

_HISTORY = envelope(
    "ChatHistory",
    messages=MessageOut(many=True),
    seq=IntegerField(help_text="Where the room stands; a socket may resync from here."),
    next_before=IntegerField(allow_null=True, help_text="Null when there is nothing older."),
    next_after=IntegerField(allow_null=True, help_text="Null when there is nothing newer."),
)


def room_of(request: Request, room_id: str) -> Room:
    """The room as its reader; raises NoSuchRoom for all others alike."""
    if not is_room_id(room_id):
        raise NoSuchRoom
    room = rooms.find(room_id)
    if not access.may_read(caller(request), room.stream):
        raise NoSuchRoom
    return room


def message_of(message_id: int) -> Message:
    """Raises NoSuchMessage; who may do what with it, the domain asks."""
    if not 0 < message_id <= BIGGEST_ID:
        raise NoSuchMessage
    return messages.find(message_id)


class History(APIView):
    """What was said in a room, a page at a time, oldest first within the page."""

    @extend_schema(operation_id="chat_history", parameters=[HistoryQuery], responses=_HISTORY)
    def get(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        query = HistoryQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        delay.release_due(room)
        page = messages.page(room, **query.validated_data)
        cursors = {"next_before": page.next_before, "next_after": page.next_after}
        return ok(messages=plain(page.messages), seq=room.last_seq, **cursors)


class OneMessage(APIView):
    """Take a message back: its author, the instructor, the club's owner."""

    scopes = {"DELETE": Scope.WATCH}

    @extend_schema(operation_id="chat_message_delete", responses=envelope("MessageDeleted", message=MessageOut()))
    def delete(self, request: Request, message_id: int) -> Response:
        message = messages.delete(message_of(message_id), actor=caller(request))
        return ok(message=plain(message_frames.of_message(message)))
