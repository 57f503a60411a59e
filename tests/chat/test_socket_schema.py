"""What others make their clients from: pages and JSON Schemas say what the structs say, and the door serves them."""

import re
from typing import Any

import jsonschema
import pytest

from chat.api.socket_schema import SOCKETS
from fitfriends.core import socket_docs
from fitfriends.core.socket_docs import Socket
from tests.cast import api_as
from tests.protocol_page import ROOT, ProtocolPage

ANEW = "run `manage.py write_socket_docs`"
sockets = pytest.mark.parametrize("socket", SOCKETS.values(), ids=lambda socket: socket.name)


def checker(socket: Socket, direction: str) -> Any:
    schema = socket_docs.schema(socket)
    return jsonschema.Draft202012Validator(schema | {"anyOf": [{"$ref": f"#/$defs/{direction}"}]})


@sockets
def test_the_page_and_the_schema_are_as_the_structs_say(socket: Socket) -> None:
    page = (ROOT / "docs" / socket.page).read_text()

    assert socket_docs.page_text(socket, page) == page, ANEW
    assert (ROOT / "docs/schemas" / f"{socket.name}.json").read_text() == socket_docs.schema_text(socket), ANEW


@sockets
def test_the_page_has_a_place_for_each_frame(socket: Socket) -> None:
    page = (ROOT / "docs" / socket.page).read_text()

    with pytest.raises(ValueError, match="a place is missing"):
        socket_docs.page_text(socket, page.replace("<!-- Ping -->", ""))


@sockets
@pytest.mark.parametrize(("direction", "section"), [("FromClient", "You send"), ("FromServer", "You get")])
def test_the_examples_of_the_page_keep_to_the_schema(socket: Socket, direction: str, section: str) -> None:
    frames = checker(socket, direction)

    for example in ProtocolPage(socket.page).examples(section).values():
        frames.validate(example)
        assert not frames.is_valid(example | {"type": "nonsense"})


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "chat_message"},
        {"type": "chat_message", "message": "x" * 501},
        {"type": "chat_message", "message": "x", "client_id": "a b"},
        {"type": "chat_message", "message": "x", "client_id": "a\n"},
        {"type": "delete_message", "id": 0},
        {"type": "react", "reaction": "boo"},
        {"type": "moderate", "action": "hug", "user_id": 1},
        {"type": "open_poll", "question": "What next?", "options": ["Squats"]},
        {"type": "open_poll", "question": "x" * 141, "options": ["Squats", "Planks"]},
        {"type": "change_settings", "delay_seconds": 31},
    ],
)
def test_the_schema_knows_the_bounds(frame: dict[str, Any]) -> None:
    assert not checker(SOCKETS["room"], "FromClient").is_valid(frame)


def test_patterns_are_read_alike_by_python_and_by_javascript() -> None:
    for socket in SOCKETS.values():
        assert not re.search(r"\\\\[AZ]", socket_docs.schema_text(socket))


@pytest.mark.django_db
@pytest.mark.integration
def test_whoever_asks_gets_the_schema_and_may_keep_it() -> None:
    reply = api_as(None).get("/api/socket-schema?socket=signalling")

    assert reply.status_code == 200
    assert reply.json() == socket_docs.schema(SOCKETS["signalling"])
    assert reply["Cache-Control"] == "public, max-age=3600"
    assert api_as(None).get("/api/socket-schema").json() == socket_docs.schema(SOCKETS["room"])
    assert api_as(None).get("/api/socket-schema?socket=tin-can").status_code == 400
