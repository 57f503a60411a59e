"""What a bridge between WebRTC and RTMP tells its owner."""

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


# Called on the loop; must neither block nor raise.
type Told = Callable[[BridgeState], None]
