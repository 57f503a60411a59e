"""What leaves for readers: a text that is encoded once, however many get it."""

from collections.abc import Sequence
from functools import cached_property

from chat.frames.registry import Outbound, joined
from fitfriends.core.frames import encode, type_of

_TEXT_FRAME = 0x81  # final and text: RFC 6455 section 5.2


class Outgoing:
    """One frame of the room protocol, or an array of them.

    `kind`: of several that wait for a slow reader only the last one counts; empty for what counts each by itself.
    """

    def __init__(self, text: str, kind: str = "") -> None:
        self.text = text
        self.kind = kind

    @classmethod
    def of(cls, frame: Outbound) -> "Outgoing":
        """A frame that says how something stands now, and makes the ones of its type before it old."""
        return cls(encode(frame), type_of(frame))

    @classmethod
    def array(cls, texts: Sequence[str]) -> "Outgoing":
        return cls(joined(texts))

    @cached_property
    def framed(self) -> bytes:
        """As it goes over the wire: one unmasked, uncompressed WebSocket frame (RFC 6455 section 5.2).

        Uncompressed is allowed where compression was agreed upon: RSV1 says it for each message (RFC 7692 section 6).
        """
        payload = self.text.encode()
        length = len(payload)
        if length < 126:
            head = bytes((_TEXT_FRAME, length))
        elif length < 65536:
            head = bytes((_TEXT_FRAME, 126)) + length.to_bytes(2)
        else:
            head = bytes((_TEXT_FRAME, 127)) + length.to_bytes(8)
        return head + payload
