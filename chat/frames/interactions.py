"""The frames of the interactions: reactions, cheers, polls, hands, questions."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Meta

from chat.enums import QuestionState, Reaction
from chat.frames.fields import ClientId, Id, MediaTime, Options, line_of
from chat.limits import OPTIONS_MOST, POLL_CHARACTERS, QUESTION_CHARACTERS
from fitfriends.core.frames import Frame, Part, about

_SEEN = about("the moment of the class that the person was seeing, so that a replay shows it where it belongs")


# --- what a client may send ----------------------------------------------------------------------------------
class React(Frame, frozen=True, tag="react"):
    """Shows a reaction; the pictures are yours to choose. Not answered: it is in the next `reactions`."""

    reaction: Reaction
    media_time: Annotated[MediaTime | None, _SEEN] = None


class Cheer(Frame, frozen=True, tag="cheer"):
    """A high five to one person of the class, not oneself."""

    user_id: Id
    media_time: Annotated[MediaTime | None, _SEEN] = None


class OpenPoll(Frame, frozen=True, tag="open_poll"):
    """By moderators. `options` is the one list in a frame. One poll is open at a time."""

    question: Annotated[str, line_of(POLL_CHARACTERS)]
    options: Options


class ClosePoll(Frame, frozen=True, tag="close_poll"):
    """By moderators: no vote counts after this."""

    id: Id


class CastVote(Frame, frozen=True, tag="vote"):
    """One vote a person; another replaces it until the poll closes. Answered by `voted`."""

    id: Id
    option: Annotated[int, Meta(ge=0, le=OPTIONS_MOST - 1), about("its place, from 0")]


class RaiseHand(Frame, frozen=True, tag="raise_hand"):
    """Stays up until it is lowered or your last socket goes. Raising it again keeps its place in the row."""


class LowerHand(Frame, frozen=True, tag="lower_hand"):
    """Your own without `user_id`; moderators lower anybody's."""

    user_id: Id | None = None


class Ask(Frame, frozen=True, tag="ask"):
    """A question to the instructor, on one line, under the settings of the talk and the club's filter.

    Answered by `question_asked`.
    """

    question: Annotated[str, line_of(QUESTION_CHARACTERS)]
    client_id: Annotated[ClientId | None, about("as in `chat_message`")] = None


class VoteQuestion(Frame, frozen=True, tag="vote_question"):
    """Doing it twice changes nothing. Answered by `question_voted`."""

    id: Id
    voted: Annotated[bool, about("false takes the vote back")]


class MarkQuestion(Frame, frozen=True, tag="mark_question"):
    """By moderators; its author may dismiss it."""

    id: Id
    state: QuestionState


type InteractionsCommand = (
    React | Cheer | OpenPoll | ClosePoll | CastVote | RaiseHand | LowerHand | Ask | VoteQuestion | MarkQuestion
)
INBOUND = (
    *(React, Cheer, OpenPoll, ClosePoll, CastVote),
    *(RaiseHand, LowerHand, Ask, VoteQuestion, MarkQuestion),
)


# --- what the room is told -----------------------------------------------------------------------------------
class Option(Part, frozen=True):
    """What a poll lets one choose."""

    text: str
    votes: int


class Poll(Part, frozen=True):
    """A poll as it stands, open or closed."""

    id: int
    question: str
    options: Sequence[Option]
    voters: int
    open: bool
    opened_by: str
    opened_at: int
    closed_at: int | None


class Question(Part, frozen=True):
    """A question to the instructor."""

    id: int
    user_id: Annotated[int | None, about("null when the account is gone")]
    username: str
    role: str
    question: str
    votes: int
    state: Annotated[str, about("`open`, `answered` or `dismissed`")]
    asked_at: int


class Hand(Part, frozen=True):
    """A hand that is up."""

    user_id: int
    username: str
    raised_at: int


class InteractionsFrame(Part, frozen=True):
    """What every reader gets with the welcome; `poll`, `questions` and `hands` replace it part by part."""

    poll: Poll | None
    questions: Sequence[Question]
    open_questions: int
    hands: int


class Cheered(Part, frozen=True):
    """Who cheered whom."""

    user_id: int
    username: str
    to_user_id: int
    to_username: str


class Reactions(Frame, frozen=True, tag="reactions"):
    """What everybody showed since the last one, yours included; at most one a second, none when nothing was shown."""

    counts: Annotated[Mapping[str, int], about("by reaction; a cheer counts as a `high_five`")]
    cheers: Annotated[Sequence[Cheered], about("5 at most")]
    more: Annotated[int, about("cheers that are not named")]


class CheersForYou(Frame, frozen=True, tag="cheers_for_you"):
    """To the one who is cheered alone."""

    names: Annotated[Sequence[str], about("of the first few")]
    count: int


class PollChanged(Frame, frozen=True, tag="poll"):
    """The newest poll as it stands; null when there was none. At most once a second, whatever the number of votes."""

    poll: Poll | None


class Voted(Frame, frozen=True, tag="voted"):
    """To the socket that voted: this is your vote now."""

    id: int
    option: int


class QuestionsChanged(Frame, frozen=True, tag="questions"):
    """All that are shown, replacing what you have. At most once a second.

    The 30 most wanted open ones (votes, then age), then the 10 answered last.
    """

    questions: Sequence[Question]
    open_questions: Annotated[int, about("all that are open, those without room here too")]


class QuestionVoted(Frame, frozen=True, tag="question_voted"):
    """To the socket that voted."""

    id: int
    voted: bool


class QuestionAsked(Frame, frozen=True, tag="question_asked"):
    """To the socket that asked: it is stored, as it is shown. Everybody sees it with the next `questions`."""

    question: Question
    client_id: str | None


class HandsChanged(Frame, frozen=True, tag="hands"):
    """How many hands are up, and whether yours is."""

    hands: int
    hand_up: bool
    people_with_hands: Annotated[Sequence[Hand], about("the first 40, first come first; for moderators alone")]


type InteractionsEvent = (
    PollChanged | QuestionsChanged | HandsChanged | Reactions | CheersForYou | Voted | QuestionVoted | QuestionAsked
)
OUTBOUND = (
    *(Reactions, CheersForYou, PollChanged, Voted),
    *(QuestionsChanged, QuestionVoted, QuestionAsked, HandsChanged),
)
