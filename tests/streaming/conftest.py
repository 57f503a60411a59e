"""A stream with a key, and a clean Redis under every test."""

import pytest

from streaming.domain import scheduling
from streaming.models import Stream
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _clean(clean_redis: None) -> None:
    """Seats, presence and revocations of one test do not reach into the next."""


@pytest.fixture
def keyed(cast: Cast) -> tuple[Stream, str]:
    """Ben's stream, scheduled, and its key."""
    return scheduling.create(cast.session, actor=cast.ben, title="HIIT", max_viewers=15)
