"""Fixtures that every area's tests share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase

from fitfriends.core.redis import client
from tests import emptying
from tests.cast import Cast, make_cast


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield


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
