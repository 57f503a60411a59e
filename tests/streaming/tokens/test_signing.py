"""Tokens: typed out, precise about what is wrong, and spelled for a path."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.signing import Signer

from fitfriends.core import clock
from streaming.domain.tokens import redis_clock, signing
from streaming.domain.tokens.signing import PlaybackToken, RoomToken
from streaming.enums import ClassRole, Role

NOW = clock.now()
ROOM = "room-0123456789abcdefghjk"
PLAYBACK = PlaybackToken(ROOM, 7, 12, 1_763_817_600_000_123, int((NOW + timedelta(hours=1)).timestamp()), site=True)
TALK = RoomToken(ROOM, 7, "Zoë 💪", Role.VIEWER, ClassRole.MEMBER, 1, PLAYBACK.expires)


def test_what_was_written_is_read() -> None:
    assert signing.read_playback(signing.write_playback(PLAYBACK), room_id=ROOM, at=NOW) == PLAYBACK
    assert signing.read_room(signing.write_room(TALK), room_id=ROOM, at=NOW) == TALK


def test_the_biggest_numbers_fit_the_path() -> None:
    big = PlaybackToken("room-" + "z" * 40, 2**63 - 1, 2**63 - 1, 2**53, 2**40, site=True, runs=True)

    text = signing.write_playback(big)

    assert re.fullmatch(r"[A-Za-z0-9_.-]{20,600}", text)
    assert signing.read_playback(text, room_id=big.room_id, at=NOW) == big


def test_another_room_is_foreign() -> None:
    with pytest.raises(signing.ForeignRoom):
        signing.read_playback(signing.write_playback(PLAYBACK), room_id="room-other000", at=NOW)


def test_it_ends_with_its_last_second() -> None:
    text, last = signing.write_playback(PLAYBACK), clock.from_ms(PLAYBACK.expires * 1000)

    assert signing.read_playback(text, room_id=ROOM, at=last - timedelta(milliseconds=1))
    with pytest.raises(signing.Expired):
        signing.read_playback(text, room_id=ROOM, at=last)


def test_one_kind_is_not_the_other() -> None:
    with pytest.raises(signing.Forged):
        signing.read_playback(signing.write_room(TALK), room_id=ROOM, at=NOW)
    with pytest.raises(signing.Forged):
        signing.read_room(signing.write_playback(PLAYBACK), room_id=ROOM, at=NOW)


@pytest.mark.parametrize("place", [0, 5, 30, -1, -10])
def test_one_changed_character_is_forged(place: int) -> None:
    text = signing.write_playback(PLAYBACK)
    letter = "A" if text[place] != "A" else "B"
    position = place % len(text)

    with pytest.raises(signing.Forged):
        signing.read_playback(text[:position] + letter + text[position + 1 :], room_id=ROOM, at=NOW)


@pytest.mark.parametrize(
    "text", ["", ".", "a" * 50, "x.y", "é" * 30, "\x00" * 30, "a" * 100_000, "..", "eyJ9." + "a" * 43]
)
def test_nonsense_is_forged(text: str) -> None:
    with pytest.raises(signing.Forged):
        signing.read_playback(text, room_id=ROOM, at=NOW)


@pytest.mark.parametrize("content", [[], {}, "x", [ROOM, 7], [ROOM, "7", 1, 1, 1, 1], [7, 7, 1, 1, 1, 1]])
def test_a_good_signature_under_another_shape_is_forged(content: object) -> None:
    text = Signer(sep=".", salt="streaming.playback").sign_object(content)

    with pytest.raises(signing.Forged):
        signing.read_playback(text, room_id=ROOM, at=NOW)


def test_stamps_only_grow(clean_redis: None) -> None:
    seen = [redis_clock.now() for _ in range(50)]

    assert all(earlier < later for earlier, later in pairwise(seen))
