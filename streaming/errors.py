"""What can go wrong with a stream: the viewer's, the broadcaster's and the caller's refusals, with stable codes."""

from fitfriends.core import errors


class NoSuchStream(errors.NotFound):
    code = "stream:not-found"
    message = "There is no such class, or it is not for you."


class Ended(errors.Conflict):
    code = "stream:state:ended"
    message = "This class has ended and does not come back. Schedule a new one to go on."


class NotStarted(errors.Conflict):
    code = "stream:state:not-started"
    message = "This class has not started yet. Its doors open when the instructor starts it."


class AlreadyStarted(errors.Conflict):
    code = "stream:state:started"
    message = "This class was live already: end it instead of cancelling it."


class Busy(errors.Conflict):
    code = "stream:state:busy"
    message = "Something else changed this class at the same moment. Please try again."


class Exists(errors.Conflict):
    code = "stream:exists"
    message = "This class has an open stream already. Use that one, or end it first."


class ClassCancelled(errors.Conflict):
    code = "stream:class:cancelled"
    message = "This class is cancelled. Schedule a new one to go live."


class ClassOver(errors.Conflict):
    code = "stream:class:over"
    message = "The time of this class has passed. Schedule a new one to go live."


class Full(errors.Conflict):
    code = "stream:full"
    message = "All places in this class are taken. Try again when somebody leaves."


class NotJoined(errors.Conflict):
    code = "stream:not-joined"
    message = "You are not in this class. Join it first."


class DeviceSlotTaken(errors.Conflict):
    code = "stream:places"
    message = "You are watching on another device now, and this one had to make room. Join again to watch here."


class KeyUnknown(errors.NotAllowed):
    code = "stream:key:unknown"
    message = "Nobody knows this stream key. Copy it again from the studio."


class KeyInUse(errors.Conflict):
    code = "stream:key:in-use"
    message = "Another encoder is broadcasting with this key. Stop it, or let this one take over in the studio."


class NobodyBroadcasts(errors.Conflict):
    code = "stream:takeover:nobody"
    message = "Nobody is broadcasting now. Start on the other device: there is nothing to take over."


class KeyGuessing(errors.TooMany):
    code = "stream:key:guessing"
    message = "Too many unknown keys came from this address. Please wait a minute."


class NothingToEnd(errors.Conflict):
    code = "stream:state:not-started"
    message = "This class has not started: cancel it instead of ending it."
