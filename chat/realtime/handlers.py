"""What a command does, and what the hub looks up: the synchronous side of the sockets, run in the talk's threads."""

from collections.abc import Collection

from chat.domain import access, delay, held, message_frames, message_rate, messages, people, posting, rooms
from chat.domain.messages import Missed
from chat.domain.participants import Participant, room_and_user, user_of
from chat.enums import Act
from chat.errors import Held, NoSuchMessage, NotInRoom
from chat.frames.held import AcceptRules, MessageHeld, RulesAccepted
from chat.frames.moderation import (
    ChangeSettings,
    Moderate,
    PinMessage,
    RestoreMessage,
    UnpinMessage,
)
from chat.frames.room import ChatMessage, DeleteMessage, PersonFrame, Resync, SendMessage
from chat.models import Message
from chat.moderation import actions
from clubs.domain import house_rules
from streaming.models import Stream


def load_missed(room_id: str, after: int) -> Missed:
    return messages.events_since(rooms.find(room_id), after)


def release_due(room_id: str) -> None:
    delay.release_due(rooms.find(room_id))


def load_people(room_id: str, user_ids: Collection[int]) -> dict[int, PersonFrame]:
    return people.named(rooms.find(room_id).stream, user_ids)


def check_entry(participant: Participant, stream: Stream) -> None:
    """The token is minutes old: asks the database whether its holder still belongs here. Two small queries.

    Raises NoSuchRoom or NotInRoom.
    """
    access.require_entry(user_of(participant), stream)


def load_entitled(room_id: str, user_ids: Collection[int]) -> set[int]:
    """The same for many who are here already: those who may stay. Raises NoSuchRoom."""
    return people.entitled(rooms.find(room_id).stream, user_ids)


def chat_message(participant: Participant, command: SendMessage) -> ChatMessage | MessageHeld | None:
    """What its sender alone is told: that it waits, or the message when it had been sent before. None when the room
    is told. Raises DomainError.
    """
    message_rate.take(participant.user_id)
    room, person = room_and_user(participant)
    speaker = access.require_speaker(person, room.stream)
    try:
        posted = posting.post(
            room,
            author=person,
            role=speaker.role,
            text=command.message,
            client_id=command.client_id,
            joined_at=speaker.joined_at,
            media_time=command.media_time,
        )
    except Held as waits:
        return message_frames.of_held(held.find(waits.held_id))
    return None if posted.is_new else message_frames.of_message(posted.message)


def delete_message(participant: Participant, command: DeleteMessage) -> None:
    """Raises DomainError."""
    messages.delete(_message_here(participant, command.id), actor=user_of(participant))


def restore_message(participant: Participant, command: RestoreMessage) -> None:
    """Raises DomainError, as all below."""
    messages.restore(_message_here(participant, command.id), actor=user_of(participant))


def pin_message(participant: Participant, command: PinMessage) -> None:
    actions.pin(_message_here(participant, command.id), actor=user_of(participant))


def unpin_message(participant: Participant, _: UnpinMessage) -> None:
    room, person = room_and_user(participant)
    actions.unpin(room, actor=person)


def moderate(participant: Participant, command: Moderate) -> None:
    room, person = room_and_user(participant)
    access.require_moderator(person, room.stream)
    actions.act_on(
        room,
        Act(command.action),
        user=actions.find_person(room, command.user_id),
        actor=person,
        minutes=command.minutes,
        reason=command.reason or "",
    )


def change_settings(participant: Participant, command: ChangeSettings) -> None:
    room, person = room_and_user(participant)
    actions.change_settings(
        room,
        actor=person,
        slow_seconds=command.slow_seconds,
        established_days=command.established_days,
        links=command.links,
        emoji_only=command.emoji_only,
        frozen=command.frozen,
        delay_seconds=command.delay_seconds,
    )


def accept_rules(participant: Participant, command: AcceptRules) -> RulesAccepted:
    room, person = room_and_user(participant)
    if not access.may_read(person, room.stream):
        raise NotInRoom
    house_rules.accept(room.stream.group_session.club, actor=person, version=command.version)
    return RulesAccepted(version=command.version)


def resync(participant: Participant, command: Resync) -> Missed:
    """Raises NotInRoom."""
    room, person = room_and_user(participant)
    if not access.may_read(person, room.stream):
        raise NotInRoom
    delay.release_due(room)
    return messages.events_since(room, command.after)


def _message_here(participant: Participant, message_id: int) -> Message:
    message = messages.find(message_id)
    if message.room.stream.room_id != participant.room_id:
        raise NoSuchMessage
    return message
