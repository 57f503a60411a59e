"""What a bad client sends, a row for each kind: its code, its close code or its cleaned text; the room goes on.

Doors: test_refusals.py. Readers that stall: test_slow_readers.py. Peers that break RFC 6455: test_broken_peers.py.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from chat.limits import FRAME_BYTES
from chat.models import Action
from chat.threads import in_thread
from fitfriends.core import clock
from streaming.models import Stream
from tests.cast import Cast, api_as
from tests.chat.conftest import Enter, Frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

SCRIPT = "<script>alert(1)</script>"
IMAGE = "\"'><img src=x onerror=alert(1)>"


ACT = {"type": "moderate", "action": "time_out", "user_id": 1, "minutes": 1}


def plain(frame: Frame) -> str:
    """As most clients write it: without escapes."""
    return json.dumps(frame, ensure_ascii=False)


def said(message: object, **kw: Any) -> Frame:
    return {"type": "chat_message", "message": message, **kw}


@dataclass(frozen=True)
class Row:
    """`send`: the frame, or its bytes, or its text. One of the others is what must come of it."""

    name: str
    send: Frame | list[Frame] | bytes | str
    code: str = ""
    close: int = 0
    text: str | None = None


ROWS = [
    Row("malformed", '{"type":"chat_message","message":"', code="chat:frame:malformed"),
    Row("not JSON's NaN", '{"type":"resync","after":NaN}', code="chat:frame:malformed"),
    Row("a byte order mark", '\ufeff{"type":"ping"}', code="chat:frame:malformed"),
    Row("binary", b'{"type":"ping"}', code="chat:frame:binary"),
    Row("huge", said("x" * FRAME_BYTES), close=1009),
    Row("huge in another field", said("x", more="x" * FRAME_BYTES), close=1009),
    Row("a huge number", '{"type":"delete_message","id":' + "9" * 5000 + "}", code="chat:frame:malformed"),
    Row("an array without end", [{"type": "ping"}] * 9, code="chat:frame:too-many"),
    Row("nested", said({"text": "x"}), code="chat:frame:nested"),
    Row("nested where nobody looks", said("x", more=[[]]), code="chat:frame:nested"),
    Row("nested without end", '{"a":' * 3000, code="chat:frame:malformed"),
    Row("null", "null", code="chat:frame:malformed"),
    Row("a null message", said(None), code="chat:frame:field"),
    Row("a null id", {"type": "delete_message", "id": None}, code="chat:frame:field"),
    Row("a wrong type", said(7), code="chat:frame:field"),
    Row("a truth for a number", {"type": "resync", "after": True}, code="chat:frame:field"),
    Row("a number for words", ACT | {"reason": 0}, code="chat:frame:field"),
    Row("a negative number", {"type": "resync", "after": -1}, code="chat:frame:field"),
    Row("an unknown type", {"type": "shutdown"}, code="chat:frame:type"),
    Row("the server's own type", {"type": "message_deleted", "id": 1, "seq": 1}, code="chat:frame:type"),
    Row("markup as a type", {"type": SCRIPT}, code="chat:frame:type"),
    Row("control characters alone", said("\x00\x01\x7f\x9f"), code="chat:message:empty"),
    Row("control characters", said("a\x00b\x1b[31mc\x85d"), text="ab[31mcd"),
    Row("a lone surrogate", '{"type":"chat_message","message":"a\\ud800b"}', text="ab"),
    Row("bidi overrides", said("pay \u202egnp.exe\u202c now"), text="pay gnp.exe now"),
    Row("bidi isolates", said("\u2067ab\u2066c\u2069d"), text="abcd"),
    Row("bidi alone", said("\u202e\u2066\u200f"), code="chat:message:empty"),
    Row("10,000 combining marks", plain(said("z" + "\u0335" * 10_000)), close=1009),
    Row("as many marks as fit", plain(said("z" + "\u0335" * 8_000)), text="z" + "\u0335" * 4),
    Row("as many on nothing", plain(said("\u0335" * 8_000)), code="chat:message:empty"),
    Row("marks on each letter", said("hi".replace("h", "h" + "\u0301" * 9).replace("i", "i" + "\u0323" * 9)),
        text="h" + "\u0301" * 4 + "\u1ecb" + "\u0323" * 3),
    Row("zero-width", said("a\u200b\u2060b\ufeffc\u00ad"), text="abc"),
    Row("not composed", said("e\u0301"), text="\u00e9"),
    Row("a script", said(SCRIPT + IMAGE), text=SCRIPT + IMAGE),
    Row("a script in the client's id", said("x", client_id=SCRIPT), text="x"),
    Row("a client's id with a line break", said("x", client_id="a\nb"), code="chat:frame:field"),
    Row("a script in every other field", said("x", username=SCRIPT, role=SCRIPT, timestamp=IMAGE), text="x"),
    Row("a spoofed person and time", said("x", user_id=1, username="Ben", timestamp=1, seq=9, id=1), text="x"),
    Row("a key that stands twice", '{"type":"shutdown","type":"chat_message","message":"x"}', text="x"),
    Row("a media time of another class", said("x", media_time=1), text="x"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_it_gets_what_it_deserves_and_the_room_goes_on(
    enter: Enter, cast: Cast, stream: Stream, row: Row
) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    began = clock.to_ms(clock.now())

    if isinstance(row.send, bytes):
        await cleo.communicator.send_to(bytes_data=row.send)
    else:
        await cleo.send(row.send)

    if row.close:
        assert await cleo.closed() == row.close
    elif row.code:
        refused = await cleo.next("error")
        assert refused["code"] == row.code
        assert "<" not in refused["message"]
    else:
        heard = await ben.next("chat_message")
        mine = {"user_id": cast.cleo.pk, "username": "Cleo", "role": "member", "message": row.text, "seq": 1}
        assert heard == heard | mine | {"media_time": None}
        assert began <= heard["timestamp"] <= clock.to_ms(clock.now())
    await ben.say("Go on")
    assert (await ben.next("chat_message"))["message"] == "Go on"
    if not row.close:
        await cleo.send({"type": "ping"})
        await cleo.next("pong")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (SCRIPT, SCRIPT),
        (IMAGE, IMAGE),
        ("Cleo\u202e\u2066", "Cleo"),
        ("C\x1blio\u0335\u0335\u0335\u0335\u0335\u0335", "Clio\u0335\u0335\u0335\u0335"),
        ("Cleo\nBen (instructor)", "Cleo Ben (instructor)"),
        ("\u200b\u3164", "Somebody"),
        ("{{ user.password }}", "{{ user.password }}"),
    ],
)
async def test_a_display_name_is_text_wherever_it_is_shown(
    *, enter: Enter, cast: Cast, stream: Stream, name: str, shown: str
) -> None:
    cast.cleo.display_name = name
    await in_thread(cast.cleo.save)()
    cleo = await enter(stream, cast.cleo)
    ben = await enter(stream, cast.ben)

    await cleo.say("Hello")

    assert cleo.hello["you"]["username"] == shown
    assert (await ben.next("chat_message"))["username"] == shown
    assert shown in [person["username"] for person in (await enter(stream, cast.ana)).hello["people"]]


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("a\x00b\ud800", "ab"), (SCRIPT, SCRIPT), ("\u202eno", "no"), ("x" + "\u0301" * 2000, "x" + "\u0301" * 4)],
)
async def test_the_reason_of_an_act_is_text(
    *, enter: Enter, cast: Cast, stream: Stream, reason: str, kept: str
) -> None:
    ben, cleo = await enter(stream, cast.ben), await enter(stream, cast.cleo)

    await ben.send(ACT | {"user_id": cast.cleo.pk, "reason": reason})

    await cleo.next("timed_out")
    assert (await in_thread(Action.objects.get)()).reason == kept


@pytest.mark.parametrize("words", ["a\\u0000b", "a\\ud800b"])
def test_the_api_takes_no_reason_that_cannot_be_stored(cast: Cast, stream: Stream, words: str) -> None:
    act = f'{{"action": "time_out", "minutes": 1, "user_id": {cast.cleo.pk}, "reason": "{words}"}}'
    address = f"/api/chat/rooms/{stream.room_id}/actions"

    reply = api_as(cast.ben).generic("POST", address, act, content_type="application/json")

    assert reply.status_code == 400
    assert not Action.objects.exists()
