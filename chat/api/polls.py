"""API views of the polls in a room."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.enums import Scope
from chat.api.interaction_serializers import PollIn, PollOut, VoteIn
from chat.api.views import room_of
from chat.domain import access
from chat.errors import NoSuchPoll
from chat.frames import interactions
from chat.interactions import polls
from chat.models import Poll
from fitfriends.core.api import ok
from fitfriends.core.frames import plain
from fitfriends.core.schema import envelope

_POLL = envelope("ChatPollReply", poll=PollOut())


class Polls(APIView):
    """The polls of a class, newest first, and what the caller voted; moderators open one."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="chat_polls", responses=envelope("ChatPolls", polls=PollOut(many=True)))
    def get(self, request: Request, room_id: str) -> Response:
        found = polls.of_room(room_of(request, room_id))
        chosen = polls.choices_of(caller(request), (poll.id for poll in found))
        return ok(polls=[_with_vote(poll, chosen.get(poll.id)) for poll in found])

    @extend_schema(operation_id="chat_poll_open", request=PollIn, responses={201: _POLL})
    def post(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        access.require_moderator(caller(request), room.stream)
        given = PollIn(data=request.data)
        given.is_valid(raise_exception=True)
        poll = polls.start(room, actor=caller(request), **given.validated_data)
        return ok(201, poll=_with_vote(polls.shown(poll), None))


class Close(APIView):
    """No vote counts after this."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="chat_poll_close", request=None, responses=_POLL)
    def post(self, request: Request, poll_id: int) -> Response:
        return _shown(request, polls.close(_poll_of(request, poll_id), actor=caller(request)))


class Vote(APIView):
    """One vote a person; another replaces it until the poll closes."""

    scopes = {"PUT": Scope.WATCH}

    @extend_schema(operation_id="chat_poll_vote", request=VoteIn, responses=_POLL)
    def put(self, request: Request, poll_id: int) -> Response:
        poll = _poll_of(request, poll_id)
        given = VoteIn(data=request.data)
        given.is_valid(raise_exception=True)
        polls.vote(poll, voter=caller(request), option=given.validated_data["option"])
        return _shown(request, poll)


def _poll_of(request: Request, poll_id: int) -> Poll:
    """Raises NoSuchPoll for all who may not read its room."""
    poll = polls.find(poll_id)
    if not access.may_read(caller(request), poll.room.stream):
        raise NoSuchPoll
    return poll


def _shown(request: Request, poll: Poll) -> Response:
    chosen = polls.choices_of(caller(request), [poll.pk]).get(poll.pk)
    return ok(poll=_with_vote(polls.shown(poll), chosen))


def _with_vote(poll: interactions.Poll, chosen: int | None) -> dict[str, object]:
    return {**plain(poll), "your_vote": chosen}
