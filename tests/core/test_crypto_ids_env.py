"""The floor: digests, encryption, ids, typed settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from fitfriends.core import crypto, env, ids


def test_encrypted_value_comes_back_and_is_not_the_value() -> None:
    sealed = crypto.encrypt("abc123-def456", purpose="stream-key")

    assert "abc123" not in sealed
    assert crypto.decrypt(sealed, purpose="stream-key") == "abc123-def456"


def test_value_of_one_purpose_does_not_open_for_another() -> None:
    sealed = crypto.encrypt("abc123-def456", purpose="stream-key")

    with pytest.raises(ImproperlyConfigured, match="STREAM_KEY_SECRET"):
        crypto.decrypt(sealed, purpose="other")


def test_digest_depends_on_value_purpose_and_secret(settings: Settings) -> None:
    first = crypto.digest("key", purpose="a")
    assert first == crypto.digest("key", purpose="a")
    assert len({first, crypto.digest("key", purpose="b"), crypto.digest("yek", purpose="a")}) == 3

    settings.STREAM_KEY_SECRET = "another-secret"

    assert crypto.digest("key", purpose="a") != first


def test_new_ids_fit_their_grammar() -> None:
    assert ids.is_room_id(ids.new_room_id())
    assert len(ids.new_stream_key()) == 27
    assert len({ids.new_stream_key() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("bad", ["", "room-", "room-short", "room-ABCDEFGH", "room-abcdefgh\n", "../room-abcdefgh"])
def test_other_words_are_not_room_ids(bad: str) -> None:
    assert not ids.is_room_id(bad)


def test_malformed_number_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONNECT_WINDOW_SECONDS", "soon")

    with pytest.raises(ImproperlyConfigured, match="RECONNECT_WINDOW_SECONDS must be a whole number"):
        env.number("RECONNECT_WINDOW_SECONDS", 60, meaning="x")


def test_number_below_its_minimum_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONNECT_WINDOW_SECONDS", "1")

    with pytest.raises(ImproperlyConfigured, match="at least 5"):
        env.number("RECONNECT_WINDOW_SECONDS", 60, minimum=5, meaning="x")
