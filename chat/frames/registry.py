"""The frames of the room socket, each declared once. docs/websocket.md shows them; a test compares the two.

Whatever a client says about identity and time is not even read: the token and our clock say it.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Literal, NotRequired, TypedDict, cast

from chat.errors import ProtocolError
from chat.frames import held, interactions, interactions_reading, moderation, text_cleaning
from chat.frames.fields import number
from chat.frames.media_time import media_time_if_any
from chat.limits import CLIENT_ID_PATTERN, FRAME_BYTES, FRAMES_IN_AN_ARRAY, MESSAGE_CHARACTERS
from streaming.domain.snapshot import StreamState

_CLIENT_ID = re.compile(CLIENT_ID_PATTERN)


class Close(IntEnum):
    """Why the server closes; the client's page knows what to do about each."""

    MALFORMED = 4400
    UNAUTHORISED = 4401
    FORBIDDEN = 4403
    UNKNOWN_ROOM = 4404
    TOO_SLOW = 4408
    FLOOD = 4429
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTARTING = 1012


# --- what a client may send ----------------------------------------------------------------------------------
class SendMessage(TypedDict):
    type: Literal["chat_message"]
    message: str
    client_id: NotRequired[str | None]
    media_time: NotRequired[int | None]


class DeleteMessage(TypedDict):
    type: Literal["delete_message"]
    id: int


class Resync(TypedDict):
    type: Literal["resync"]
    after: int


class Ping(TypedDict):
    type: Literal["ping"]


type RoomCommand = moderation.ModerationCommand | held.AcceptRules | interactions.InteractionsCommand
type Command = SendMessage | DeleteMessage | Resync | Ping | RoomCommand


# --- what the server sends -----------------------------------------------------------------------------------
class PersonFrame(TypedDict):
    user_id: int
    username: str
    role: str


class ChatMessage(TypedDict):
    type: Literal["chat_message"]
    id: int
    seq: int
    user_id: int | None
    username: str
    role: str
    message: str
    timestamp: int
    media_time: int | None
    client_id: str | None
    deleted: bool


class MessageDeleted(TypedDict):
    type: Literal["message_deleted"]
    id: int
    seq: int


class WelcomeToAll(TypedDict):
    room_id: str
    viewer_count: int
    people: Sequence[PersonFrame]
    history: Sequence[ChatMessage]
    settings: moderation.RoomSettingsFrame
    pinned: ChatMessage | None
    floor: interactions.InteractionsFrame
    seq: int


class WelcomeToYou(interactions.InteractionsToYou):
    type: Literal["welcome"]
    you: PersonFrame
    stream: StreamState
    timed_out_until: int | None
    server_time: int


class Welcome(WelcomeToYou, WelcomeToAll):
    """One object; its halves are encoded apart (greeting.py)."""


class Pinned(TypedDict):
    type: Literal["pinned"]
    message: ChatMessage | None


class Presence(TypedDict):
    type: Literal["presence"]
    viewer_count: int
    people: Sequence[PersonFrame]


class StreamStateChanged(TypedDict):
    type: Literal["stream_state"]
    stream: StreamState


class Resynced(TypedDict):
    """`fresh`: the gap was too wide; forget what you have, `events` is the last of the talk."""

    type: Literal["resynced"]
    events: Sequence[ChatMessage | MessageDeleted | moderation.MessageRestored]
    seq: int
    fresh: bool


class Refused(TypedDict):
    type: Literal["error"]
    code: str
    message: str
    client_id: str | None
    until: int | None


class Refetch(TypedDict):
    """The reader was behind and missed something: it asks by `resync` from the last number it has."""

    type: Literal["refetch"]


class Pong(TypedDict):
    type: Literal["pong"]
    server_time: int


type Event = ChatMessage | MessageDeleted | moderation.MessageRestored
type RoomFrame = moderation.RoomSettingsChanged | Pinned | moderation.TimedOut | held.HeldWaiting
type Own = held.MessageHeld | held.MessageRejected | held.RulesAccepted
type Passing = Own | RoomFrame | Presence | StreamStateChanged
type Frame = Welcome | Event | Passing | Resynced | Refetch | Refused | Pong | interactions.InteractionsEvent

_ROOM = (*moderation.INBOUND, *held.INBOUND, *interactions.INBOUND)
INBOUND: tuple[type, ...] = (SendMessage, DeleteMessage, Resync, Ping, *_ROOM)
_EVENTS = (ChatMessage, MessageDeleted, moderation.MessageRestored)
_PASSING = (moderation.RoomSettingsChanged, Pinned, moderation.TimedOut, *held.OUTBOUND, *interactions.OUTBOUND)
_STATES = (Presence, StreamStateChanged)
OUTBOUND: tuple[type, ...] = (Welcome, *_EVENTS, *_PASSING, *_STATES, Resynced, Refetch, Refused, Pong)


def encode(frame: Frame | WelcomeToAll | WelcomeToYou) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def joined(frames: Sequence[str]) -> str:
    """Frames that are encoded already as one: itself, or an array."""
    return frames[0] if len(frames) == 1 else f"[{','.join(frames)}]"


def spliced(first: str, second: str) -> str:
    """Two encoded objects, neither of them empty, as one."""
    return f"{first[:-1]},{second[1:]}"


def refusal(code: str, message: str, client_id: str | None = None, *, until: int | None = None) -> Refused:
    return {"type": "error", "code": code, "message": message, "client_id": client_id, "until": until}


# --- reading -------------------------------------------------------------------------------------------------
def parse(text: str | None) -> list[Command | ProtocolError]:
    """The commands of one frame, an object or an array of a few, in order. None stands for a binary frame.

    Raises ProtocolError when the frame cannot be read at all; a fault of one command of an array stands in its
    place, so that the others still count.
    """
    if text is None:
        raise ProtocolError("chat:frame:binary", "Frames are text.")
    # A character has one byte at least: a long frame is refused before it is encoded.
    if len(text) > FRAME_BYTES or len(text.encode(errors="surrogatepass")) > FRAME_BYTES:
        raise ProtocolError("chat:frame:too-big", f"A frame holds {FRAME_BYTES} bytes at most.")
    try:
        content: object = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # also whole numbers of thousands of digits
        raise ProtocolError("chat:frame:malformed", "A frame is a JSON object, or an array of a few.") from error
    if not isinstance(content, list):
        return [_command_or_fault(content)]
    if not 1 <= len(content) <= FRAMES_IN_AN_ARRAY:
        raise ProtocolError("chat:frame:too-many", f"An array holds 1 to {FRAMES_IN_AN_ARRAY} frames.")
    return [_command_or_fault(item) for item in content]


def _no_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _command_or_fault(content: object) -> Command | ProtocolError:
    try:
        return _command(content)
    except ProtocolError as fault:
        return fault


def _command(content: object) -> Command:
    if not isinstance(content, dict):
        raise ProtocolError("chat:frame:malformed", "A frame is a JSON object.")
    fields = cast("dict[str, object]", content)
    name = fields.get("type")
    reader = _READERS.get(name) if isinstance(name, str) else None
    if reader is None or not isinstance(name, str):
        raise ProtocolError("chat:frame:type", "This server does not know this type of frame.")
    plain = (value for field, value in fields.items() if interactions.LISTS.get(name) != field)
    if any(isinstance(value, dict | list) for value in plain):
        raise ProtocolError("chat:frame:nested", "The fields of a frame are plain values.")
    return reader(fields)


def _chat_message(fields: Mapping[str, object]) -> SendMessage:
    client_id = fields.get("client_id")
    if client_id is not None and not (isinstance(client_id, str) and _CLIENT_ID.match(client_id)):
        raise ProtocolError("chat:frame:field", "client_id is 1 to 64 visible ASCII characters.")
    message = fields.get("message")
    if not isinstance(message, str):
        raise ProtocolError("chat:frame:field", "message is a string.", client_id)
    cleaned = text_cleaning.clean(message)
    if text_cleaning.is_blank(cleaned):
        raise ProtocolError("chat:message:empty", "There is nothing to read in this message.", client_id, fault=False)
    if len(cleaned) > MESSAGE_CHARACTERS:
        too_long = f"Please keep it under {MESSAGE_CHARACTERS} characters."
        raise ProtocolError("chat:message:too-long", too_long, client_id, fault=False)
    try:
        seen = media_time_if_any(fields)
    except ProtocolError as fault:
        fault.client_id = client_id
        raise
    return {"type": "chat_message", "message": cleaned, "client_id": client_id, "media_time": seen}


def _delete_message(fields: Mapping[str, object]) -> DeleteMessage:
    return {"type": "delete_message", "id": number(fields, "id", minimum=1)}


def _resync(fields: Mapping[str, object]) -> Resync:
    return {"type": "resync", "after": number(fields, "after", minimum=0)}


def _ping(fields: Mapping[str, object]) -> Ping:  # noqa: ARG001 -- one signature for all readers
    return {"type": "ping"}


_READERS: dict[str, Callable[[Mapping[str, object]], Command]] = {
    "chat_message": _chat_message,
    "delete_message": _delete_message,
    "resync": _resync,
    "ping": _ping,
    **moderation.READERS,
    **held.READERS,
    **interactions_reading.READERS,
}
