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
