"""What is remembered of who watched: seconds, device, country, and no address."""

from typing import Any

import pytest

from fitfriends.core import clock, redis
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import admission, viewings, visit_log
from streaming.domain.watching.client_info import ClientInfo, country_of, device_of
from streaming.enums import Device, State
from streaming.models import Stream, Viewing
from tests.cast import Cast
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


def come(cast: Cast, stream: Stream, kind: Device = Device.TV) -> None:
    client = ClientInfo(kind, "PT", site=True, device="")
    admission.enter(cast.cleo.pk, stream, client, stamp=redis_clock.now(), joins=True)


def opened(cast: Cast) -> Viewing:
    come(cast, make_stream(cast.session, State.LIVE))
    assert viewings.flush() == 1
    return Viewing.objects.get()


def watched(viewing: Viewing, milliseconds: int) -> None:
    name = visit_log.name(viewing.stream_id, viewing.user_id or 0)
    redis.client().hincrby(viewings.WATCHED, name, milliseconds)


def test_who_came_is_written_with_the_next_flush(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    before = clock.now()
    come(cast, stream)
    assert not Viewing.objects.exists()

    assert [viewings.flush(), viewings.flush()] == [1, 0]

    viewing = Viewing.objects.get()
    assert (viewing.stream, viewing.user, viewing.device, viewing.country) == (stream, cast.cleo, Device.TV, "PT")
    assert clock.to_ms(before) <= clock.to_ms(viewing.joined_at) <= clock.to_ms(clock.now())
    assert (viewing.left_at, viewing.last_seen_at) == (None, viewing.joined_at)


def test_coming_leaving_and_coming_again_before_a_flush(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    come(cast, stream)
    ((_, first),) = redis.client().hgetall(visit_log.KEY).items()
    visit_log.leave(stream.pk, cast.cleo.pk)
    come(cast, stream, Device.PHONE)
    viewings.flush()

    viewing = Viewing.objects.get()
    assert (clock.to_ms(viewing.joined_at), viewing.left_at) == (int(first.split()[0]), None)
    assert viewing.device == Device.PHONE


def test_leaving_before_and_after_the_row_is_there(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    come(cast, stream)
    visit_log.leave(stream.pk, cast.cleo.pk)
    viewings.flush()
    left = Viewing.objects.get().left_at
    assert left is not None

    visit_log.leave(stream.pk, cast.cleo.pk)
    viewings.flush()
    assert Viewing.objects.get().left_at == left

    come(cast, stream)
    viewings.flush()
    assert Viewing.objects.get().left_at is None
    visit_log.leave(stream.pk, cast.cleo.pk)
    viewings.flush()
    viewing = Viewing.objects.get()
    assert viewing.left_at == viewing.last_seen_at
    assert viewing.left_at is not None
    assert viewing.left_at >= left


def test_a_flush_that_was_killed_after_taking_is_repeated(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    come(cast, make_stream(cast.session, State.LIVE))

    def die(_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(viewings, "_write", die)
        with pytest.raises(RuntimeError):
            viewings.flush()
    assert (Viewing.objects.count(), viewings.flush(), Viewing.objects.count()) == (0, 1, 1)


def test_a_viewing_that_redis_forgot_is_made_by_its_next_heartbeat(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    come(cast, stream)
    redis.client().delete(visit_log.KEY)
    redis.client().hincrby(viewings.WATCHED, visit_log.name(stream.pk, cast.cleo.pk), 4_500)

    assert viewings.flush() == 1

    viewing = Viewing.objects.get()
    assert (viewing.user, viewing.seconds_watched, viewing.device) == (cast.cleo, 4, Device.OTHER)
    come(cast, stream)
    viewings.flush()
    assert (Viewing.objects.get().pk, Viewing.objects.get().device) == (viewing.pk, Device.TV)


def test_a_join_that_is_written_after_the_end_is_closed(cast: Cast) -> None:
    stream = make_stream(cast.session, State.ENDED)
    come(cast, stream)

    viewings.flush()

    assert Viewing.objects.get().left_at is not None


def test_somebody_who_is_gone_keeps_nobody_else_from_being_written(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    come(cast, stream)
    client = ClientInfo(Device.TV, "", site=True, device="")
    admission.enter(10**9, stream, client, stamp=redis_clock.now(), joins=True)
    redis.client().hincrby(viewings.WATCHED, visit_log.name(10**9, 10**9), 5_000)

    viewings.flush()

    assert Viewing.objects.get().user == cast.cleo
    assert redis.client().exists(visit_log.KEY, viewings.WATCHED) == 0


def test_seconds_are_added_and_fractions_kept(cast: Cast) -> None:
    viewing = opened(cast)
    before = viewing.last_seen_at

    for milliseconds in (4_300, 4_300, 4_400):
        watched(viewing, milliseconds)
        assert viewings.flush() == 1

    viewing.refresh_from_db()
    assert viewing.seconds_watched == 13
    assert viewing.last_seen_at > before


def test_nothing_watched_is_nothing_written(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert viewings.flush() == 0


def test_the_last_seconds_before_leaving_count(cast: Cast) -> None:
    viewing = opened(cast)
    watched(viewing, 7_000)
    visit_log.leave(viewing.stream_id, cast.cleo.pk)

    viewings.flush()

    viewing.refresh_from_db()
    assert (viewing.seconds_watched, viewing.last_seen_at) == (7, viewing.left_at)


def test_a_flush_that_died_in_the_middle_is_finished_by_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    viewing = opened(cast)
    watched(viewing, 4_000)

    def die(_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(viewings, "_add", die)
        with pytest.raises(RuntimeError):
            viewings.flush()
    watched(viewing, 2_000)
    viewings.flush()
    viewings.flush()

    viewing.refresh_from_db()
    assert viewing.seconds_watched == 6


def test_two_flushes_at_once_count_once(cast: Cast) -> None:
    viewing = opened(cast)
    watched(viewing, 4_000)

    with redis.alone("viewings", seconds=30) as mine:
        assert (mine, viewings.flush()) == (True, 0)
    assert viewings.flush() == 1


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
