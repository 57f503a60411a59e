"""RTP as it may come, and what its payloads say about the picture."""

import random
import struct
import subprocess
from fractions import Fraction

import pytest

from media_worker.packager import sps
from media_worker.sfu.bridge.commands import PushJob, describe, fitted, push
from media_worker.sfu.janus.videoroom import FeedStream
from media_worker.sfu.rtp import packets
from media_worker.sfu.rtp.payloads import KeyframeDetector, VideoFormat
from media_worker.sfu.rtp.timeline import Timeline

NTP_OF_1970 = 2_208_988_800


def rtp(payload: bytes, *, first: int = 0x80, sequence: int = 7, timestamp: int = 9, kind: int = 96) -> bytes:
    return struct.pack("!BBHII", first, kind, sequence, timestamp, 0xABCD) + payload


def test_header_with_everything_is_read() -> None:
    sources, extension = bytes(8), struct.pack("!HH", 0xBEDE, 1) + bytes(4)
    datagram = rtp(sources + extension + b"media" + b"\0\0\3", first=0x80 | 0x20 | 0x10 | 2, kind=0x80 | 102)

    assert packets.parse(datagram) == packets.Rtp(True, 102, 7, 9, 0xABCD, b"media")


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x80" * 11,
        rtp(b"", first=0x40),
        rtp(b"", kind=200),
        rtp(b"", first=0x8F),
        rtp(b"\0\0\xff\xff", first=0x90),
        rtp(b"\0", first=0x90),
        rtp(b"x\xff", first=0xA0),
    ],
)
def test_what_is_no_rtp_is_no_packet(datagram: bytes) -> None:
    assert packets.parse(datagram) is None


def test_noise_is_survived() -> None:
    chance = random.Random(5)
    for _ in range(3000):
        datagram = rtp(chance.randbytes(chance.randrange(40)), first=chance.randrange(256))
        packet = packets.parse(datagram)
        for codec in ("h264", "vp8"):
            KeyframeDetector(codec).keyframe(packet.payload if packet else datagram)


def test_sender_report_names_the_moment() -> None:
    report = packets.sender_report(5, at=10.5, timestamp=1 << 33 | 7, packets=3, octets=4)

    version, kind, length, source, ntp, timestamp, sent, octets = struct.unpack_from("!BBHIQIII", report)
    assert (version, kind, length, source) == (0x80, 200, 6, 5)
    assert Fraction(ntp, 1 << 32) == NTP_OF_1970 + Fraction(21, 2)
    assert (timestamp, sent, octets) == (7, 3, 4)
    assert len(report) % 4 == 0
    assert report[28:30] == b"\x81\xca"


def test_sequence_numbers_wrap() -> None:
    assert [packets.ahead(2, 65_534), packets.ahead(65_534, 2), packets.ahead(9, 9)] == [4, -4, 0]


def units(size: str, *words: str) -> list[bytes]:
    """The units of a second of H.264 by the real encoder."""
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s={size}:r=10", "-t", "1", "-pix_fmt", "yuv420p"]
    argv += ["-c:v", "libx264", "-preset", "ultrafast", *words, "-f", "h264", "-"]
    stream = subprocess.run(argv, check=True, capture_output=True, timeout=20).stdout
    return [unit for unit in stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]


def fragments(unit: bytes, size: int = 200) -> list[bytes]:
    """RFC 6184, 5.8."""
    parts = [unit[place : place + size] for place in range(1, len(unit), size)]
    head = bytes([unit[0] & 0xE0 | 28])
    marks = [0x80 if index == 0 else 0x40 if index == len(parts) - 1 else 0 for index in range(len(parts))]
    return [head + bytes([mark | unit[0] & 0x1F]) + part for mark, part in zip(marks, parts, strict=True)]


@pytest.mark.media
@pytest.mark.parametrize(("width", "height"), [(320, 240), (1920, 1080), (362, 202)])
def test_h264_keyframe_and_its_size_are_found(width: int, height: int) -> None:
    found = units(f"{width}x{height}", "-profile:v", "high", "-bf", "0")
    parameters = [unit for unit in found if unit[0] & 0x1F in {7, 8}]
    key = next(unit for unit in found if unit[0] & 0x1F == 5)
    others = [unit for unit in found if unit[0] & 0x1F == 1]
    together = b"\x78" + b"".join(len(unit).to_bytes(2) + unit for unit in parameters)
    detector = KeyframeDetector("h264")

    assert not detector.keyframe(fragments(key)[0])  # nobody could read it
    assert detector.keyframe(together)
    assert [detector.keyframe(part) for part in fragments(key)[:3]] == [True, False, False]
    assert not any(detector.keyframe(unit) for unit in others)
    assert detector.video_format == VideoFormat("h264", width, height, *parameters)
    assert not detector.has_b_frames
    assert sps.size(parameters[0]) == (width, height)


@pytest.mark.media
def test_b_frames_are_noticed() -> None:
    detector = KeyframeDetector("h264")
    for unit in units("320x240", "-bf", "2", "-b_strategy", "0"):
        detector.keyframe(unit)

    assert detector.has_b_frames


@pytest.mark.parametrize("descriptor", ["10", "9080ab01", "90800b", "90e0010203", "90f081010203"])
def test_vp8_keyframe_and_its_size_are_found(descriptor: str) -> None:
    head = bytes.fromhex(descriptor)
    frame = bytes.fromhex("5000009d012a") + struct.pack("<HH", 640 | 1 << 14, 360)
    detector = KeyframeDetector("vp8")

    assert detector.keyframe(head + frame)
    assert detector.video_format == VideoFormat("vp8", 640, 360)
    assert not detector.keyframe(head + b"\x51" + frame[1:])
    assert not detector.keyframe(bytes([head[0] & ~0x10]) + head[1:] + frame)


def test_streams_that_begin_apart_and_jitter_get_one_clock() -> None:
    chance = random.Random(3)
    sound, video_format = Timeline(48_000), Timeline(90_000)
    for number in range(400):
        at = 100 + number * 0.02
        sound.arrived((2**32 - 5000 + number * 960) % 2**32, at + 0.03 + chance.expovariate(50))
    for number in range(160):
        at = 101.5 + number * 0.04
        video_format.arrived((77 + number * 3600) % 2**32, at + 0.03 + chance.expovariate(50))

    heard = sound.moment((2**32 - 5000 + 100 * 960) % 2**32, now=108)
    seen = video_format.moment(77 + 12 * 3600 + 1800, now=108)
    assert heard == pytest.approx(102.03, abs=0.005)
    assert seen == pytest.approx(102.03, abs=0.005)


def test_clock_drifts_slowly_and_begins_anew_with_its_sender() -> None:
    line = Timeline(90_000)
    for number in range(300):
        line.arrived(number * 90, 50 + number * 0.001)
    assert line.moment(0, now=50.3) == pytest.approx(50)
    for number in range(300, 15_000):
        line.arrived(number * 90, 50.1 + number * 0.001)  # the way became longer
    assert line.moment(90 * 14_999, now=65) == pytest.approx(65.1 - 0.001, abs=0.002)

    line.arrived(2_000_000_000, 65.2)

    assert line.moment(2_000_000_000, now=65.2) == pytest.approx(65.2)


SOUND, SEEN = FeedStream("0", "audio", "opus", 111), FeedStream("1", "video", "h264", 102)
PARAMETERS = VideoFormat("h264", 1280, 720, bytes.fromhex("6742e01f"), b"\x68\xce")


def job(*kinds: str, copy: bool = True, streams: tuple[FeedStream, ...] = (SOUND, SEEN)) -> PushJob:
    ports = {kind: 5000 + 2 * number for number, kind in enumerate(kinds)}
    return PushJob("ffmpeg", streams, ports, PARAMETERS, copy=copy, url="rtmp://h/live/k")


def test_description_carries_ports_and_parameter_sets() -> None:
    text = describe(job("audio", "video"))

    assert "m=audio 5000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n" in text
    assert "m=video 5002 RTP/AVP 102\r\na=rtpmap:102 H264/90000\r\n" in text
    assert "profile-level-id=42e01f;sprop-parameter-sets=Z0LgHw==,aM4=\r\n" in text


def test_picture_is_copied_encoded_or_replaced() -> None:
    copied, encoded, still = (
        " ".join(push(one)) for one in (job("audio", "video"), job("video", copy=False), job("audio"))
    )

    assert "-map 0:v:0 -c:v copy -map 0:a:0 -c:a aac" in copied
    assert "pad=1280:720" in encoded
    assert "-c:a" not in encoded
    assert "-map 1:v:0 -c:v libx264" in still
    assert copied.endswith("-f flv rtmp://h/live/k")


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (1920, 1080, (1280, 720)),
        (1080, 1920, (720, 1280)),
        (321, 241, (320, 240)),
        (0, 0, (640, 360)),
        (4000, 10, (1280, 4)),
    ],
)
def test_encoded_size_is_even_and_within_hd(width: int, height: int, size: tuple[int, int]) -> None:
    assert fitted(VideoFormat("vp8", width, height)) == size
