"""The frames of the talk: messages, who is here, the state of the class."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from chat.frames import interactions, moderation
from chat.frames.fields import ClientId, Id, MediaTime, MessageText
from chat.limits import BIGGEST_ID
from fitfriends.core.frames import Frame, Part, about
from streaming.domain.snapshot import StreamState


# --- what a client may send ----------------------------------------------------------------------------------
class SendMessage(Frame, frozen=True, tag="chat_message"):
    """Comes to everybody including you, with your `client_id`.

    It has `***` where the club's filter masks a word.
    """

    message: Annotated[MessageText, about("measured after cleaning")]
    client_id: Annotated[ClientId | None, about("sending again with the same one says it once")] = None
    media_time: Annotated[
        MediaTime | None,
        about(
            "the moment of the class that you are seeing: the playlist's `EXT-X-PROGRAM-DATE-TIME` at your playhead, "
            "in milliseconds since 1970; null while nothing plays; kept when it lies within the class"
        ),
    ] = None


class DeleteMessage(Frame, frozen=True, tag="delete_message"):
    """Its author may, and moderators of its author: see [Keeping order](#keeping-order)."""

    id: Id


class Resync(Frame, frozen=True, tag="resync"):
    """Asks for what was missed. Answered by `resynced`."""

    after: Annotated[int, Meta(ge=0, le=BIGGEST_ID), about("the highest number that you have")]


class Ping(Frame, frozen=True, tag="ping"):
    """Answered by `pong`; every 20 seconds or so shows a dead line early."""


# --- what the server sends -----------------------------------------------------------------------------------
class PersonFrame(Part, frozen=True):
    """Somebody in the room."""

    user_id: int
    username: str
    role: Annotated[str, about("`instructor`, `owner`, `operator`, `moderator` or `member`")]


class ChatMessage(Frame, frozen=True, tag="chat_message"):
    """A message of the talk. A deleted one keeps its place and loses its words."""

    id: int
    seq: Annotated[int, about("its number in the room")]
    user_id: Annotated[int | None, about("null when the account is gone")]
    username: str
    role: str
    message: Annotated[str, about("text, never markup: show it with `textContent`")]
    timestamp: int
    media_time: int | None
    client_id: str | None
    deleted: bool


class MessageDeleted(Frame, frozen=True, tag="message_deleted"):
    """A message lost its words."""

    id: int
    seq: int


class Welcome(Frame, frozen=True, tag="welcome"):
    """The room as it stands: the first frame.

    `settings`, `pinned` and `timed_out_until` are what `room_settings`, `pinned` and `timed_out` change later.
    `floor`, `hand_up` and `people_with_hands` are the interactions, as `poll`, `questions` and `hands` replace them
    later; see [Interactions](#interactions).
    """

    you: PersonFrame
    stream: StreamState
    timed_out_until: Annotated[int | None, about("in milliseconds since 1970")]
    hand_up: bool
    people_with_hands: Sequence[interactions.Hand]
    server_time: int
    # From here on alike for all who come in the same moment.
    room_id: str
    viewer_count: Annotated[int, about("without those who run the class")]
    people: Annotated[Sequence[PersonFrame], about("60 at most; those who run the class are among them")]
    history: Annotated[Sequence[ChatMessage], about("the last 50 messages, oldest first")]
    settings: moderation.RoomSettingsFrame
    pinned: ChatMessage | None
    floor: interactions.InteractionsFrame
    seq: Annotated[int, about("the number that all this stands for")]


class Pinned(Frame, frozen=True, tag="pinned"):
    """What is on top of the talk now."""

    message: Annotated[ChatMessage | None, about("null when nothing is pinned any more")]


class Presence(Frame, frozen=True, tag="presence"):
    """Who is here. At most once a second, and only when it changed."""

    viewer_count: int
    people: Sequence[PersonFrame]


class StreamStateChanged(Frame, frozen=True, tag="stream_state"):
    """How the class stands now."""

    stream: StreamState


class Resynced(Frame, frozen=True, tag="resynced"):
    """The answer to `resync`. Applied to what you have, its events give what a fresh `welcome` would."""

    events: Annotated[
        Sequence[ChatMessage | MessageDeleted | moderation.MessageRestored], about("in the order of their numbers")
    ]
    seq: int
    fresh: Annotated[bool, about("the gap was too wide: forget what you have, `events` is the last of the talk")]


class Refused(Frame, frozen=True, tag="error"):
    """To the sender alone. The socket stays open."""

    code: Annotated[str, about("one of the [error codes](#error-codes)")]
    message: Annotated[str, about("words for a person")]
    client_id: Annotated[str | None, about("of the message it is about, if any")]
    until: Annotated[
        int | None,
        about("of `chat:timed-out` and `chat:slow-mode`: when the same may be sent, in milliseconds since 1970"),
    ]


class Refetch(Frame, frozen=True, tag="refetch"):
    """You took frames more slowly than they came and some were left out.

    You have how things stand (`presence`, `stream_state`, `room_settings` and so on, the last of each); for what was
    said send `resync` with your highest `seq`. A client that takes nothing for 10 seconds, or falls behind a fifth
    time within a minute, is closed with 4408.
    """


class Pong(Frame, frozen=True, tag="pong"):
    """The answer to `ping`."""

    server_time: int
