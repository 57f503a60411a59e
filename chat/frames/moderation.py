"""The frames by which order is kept: what its keepers send, and what the room is told."""

from collections.abc import Callable
from typing import Literal, NotRequired, TypedDict

from chat.enums import MINUTES, ON_PEOPLE, Act
from chat.errors import ProtocolError
from chat.frames.fields import Fields, flag_if_any, number, number_if_any, words
from chat.limits import LONGEST_DAYS, LONGEST_DELAY, REASON_CHARACTERS, SLOWEST_SECONDS


# --- what those who keep order send --------------------------------------------------------------------------
class RestoreMessage(TypedDict):
    type: Literal["restore_message"]
    id: int


class PinMessage(TypedDict):
    type: Literal["pin_message"]
    id: int


class UnpinMessage(TypedDict):
    type: Literal["unpin_message"]


class Moderate(TypedDict):
    type: Literal["moderate"]
    action: str
    user_id: int
    minutes: NotRequired[int | None]
    reason: NotRequired[str]


class ChangeSettings(TypedDict):
    type: Literal["change_settings"]
    slow_seconds: NotRequired[int | None]
    established_days: NotRequired[int | None]
    links: NotRequired[bool | None]
    emoji_only: NotRequired[bool | None]
    frozen: NotRequired[bool | None]
    delay_seconds: NotRequired[int | None]


type ModerationCommand = RestoreMessage | PinMessage | UnpinMessage | Moderate | ChangeSettings
INBOUND: tuple[type, ...] = (RestoreMessage, PinMessage, UnpinMessage, Moderate, ChangeSettings)


# --- what the room is told -----------------------------------------------------------------------------------
class RoomSettingsFrame(TypedDict):
    """`slow_seconds`, `established_days` and `delay_seconds`: 0 is off."""

    slow_seconds: int
    established_days: int
    links: bool
    emoji_only: bool
    frozen: bool
    delay_seconds: int


class RoomSettingsChanged(TypedDict):
    type: Literal["room_settings"]
    settings: RoomSettingsFrame


class MessageRestored(TypedDict):
    type: Literal["message_restored"]
    id: int
    seq: int
    message: str


class TimedOut(TypedDict):
    """To the person alone, all their sockets. None: it is over, or was lifted."""

    type: Literal["timed_out"]
    until: int | None


# --- reading -------------------------------------------------------------------------------------------------
def _restore_message(fields: Fields) -> RestoreMessage:
    return {"type": "restore_message", "id": number(fields, "id", minimum=1)}


def _pin_message(fields: Fields) -> PinMessage:
    return {"type": "pin_message", "id": number(fields, "id", minimum=1)}


def _unpin_message(fields: Fields) -> UnpinMessage:  # noqa: ARG001 -- one signature for all readers
    return {"type": "unpin_message"}


def _moderate(fields: Fields) -> Moderate:
    action = fields.get("action")
    if action not in [str(act) for act in ON_PEOPLE]:
        raise ProtocolError("chat:frame:field", f"action is one of {', '.join(ON_PEOPLE)}.")
    minutes = number_if_any(fields, "minutes", minimum=min(MINUTES), maximum=max(MINUTES))
    if (action == Act.TIME_OUT) != (minutes in MINUTES):
        raise ProtocolError("chat:frame:field", "minutes is 1, 5, 10 or 60, and belongs to a time_out.")
    return {
        "type": "moderate",
        "action": str(action),
        "user_id": number(fields, "user_id", minimum=1),
        "minutes": minutes,
        "reason": words(fields, "reason", most=REASON_CHARACTERS),
    }


def _change_settings(fields: Fields) -> ChangeSettings:
    return {
        "type": "change_settings",
        "slow_seconds": number_if_any(fields, "slow_seconds", minimum=0, maximum=SLOWEST_SECONDS),
        "established_days": number_if_any(fields, "established_days", minimum=0, maximum=LONGEST_DAYS),
        "links": flag_if_any(fields, "links"),
        "emoji_only": flag_if_any(fields, "emoji_only"),
        "frozen": flag_if_any(fields, "frozen"),
        "delay_seconds": number_if_any(fields, "delay_seconds", minimum=0, maximum=LONGEST_DELAY),
    }


READERS: dict[str, Callable[[Fields], ModerationCommand]] = {
    "restore_message": _restore_message,
    "pin_message": _pin_message,
    "unpin_message": _unpin_message,
    "moderate": _moderate,
    "change_settings": _change_settings,
}
