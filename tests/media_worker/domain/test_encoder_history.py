"""What one run learned of an encoder, the next one of the same name is made for."""

from dataclasses import replace
from fractions import Fraction

import pytest

from media_worker.domain import encoder_history, heartbeat, runs
from media_worker.enums import RunReason, RunState
from media_worker.models import TranscodeRun
from media_worker.passthrough import PassthroughCheck
from media_worker.plan import EncoderHistory
from media_worker.source import Source
from tests.media_worker.run_rows import ENDED, REPORT, Sent, fresh, held

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

SOURCE = Source("H264", 1280, 720, Fraction(30000, 1001), "AAC", "LC")


def _run(client: str, *, encoder: str = "ben", ref: str = "room-abcdefgh") -> TranscodeRun:
    return runs.start(ref, client_id=client, source_url="rtmp://h/live/x", quality="HD", encoder=encoder)


def _done(run: TranscodeRun, *, safe: bool | None, reason: str = "") -> None:
    claim = held(run)
    runs.note_source(claim, SOURCE)
    heartbeat.record(claim, replace(REPORT, passthrough=PassthroughCheck(safe, reason)))
    runs.finish(claim, ENDED)


def test_next_run_of_an_encoder_knows_what_the_last_has_shown() -> None:
    _done(_run("1"), safe=True)

    history = EncoderHistory(1280, 720, Fraction(30000, 1001), copy_audio=True, safe=True)
    assert encoder_history.of(_run("2", ref="room-anotherone")) == history
    assert encoder_history.of(_run("3", encoder="eva")) is None
    assert encoder_history.of(_run("4", encoder="")) is None


def test_run_that_ended_before_a_verdict_takes_nothing_back() -> None:
    _done(_run("1"), safe=False, reason="rare keyframes")
    _done(_run("2"), safe=None)

    found = encoder_history.of(_run("3"))

    assert found is not None
    assert found.safe is False
    assert TranscodeRun.objects.get(client_id="1").verdict == "rare keyframes"


def test_run_is_improved_once_for_a_connection(sent: Sent) -> None:
    first = _run("1")
    claim = held(first)
    assert not runs.improve(fresh(first))

    heartbeat.record(claim, replace(REPORT, passthrough=PassthroughCheck(safe=True)))
    assert runs.improve(fresh(first))
    assert not runs.improve(fresh(first))
    runs.finish(claim, ENDED)

    assert (fresh(first).state, fresh(first).reason) == (RunState.FINISHED, RunReason.IMPROVED)
    second = _run("1")
    claim = held(second)
    runs.note_renditions(claim, [], note="", copied=True)
    runs.finish(claim, ENDED)
    third = _run("1")
    heartbeat.record(held(third), replace(REPORT, passthrough=PassthroughCheck(safe=True)))
    assert not runs.improve(fresh(third))
