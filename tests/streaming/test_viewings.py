"""What is remembered of who watched: seconds, device, country, and no address."""

from typing import Any

import pytest

from fitfriends.core import clock, redis
from streaming.domain import viewings
from streaming.domain.visitors import country_of, device_of
from streaming.enums import Device, State
from streaming.models import Viewing
from tests.cast import Cast
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


def opened(cast: Cast) -> Viewing:
    stream = make_stream(cast.session, State.LIVE)
    pk = viewings.open_for(stream, cast.cleo.pk, device=Device.TV, country="PT", at=clock.now())
    return Viewing.objects.get(pk=pk)


def test_seconds_are_added_and_fractions_kept(cast: Cast) -> None:
    viewing = opened(cast)
    before = viewing.last_seen_at

    for milliseconds in (4_300, 4_300, 4_400):
        redis.client().hincrby(viewings.WATCHED, str(viewing.pk), milliseconds)
        assert viewings.flush() == 1

    viewing.refresh_from_db()
    assert viewing.seconds_watched == 13
    assert viewing.last_seen_at > before


def test_nothing_watched_is_nothing_written(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert viewings.flush() == 0


def test_the_last_seconds_before_leaving_count(cast: Cast) -> None:
    viewing = opened(cast)
    redis.client().hincrby(viewings.WATCHED, str(viewing.pk), 7_000)
    viewings.close(viewing.stream, cast.cleo.pk)
    left = Viewing.objects.get()

    viewings.flush()

    viewing.refresh_from_db()
    assert (viewing.seconds_watched, viewing.left_at, viewing.last_seen_at) == (7, left.left_at, left.last_seen_at)


def test_a_flush_that_died_in_the_middle_is_finished_by_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    viewing = opened(cast)
    redis.client().hincrby(viewings.WATCHED, str(viewing.pk), 4_000)

    def die(_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(viewings, "_add", die)
        with pytest.raises(RuntimeError):
            viewings.flush()
    redis.client().hincrby(viewings.WATCHED, str(viewing.pk), 2_000)
    viewings.flush()
    viewings.flush()

    viewing.refresh_from_db()
    assert viewing.seconds_watched == 6


def test_two_flushes_at_once_count_once(cast: Cast) -> None:
    viewing = opened(cast)
    redis.client().hincrby(viewings.WATCHED, str(viewing.pk), 4_000)
    redis.client().set(redis.key("viewings", "lock"), 1)

    assert viewings.flush() == 0


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1", Device.PHONE),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0 Mobile Safari/537.36", Device.PHONE),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Safari/604.1", Device.TABLET),
        ("Mozilla/5.0 (Linux; Android 13; SM-X700) Chrome/126.0 Safari/537.36", Device.TABLET),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36", Device.TV),
        ("Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/94", Device.TV),
        ("AppleTV11,1/11.1", Device.TV),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0", Device.DESKTOP),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", Device.DESKTOP),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Firefox/127.0", Device.DESKTOP),
        ("curl/8.5.0", Device.OTHER),
        ("", Device.OTHER),
        ("\x00" * 10_000, Device.OTHER),
    ],
)
def test_devices(agent: str, device: Device) -> None:
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("8.8.8.8", "US"),
        ("::ffff:8.8.8.8", "US"),
        ("2001:4860:4860::8888", "US"),
        ("127.0.0.1", ""),
        ("192.168.1.4", ""),
        ("fe80::1", ""),
        ("", ""),
        ("nonsense", ""),
        ("8.8.8.8, 1.1.1.1", ""),
    ],
)
def test_countries(address: str, country: str) -> None:
    assert country_of(address) == country
