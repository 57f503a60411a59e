"""Reading frames: what is taken, and with which code the rest is refused."""

import json
import random
import time

import pytest

from chat.errors import ProtocolError
from chat.frames import text_cleaning
from chat.frames.registry import joined, parse
from chat.frames.room import Ping, Resync, SendMessage
from chat.limits import FRAME_BYTES, FRAMES_IN_AN_ARRAY


def code_of(text: str | None) -> str:
    """Of the frame's only fault."""
    try:
        (found,) = parse(text)
    except ProtocolError as error:
        return error.code
    assert isinstance(found, ProtocolError), found
    return found.code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (None, "chat:frame:binary"),
        ("", "chat:frame:malformed"),
        ("{", "chat:frame:malformed"),
        ("null", "chat:frame:malformed"),
        ("7", "chat:frame:malformed"),
        ('"chat_message"', "chat:frame:malformed"),
        ("[null]", "chat:frame:malformed"),
        ('[[{"type":"ping"}]]', "chat:frame:malformed"),
        ("[]", "chat:frame:too-many"),
        ("[" * 8000, "chat:frame:malformed"),
        ("[" * 8000 + "]" * 8000, "chat:frame:malformed"),
        ('{"a":' * 2500, "chat:frame:malformed"),
        ('{"type":"ping","n":NaN}', "chat:frame:malformed"),
        ('{"type":"resync","after":' + "9" * 5000 + "}", "chat:frame:malformed"),
        ("{}", "chat:frame:type"),
        ('{"type":"nonsense"}', "chat:frame:type"),
        ('{"type":["ping"]}', "chat:frame:type"),
        ('{"type":null}', "chat:frame:type"),
        ('{"type":"chat_message","message":{"a":1}}', "chat:frame:nested"),
        ('{"type":"ping","more":[[]]}', "chat:frame:nested"),
        ('{"type":"chat_message"}', "chat:frame:field"),
        ('{"type":"chat_message","message":null}', "chat:frame:field"),
        ('{"type":"chat_message","message":7}', "chat:frame:field"),
        ('{"type":"chat_message","message":"x","client_id":7}', "chat:frame:field"),
        ('{"type":"chat_message","message":"x","client_id":""}', "chat:frame:field"),
        ('{"type":"chat_message","message":"x","client_id":"' + "c" * 65 + '"}', "chat:frame:field"),
        ('{"type":"chat_message","message":"x","client_id":"a\\u0000b"}', "chat:frame:field"),
        ('{"type":"delete_message"}', "chat:frame:field"),
        ('{"type":"delete_message","id":"7"}', "chat:frame:field"),
        ('{"type":"delete_message","id":true}', "chat:frame:field"),
        ('{"type":"delete_message","id":0}', "chat:frame:field"),
        ('{"type":"delete_message","id":9223372036854775808}', "chat:frame:field"),
        ('{"type":"resync","after":-1}', "chat:frame:field"),
        ('{"type":"resync","after":1.5}', "chat:frame:field"),
        ('{"type":"resync","after":1e999}', "chat:frame:field"),
        ('{"type":"chat_message","message":""}', "chat:message:empty"),
        ('{"type":"chat_message","message":" \\n\\t\\u200b\\u3164\\u2800 "}', "chat:message:empty"),
        ('{"type":"chat_message","message":"' + "x" * 501 + '"}', "chat:message:too-long"),
        ('{"type":"chat_message","message":"' + "x" * FRAME_BYTES + '"}', "chat:frame:too-big"),
        ('{"type":"chat_message","message":"' + "\u00e4" * (FRAME_BYTES // 2) + '"}', "chat:frame:too-big"),
    ],
)
def test_a_frame_that_cannot_be_used_has_its_code(frame: str | None, code: str) -> None:
    assert code_of(frame) == code


def test_a_refusal_names_the_message_it_means() -> None:
    (fault,) = parse(json.dumps({"type": "chat_message", "message": " ", "client_id": "c"}))

    assert isinstance(fault, ProtocolError)
    assert (fault.client_id, fault.fault) == ("c", False)


@pytest.mark.parametrize(
    ("frame", "code", "client_id"),
    [
        ('{"type":"chat_message","client_id":"c"}', "chat:frame:field", "c"),
        ('{"type":"chat_message","message":"x","client_id":"c","media_time":-1}', "chat:frame:field", "c"),
        ('{"type":"chat_message","message":"x","client_id":""}', "chat:frame:field", None),
        ('{"type":"chat_message","message":"x","client_id":"c","more":{}}', "chat:frame:nested", None),
        ('{"type":"ask","question":" ","client_id":"c"}', "chat:floor:empty", "c"),
        ('{"type":"resync","after":-1,"client_id":"c"}', "chat:frame:field", None),
    ],
)
def test_a_fault_names_its_message_where_it_is_one(frame: str, code: str, client_id: str | None) -> None:
    (fault,) = parse(frame)

    assert isinstance(fault, ProtocolError)
    assert (fault.code, fault.client_id) == (code, client_id)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ('{"type":"delete_message"}', "id is a whole number, 1 or more."),
        ('{"type":"vote","id":1,"option":6}', "option is a whole number from 0 to 5."),
        ('{"type":"react","reaction":"boo"}', "reaction is one of flame, muscle, heart, clap, smile, high_five."),
        ('{"type":"vote_question","id":1,"voted":1}', "voted is true or false."),
        ('{"type":"moderate","action":"hug","user_id":1}', "action is one of time_out, lift_time_out, "),
        (
            '{"type":"moderate","action":"time_out","user_id":1,"minutes":7}',
            "minutes is 1, 5, 10 or 60, and belongs to a time_out.",
        ),
    ],
)
def test_a_refusal_names_the_field_and_what_it_is(frame: str, words: str) -> None:
    (fault,) = parse(frame)

    assert isinstance(fault, ProtocolError)
    assert fault.code == "chat:frame:field"
    assert fault.message.startswith(words)


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"moderate","action":"time_out","user_id":1,"minutes":5.0}',
        '{"type":"ask","question":"x","client_id":"a\\n"}',
        '{"type":"open_poll","question":"x","options":["a",["b"]]}',
        '{"type":"mark_question","id":1,"state":"\\ud800"}',
        '{"type":"delete_message","id":1e2}',
        '{"type":"delete_message","id":18446744073709551616}',
    ],
)
def test_what_only_looks_right_is_refused(frame: str) -> None:
    assert code_of(frame) == "chat:frame:field"


def test_half_an_emoji_is_cleaned_wherever_it_stands() -> None:
    assert parse('{"type":"chat_message","message":"a\\ud83d","\\ud83d":1}') == [SendMessage(message="a")]
    assert parse('{"type":"ping","\\ud83d":1}') == [Ping()]


def test_an_array_brings_commands_in_order_and_faults_in_their_place() -> None:
    found = parse('[{"type":"ping"},{"type":"?"},{"type":"resync","after":3}]')

    assert found[0] == Ping()
    assert isinstance(found[1], ProtocolError)
    assert found[2] == Resync(after=3)


def test_an_array_is_short() -> None:
    assert len(parse(json.dumps([{"type": "ping"}] * FRAMES_IN_AN_ARRAY))) == FRAMES_IN_AN_ARRAY
    assert code_of(json.dumps([{"type": "ping"}] * (FRAMES_IN_AN_ARRAY + 1))) == "chat:frame:too-many"


def test_only_what_is_asked_for_is_read() -> None:
    (command,) = parse('{"type":"chat_message","message":"hi","user_id":9,"timestamp":1,"role":"owner"}')

    assert command == SendMessage(message="hi")


def test_encoded_frames_are_joined() -> None:
    assert joined(['{"a":1}']) == '{"a":1}'
    assert json.loads(joined(['{"a":1}', '{"b":2}'])) == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  plain  ", "plain"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("\n".join("abcdefghijklm"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj k l m"),
        ("pay \u202egnp.exe\u202c", "pay gnp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("a\u200b\u2060\ufeff\u00adb", "ab"),
        ("a" + "\u200d" * 50 + "b", "a\u200db"),
        ("\u200dx", "x"),
        ("\ud800a\udfff", "a"),
        ("a\ufdd0\uffffb", "ab"),
        ("e\u0301", "\u00e9"),
        ("z" + "\u0335" * 10_000, "z" + "\u0335" * 4),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e007f"),
        ("a\U000e0067\U000e0062", "a"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
    ],
)
def test_text_is_cleaned_and_stays_text(typed: str, kept: str) -> None:
    assert text_cleaning.clean(typed) == kept


def test_a_name_is_one_line() -> None:
    assert text_cleaning.clean_name(" A\n\nB\u202e ") == "A B"
    assert text_cleaning.clean_name("\u200b") == "Somebody"


def test_cleaning_hostile_text_takes_no_time() -> None:
    marks = "".join(random.Random(1).choices("\u0315\u0316\u0301\u0323\u0327\u1ab0", k=FRAME_BYTES))

    began = time.perf_counter()
    text_cleaning.clean("a" + marks)

    assert time.perf_counter() - began < 0.1


def test_no_noise_gets_past_the_parser() -> None:
    """Whatever bytes come: commands or a ProtocolError, and cleaning twice is cleaning once."""
    chance = random.Random(2)
    seeds = ['{"type":"chat_message","message":"hi \\u202e","client_id":"a"}', '[{"type":"resync","after":1}]']
    for _ in range(3000):
        frame = list(chance.choice(seeds))
        for _ in range(chance.randrange(1, 8)):
            frame[chance.randrange(len(frame))] = chr(
                chance.choice([0, 34, 44, 91, 93, 123, 125, 0xD800, 0x202E, 57])
            )
        try:
            found = parse("".join(frame))
        except ProtocolError:
            continue
        for command in found:
            if isinstance(command, SendMessage):
                assert text_cleaning.clean(command.message) == command.message
                command.message.encode()
