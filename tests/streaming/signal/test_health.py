"""The health of a signal over the API and in the admin: numbers, words with codes, their course."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from clubs.enums import Role
from fitfriends.core import clock
from media_worker.enums import RunState
from media_worker.models import RunSample, TranscodeRun
from streaming.domain.signal import trends
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast, add_member, api_as, make_user
from tests.streaming.callers import SESSIONS
from tests.streaming.factories import make_stream
from tests.streaming.test_admin import LIST, browser

pytestmark = pytest.mark.django_db


def _running(stream: Stream, **facts: Any) -> TranscodeRun:
    known: dict[str, Any] = {
        "state": RunState.RUNNING,
        "client_id": "1",
        "facts_at": clock.now(),
        "width": 1280,
        "height": 720,
        "fps": 30,
        "bitrate": 2_500_000,
        "bitrate_low": 2_400_000,
        "bitrate_high": 2_600_000,
        "keyframe_gap": 2.0,
        "video_codec": "H264",
        "profile": "High 3.1",
        "audio_codec": "AAC",
        "level": -21.0,
        "peak": -9.0,
    }
    return TranscodeRun.objects.create(ref=stream.room_id, quality="HD", **(known | facts))


def _samples(run: TranscodeRun, count: int, *, until: Any = None) -> None:
    begin = (until or clock.now()) - timedelta(seconds=10 * count)
    RunSample.objects.bulk_create(
        RunSample(run=run, at=begin + timedelta(seconds=10 * n), seconds=10, bitrate=2_000_000, level=-20)
        for n in range(count)
    )


def _health(user: User, stream: Stream, **query: Any) -> Any:
    reply = api_as(user).get(f"{SESSIONS}/{stream.pk}/health", query)
    assert reply.status_code == 200, reply.content
    return reply.json()["health"]


def test_good_signal_in_words_and_numbers(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    _running(stream)

    found = _health(cast.ben, stream)

    assert found["words"] == [{"code": "signal:ok", "severity": "ok", "message": "All is well.", "cure": ""}]
    assert (found["connected"], found["picture"], found["series"]) == (True, True, None)
    now = found["now"]
    assert (now["profile"], now["level"], now["peak"], now["lost"]) == ("High 3.1", -21.0, -9.0, 0)


def test_worst_fault_comes_first_with_its_cure(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    _running(stream, silent=42, b_frames=True, clipped=3)

    words = _health(cast.ben, stream)["words"]

    assert [(item["code"], item["severity"]) for item in words] == [
        ("sound:silent", "bad"),
        ("picture:b-frames", "ok"),
    ]
    assert words[0]["message"] == "Nothing was heard for 42 seconds."
    assert words[0]["cure"]


def test_note_of_the_ingest_stands_above_all(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE, signal_note="A second encoder tried your key.")
    _running(stream)

    words = _health(cast.ben, stream)["words"]

    assert [item["code"] for item in words] == ["signal:note"]


@pytest.mark.parametrize(
    ("state", "codes"), [(State.SCHEDULED, ["signal:none"]), (State.ENDED, []), (State.PREVIEW, ["signal:preparing"])]
)
def test_class_without_a_picture_says_so(cast: Cast, state: State, codes: list[str]) -> None:
    found = _health(cast.ben, make_stream(cast.session, state), step=10)

    assert [item["code"] for item in found["words"]] == codes
    assert (found["now"], found["series"]["points"]) == (None, [])


def test_course_of_the_signal_is_told_when_asked(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    _samples(_running(stream), 120)

    recent = _health(cast.ben, stream, step=10)["series"]
    hour = _health(cast.ben, stream, since=(clock.now() - timedelta(hours=1)).isoformat(), step=60)["series"]

    assert (recent["step"], len(recent["points"])) in {(10, 60), (10, 59)}
    assert (hour["step"], len(hour["points"])) in {(60, 20), (60, 21)}
    assert (recent["points"][0]["bitrate"], recent["points"][0]["level"]) == (2_000_000, -20.0)


def test_course_has_no_more_points_than_a_screen(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    _samples(_running(stream), 2880)

    found = _health(cast.ben, stream, since=(clock.now() - timedelta(hours=8)).isoformat())["series"]

    assert found["step"] == 29
    assert 900 < len(found["points"]) <= trends.MOST_POINTS


@pytest.mark.parametrize("since", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_course_of_an_absurd_time_is_empty(cast: Cast, since: str) -> None:
    stream = make_stream(cast.session, State.LIVE)
    _samples(_running(stream), 3)

    assert _health(cast.ben, stream, since=since)["series"]["points"] == []


def test_class_that_is_over_keeps_its_course(cast: Cast) -> None:
    ended = clock.now() - timedelta(days=2)
    stream = make_stream(cast.session, State.ENDED, ended_at=ended)
    _samples(_running(stream, state=RunState.FINISHED, finished_at=ended), 30, until=ended)

    found = _health(cast.ben, stream, step=10)

    assert found["now"] is None
    assert len(found["series"]["points"]) in {29, 30}


def test_what_is_asked_for_wrongly_is_refused(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)

    for query in ({"step": 0}, {"step": "x"}, {"since": "yesterday"}):
        assert api_as(cast.ben).get(f"{SESSIONS}/{stream.pk}/health", query).status_code == 400


def test_signal_is_nobody_elses_business(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    _running(stream)

    got = {
        name: api_as(cast.people[name]).get(f"{SESSIONS}/{stream.pk}/health").status_code
        for name in ("ana", "ben", "cleo", "dov", "eva")
    }

    assert got == {"ana": 200, "ben": 200, "cleo": 403, "dov": 404, "eva": 404}


def test_admin_shows_the_same_words_to_those_who_run_the_class(cast: Cast) -> None:
    colleague = make_user("Kim")
    add_member(cast.club, colleague, Role.INSTRUCTOR)
    stream = make_stream(cast.session, State.LIVE)
    _running(stream, silent=42, video_codec="<b>H264</b>")

    pages = {user: browser(user).get(f"{LIST}{stream.pk}/change/").content.decode() for user in (cast.ben, colleague)}

    assert "Nothing was heard for 42 seconds." in pages[cast.ben]
    assert "&lt;b&gt;H264&lt;/b&gt; High 3.1" in pages[cast.ben]
    assert "2.5 Mbit/s" in pages[cast.ben]
    assert "Nothing was heard" not in pages[colleague]
    assert "2.5 Mbit/s" not in pages[colleague]
