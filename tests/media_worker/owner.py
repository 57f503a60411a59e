"""Who owns a run in the tests: takes its events, controls it, counts its ffmpegs."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from media_worker.enums import Quality
from media_worker.ladder import Ladder
from media_worker.layout import RoomLayout
from media_worker.plan import EncoderHistory
from media_worker.process.contract import Limits, Outcome, RunControl, RunSpec, SignalReport, Tools
from media_worker.process.supervisor import supervise
from media_worker.source import Source

ROOM = "room-abcdefgh"


@dataclass
class Owner:
    """Takes a run's events and controls it; the tests are its database."""

    state: RunControl = RunControl.CONTINUE
    on_playable: Callable[[], None] = lambda: None
    playable_count: int = 0
    facts: list[SignalReport] = field(default_factory=list)
    ladder: Ladder | None = None

    def chosen(self, _source: Source, ladder: Ladder) -> None:
        self.ladder = ladder

    def playable(self) -> None:
        self.playable_count += 1
        self.on_playable()

    def progress(self, facts: SignalReport) -> None:
        self.facts.append(facts)

    def control(self) -> RunControl:
        return self.state

    def carry(self, spec: RunSpec) -> Outcome:
        return supervise(spec, events=self, control=self.control)


def spec(
    layout: RoomLayout,
    source: Path | str,
    *,
    run: int = 1,
    limits: Limits | None = None,
    history: EncoderHistory | None = None,
) -> RunSpec:
    return RunSpec(run, layout, str(source), Quality.AUTO, 600, Tools(), limits or Limits(), history=history)


def history(*, width: int = 1280, height: int = 720, fps: int = 30, safe: bool | None = True) -> EncoderHistory:
    """What an earlier run has shown."""
    return EncoderHistory(width, height, Fraction(fps), copy_audio=True, safe=safe)


def ffmpegs() -> list[int]:
    """Our children that are ffmpeg."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == os.getpid() and (entry / "comm").read_text().strip() == "ffmpeg":
                    found.append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found
