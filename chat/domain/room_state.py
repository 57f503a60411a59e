"""How a room stands: what a fresh reader gets, and what a process compares its own copy with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from chat.domain import access, delay, held, message_frames, messages, room_settings, rooms
from chat.domain.held import Waiting
from chat.errors import NoSuchRoom
from chat.frames.moderation import RoomSettingsFrame
from chat.frames.room import ChatMessage
from chat.models import Room
from streaming.domain.snapshot import StreamState, state_of
from streaming.enums import State
from streaming.models import Stream


@dataclass(frozen=True, slots=True)
class RoomState:
    """The stream as members see it and as the class's staff see it. `over`: the room is closed."""

    member: StreamState
    staff: StreamState
    over: bool

    @property
    def ended(self) -> bool:
        return self.staff.state == State.ENDED


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """The settings that hold now. `timeouts`: by user id, milliseconds since 1970."""

    settings: RoomSettingsFrame
    timeouts: Mapping[int, int]
    pinned: ChatMessage | None
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Snapshot:
    seq: int
    history: Sequence[ChatMessage]
    state: RoomState
    config: RoomConfig
    stream: Stream  # with its class, to check those who come in


@dataclass(frozen=True, slots=True)
class Head:
    """The last number given out in a room, and what holds in it."""

    seq: int
    state: RoomState
    config: RoomConfig


def load_snapshot(room_id: str) -> Snapshot:
    """Raises NoSuchRoom, also when the class ended long ago."""
    room = rooms.find(room_id)
    delay.release_due(room)
    so_far = messages.so_far(room)
    state = _state(room.stream)
    if state.over:
        raise NoSuchRoom
    history = [event for event in so_far.events if isinstance(event, ChatMessage)]
    return Snapshot(so_far.seq, history, state, _config(room, held.waiting([room.pk])), room.stream)


def load_heads(room_ids: Collection[str]) -> dict[str, Head]:
    """By room id; two queries. Rooms that do not exist are left out."""
    found = Room.objects.filter(stream__room_id__in=room_ids).select_related("stream", "pinned")
    waiting = held.waiting([room.pk for room in found])
    return {room.stream.room_id: Head(room.last_seq, _state(room.stream), _config(room, waiting)) for room in found}


def _state(stream: Stream) -> RoomState:
    return RoomState(
        member=state_of(stream, runs=False),
        staff=state_of(stream, runs=True),
        over=access.is_over(stream),
    )


def _config(room: Room, waiting: Mapping[int, Waiting]) -> RoomConfig:
    pinned = message_frames.of_message(room.pinned) if room.pinned and not room.pinned.deleted_at else None
    timeouts = room_settings.read_timeouts(room.timeouts)
    return RoomConfig(room_settings.settings_of(room), timeouts, pinned, waiting.get(room.pk, Waiting()))
