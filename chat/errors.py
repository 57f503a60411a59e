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
    message = "Only its author and the moderators of this class may do this."


class NoSuchMessage(errors.NotFound):
    code = "chat:message:unknown"
    message = "This message is not here."


class NoSuchRoom(errors.NotFound):
    code = "chat:room:unknown"
    message = "There is no such room, or it is not for you."


class SlowDown(errors.TooMany):
    code = "chat:rate:slow-down"
    message = "That was a lot at once. Please wait a moment and send it again."


class Wait(errors.TooMany):
    """Not now; `until` says when, in milliseconds since 1970."""

    code = "chat:slow-mode"
    message = "The talk is in slow mode. Please wait a moment before your next message."

    def __init__(self, until: int, *, now: int) -> None:
        super().__init__(retry_after=max(1, -(-(until - now) // 1000)))
        self.until = until


class TimedOut(Wait):
    code = "chat:timed-out"
    message = "You have a time-out: you can read, and write again when it is over."


class Frozen(errors.NotAllowed):
    code = "chat:frozen"
    message = "The talk is paused. Only those who run the class write now."


class Newcomer(errors.NotAllowed):
    code = "chat:newcomer"
    message = "Only people who have been in the club for a while write here today."


class NoLinks(errors.NotAllowed):
    code = "chat:no-links"
    message = "Links are off in this talk."


class EmojiOnly(errors.NotAllowed):
    code = "chat:emoji-only"
    message = "Only emoji in this talk, for now."


class NotModerator(errors.NotAllowed):
    code = "chat:not-moderator"
    message = "Only the moderators of this class may do this."


class Outranked(errors.NotAllowed):
    code = "chat:outranked"
    message = "You cannot do this to somebody of your own rank or above."


class NoSuchPerson(errors.NotFound):
    code = "chat:person:unknown"
    message = "This person does not belong to the club."


class NothingToPin(errors.Conflict):
    code = "chat:message:gone"
    message = "This message is deleted."


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


class RulesUnread(errors.NotAllowed):
    """The page shows the club's house rules; nothing is lost, the same may be sent once they are accepted."""

    code = "chat:rules:unread"
    message = "Please read the house rules of the club first. It takes a moment."


class NoSuchReport(errors.NotFound):
    code = "chat:report:unknown"
    message = "There is no such report, or it is not yours to look at."


class OwnReport(errors.Invalid):
    code = "chat:report:own"
    message = "This is your own. You can delete what you wrote."


class TooManyReports(errors.TooMany):
    code = "chat:report:too-many"
    message = "You reported a lot within an hour. We look at all of it; please wait a little with the next."


class Taken(errors.Conflict):
    code = "chat:report:taken"
    message = "Somebody else is looking at this report."


class NotTaken(errors.Conflict):
    code = "chat:report:not-taken"
    message = "Take the report first, so that others see that you are on it."


class ReportClosed(errors.Conflict):
    code = "chat:report:closed"
    message = "This report is closed already."


class BadRules(errors.Invalid):
    """`fields` says which."""


class NoSuchPoll(errors.NotFound):
    code = "chat:poll:unknown"
    message = "There is no such poll here."


class PollOpen(errors.Conflict):
    code = "chat:poll:open"
    message = "A poll is open already. Close it before you start another."


class PollClosed(errors.Conflict):
    code = "chat:poll:closed"
    message = "This poll is closed."


class NoSuchOption(errors.Invalid):
    code = "chat:poll:options"
    message = "This poll has no such option."


class NoSuchQuestion(errors.NotFound):
    code = "chat:question:unknown"
    message = "There is no such question here."


class QuestionSettled(errors.Conflict):
    code = "chat:question:settled"
    message = "This question is answered or put aside."


class TooManyQuestions(errors.Conflict):
    code = "chat:question:too-many"
    message = "Some of your questions still wait. You can ask again when they are answered."


class CheeringOneself(errors.Invalid):
    code = "chat:cheer:yourself"
    message = "Cheer somebody else; they will cheer you."
