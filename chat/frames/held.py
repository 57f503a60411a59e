"""The frames of holding, delaying and house rules."""

from collections.abc import Callable
from typing import Literal, TypedDict

from chat.frames.fields import Fields, number


# --- what a client sends -------------------------------------------------------------------------------------
class AcceptRules(TypedDict):
    type: Literal["accept_rules"]
    version: int


INBOUND: tuple[type, ...] = (AcceptRules,)


# --- what the server sends -----------------------------------------------------------------------------------
class MessageHeld(TypedDict):
    """To its sender alone; once let in it comes as a chat_message with the same client_id.

    `due_at`: when it goes into the talk by itself; None when somebody has to let it in.
    """

    type: Literal["message_held"]
    id: int
    message: str
    timestamp: int
    client_id: str | None
    due_at: int | None


class MessageRejected(TypedDict):
    """To its sender alone, on all their sockets: what was held is not let in."""

    type: Literal["message_rejected"]
    id: int
    client_id: str | None


class HeldWaiting(TypedDict):
    """To those who keep order, when it changed: the page fetches the list. `newest`: the id of the last one."""

    type: Literal["held_waiting"]
    count: int
    newest: int | None


class RulesAccepted(TypedDict):
    type: Literal["rules_accepted"]
    version: int


OUTBOUND: tuple[type, ...] = (MessageHeld, MessageRejected, HeldWaiting, RulesAccepted)


# --- reading -------------------------------------------------------------------------------------------------
def _accept_rules(fields: Fields) -> AcceptRules:
    return {"type": "accept_rules", "version": number(fields, "version", minimum=1, maximum=2**31 - 1)}


READERS: dict[str, Callable[[Fields], AcceptRules]] = {"accept_rules": _accept_rules}
