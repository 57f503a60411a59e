"""API views of the questions to the instructor, of raised hands, and of the reactions of a class."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import IntegerField
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.enums import Scope
from chat.api.interaction_serializers import (
    HandOut,
    MarkIn,
    QuestionIn,
    QuestionOut,
    ReactionCountOut,
    ReactionsQuery,
)
from chat.api.views import room_of
from chat.domain import access, message_rate
from chat.enums import QuestionState
from chat.errors import NoSuchQuestion
from chat.interactions import frames, hands, questions, reactions
from chat.models import Question
from fitfriends.core.api import ok
from fitfriends.core.frames import plain
from fitfriends.core.schema import envelope

_QUESTION = envelope("ChatQuestionReply", question=QuestionOut())
_HANDS = envelope("ChatHands", hands=HandOut(many=True))


class Questions(APIView):
    """What was asked, the most wanted first, and what the caller voted for; also after the class."""

    scopes = {"POST": Scope.WATCH}

    @extend_schema(
        operation_id="chat_questions", responses=envelope("ChatQuestions", questions=QuestionOut(many=True))
    )
    def get(self, request: Request, room_id: str) -> Response:
        found = list(questions.of_room(room_of(request, room_id), user=caller(request)))
        voted = questions.voted_by(caller(request), (question.pk for question in found))
        return ok(questions=[_with_vote(question, question.pk in voted) for question in found])

    @extend_schema(operation_id="chat_question_ask", request=QuestionIn, responses={201: _QUESTION})
    def post(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        given = QuestionIn(data=request.data)
        given.is_valid(raise_exception=True)
        message_rate.take(caller(request).pk)
        asked = questions.ask(
            room,
            author=caller(request),
            text=given.validated_data["question"],
            client_id=given.validated_data.get("client_id"),
        )
        return ok(201, question=_with_vote(asked, voted=False))


class OneQuestion(APIView):
    """Answered, put aside or open again; its author may put it aside."""

    scopes = {"PATCH": Scope.WATCH}

    @extend_schema(operation_id="chat_question_mark", request=MarkIn, responses=_QUESTION)
    def patch(self, request: Request, question_id: int) -> Response:
        question = _question_of(request, question_id)
        given = MarkIn(data=request.data)
        given.is_valid(raise_exception=True)
        marked = questions.mark(question, QuestionState(given.validated_data["state"]), actor=caller(request))
        return _shown(request, marked)


class QuestionVotes(APIView):
    """The caller's own vote for a question."""

    scopes = {"PUT": Scope.WATCH, "DELETE": Scope.WATCH}

    @extend_schema(operation_id="chat_question_vote", request=None, responses=_QUESTION)
    def put(self, request: Request, question_id: int) -> Response:
        return _voted(request, question_id, voted=True)

    @extend_schema(operation_id="chat_question_unvote", responses=_QUESTION)
    def delete(self, request: Request, question_id: int) -> Response:
        return _voted(request, question_id, voted=False)


class Hands(APIView):
    """Who has a hand up, first come first; for moderators. Raising one's own is the socket's."""

    @extend_schema(operation_id="chat_hands", responses=_HANDS)
    def get(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        access.require_moderator(caller(request), room.stream)
        return ok(hands=plain(hands.shown(room_id)))


class OneHand(APIView):
    """Lower somebody's hand."""

    scopes = {"DELETE": Scope.WATCH}

    @extend_schema(operation_id="chat_hand_lower", responses=envelope("ChatHandLowered"))
    def delete(self, request: Request, room_id: str, user_id: int) -> Response:
        hands.lower_hand(room_of(request, room_id), user_id=user_id, actor=caller(request))
        return ok()


class Reactions(APIView):
    """How many of each kind in each second of the class, for whoever watches it again."""

    @extend_schema(
        operation_id="chat_reactions",
        parameters=[ReactionsQuery],
        responses=envelope(
            "ChatReactions",
            reactions=ReactionCountOut(many=True),
            next_after=IntegerField(allow_null=True, help_text="Null when there is nothing later."),
        ),
    )
    def get(self, request: Request, room_id: str) -> Response:
        room = room_of(request, room_id)
        query = ReactionsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = reactions.page(room, **query.validated_data)
        return ok(reactions=ReactionCountOut(page.counts, many=True).data, next_after=page.next_after)


def _question_of(request: Request, question_id: int) -> Question:
    """Raises NoSuchQuestion for all who may not read its room."""
    question = questions.find(question_id)
    if not access.may_read(caller(request), question.room.stream):
        raise NoSuchQuestion
    return question


def _voted(request: Request, question_id: int, *, voted: bool) -> Response:
    question = _question_of(request, question_id)
    questions.vote(question, voter=caller(request), voted=voted)
    question.refresh_from_db(fields=["votes"])
    return _shown(request, question)


def _shown(request: Request, question: Question) -> Response:
    return ok(question=_with_vote(question, question.pk in questions.voted_by(caller(request), [question.pk])))


def _with_vote(question: Question, voted: bool) -> dict[str, object]:  # noqa: FBT001
    return {**plain(frames.of_question(question)), "your_vote": voted}
