"""Token buckets: a burst, then a rate; of many names the one that asked longest ago is forgotten."""

import pytest

from fitfriends.core import bucket
from fitfriends.core.bucket import Bucket, Buckets


class Hands:
    """A clock that the test turns."""

    at = 0.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(bucket, "time", hands)
    return hands


def test_a_burst_passes_and_then_so_many_a_second(hands: Hands) -> None:
    own = Bucket(3, 2)

    assert [own.take() for _ in range(4)] == [True, True, True, False]
    hands.at = 1.0
    assert [own.take() for _ in range(3)] == [True, True, False]


def test_a_bucket_never_holds_more_than_its_size(hands: Hands) -> None:
    own = Bucket(2, 1)
    hands.at = 3600.0

    assert [own.take() for _ in range(3)] == [True, True, False]


def test_each_name_has_a_bucket_of_its_own(hands: Hands) -> None:
    many = Buckets(1, 0, most=2)

    assert [many.take(name) for name in ("ana", "ana", "ben")] == [True, False, True]


def test_the_name_that_asked_longest_ago_is_forgotten(hands: Hands) -> None:
    many = Buckets(1, 0, most=2)
    for name in ("ana", "ben", "ana", "cleo"):
        many.take(name)

    assert [many.take("ana"), many.take("ben")] == [False, True]
