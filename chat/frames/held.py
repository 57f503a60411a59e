"""The frames of holding, delaying and house rules."""

from typing import Annotated

from msgspec import Meta

from fitfriends.core.frames import Frame, about


# --- what a client sends -------------------------------------------------------------------------------------
class AcceptRules(Frame, frozen=True, tag="accept_rules"):
    """The club's house rules (`GET /api/clubs/<id>/house-rules`) have been read, in this version.

    Once per member, and again when the version has grown; until then their messages are refused with
    `chat:rules:unread`. Answered by `rules_accepted`. Accepting again changes nothing.
    """

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


INBOUND = (AcceptRules,)


# --- what the server sends -----------------------------------------------------------------------------------
class MessageHeld(Frame, frozen=True, tag="message_held"):
    """To its sender alone: this message waits, for a moderator or for the moderation delay.

    Let in, it comes to everybody as a `chat_message` with a number and your `client_id`; sending it again with that
    `client_id` tells how it stands.
    """

    id: Annotated[int, about("its own, not a message's")]
    message: str
    timestamp: int
    client_id: str | None
    due_at: Annotated[int | None, about("when it goes into the talk by itself; null when somebody has to let it in")]


class MessageRejected(Frame, frozen=True, tag="message_rejected"):
    """To its sender alone, on all their sockets: what was held is not let in."""

    id: int
    client_id: str | None


class HeldWaiting(Frame, frozen=True, tag="held_waiting"):
    """To moderators, when what waits changed, and after `welcome` when something waits.

    Fetch `GET /api/chat/rooms/<room_id>/held`.
    """

    count: int
    newest: Annotated[int | None, about("the id of the last one")]


class RulesAccepted(Frame, frozen=True, tag="rules_accepted"):
    """The answer to `accept_rules`."""

    version: int


OUTBOUND = (MessageHeld, MessageRejected, HeldWaiting, RulesAccepted)
