"""Why a viewer was refused stands in the log: once a minute each, a few lines a second together, and no token."""

import logging

import pytest
from rest_framework.test import APIClient

from fitfriends.core.bucket import Bucket, Buckets
from streaming.domain import refusals
from streaming.domain.watching import verdicts
from streaming.enums import State
from tests.cast import Cast, api_as
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.usefixtures("clean_redis")
ROOM = "room-refusals00"


@pytest.fixture(autouse=True)
def lines(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(refusals, "_log", refusals._Log())
    caplog.set_level(logging.INFO, logger=refusals.__name__)
    return caplog


def told(lines: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in lines.records if record.name == refusals.__name__]


def test_a_refusal_is_told_once_a_minute_for_each_viewer_and_reason(lines: pytest.LogCaptureFixture) -> None:
    for user_id, code in ((7, "stream:full"), (7, "stream:full"), (7, "token:revoked"), (8, "stream:full")):
        refusals.note("join", code, room=ROOM, user_id=user_id)

    assert told(lines) == [
        f"refused: door=join room={ROOM} user=7 code=stream:full",
        f"refused: door=join room={ROOM} user=7 code=token:revoked",
        f"refused: door=join room={ROOM} user=8 code=stream:full",
    ]


def test_a_storm_of_refusals_leaves_lines_out_and_says_so(
    lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = refusals._Log()
    storm.all, storm.each = Bucket(1, 0), Buckets(1, 0, most=10)
    monkeypatch.setattr(refusals, "_log", storm)
    for user_id in range(1, 5):
        refusals.note("join", "stream:full", room=ROOM, user_id=user_id)
    storm.all = Bucket(1, 0)
    refusals.note("join", "stream:full", room=ROOM, user_id=5)

    assert [line.rpartition("user=")[2] for line in told(lines)] == [
        "1 code=stream:full",
        "5 code=stream:full (and 3 more)",
    ]


def test_a_verdict_is_told_without_its_token(lines: pytest.LogCaptureFixture) -> None:
    assert not verdicts.Gate().admits(ROOM, "no-token-of-ours-but-as-long-as-one")
    assert not verdicts.Gate().admits("room\nforged", "x")

    assert told(lines) == [
        f"refused: door=verdict room={ROOM} user=- code=token:forged",
        "refused: door=verdict room=? user=- code=token:forged",
    ]


@pytest.mark.django_db
def test_a_join_is_told_with_room_person_and_code(cast: Cast, lines: pytest.LogCaptureFixture) -> None:
    stream = make_stream(cast.session, State.SCHEDULED)
    cleo, dov = api_as(cast.cleo), api_as(cast.dov)
    assert [_join(cleo, stream.pk), _join(dov, stream.pk)] == [409, 404]

    assert told(lines) == [
        f"refused: door=join room={stream.room_id} user={cast.cleo.pk} code=stream:state:not-started",
        f"refused: door=join room=stream:{stream.pk} user={cast.dov.pk} code=stream:not-found",
    ]


def _join(api: APIClient, stream_id: int) -> int:
    return api.post(f"/api/streaming/sessions/{stream_id}/join").status_code
