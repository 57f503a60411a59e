"""docs/websocket.md says what the code does."""

import json
import re

import pytest

from chat import limits
from chat.domain import message_rate, messages
from chat.frames import interactions, registry, room, text_cleaning
from chat.frames.moderation import RoomSettingsFrame
from chat.interactions import questions, reaction_counter
from chat.realtime import connection
from docs.examples import chat_client
from fitfriends.core import errors, frame_rate, text
from fitfriends.core.frames import Frame, plain, type_of
from streaming.domain.snapshot import StreamState
from tests.protocol_page import ROOT, ProtocolPage, field_names

API_ONLY = ("chat:held:", "chat:rules:", "chat:report:")
_PAGE = ProtocolPage("websocket.md")
PAGE = _PAGE.text
section, examples, table = _PAGE.section, _PAGE.examples, _PAGE.table


@pytest.mark.parametrize("frame", registry.OUTBOUND, ids=type_of)
def test_each_frame_that_leaves_is_shown_with_all_its_fields(frame: type[Frame]) -> None:
    assert set(examples("You get")[type_of(frame)]) == field_names(frame)


@pytest.mark.parametrize("frame", registry.INBOUND, ids=type_of)
def test_each_frame_that_comes_is_shown_and_parsed(frame: type[Frame]) -> None:
    example = examples("You send")[type_of(frame)]

    assert set(example) == field_names(frame)
    assert plain(registry.parse(json.dumps(example))) == [example]


def test_no_frame_is_shown_that_does_not_exist() -> None:
    assert list(examples("You get")) == [type_of(frame) for frame in registry.OUTBOUND]
    assert list(examples("You send")) == [type_of(frame) for frame in registry.INBOUND]


def test_inner_shapes_are_shown_with_all_their_fields() -> None:
    welcome = examples("You get")["welcome"]

    assert set(welcome["you"]) == set(welcome["people"][0]) == field_names(room.PersonFrame)
    assert set(welcome["stream"]) == field_names(StreamState)
    assert set(welcome["settings"]) == field_names(RoomSettingsFrame)


def test_shapes_beside_the_talk_are_shown_with_all_their_fields() -> None:
    shown = examples("You get")

    assert set(shown["welcome"]["floor"]) == field_names(interactions.InteractionsFrame)
    assert set(shown["poll"]["poll"]) == field_names(interactions.Poll)
    assert set(shown["poll"]["poll"]["options"][0]) == field_names(interactions.Option)
    assert set(shown["questions"]["questions"][0]) == field_names(interactions.Question)
    assert set(shown["hands"]["people_with_hands"][0]) == field_names(interactions.Hand)
    assert set(shown["reactions"]["cheers"][0]) == field_names(interactions.Cheered)


def test_close_codes() -> None:
    assert [int(row[0]) for row in table("Close codes")] == sorted(registry.Close)


def test_the_example_clients_know_after_which_codes_not_to_come_back() -> None:
    final = {int(row[0]) for row in table("Close codes") if not row[2].startswith("come back")}
    script = (ROOT / "docs/examples/chat_client.js").read_text()
    known = script.split("const FINAL = {")[1].split("};")[0]

    assert set(chat_client.FINAL) == {int(code) for code in re.findall(r"^  (\d+):", known, re.MULTILINE)} == final
    assert f"const FLOOD = {chat_client.FLOOD}" in script
    assert chat_client.FLOOD == registry.Close.FLOOD
    assert re.findall(r"SEND_AGAIN = \[(.*)\]", script) == [", ".join(f'"{code}"' for code in chat_client.SEND_AGAIN)]


def test_limits() -> None:
    assert [float(row[1]) for row in table("Limits")] == [
        limits.FRAME_BYTES,
        limits.FRAMES_IN_AN_ARRAY,
        limits.MESSAGE_CHARACTERS,
        text_cleaning.LINES,
        message_rate.BURST,
        message_rate.MILLISECONDS_A_MESSAGE / 1000,
        frame_rate.FrameRate.FRAMES,
        frame_rate.FrameRate.FRAMES_A_SECOND,
        frame_rate.FrameRate.FAULTS,
        connection.QUEUE_FRAMES,
        messages.MISSED_AT_MOST,
        reaction_counter.REACTIONS_AT_ONCE,
        reaction_counter.REACTIONS_A_SECOND,
        reaction_counter.CHEERS_AT_ONCE,
        reaction_counter.CHEERS_A_SECOND,
        limits.POLL_CHARACTERS,
        limits.OPTION_CHARACTERS,
        limits.QUESTION_CHARACTERS,
        questions.OPEN_AT_ONCE,
    ]
    assert f"keeps {text.MARKS_A_BASE}\n" in PAGE


def test_error_codes() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "chat").rglob("*.py"))
    used = set(re.findall(r'"(chat:[a-z:-]+)"', sources))
    general = {errors.Unavailable.code, errors.NotAllowed.code, errors.Invalid.code}
    told = {row[0].strip("`") for row in table("Error codes")}
    shown = told - general
    assert general <= told
    assert set(chat_client.SEND_AGAIN) <= told

    # These never travel as an error frame: the socket closes, a frame of its own says it, or only the API says it.
    assert shown == {
        code
        for code in used - {"chat:room:left", "chat:room:unknown", "chat:message:held"}
        if code == "chat:rules:unread" or not code.startswith(API_ONLY)
    }
    assert {code for code in used if code.startswith(API_ONLY)} <= set(re.findall(r"`(chat:[a-z:-]+)`", PAGE))
