"""The states of a bridge between WebRTC and RTMP, as its owner hears them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

REFUSED = "bridge:refused"  # the ingest does not take the stream
NO_MEDIA = "bridge:no-media"  # nothing arrives that could be sent on
FFMPEG = "bridge:ffmpeg"  # the converter failed; it is started again
NO_VIDEO = "bridge:no-video"  # sound arrives, no picture: a still one stands in


@dataclass(frozen=True, slots=True)
class BridgeState:
    """`code` is empty while all is well; `words` are for a person."""

    state: Literal["starting", "running", "failed", "ended"]
    code: str = ""
    words: str = ""


# Called on the loop; neither blocks nor raises.
type StateListener = Callable[[BridgeState], None]
