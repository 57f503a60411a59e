"""Fixtures that every area's tests share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from fitfriends.core.redis import client
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def clean_redis() -> Iterator[None]:
    """An empty Redis and cache: rate limits and seats of one test do not reach into the next."""
    client().flushdb()
    cache.clear()
    yield
    client().flushdb()
