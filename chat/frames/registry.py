"""The frames of the room socket: which there are, and how a client's are read. docs/websocket.md is made from them.

Whatever a client says about identity and time is not even read: the token and our clock say it.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import cast

from chat.errors import ProtocolError
from chat.frames import held, interactions, moderation, room
from chat.frames.fields import ClientId
from chat.limits import FRAME_BYTES, FRAMES_IN_AN_ARRAY
from fitfriends.core import frames as core
from fitfriends.core.socket_docs import Socket


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


type RoomCommand = moderation.ModerationCommand | held.AcceptRules | interactions.InteractionsCommand
type Command = room.SendMessage | room.DeleteMessage | room.Resync | room.Ping | RoomCommand
INBOUND: tuple[type[Command], ...] = (
    *(room.SendMessage, room.DeleteMessage, room.Resync, room.Ping),
    *moderation.INBOUND,
    *held.INBOUND,
    *interactions.INBOUND,
)

type Event = room.ChatMessage | room.MessageDeleted | moderation.MessageRestored
type RoomFrame = moderation.RoomSettingsChanged | room.Pinned | moderation.TimedOut | held.HeldWaiting
type Own = held.MessageHeld | held.MessageRejected | held.RulesAccepted
type Passing = Own | RoomFrame | room.Presence | room.StreamStateChanged | interactions.InteractionsEvent
type Outbound = room.Welcome | Event | Passing | room.Resynced | room.Refetch | room.Refused | room.Pong
OUTBOUND: tuple[type[Outbound], ...] = (
    *(room.Welcome, room.ChatMessage, room.MessageDeleted, moderation.MessageRestored),
    *(moderation.RoomSettingsChanged, room.Pinned, moderation.TimedOut),
    *held.OUTBOUND,
    *interactions.OUTBOUND,
    *(room.Presence, room.StreamStateChanged, room.Resynced, room.Refetch, room.Refused, room.Pong),
)
SOCKET = Socket("room-socket", "websocket.md", "The room socket", INBOUND, OUTBOUND)


def joined(frames: Sequence[str]) -> str:
    """Frames that are encoded already as one: itself, or an array."""
    return frames[0] if len(frames) == 1 else f"[{','.join(frames)}]"


# --- reading -------------------------------------------------------------------------------------------------
_reader = core.Reader[Command](INBOUND)


def parse(text: str | None) -> list[Command | ProtocolError]:
    """The commands of one frame, an object or an array of a few, in order. None stands for a binary frame.

    Raises ProtocolError when the frame cannot be read at all; a fault of one command of an array stands in its
    place, so that the others still count.
    """
    if text is None:
        raise ProtocolError("chat:frame:binary", "Frames are text.")
    try:
        content = core.read_json(text, most=FRAME_BYTES)
    except core.TooBig as error:
        raise ProtocolError("chat:frame:too-big", f"A frame holds {FRAME_BYTES} bytes at most.") from error
    except core.Unreadable as error:
        raise ProtocolError("chat:frame:malformed", "A frame is a JSON object, or an array of a few.") from error
    if not isinstance(content, list):
        return [_command_or_fault(content)]
    if not 1 <= len(content) <= FRAMES_IN_AN_ARRAY:
        raise ProtocolError("chat:frame:too-many", f"An array holds 1 to {FRAMES_IN_AN_ARRAY} frames.")
    return [_command_or_fault(item) for item in content]


def _command_or_fault(content: object) -> Command | ProtocolError:
    try:
        return _command(content)
    except ProtocolError as fault:
        return fault


def _command(content: object) -> Command:
    if not isinstance(content, dict):
        raise ProtocolError("chat:frame:malformed", "A frame is a JSON object.")
    fields = cast("dict[str, object]", content)
    try:
        frame = _reader.find(fields)
    except core.UnknownType as error:
        raise ProtocolError("chat:frame:type", "This server does not know this type of frame.") from error
    lists = core.lists_of(frame)
    if any(isinstance(value, dict | list) and name not in lists for name, value in fields.items()):
        raise ProtocolError("chat:frame:nested", "The fields of a frame are plain values.")
    try:
        return _reader.read(fields)
    except core.BadField as error:
        raise ProtocolError("chat:frame:field", str(error), _client_id_of(frame, fields)) from error
    except ProtocolError as fault:
        fault.client_id = _client_id_of(frame, fields)
        raise


def _client_id_of(frame: type[Command], fields: Mapping[str, object]) -> str | None:
    """By which its sender knows what was refused."""
    if "client_id" not in frame.__struct_fields__:
        return None
    try:
        return cast("str", core.as_field(fields.get("client_id"), ClientId))
    except core.BadField:
        return None
