"""A host takes what it can carry, and hands the rest back with words."""

import pytest
from django.db import OperationalError
from pytest_django import Settings

from media_worker.domain import admission, runs
from media_worker.domain.claim import Claim
from media_worker.enums import RunReason, RunState
from media_worker.process.contract import Outcome
from tests.media_worker.run_rows import ROOM, Commits, Sent, fresh, held, start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_cores(settings: Settings) -> None:
    settings.MEDIA_CPU_BUDGET = 2


def _held(number: int, worker: str = "media@a") -> Claim:
    return held(start("1", ref=f"room-number{number}x"), worker)


def test_host_takes_classes_up_to_its_cores() -> None:
    assert [admission.admit(_held(number), 0.8) == "" for number in range(3)] == [True, True, False]


def test_refusal_names_the_figures() -> None:
    admission.admit(_held(1), 1.5)

    assert "1.5 of 2 cores carry other classes, yours needs 0.8" in admission.admit(_held(2), 0.8)


def test_each_host_counts_for_itself_and_its_workers_together() -> None:
    assert admission.admit(_held(1, "media@a"), 1.5) == ""
    assert admission.admit(_held(2, "media@b"), 1.5) == ""
    assert admission.admit(_held(3, "media2@a"), 1.5) != ""


def test_class_that_is_over_gives_its_cores_back() -> None:
    first = _held(1)
    admission.admit(first, 1.5)
    runs.finish(first, Outcome(RunReason.SOURCE_ENDED))

    assert admission.admit(_held(2), 1.5) == ""


def test_idle_host_takes_any_class() -> None:
    assert admission.admit(_held(1), 3.0) == ""


def test_database_that_is_away_turns_nobody_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_hold: Claim) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(Claim, "rows", away)
    assert admission.admit(Claim(1, "x"), 0.5) == ""


def test_run_that_does_not_fit_is_queued_again_with_words_and_then_refused(sent: Sent, commits: Commits) -> None:
    with commits():
        run = start()
    outcome = Outcome(RunReason.NO_CAPACITY, "The video workers are busy.")
    for _ in range(4):
        with commits():
            runs.hand_back(held(run), outcome)
        assert (fresh(run).state, fresh(run).note) == (RunState.QUEUED, outcome.note)
        assert fresh(run).token == ""

    with commits():
        runs.hand_back(held(run), outcome)

    assert (fresh(run).state, fresh(run).reason) == (RunState.FINISHED, RunReason.NO_CAPACITY)
    assert sent.names() == ["queued"] * 5 + ["finished"]


def test_run_that_shall_stop_is_not_queued_again() -> None:
    run = start()
    claim = held(run)
    runs.request_stop(ROOM)

    runs.hand_back(claim, Outcome(RunReason.NO_CAPACITY, "busy"))

    assert (fresh(run).state, fresh(run).reason) == (RunState.FINISHED, RunReason.REQUESTED)
