"""What the talk refuses, with stable codes."""

from fitfriends.core import errors


class ProtocolError(errors.Invalid):
    """A frame that cannot be used. `fault`: no well-made client sends it; too many of these close the socket."""

    def __init__(self, code: str, message: str, client_id: str | None = None, *, fault: bool = True) -> None:
        super().__init__(message, code=code)
        self.client_id = client_id
        self.fault = fault


class TalkClosed(errors.Conflict):
    code = "chat:talk:closed"
    message = "The class is over. You can still read what was said."


class NotInRoom(errors.NotAllowed):
    code = "chat:room:left"
    message = "You are no longer in this class."


class NotYours(errors.NotAllowed):
    code = "chat:message:not-yours"
    message = "Only its author, the instructor and the club's owner delete a message."


class NoSuchMessage(errors.NotFound):
    code = "chat:message:unknown"
    message = "This message is not here."


class NoSuchRoom(errors.NotFound):
    code = "chat:room:unknown"
    message = "There is no such room, or it is not for you."


class SlowDown(errors.TooMany):
    code = "chat:rate:slow-down"
    message = "That was a lot at once. Please wait a moment and send it again."


class Refused(errors.Invalid):
    """The club's rules keep it out; the code names the rule, the words are for its sender."""


class Held(errors.Conflict):
    """It is kept and waits; sending it again changes nothing."""

    code = "chat:message:held"
    message = "Your message waits for the instructor to let it in."

    def __init__(self, held_id: int) -> None:
        super().__init__()
        self.held_id = held_id


class Rejected(errors.Conflict):
    code = "chat:message:rejected"
    message = "The instructor did not let this message in."


class NoSuchHeld(errors.NotFound):
    code = "chat:held:unknown"
    message = "There is no such message waiting."


class Decided(errors.Conflict):
    code = "chat:held:decided"
    message = "Somebody has decided about this message already."


class BadRules(errors.Invalid):
    """`fields` says which."""
