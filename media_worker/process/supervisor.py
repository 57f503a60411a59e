"""Carries one run from the source's first sign to its end: probes, starts ffmpeg, packages, watches, stops."""

import math
import time

from media_worker import cost, plan
from media_worker.enums import RunReason
from media_worker.ffmpeg import command
from media_worker.ladder import Ladder
from media_worker.packager.boxes import BoxError
from media_worker.packager.room import RoomWriter
from media_worker.process import refusals, reporter
from media_worker.process.child import Child, Exit
from media_worker.process.contract import Control, Events, Outcome, RunControl, RunSpec
from media_worker.process.ingest_statistics import IngestWatch
from media_worker.process.playlist_pusher import PlaylistPusher
from media_worker.process.prober import wait_for_source
from media_worker.process.publisher_wait import Arrival, PublisherWait, expected
from media_worker.process.pump import Pump
from media_worker.process.source_watch import SourceWatch
from media_worker.source import Source

_TURN_SECONDS = 0.1
_REPORT_SECONDS = 1.0
# An ffmpeg that is started later than this before the deadline could not bring a picture in time.
_LAST_START_SECONDS = 1.0


def supervise(spec: RunSpec, *, events: Events, control: Control) -> Outcome:
    """Carries a run to its end. Blocks; asks `orders` at least ten times a second; leaves no process behind."""
    if spec.wait is not None:
        outcome = _carry_prewarmed(spec, events=events, control=control)
        if outcome is not None:
            return outcome
    deadline = time.monotonic() + spec.limits.no_video
    source = wait_for_source(spec, control, until=deadline)
    if isinstance(source, Outcome):
        return source
    ladder = plan.choose(source, spec.quality, history=spec.history, budget=spec.budget)
    if isinstance(ladder, plan.Declined):
        return Outcome(RunReason.TOO_LARGE, ladder.reason)
    if refusal := spec.admit(_cores(source, ladder)):
        return Outcome(RunReason.NO_CAPACITY, refusal)
    events.chosen(source, ladder)
    # Audio that is declared and does not come would keep ffmpeg from starting: the next attempt does not measure it.
    measure_loudness = source.has_audio
    while True:
        attempt = _Attempt(
            spec, source, ladder, events=events, control=control, deadline=deadline, measure_loudness=measure_loudness
        )
        outcome = attempt.carry()
        measure_loudness = False
        if attempt.fragments or outcome.reason not in {RunReason.FFMPEG_FAILED, RunReason.SOURCE_ENDED}:
            return outcome
        # ffmpeg may come a moment before the ingest has the stream: until a picture has come, it may try again.
        if time.monotonic() >= deadline - _LAST_START_SECONDS:
            ended = outcome.reason is RunReason.SOURCE_ENDED
            return Outcome(RunReason.NO_VIDEO, refusals.NO_KEYFRAME) if ended else outcome
        time.sleep(_TURN_SECONDS)


def _cores(source: Source, ladder: Ladder) -> float:
    return cost.of(ladder, width=source.width, height=source.height, fps=float(source.fps or 30))


def _carry_prewarmed(spec: RunSpec, *, events: Events, control: Control) -> Outcome | None:
    """Lets ffmpeg wait for its publisher, made for what the encoder sent last. None: something else came."""
    source = expected(spec.history)
    ladder = plan.choose(source, spec.quality, history=spec.history, budget=spec.budget)
    if isinstance(ladder, plan.Declined):
        source = expected(None)
        ladder = plan.choose(source, spec.quality, history=None, budget=spec.budget)
    if isinstance(ladder, plan.Declined):
        return None
    attempt = _Attempt(
        spec, source, ladder, events=events, control=control, deadline=math.inf, measure_loudness=source.has_audio
    )
    outcome = attempt.carry(wait=True)
    retry = not attempt.fragments and outcome.reason in {RunReason.FFMPEG_FAILED, RunReason.SOURCE_ENDED}
    return None if attempt.unexpected or retry else outcome


class _Attempt:
    """One ffmpeg, its pipes, and the packager behind them."""

    def __init__(
        self,
        spec: RunSpec,
        source: Source,
        ladder: Ladder,
        *,
        events: Events,
        control: Control,
        deadline: float,
        measure_loudness: bool,
    ) -> None:
        self._spec = spec
        self._source = source
        self._ladder = ladder
        self._events = events
        self._orders = control
        self._deadline = deadline
        self._pump = Pump([item.name for item in ladder.renditions], measure_loudness=measure_loudness)
        self._ingest = IngestWatch(spec)
        self._pusher = PlaylistPusher(spec.push, spec.layout.ref) if spec.push.url else None
        self._room = RoomWriter(spec.layout, run=spec.run, ladder=ladder, window=spec.window, sink=self._pusher)
        self._source_watch = SourceWatch(spec, source, ladder, self._ingest)
        self._began = self._fragment_at = self._reported_at = time.monotonic()
        self._first_fragment_at = 0.0
        self._fragments_seen = 0
        self._announced = False
        self.unexpected = False

    @property
    def fragments(self) -> int:
        return self._pump.fragments

    def carry(self, *, wait: bool = False) -> Outcome:
        try:
            child = self._start()
            try:
                return (self._wait(child) if wait else None) or self._watch(child)
            finally:
                if child.running:
                    child.kill()
        finally:
            self._room.abandon()
            self._pump.close()
            self._ingest.close()
            if self._pusher is not None:
                self._pusher.close()

    def _start(self) -> Child:
        job = command.Job(
            ffmpeg=self._spec.tools.ffmpeg,
            source_url=self._spec.source_url,
            ladder=self._ladder,
            pipes={name: pipe.write for name, pipe in self._pump.pipes.items()},
            source_pipe=self._pump.source_pipe.write,
            progress_pipe=self._pump.progress_pipe.write,
            loudness_pipe=self._pump.loudness_pipe.write if self._pump.loudness_pipe else None,
            copy_audio=self._source.copy_audio,
            decode_threads=cost.decode_threads(
                width=self._source.width, height=self._source.height, fps=float(self._source.fps or 30)
            ),
        )
        child = Child(command.build(job), pass_fds=self._pump.child_ends, niceness=self._spec.tools.niceness)
        self._pump.attach(self._room)
        return child

    def _wait(self, child: Child) -> Outcome | None:
        """Waits until the publisher comes or the wait is over. None: it has come and sends what was expected."""
        waiter = PublisherWait(self._spec, self._source)
        while True:
            state = self._orders()
            if state is not RunControl.CONTINUE:
                reason = RunReason.WORKER_LOST if state is RunControl.LOST else RunReason.REQUESTED
                return _with_exit(Outcome(reason), child.kill())
            if not child.running:
                return _ended(child.finish(grace=_TURN_SECONDS))
            came = waiter.look(pending=self._pump.pending(_TURN_SECONDS))
            if isinstance(came, Source):
                if refusal := self._spec.admit(_cores(came, self._ladder)):
                    return _with_exit(Outcome(RunReason.NO_CAPACITY, refusal), child.kill())
                self._expect(came)
                return None
            if came is Arrival.UNEXPECTED:
                self.unexpected = True
            if came is not Arrival.NONE_YET:
                return _with_exit(Outcome(RunReason.UNUSED), child.kill())

    def _expect(self, source: Source) -> None:
        """The publisher is there: from now on the run is like any other."""
        self._source = source
        self._source_watch = SourceWatch(self._spec, source, self._ladder, self._ingest)
        now = time.monotonic()
        self._deadline = now + self._spec.limits.no_video
        self._fragment_at = self._reported_at = now
        self._events.chosen(source, self._ladder)

    def _watch(self, child: Child) -> Outcome:
        """Polls the pump until the source ends, the owner stops it, or something breaks."""
        try:
            while self._pump.open:
                state = self._orders()
                if state is RunControl.LOST:
                    return Outcome(RunReason.WORKER_LOST, refusals.LOST, child.kill().code)
                if state is RunControl.STOP:
                    return self._stop(child, Outcome(RunReason.REQUESTED))
                self._pump.poll(_TURN_SECONDS)
                self._report()
                if (trouble := self._trouble(child)) is not None:
                    return self._stop(child, trouble)
            self._room.close()
        except BoxError as error:
            return _with_exit(self._broken(str(error)), child.kill())
        return _ended(child.finish(grace=self._spec.limits.stop_grace))

    def _stop(self, child: Child, outcome: Outcome) -> Outcome:
        """Ends cleanly: ffmpeg writes what it has, and we keep reading so that it can."""
        child.interrupt()
        until = time.monotonic() + self._spec.limits.stop_grace
        while self._pump.open and time.monotonic() < until and self._orders() is not RunControl.LOST:
            self._pump.poll(_TURN_SECONDS)
        if self._orders() is RunControl.LOST:
            return Outcome(RunReason.WORKER_LOST, refusals.LOST, child.kill().code)
        self._room.close()
        return _with_exit(outcome, child.finish(grace=_TURN_SECONDS))

    def _broken(self, detail: str) -> Outcome:
        if note := self._source_watch.no_keyframe():
            self._report_signal()
            return Outcome(RunReason.SOURCE_CHANGED, note, detail=detail)
        return Outcome(RunReason.FFMPEG_FAILED, refusals.BROKEN, detail=detail)

    def _trouble(self, child: Child) -> Outcome | None:
        now = time.monotonic()
        if self._pump.fragments != self._fragments_seen:
            self._fragments_seen, self._fragment_at = self._pump.fragments, now
            self._first_fragment_at = self._first_fragment_at or now
        if not self._fragments_seen:
            late = now > self._deadline and child.running
            return Outcome(RunReason.NO_VIDEO, refusals.NO_KEYFRAME) if late else None
        if note := self._source_watch.trouble(self._pump.source):
            self._report_signal()
            return Outcome(RunReason.SOURCE_CHANGED, note)
        if now - self._fragment_at > self._spec.limits.stall:
            return Outcome(RunReason.SOURCE_ENDED, refusals.FROZEN)
        if self._line_seconds() - (now - self._first_fragment_at) > self._spec.limits.ahead:
            return Outcome(RunReason.FFMPEG_FAILED, refusals.JUMPED, detail="the time line ran ahead of the clock")
        return None

    def _line_seconds(self) -> float:
        frames = self._pump.progress.frames if self._pump.progress else 0
        return float(frames / self._ladder.fps)

    def _report(self) -> None:
        if self._room.published and not self._announced:
            self._announced = True
            self._events.playable()
        now = time.monotonic()
        if self._fragments_seen and now - self._reported_at >= _REPORT_SECONDS:
            self._reported_at = now
            self._report_signal()

    def _report_signal(self) -> None:
        found = reporter.report(self._source, pump=self._pump, watch=self._source_watch, ingest=self._ingest)
        self._events.progress(found)


def _with_exit(outcome: Outcome, end: Exit) -> Outcome:
    return Outcome(outcome.reason, outcome.note, end.code, f"{outcome.detail}\n{end.stderr_tail}".strip())


def _ended(end: Exit) -> Outcome:
    if end.code == 0:
        return Outcome(RunReason.SOURCE_ENDED, exit_code=0)
    detail = f"killed by {end.killed_by}" if end.killed_by else end.stderr_tail
    return Outcome(RunReason.FFMPEG_FAILED, refusals.FAILED, end.code, detail)
