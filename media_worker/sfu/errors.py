"""What the gateway, Janus and their clients refuse, with codes that a page can act upon."""

UNAVAILABLE = "webrtc:unavailable"  # no gateway or no Janus; ask again
WAITING = "webrtc:waiting"  # nothing to watch yet
FULL = "webrtc:full"  # no seat left on this host
SDP = "webrtc:sdp"  # malformed, or too large
CODEC = "webrtc:codec"  # neither H.264 nor VP8, or no Opus
BUSY = "webrtc:busy"  # another person publishes into the room
CANDIDATE = "webrtc:candidate"
PEER = "webrtc:peer"  # unknown, or gone
FLOOD = "webrtc:flood"


class SfuError(Exception):
    """A refusal: `code` is stable, `message` is a sentence for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class JanusError(SfuError):
    """Janus said no; `number` is its own code (janus/apierror.h, or the plugin's table)."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(UNAVAILABLE, f"The media server refused: {reason} ({number}).")
        self.number = number


class JanusLost(SfuError):
    """Janus is not there, went away, or did not answer in time."""

    def __init__(self, reason: str) -> None:
        super().__init__(UNAVAILABLE, f"The media server does not answer: {reason}.")
