"""What signalling refuses, in families that the socket, WHIP and WHEP map to their own language.

The gateway's refusals (media_worker/sfu/errors.py) keep their codes and get words for the person who reads them.
"""

from fitfriends.core import errors


class Malformed(errors.Invalid):
    """A frame that cannot be read; counts as a fault against its socket."""

    code = "frame:malformed"
    message = "This frame cannot be read."


class Unknown(Malformed):
    code = "frame:unknown"
    message = "This server does not know this type of frame."


class TooBig(Malformed):
    code = "frame:too-big"
    message = "This frame is too big."


class WrongRole(errors.NotAllowed):
    code = "webrtc:role"
    message = "Only the instructor of this class may broadcast in it, with a publisher's token."


class NotInteractive(errors.Conflict):
    code = "webrtc:broadcast"
    message = "This class is a broadcast: watch it by HLS."


class WrongState(errors.Conflict):
    code = "webrtc:state"
    message = "This class is not open now."


class InUse(errors.Conflict):
    code = "webrtc:in-use"
    message = "An encoder is broadcasting this class. Stop it, or let this device take over in the studio."


class Unavailable(errors.Unavailable):
    code = "webrtc:unavailable"
    message = "The media server does not answer. We try again in a moment."


class Waiting(errors.Conflict):
    code = "webrtc:waiting"
    message = "There is nothing to watch yet."


class Full(errors.Unavailable):
    code = "webrtc:full"
    message = "All places for the shortest delay are taken. You can watch by HLS."


class BadSdp(errors.Invalid):
    code = "webrtc:sdp"
    message = "This session description cannot be used."


class NoCodec(errors.Invalid):
    code = "webrtc:codec"
    message = "This device offers neither H.264 nor VP8, or no Opus. Try another browser."


class Busy(errors.Conflict):
    code = "webrtc:busy"
    message = "Somebody else is broadcasting in this class."


class BadCandidate(errors.Invalid):
    code = "webrtc:candidate"
    message = "This ICE candidate cannot be used."


class NoPeer(errors.NotFound):
    code = "webrtc:peer"
    message = "This connection is over. Start a new one."


class Flood(errors.TooMany):
    code = "webrtc:flood"
    message = "That was a lot at once. Wait a moment and try again."


class Replaced(errors.Conflict):
    """Not to be answered by a new attempt: two pages would replace each other for ever."""

    code = "webrtc:replaced"
    message = "You went on from another page or device. This one has stopped."


GATEWAY: dict[str, type[errors.DomainError]] = {
    family.code: family for family in (Unavailable, Waiting, Full, BadSdp, NoCodec, Busy, BadCandidate, NoPeer, Flood)
}
# Seconds after which the same may be asked again, where that may help.
RETRY_AFTER = {Unavailable.code: 2, Waiting.code: 2, Full.code: 30, Flood.code: 2}
CODES = frozenset(
    (
        *(Malformed.code, Unknown.code, TooBig.code, WrongRole.code, NotInteractive.code, WrongState.code),
        *(InUse.code, Replaced.code, *GATEWAY),
    )
)


def of_gateway(code: str, message: str) -> errors.DomainError:
    """A code that is not known here is a fault of ours: unavailable, and its words stay in the log."""
    family = GATEWAY.get(code)
    if family is None:
        return Unavailable()
    return family(message) if family in (BadSdp, NoCodec, BadCandidate) and message else family()
