"""The frames of what goes on beside the talk: reactions, cheers, polls, hands, questions."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict


# --- what a client may send ----------------------------------------------------------------------------------
class React(TypedDict):
    type: Literal["react"]
    reaction: str
    media_time: NotRequired[int | None]


class Cheer(TypedDict):
    """A high five to one person."""

    type: Literal["cheer"]
    user_id: int
    media_time: NotRequired[int | None]


class OpenPoll(TypedDict):
    type: Literal["open_poll"]
    question: str
    options: list[str]


class ClosePoll(TypedDict):
    type: Literal["close_poll"]
    id: int


class CastVote(TypedDict):
    """`option`: its place in the poll, from 0."""

    type: Literal["vote"]
    id: int
    option: int


class RaiseHand(TypedDict):
    type: Literal["raise_hand"]


class LowerHand(TypedDict):
    """One's own, or for those who keep order somebody's."""

    type: Literal["lower_hand"]
    user_id: NotRequired[int | None]


class Ask(TypedDict):
    type: Literal["ask"]
    question: str
    client_id: NotRequired[str | None]


class VoteQuestion(TypedDict):
    type: Literal["vote_question"]
    id: int
    voted: bool


class MarkQuestion(TypedDict):
    type: Literal["mark_question"]
    id: int
    state: str


type InteractionsCommand = (
    React | Cheer | OpenPoll | ClosePoll | CastVote | RaiseHand | LowerHand | Ask | VoteQuestion | MarkQuestion
)
INBOUND: tuple[type, ...] = (
    React,
    Cheer,
    OpenPoll,
    ClosePoll,
    CastVote,
    RaiseHand,
    LowerHand,
    Ask,
    VoteQuestion,
    MarkQuestion,
)
# The fields that hold a list; all others of all frames are plain values.
LISTS: Mapping[str, str] = {"open_poll": "options"}


# --- what the room is told -----------------------------------------------------------------------------------
class Option(TypedDict):
    text: str
    votes: int


class Poll(TypedDict):
    id: int
    question: str
    options: Sequence[Option]
    voters: int
    open: bool
    opened_by: str
    opened_at: int
    closed_at: int | None


class Question(TypedDict):
    """`state`: open, answered or dismissed. `user_id` is null when the account is gone."""

    id: int
    user_id: int | None
    username: str
    role: str
    question: str
    votes: int
    state: str
    asked_at: int


class Hand(TypedDict):
    user_id: int
    username: str
    raised_at: int


class InteractionsFrame(TypedDict):
    """What every reader gets with the welcome; the frames below replace it part by part."""

    poll: Poll | None
    questions: Sequence[Question]
    open_questions: int
    hands: int


class InteractionsToYou(TypedDict):
    """The part of the welcome that is the reader's own: see HandsChanged."""

    hand_up: bool
    people_with_hands: Sequence[Hand]


class PollChanged(TypedDict):
    type: Literal["poll"]
    poll: Poll | None


class QuestionsChanged(TypedDict):
    """`open_questions` counts those that `questions` has no room for too."""

    type: Literal["questions"]
    questions: Sequence[Question]
    open_questions: int


class HandsChanged(InteractionsToYou):
    """Who raised them, first come first, only for those who keep order. `hand_up`: the reader's own."""

    type: Literal["hands"]
    hands: int


class Cheered(TypedDict):
    user_id: int
    username: str
    to_user_id: int
    to_username: str


class Reactions(TypedDict):
    """What was done in a second. `more`: cheers that are not named."""

    type: Literal["reactions"]
    counts: Mapping[str, int]
    cheers: Sequence[Cheered]
    more: int


class CheersForYou(TypedDict):
    """To the one who is cheered alone."""

    type: Literal["cheers_for_you"]
    names: Sequence[str]
    count: int


class Voted(TypedDict):
    """To the voter's socket: this choice counts now."""

    type: Literal["voted"]
    id: int
    option: int


class QuestionVoted(TypedDict):
    type: Literal["question_voted"]
    id: int
    voted: bool


class QuestionAsked(TypedDict):
    """To the asker's socket; everybody sees it with the next `questions`."""

    type: Literal["question_asked"]
    question: Question
    client_id: str | None


type InteractionsEvent = (
    PollChanged | QuestionsChanged | HandsChanged | Reactions | CheersForYou | Voted | QuestionVoted | QuestionAsked
)
OUTBOUND: tuple[type, ...] = (
    Reactions,
    CheersForYou,
    PollChanged,
    Voted,
    QuestionsChanged,
    QuestionVoted,
    QuestionAsked,
    HandsChanged,
)
