"""What a stream is, its key, its log, and who watched."""

from streaming.models.event import StreamEvent
from streaming.models.key import StreamKey
from streaming.models.stream import Stream
from streaming.models.viewing import Viewing

__all__ = ["Stream", "StreamEvent", "StreamKey", "Viewing"]
