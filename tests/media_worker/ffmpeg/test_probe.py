"""The source is known from the ingest's statistics, or from ffprobe, or not at all."""

from fractions import Fraction

import pytest

from media_worker.ffmpeg import probe
from media_worker.source import Source

URL = "rtmp://127.0.0.1:1935/live/in-abc"


def _page(*streams: str, app: str = "live") -> bytes:
    inner = "".join(streams)
    return f"<rtmp><server><application><name>{app}</name><live>{inner}</live></application></server></rtmp>".encode()


def _stream(meta: str, *, name: str = "in-abc", publishing: bool = True) -> str:
    mark = "<publishing/>" if publishing else ""
    return f"<stream><name>{name}</name><client><id>1</id></client><meta>{meta}</meta>{mark}</stream>"


_VIDEO = (
    "<video><width>1280</width><height>720</height><frame_rate>{rate}</frame_rate><codec>H264</codec>"
    "<profile>High</profile></video>"
)
_AUDIO = "<audio><codec>AAC</codec><profile>LC</profile><channels>2</channels></audio>"


def test_statistics_describe_the_source() -> None:
    page = _page(_stream("", name="other"), _stream(_VIDEO.format(rate=30) + _AUDIO))

    source = probe.parse_stat(page, URL)

    assert source == Source("H264", 1280, 720, Fraction(30), "AAC", "LC", audio_channels=2)
    assert source.ready
    assert source.settled
    assert source.copy_audio


@pytest.mark.parametrize(("shown", "meant"), [("29", Fraction(30000, 1001)), ("25", Fraction(25)), ("0", None)])
def test_rates_that_the_page_cuts_are_restored(shown: str, meant: Fraction | None) -> None:
    source = probe.parse_stat(_page(_stream(_VIDEO.format(rate=shown))), URL)

    assert source is not None
    assert source.fps == meant


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<rtmp>",
        b"not xml \xff",
        _page(),
        _page(_stream(_VIDEO, name="in-abcd")),
        _page(_stream(_VIDEO, publishing=False)),
        _page(_stream(_VIDEO), app="other"),
    ],
)
def test_nobody_publishes(page: bytes) -> None:
    assert probe.parse_stat(page, URL) is None


def test_source_without_header_is_not_ready() -> None:
    source = probe.parse_stat(_page(_stream("<video></video><audio></audio>")), URL)

    assert source == Source()
    assert not source.ready
    assert not source.unsupported


def test_other_codec_is_unsupported() -> None:
    source = probe.parse_stat(_page(_stream("<video><width>640</width><codec>VP6</codec></video>")), URL)

    assert source is not None
    assert source.unsupported
    assert not source.ready


@pytest.mark.parametrize(
    ("codec", "profile", "copied"),
    [("AAC", "LC", True), ("AAC", "HE-AAC", False), ("MP3", "", False), ("", "", False)],
)
def test_only_aac_lc_is_copied(codec: str, profile: str, *, copied: bool) -> None:
    assert Source(audio_codec=codec, audio_profile=profile).copy_audio is copied


@pytest.mark.parametrize("output", [b"", b"{}", b'{"streams": 3}', b'{"streams": [{}]}', b"[1]"])
def test_ffprobe_that_says_nothing(output: bytes) -> None:
    assert probe.parse_ffprobe(output) is None


def test_ffprobe_describes_the_source() -> None:
    output = (
        b'{"streams": [{"codec_type": "audio", "codec_name": "aac", "profile": "LC"},'
        b'{"codec_type": "video", "codec_name": "h264", "width": 640, "height": 360, "avg_frame_rate": "25/1"}]}'
    )

    assert probe.parse_ffprobe(output) == Source("H264", 640, 360, Fraction(25), "AAC", "LC")
