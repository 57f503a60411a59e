"""What a command does, and what the hub looks up: the synchronous side of the sockets, run in the talk's threads."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from chat.domain import access, delay, held, message_frames, message_rate, messages, people, posting, rooms, rules
from chat.domain.held import Waiting
from chat.domain.messages import Missed
from chat.enums import Act
from chat.errors import Held, NoSuchMessage, NoSuchRoom, NotInRoom
from chat.frames.held import AcceptRules, MessageHeld, RulesAccepted
from chat.frames.moderation import (
    ChangeSettings,
    Moderate,
    PinMessage,
    RestoreMessage,
    RoomSettingsFrame,
    UnpinMessage,
)
from chat.frames.registry import ChatMessage, DeleteMessage, PersonFrame, Resync, SendMessage
from chat.models import Message, Room
from chat.moderation import actions
from chat.realtime.connection import Participant
from clubs.domain import house_rules
from streaming.domain.snapshot import StreamState, state_of
from streaming.enums import State
from streaming.models import Stream


@dataclass(frozen=True, slots=True)
class RoomState:
    """The stream as members and as the class's staff see it. `over`: the doors of the room are shut."""

    member: StreamState
    staff: StreamState
    over: bool

    @property
    def ended(self) -> bool:
        return self.staff.state == State.ENDED


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """How the talk goes now. `timeouts`: by user id, milliseconds since 1970."""

    settings: RoomSettingsFrame
    timeouts: Mapping[int, int]
    pinned: ChatMessage | None
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Snapshot:
    seq: int
    history: Sequence[ChatMessage]
    state: RoomState
    conduct: RoomConfig
    stream: Stream  # with its class, to check those who come in


@dataclass(frozen=True, slots=True)
class Head:
    seq: int
    state: RoomState
    conduct: RoomConfig


def load_snapshot(room_id: str) -> Snapshot:
    """Raises NoSuchRoom, also when the class ended long ago."""
    room = rooms.find(room_id)
    delay.release_due(room)
    so_far = messages.so_far(room)
    state = _state(room.stream)
    if state.over:
        raise NoSuchRoom
    history = [event for event in so_far.events if event["type"] == "chat_message"]
    return Snapshot(so_far.seq, history, state, _conduct(room, held.waiting([room.pk])), room.stream)


def load_missed(room_id: str, after: int) -> Missed:
    return messages.events_since(rooms.find(room_id), after)


def load_heads(room_ids: Collection[str]) -> dict[str, Head]:
    found = rooms.heads(room_ids)
    waits = held.waiting([head.room.pk for head in found.values()])
    return {name: Head(head.seq, _state(head.stream), _conduct(head.room, waits)) for name, head in found.items()}


def release_due(room_id: str) -> None:
    delay.release_due(rooms.find(room_id))


def load_people(room_id: str, user_ids: Collection[int]) -> dict[int, PersonFrame]:
    return people.named(rooms.find(room_id).stream, user_ids)


def check_entry(visitor: Participant, stream: Stream) -> None:
    """The token is minutes old: asks the database whether its holder still belongs here. Two small queries.

    Raises NoSuchRoom or NotInRoom.
    """
    access.require_entry(person_of(visitor), stream)


def load_entitled(room_id: str, user_ids: Collection[int]) -> set[int]:
    """The same for many who are here already: those who may stay. Raises NoSuchRoom."""
    return people.entitled(rooms.find(room_id).stream, user_ids)


def chat_message(visitor: Participant, command: SendMessage) -> ChatMessage | MessageHeld | None:
    """What its sender alone is told: that it waits, or the message when it had been sent before. None when the room
    is told. Raises DomainError.
    """
    message_rate.take(visitor.user_id)
    room, person = room_and_person(visitor)
    speaker = access.require_speaker(person, room.stream)
    text, client_id = command["message"], command.get("client_id")
    try:
        posted = posting.post(
            room,
            author=person,
            role=speaker.standing,
            text=text,
            client_id=client_id,
            joined_at=speaker.joined_at,
            media_time=command.get("media_time"),
        )
    except Held as waits:
        return message_frames.of_held(held.find(waits.held_id))
    return None if posted.is_new else message_frames.of_message(posted.message)


def delete_message(visitor: Participant, command: DeleteMessage) -> None:
    """Raises DomainError."""
    messages.delete(_message_here(visitor, command["id"]), actor=person_of(visitor))


def restore_message(visitor: Participant, command: RestoreMessage) -> None:
    """Raises DomainError, as all below."""
    messages.restore(_message_here(visitor, command["id"]), actor=person_of(visitor))


def pin_message(visitor: Participant, command: PinMessage) -> None:
    actions.pin(_message_here(visitor, command["id"]), actor=person_of(visitor))


def unpin_message(visitor: Participant, _: UnpinMessage) -> None:
    room, person = room_and_person(visitor)
    actions.unpin(room, actor=person)


def moderate(visitor: Participant, command: Moderate) -> None:
    room, person = room_and_person(visitor)
    access.require_moderator(person, room.stream)
    actions.act_on(
        room,
        Act(command["action"]),
        user=actions.find_person(room, command["user_id"]),
        actor=person,
        minutes=command.get("minutes"),
        reason=command.get("reason", ""),
    )


def change_settings(visitor: Participant, command: ChangeSettings) -> None:
    room, person = room_and_person(visitor)
    actions.change_settings(
        room,
        actor=person,
        slow_seconds=command.get("slow_seconds"),
        established_days=command.get("established_days"),
        links=command.get("links"),
        emoji_only=command.get("emoji_only"),
        frozen=command.get("frozen"),
        delay_seconds=command.get("delay_seconds"),
    )


def accept_rules(visitor: Participant, command: AcceptRules) -> RulesAccepted:
    room, person = room_and_person(visitor)
    if not access.may_read(person, room.stream):
        raise NotInRoom
    house_rules.accept(room.stream.group_session.club, actor=person, version=command["version"])
    return {"type": "rules_accepted", "version": command["version"]}


def resync(visitor: Participant, command: Resync) -> Missed:
    """Raises NotInRoom."""
    room, person = room_and_person(visitor)
    if not access.may_read(person, room.stream):
        raise NotInRoom
    delay.release_due(room)
    return messages.events_since(room, command["after"])


def _message_here(visitor: Participant, message_id: int) -> Message:
    message = messages.find(message_id)
    if message.room.stream.room_id != visitor.room_id:
        raise NoSuchMessage
    return message


def room_and_person(visitor: Participant) -> tuple[Room, User]:
    return rooms.find(visitor.room_id), person_of(visitor)


def person_of(visitor: Participant) -> User:
    person = User.objects.filter(pk=visitor.user_id, is_active=True).first()
    if person is None:
        raise NotInRoom
    return person


def _state(stream: Stream) -> RoomState:
    return RoomState(
        member=state_of(stream, runs=False),
        staff=state_of(stream, runs=True),
        over=access.is_over(stream),
    )


def _conduct(room: Room, waiting: Mapping[int, Waiting]) -> RoomConfig:
    pinned = message_frames.of_message(room.pinned) if room.pinned and not room.pinned.deleted_at else None
    waits = waiting.get(room.pk, Waiting())
    return RoomConfig(rules.settings_of(room), rules.read_timeouts(room.timeouts), pinned, waits)
