"""docs/webrtc.md says what the code does."""

import json

import pytest

from fitfriends.core.errors import Unavailable
from fitfriends.core.frames import Frame, plain, type_of
from streaming.errors import DeviceSlotTaken, Full
from streaming.webrtc import consumer, errors, frame_reading, frames, hub
from streaming.webrtc.frame_rate import FrameRate
from tests.protocol_page import ProtocolPage, field_names

_PAGE = ProtocolPage("webrtc.md")
section, examples, table = _PAGE.section, _PAGE.examples, _PAGE.table


@pytest.mark.parametrize("frame", frames.OUTBOUND, ids=type_of)
def test_each_frame_that_leaves_is_shown_with_all_its_fields(frame: type[Frame]) -> None:
    example = examples("You get")[type_of(frame)]

    assert set(example) == field_names(frame)
    assert example["type"] == type_of(frame)


@pytest.mark.parametrize("frame", frames.INBOUND, ids=type_of)
def test_each_frame_that_comes_is_shown_and_parsed(frame: type[Frame]) -> None:
    example = examples("You send")[type_of(frame)]

    assert set(example) == field_names(frame)
    assert plain(frame_reading.parse(json.dumps(example))) == example


def test_no_frame_is_shown_that_does_not_exist() -> None:
    assert list(examples("You get")) == [type_of(frame) for frame in frames.OUTBOUND]
    assert list(examples("You send")) == [type_of(frame) for frame in frames.INBOUND]


def test_inner_shapes_are_shown_with_all_their_fields() -> None:
    hello = examples("You get")["hello"]

    assert set(hello["ice_servers"][0]) == field_names(frames.IceServer)
    assert set(hello["limits"]) == field_names(frames.PublishLimits)


def test_codes() -> None:
    assert [int(row[0]) for row in table("Close codes")] == sorted(frames.Close)
    assert {row[0].strip("`") for row in table("Error codes")} == errors.CODES | {
        Full.code,
        DeviceSlotTaken.code,
        Unavailable.code,
    }


def test_limits() -> None:
    assert [float(row[1]) for row in table("Limits")] == [
        frames.FRAME_BYTES,
        frames.SDP_CHARACTERS,
        frames.CANDIDATE_CHARACTERS,
        FrameRate.FRAMES,
        FrameRate.FRAMES_A_SECOND,
        FrameRate.OPENINGS,
        FrameRate.OPENINGS_A_MINUTE,
        FrameRate.FAULTS_A_MINUTE,
        consumer.WAITING_MOST,
        consumer.SILENCE_SECONDS,
        consumer.IDLE_SECONDS,
        hub.SESSIONS_A_PERSON,
    ]
