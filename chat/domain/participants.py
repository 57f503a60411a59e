"""Who takes part in a room, by the room token they came with."""

from dataclasses import dataclass

from accounts.models import User
from chat.domain import rooms
from chat.errors import NotInRoom
from chat.frames.room import PersonFrame
from chat.models import Room


@dataclass(frozen=True, slots=True)
class Participant:
    """Who the room token says is here."""

    room_id: str
    user_id: int
    username: str
    role: str
    runs: bool  # runs the class: sees previews, is not counted as a viewer

    @property
    def person(self) -> PersonFrame:
        return PersonFrame(user_id=self.user_id, username=self.username, role=self.role)


def user_of(participant: Participant) -> User:
    """Raises NotInRoom when the account is gone or closed."""
    user = User.objects.filter(pk=participant.user_id, is_active=True).first()
    if user is None:
        raise NotInRoom
    return user


def room_and_user(participant: Participant) -> tuple[Room, User]:
    """Raises NoSuchRoom or NotInRoom."""
    return rooms.find(participant.room_id), user_of(participant)
