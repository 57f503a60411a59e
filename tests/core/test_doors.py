"""Unknown addresses, impossible ids and broken cursors are refusals in the envelope."""

import base64

import pytest

from tests.cast import Cast, api_as


@pytest.mark.parametrize("path", ["/api/nothing", "/api/accounts/tokens/99999999999999999999", "/api/clubs/%00"])
def test_unknown_api_address_is_404_in_the_envelope(cast: Cast, path: str) -> None:
    reply = api_as(cast.cleo).delete(path)
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not-found")


@pytest.mark.parametrize("cursor", ["x", "p=%00", "p=nonsense", "o=-1&p=1", "p=99999999999999999999999", "r=1&p=é"])
def test_broken_cursor_is_404_or_an_empty_page(cast: Cast, cursor: str) -> None:
    coded = base64.b64encode(cursor.encode()).decode()
    for value in (coded, cursor):
        reply = api_as(cast.cleo).get("/api/clubs", {"cursor": value, "page_size": "9" * 30})
        assert reply.status_code in {200, 404}
        assert reply.json()["success"] == (reply.status_code == 200)
