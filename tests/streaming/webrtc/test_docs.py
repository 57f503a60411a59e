"""docs/webrtc.md says what the code does."""

import json
from typing import get_type_hints

import pytest

from fitfriends.core.errors import Unavailable
from streaming.errors import DeviceSlotTaken, Full
from streaming.webrtc import consumer, errors, frame_reading, frames, hub
from streaming.webrtc.frame_rate import FrameRate
from tests.protocol_page import ProtocolPage, kind

_PAGE = ProtocolPage("webrtc.md")
section, examples, table = _PAGE.section, _PAGE.examples, _PAGE.table


@pytest.mark.parametrize("frame", frames.OUTBOUND, ids=kind)
def test_each_frame_that_leaves_is_shown_with_all_its_fields(frame: type) -> None:
    example = examples("You get")[kind(frame)]

    assert set(example) == set(get_type_hints(frame))
    assert example["type"] == kind(frame)


@pytest.mark.parametrize("frame", frames.INBOUND, ids=kind)
def test_each_frame_that_comes_is_shown_and_parsed(frame: type) -> None:
    example = examples("You send")[kind(frame)]

    assert set(example) == set(get_type_hints(frame))
    assert frame_reading.parse(json.dumps(example)) == example


def test_no_frame_is_shown_that_does_not_exist() -> None:
    assert list(examples("You get")) == [kind(frame) for frame in frames.OUTBOUND]
    assert list(examples("You send")) == [kind(frame) for frame in frames.INBOUND]
    assert {kind(frame) for frame in frames.INBOUND} == set(frame_reading.READERS)


def test_inner_shapes_are_shown_with_all_their_fields() -> None:
    hello = examples("You get")["hello"]

    assert set(hello["ice_servers"][0]) == set(get_type_hints(frames.IceServer))
    assert set(hello["limits"]) == set(get_type_hints(frames.Limits))


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
        hub.LINES_A_PERSON,
    ]
