"""The playhead that a client sends counts within its class alone."""

from datetime import UTC, datetime, timedelta

import pytest

from chat import media_time
from chat.errors import ProtocolError
from fitfriends.core import clock

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
NOW = START + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("minutes", "counts"), [(-3, False), (-1, True), (0, True), (19, True), (21, True), (23, False)]
)
def test_only_the_class_counts(minutes: int, *, counts: bool) -> None:
    said = clock.to_ms(START + timedelta(minutes=minutes))
    assert media_time.bounded(said, started_at=START, at=NOW) == (said if counts else None)


def test_before_the_class_there_is_nothing_to_see() -> None:
    assert media_time.bounded(clock.to_ms(NOW), started_at=None, at=NOW) is None
    assert media_time.bounded(None, started_at=START, at=NOW) is None


@pytest.mark.parametrize("value", ["1772434801007", 1.5, True, -1, 2**63, [1]])
def test_anything_but_a_whole_number_is_refused(value: object) -> None:
    with pytest.raises(ProtocolError):
        media_time.media_time_if_any({"media_time": value})
    assert media_time.media_time_if_any({}) is None
    assert media_time.media_time_if_any({"media_time": None}) is None
