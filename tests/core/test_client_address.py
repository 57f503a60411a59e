"""Whose address counts: the one that our own proxies saw, not the one that the caller wrote."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from fitfriends.core import asgi, client_address

CASES = [
    (0, "203.0.113.9", "10.0.0.1"),  # nobody of ours stands in front: the header is the caller's invention
    (1, "", "10.0.0.1"),
    (1, "203.0.113.9", "203.0.113.9"),
    (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
    (3, "203.0.113.9", "203.0.113.9"),
]


@pytest.mark.parametrize(("proxies", "forwarded", "expected"), CASES)
def test_the_api_and_the_sockets_see_the_same_address(
    settings: Settings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request: HttpRequest = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)
    scope = {
        "client": ("10.0.0.1", 5000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }

    assert client_address.of_request(request) == asgi.address_of(scope) == expected


def test_an_address_is_counted_by_its_digest() -> None:
    assert client_address.digest("203.0.113.9") == client_address.digest("203.0.113.9")
    assert client_address.digest("203.0.113.9") != client_address.digest("203.0.113.8")


@pytest.mark.parametrize(
    ("query", "offered", "token", "chosen"),
    [
        (b"token=abc", [], "abc", None),
        (b"", ["ffc.token.abc"], "abc", "ffc.token.abc"),
        (b"", ["ffc.token.abc", "ffc.chat"], "abc", "ffc.chat"),
        (b"token=first", ["ffc.token.second"], "first", "ffc.token.second"),
        (b"\xff", ["other"], "", None),
    ],
)
def test_a_socket_brings_its_token_by_query_or_subprotocol(
    query: bytes, offered: list[str], token: str, chosen: str | None
) -> None:
    scope: asgi.Scope = {"query_string": query, "subprotocols": offered}

    assert (asgi.socket_token(scope), asgi.chosen_protocol(scope, "ffc.chat")) == (token, chosen)
