"""What a source says of itself, before its first picture: by the ingest's statistics page, or by ffprobe."""

from dataclasses import dataclass
from fractions import Fraction

H264 = "H264"


@dataclass(frozen=True, slots=True)
class Source:
    """Empty words and zeros where the source has not said yet."""

    video_codec: str = ""
    width: int = 0
    height: int = 0
    fps: Fraction | None = None
    audio_codec: str = ""
    audio_profile: str = ""
    audio_channels: int = 0
    audio_rate: int = 0

    @property
    def ready(self) -> bool:
        """Whether a ladder can be chosen."""
        return self.video_codec == H264 and self.width > 0 and self.height > 0

    @property
    def unsupported(self) -> bool:
        return bool(self.video_codec) and self.video_codec != H264

    @property
    def settled(self) -> bool:
        """Whether the sound's header has been seen too; it follows the picture's at once."""
        return self.audio_codec != "AAC" or bool(self.audio_profile)

    @property
    def copy_audio(self) -> bool:
        return self.audio_codec == "AAC" and self.audio_profile in {"", "LC"}

    @property
    def has_audio(self) -> bool:
        """Whether sound was seen, not only declared."""
        return bool(self.audio_codec) and self.settled


def whole(text: str, *, digits: int = 5) -> int:
    return int(text) if text.isdecimal() and len(text) <= digits else 0


def fraction(text: str) -> Fraction | None:
    """A positive rate; 0/0 means that the source does not say."""
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value.limit_denominator(1001) if value > 0 else None
