"""What ffprobe says of the source, and what follows from it."""

from fractions import Fraction

import pytest

from media_worker.ffmpeg import ffprobe
from media_worker.source import Source


@pytest.mark.parametrize(
    ("codec", "profile", "copied"),
    [("AAC", "LC", True), ("AAC", "HE-AAC", False), ("MP3", "", False), ("", "", False)],
)
def test_only_aac_lc_is_copied(codec: str, profile: str, *, copied: bool) -> None:
    assert Source(audio_codec=codec, audio_profile=profile).copy_audio is copied


@pytest.mark.parametrize("output", [b"", b"{}", b'{"streams": 3}', b'{"streams": [{}]}', b"[1]"])
def test_ffprobe_that_says_nothing(output: bytes) -> None:
    assert ffprobe.parse(output) is None


def test_ffprobe_describes_the_source() -> None:
    output = (
        b'{"streams": [{"codec_type": "audio", "codec_name": "aac", "profile": "LC"},'
        b'{"codec_type": "video", "codec_name": "h264", "width": 640, "height": 360, "avg_frame_rate": "25/1"}]}'
    )

    assert ffprobe.parse(output) == Source("H264", 640, 360, Fraction(25), "AAC", "LC")
