"""The ingest's statistics page: who publishes, what it is, how much arrives; and pages that say nothing."""

from fractions import Fraction

import pytest

from media_worker import ingest_page
from media_worker.ingest_page import Publisher, Rates
from media_worker.source import Source

URL = "rtmp://127.0.0.1:1935/live/in-abc"


def _page(*streams: str, app: str = "live") -> bytes:
    inner = "".join(streams)
    return f"<rtmp><server><application><name>{app}</name><live>{inner}</live></application></server></rtmp>".encode()


def _stream(meta: str, *, name: str = "in-abc", publishing: bool = True) -> str:
    mark = "<publishing/>" if publishing else ""
    return f"<stream><name>{name}</name><client><id>1</id></client><meta>{meta}</meta>{mark}</stream>"


def _source(page: bytes) -> Source | None:
    found = ingest_page.publisher(page, URL)
    return found.source if found else None


_VIDEO = (
    "<video><width>1280</width><height>720</height><frame_rate>{rate}</frame_rate><codec>H264</codec>"
    "<profile>High</profile></video>"
)
_AUDIO = "<audio><codec>AAC</codec><profile>LC</profile><channels>2</channels></audio>"


def test_statistics_describe_the_source() -> None:
    page = _page(_stream("", name="other"), _stream(_VIDEO.format(rate=30) + _AUDIO))

    source = _source(page)

    assert source == Source("H264", 1280, 720, Fraction(30), "AAC", "LC", audio_channels=2)
    assert source is not None
    assert source.ready
    assert source.settled
    assert source.copy_audio


@pytest.mark.parametrize(("shown", "meant"), [("29", Fraction(30000, 1001)), ("25", Fraction(25)), ("0", None)])
def test_rates_that_the_page_cuts_are_restored(shown: str, meant: Fraction | None) -> None:
    source = _source(_page(_stream(_VIDEO.format(rate=shown))))

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
    assert ingest_page.publisher(page, URL) is None


def test_source_without_header_is_not_ready() -> None:
    source = _source(_page(_stream("<video></video><audio></audio>")))

    assert source == Source()
    assert not source.ready
    assert not source.unsupported


def test_other_codec_is_unsupported() -> None:
    source = _source(_page(_stream("<video><width>640</width><codec>VP6</codec></video>")))

    assert source is not None
    assert source.unsupported
    assert not source.ready


def test_the_publisher_is_told_from_its_pullers() -> None:
    page = b"""<rtmp><server><application><name>live</name><live>
      <stream><name>in-other</name><bw_in>1</bw_in><client><id>3</id><publishing/></client></stream>
      <stream><name>in-abc</name><time>99000</time><bw_in>2500000</bw_in><bw_video>2400000</bw_video>
        <client><id>9</id><time>70000</time><dropped>3</dropped><active/></client>
        <client><id>1</id><time>61000</time><dropped>4</dropped><publishing/><active/></client><publishing/></stream>
      <stream><name>in-idle</name><client><id>9</id><time>70000</time></client></stream>
    </live></application></server></rtmp>"""

    assert ingest_page.publisher(page, URL) == Publisher(
        Source(), Rates(2_500_000, 2_400_000, 0, dropped=7), client_id="1", connected_seconds=61, dropped=4
    )
    assert ingest_page.publisher(page, "rtmp://127.0.0.1/live/in-idle") is None
    assert ingest_page.publisher(page, "rtmp://127.0.0.1/live/in-nobody") is None
