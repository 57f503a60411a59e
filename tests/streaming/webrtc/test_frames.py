"""Frames of the signalling socket: what is read, and what is refused with which code."""

import json
from typing import Any

import pytest

from fitfriends.core.errors import DomainError
from fitfriends.core.frames import encode, plain
from streaming.webrtc import frame_reading, frames

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"
LINE = "candidate:1 1 udp 2122260223 192.168.1.7 54321 typ host"


def read(frame: object) -> object:
    """What the frame says, or the code it is refused with."""
    try:
        return plain(frame_reading.parse(frame if isinstance(frame, str) or frame is None else json.dumps(frame)))
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
        ({"type": "ping", "at": 12.7}, {"type": "ping", "at": 12.7}),
        (
            {"type": "candidate", "sid": "p1", "candidate": None},
            {"type": "candidate", "sid": "p1", "candidate": None},
        ),
        ({"type": "candidate", "sid": "p1"}, {"type": "candidate", "sid": "p1", "candidate": None}),
        ({"type": "restart", "sid": "p1"}, {"type": "restart", "sid": "p1", "sdp": None}),
        ({"type": "restart", "sid": "p1", "sdp": None}, {"type": "restart", "sid": "p1", "sdp": None}),
        ('{"type": "leave", "type": "subscribe"}', {"type": "subscribe"}),
    ],
)
def test_frames_are_read(frame: dict[str, Any] | str, found: dict[str, Any]) -> None:
    assert read(frame) == found


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"candidate": LINE, "sdpMid": "0"}, LINE),
        ({"candidate": f"a={LINE}", "sdpMLineIndex": 0}, LINE),
        ({"candidate": "", "sdpMid": ""}, ""),  # there are no more
        ({"candidate": ""}, ""),
    ],
)
def test_candidates_are_read(given: dict[str, Any], line: str) -> None:
    command = frame_reading.parse(json.dumps({"type": "candidate", "sid": "p1", "candidate": given}))

    assert isinstance(command, frames.CandidateSent)
    assert command.candidate is not None
    assert command.candidate.line == line


def test_a_refusal_names_the_field() -> None:
    with pytest.raises(DomainError, match=r"^frame:malformed: state is one of connected, disconnected, failed\.$"):
        frame_reading.parse('{"type": "state", "sid": "p1", "state": 7}')


def test_a_refusal_says_what_there_is_to_say() -> None:
    assert encode(frames.Refused(code="c", message="m")) == '{"type":"error","code":"c","message":"m"}'
    assert encode(frames.Refused(code="c", message="m", of_type="leave", sid="p1", retry_after=2)) == (
        '{"type":"error","code":"c","message":"m","for":"leave","sid":"p1","retry_after":2}'
    )


def test_sid_of_a_refused_frame_is_known_where_it_is_one() -> None:
    assert frame_reading.sid_of('{"type": "state", "sid": "p1", "state": 7}') == "p1"
    assert [frame_reading.sid_of(text) for text in (None, "", "[]", "{}", '{"sid": 7}', '{"sid": "/"}')] == [None] * 6
