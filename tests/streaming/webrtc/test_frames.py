"""Frames of the signalling socket: what is read, and what is refused with which code."""

import json
from typing import Any

import pytest

from fitfriends.core.errors import DomainError
from streaming.webrtc import frame_reading, frames

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"
LINE = "candidate:1 1 udp 2122260223 192.168.1.7 54321 typ host"


def read(frame: object) -> object:
    """What the frame says, or the code it is refused with."""
    try:
        return frame_reading.parse(frame if isinstance(frame, str) or frame is None else json.dumps(frame))
    except DomainError as error:
        return error.code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (None, "frame:malformed"),
        ("", "frame:malformed"),
        ("nonsense", "frame:malformed"),
        ("[" * 30_000, "frame:malformed"),
        ("NaN", "frame:malformed"),
        ("[]", "frame:malformed"),
        ("1" * 9000, "frame:malformed"),
        ({}, "frame:unknown"),
        ({"type": "hello"}, "frame:unknown"),
        ({"type": ["publish"]}, "frame:unknown"),
        ({"type": "publish", "sdp": "v=0\r\n" + "a" * frames.FRAME_BYTES}, "frame:too-big"),
        ({"type": "publish", "sdp": "v=0\r\n" + "a" * frames.SDP_CHARACTERS}, "webrtc:sdp"),
        ({"type": "publish"}, "webrtc:sdp"),
        ({"type": "publish", "sdp": 7}, "webrtc:sdp"),
        ({"type": "publish", "sdp": "nonsense"}, "webrtc:sdp"),
        ({"type": "publish", "sdp": SDP + "a=\x00"}, "webrtc:sdp"),
        ({"type": "publish", "sdp": SDP + "a=\ud800"}, "webrtc:sdp"),
        ({"type": "answer", "sdp": SDP}, "frame:malformed"),
        ({"type": "answer", "sid": "a/b", "sdp": SDP}, "frame:malformed"),
        ({"type": "answer", "sid": "a" * 65, "sdp": SDP}, "frame:malformed"),
        ({"type": "candidate", "sid": "p1", "candidate": "host"}, "webrtc:candidate"),
        ({"type": "candidate", "sid": "p1", "candidate": {}}, "webrtc:candidate"),
        ({"type": "candidate", "sid": "p1", "candidate": {"candidate": LINE}}, "webrtc:candidate"),
        ({"type": "candidate", "sid": "p1", "candidate": {"candidate": "no", "sdpMid": "0"}}, "webrtc:candidate"),
        (
            {"type": "candidate", "sid": "p1", "candidate": {"candidate": LINE + "\r\n", "sdpMid": "0"}},
            "webrtc:candidate",
        ),
        (
            {"type": "candidate", "sid": "p1", "candidate": {"candidate": LINE + "x" * 2000, "sdpMid": "0"}},
            "webrtc:candidate",
        ),
        (
            {"type": "candidate", "sid": "p1", "candidate": {"candidate": LINE, "sdpMLineIndex": True}},
            "webrtc:candidate",
        ),
        (
            {"type": "candidate", "sid": "p1", "candidate": {"candidate": LINE, "sdpMLineIndex": -1}},
            "webrtc:candidate",
        ),
        ({"type": "state", "sid": "p1", "state": "closed"}, "frame:malformed"),
        ({"type": "state", "sid": "p1", "state": {}}, "frame:malformed"),
        ({"type": "leave"}, "frame:malformed"),
        ({"type": "ping", "at": "now"}, "frame:malformed"),
        ({"type": "ping", "at": -1}, "frame:malformed"),
    ],
)
def test_bad_frames_are_refused_with_a_code(frame: object, code: str) -> None:
    assert read(frame) == code


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        ({"type": "subscribe", "more": {"deep": []}}, {"type": "subscribe"}),
        ({"type": "ping"}, {"type": "ping", "at": 0}),
        ({"type": "ping", "at": 12.7}, {"type": "ping", "at": 12}),
        (
            {"type": "candidate", "sid": "p1", "candidate": None},
            {"type": "candidate", "sid": "p1", "candidate": None},
        ),
        (
            {"type": "candidate", "sid": "p1", "candidate": {"candidate": "", "sdpMid": "0"}},
            {"type": "candidate", "sid": "p1", "candidate": None},
        ),
        (
            {"type": "candidate", "sid": "p1", "candidate": {"candidate": f"a={LINE}", "sdpMid": "0"}},
            {
                "type": "candidate",
                "sid": "p1",
                "candidate": {"candidate": LINE, "sdpMid": "0", "sdpMLineIndex": None},
            },
        ),
        ({"type": "restart", "sid": "p1"}, {"type": "restart", "sid": "p1"}),
    ],
)
def test_frames_are_read(frame: dict[str, Any], found: dict[str, Any]) -> None:
    assert read(frame) == found


def test_sid_of_a_refused_frame_is_known_where_it_is_one() -> None:
    assert frame_reading.sid_of('{"type": "state", "sid": "p1", "state": 7}') == "p1"
    assert [frame_reading.sid_of(text) for text in (None, "", "[]", "{}", '{"sid": 7}', '{"sid": "/"}')] == [None] * 6
