"""The frames of moderation: what moderators send, and what the room is told."""

from typing import Annotated

from msgspec import Meta

from chat.enums import MINUTES, ON_PEOPLE, Act
from chat.frames.fields import Id, Reason
from chat.limits import LONGEST_DAYS, LONGEST_DELAY, SLOWEST_SECONDS
from fitfriends.core.frames import Frame, Part, about, one_of


# --- what moderators send ------------------------------------------------------------------------------------
class RestoreMessage(Frame, frozen=True, tag="restore_message"):
    """Gives a message its words back, unless its author or somebody above you took them."""

    id: Id


class PinMessage(Frame, frozen=True, tag="pin_message"):
    """On top of the talk for everybody; the one before comes down."""

    id: Id


class UnpinMessage(Frame, frozen=True, tag="unpin_message"):
    """Takes the pinned message down."""


class Moderate(Frame, frozen=True, tag="moderate"):
    """One act on one person.

    `time_out` takes `minutes`; `ban_class`; `ban_club` (owners only); `appoint` makes a moderator of this class (who
    runs the class only). The others undo them.
    """

    action: Annotated[str, one_of(*(act.value for act in ON_PEOPLE))]
    user_id: Id
    minutes: Annotated[
        Annotated[int, Meta(ge=min(MINUTES), le=max(MINUTES))] | None,
        about(f"{', '.join(map(str, MINUTES))}, of a `time_out` alone"),
    ] = None
    reason: Annotated[Reason | None, about("goes into the audit log")] = None

    def __post_init__(self) -> None:
        if (self.action == Act.TIME_OUT) != (self.minutes in MINUTES):
            raise ValueError("minutes is 1, 5, 10 or 60, and belongs to a time_out.")


class ChangeSettings(Frame, frozen=True, tag="change_settings"):
    """The settings of this talk; what is missing or null stays as it is."""

    slow_seconds: Annotated[int, Meta(ge=0, le=SLOWEST_SECONDS)] | None = None
    established_days: Annotated[int, Meta(ge=0, le=LONGEST_DAYS)] | None = None
    links: bool | None = None
    emoji_only: bool | None = None
    frozen: bool | None = None
    delay_seconds: Annotated[
        Annotated[int, Meta(ge=0, le=LONGEST_DELAY)] | None,
        about("a member's message waits as long before it goes into the talk, see [Waiting](#waiting)"),
    ] = None


type ModerationCommand = RestoreMessage | PinMessage | UnpinMessage | Moderate | ChangeSettings
INBOUND = (RestoreMessage, PinMessage, UnpinMessage, Moderate, ChangeSettings)


# --- what the room is told -----------------------------------------------------------------------------------
class RoomSettingsFrame(Part, frozen=True):
    """The settings of a talk. `slow_seconds`, `established_days` and `delay_seconds`: 0 is off."""

    slow_seconds: int
    established_days: int
    links: bool
    emoji_only: bool
    frozen: bool
    delay_seconds: int


class RoomSettingsChanged(Frame, frozen=True, tag="room_settings"):
    """What holds from now on."""

    settings: RoomSettingsFrame


class MessageRestored(Frame, frozen=True, tag="message_restored"):
    """A deleted message has its words again."""

    id: int
    seq: int
    message: str


class TimedOut(Frame, frozen=True, tag="timed_out"):
    """To you alone, on all your sockets: until then you read."""

    until: Annotated[int | None, about("in milliseconds since 1970; null: it is over, or was lifted")]
