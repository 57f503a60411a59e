"""One run from the source's first sign to its end: looks, starts ffmpeg, packages, watches, stops."""

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
from media_worker.process.contract import Events, Order, Orders, Outcome, RunSpec
from media_worker.process.ingest_statistics import IngestWatch
from media_worker.process.playlist_pusher import PlaylistPusher
from media_worker.process.prober import wait_for_source
from media_worker.process.publisher_wait import Coming, PublisherWait, expected
from media_worker.process.pump import Pump
from media_worker.process.source_watch import SourceWatch
from media_worker.source import Source

_TURN_SECONDS = 0.1
_REPORT_SECONDS = 1.0
# An ffmpeg that is started later than this before the deadline could not bring a picture in time.
_LAST_START_SECONDS = 1.0


def supervise(spec: RunSpec, *, events: Events, orders: Orders) -> Outcome:
    """Carries a run to its end. Blocks; asks `orders` at least ten times a second; leaves no process behind."""
    if spec.wait is not None:
        outcome = _carry_waiting(spec, events=events, orders=orders)
        if outcome is not None:
            return outcome
    deadline = time.monotonic() + spec.limits.no_video
    source = wait_for_source(spec, orders, until=deadline)
    if isinstance(source, Outcome):
        return source
    ladder = plan.choose(source, spec.quality, known=spec.known, budget=spec.budget)
    if isinstance(ladder, plan.Declined):
        return Outcome(RunReason.TOO_LARGE, ladder.words)
    if crowded := spec.admit(_cores(source, ladder)):
        return Outcome(RunReason.NO_CAPACITY, crowded)
    events.chosen(source, ladder)
    # Sound that is declared and does not come would keep ffmpeg from starting: the next attempt does not listen.
    listen = source.sounds
    while True:
        attempt = _Attempt(spec, source, ladder, events=events, orders=orders, deadline=deadline, listen=listen)
        outcome = attempt.carry()
        listen = False
        if attempt.fragments or outcome.reason not in {RunReason.FFMPEG_FAILED, RunReason.SOURCE_ENDED}:
            return outcome
        # ffmpeg may come a moment before the ingest has the stream: until a picture came, it may try again.
        if time.monotonic() >= deadline - _LAST_START_SECONDS:
            ended = outcome.reason is RunReason.SOURCE_ENDED
            return Outcome(RunReason.NO_VIDEO, refusals.NO_KEYFRAME) if ended else outcome
        time.sleep(_TURN_SECONDS)


def _cores(source: Source, ladder: Ladder) -> float:
    return cost.of(ladder, width=source.width, height=source.height, fps=float(source.fps or 30))


def _carry_waiting(spec: RunSpec, *, events: Events, orders: Orders) -> Outcome | None:
    """Ffmpeg waits for its publisher, made for what the encoder sent last. None: something else came."""
    source = expected(spec.known)
    ladder = plan.choose(source, spec.quality, known=spec.known, budget=spec.budget)
    if isinstance(ladder, plan.Declined):
        source = expected(None)
        ladder = plan.choose(source, spec.quality, known=None, budget=spec.budget)
    if isinstance(ladder, plan.Declined):
        return None
    attempt = _Attempt(spec, source, ladder, events=events, orders=orders, deadline=math.inf, listen=source.sounds)
    outcome = attempt.carry(wait=True)
    retry = not attempt.fragments and outcome.reason in {RunReason.FFMPEG_FAILED, RunReason.SOURCE_ENDED}
    return None if attempt.other_came or retry else outcome


class _Attempt:
    """One ffmpeg and what it brings."""

    def __init__(
        self,
        spec: RunSpec,
        source: Source,
        ladder: Ladder,
        *,
        events: Events,
        orders: Orders,
        deadline: float,
        listen: bool,
    ) -> None:
        self._spec = spec
        self._source = source
        self._ladder = ladder
        self._events = events
        self._orders = orders
        self._deadline = deadline
        self._pump = Pump([item.name for item in ladder.renditions], listen=listen)
        self._ingest = IngestWatch(spec)
        self._herald = PlaylistPusher(spec.push, spec.layout.ref) if spec.push.url else None
        self._room = RoomWriter(spec.layout, run=spec.run, ladder=ladder, window=spec.window, tell=self._herald)
        self._source_watch = SourceWatch(spec, source, ladder, self._ingest)
        self._began = self._heard_at = self._reported_at = time.monotonic()
        self._first_heard_at = 0.0
        self._heard = 0
        self._announced = False
        self.other_came = False

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
            if self._herald is not None:
                self._herald.close()

    def _start(self) -> Child:
        job = command.Job(
            ffmpeg=self._spec.tools.ffmpeg,
            source_url=self._spec.source_url,
            ladder=self._ladder,
            pipes={name: pipe.write for name, pipe in self._pump.pipes.items()},
            tap_pipe=self._pump.tap_pipe.write,
            progress_pipe=self._pump.progress_pipe.write,
            level_pipe=self._pump.level_pipe.write if self._pump.level_pipe else None,
            copy_audio=self._source.copy_audio,
            decode_threads=cost.decode_threads(
                width=self._source.width, height=self._source.height, fps=float(self._source.fps or 30)
            ),
        )
        child = Child(command.build(job), pass_fds=self._pump.child_ends, niceness=self._spec.tools.niceness)
        self._pump.started(self._room)
        return child

    def _wait(self, child: Child) -> Outcome | None:
        """Until the publisher comes, or nobody waits any more. None: it has, and is what was expected."""
        waiter = PublisherWait(self._spec, self._source)
        while True:
            order = self._orders()
            if order is not Order.GO:
                reason = RunReason.WORKER_LOST if order is Order.LOST else RunReason.REQUESTED
                return _with_exit(Outcome(reason), child.kill())
            if not child.running:
                return _ended(child.finish(grace=_TURN_SECONDS))
            came = waiter.look(pending=self._pump.pending(_TURN_SECONDS))
            if isinstance(came, Source):
                if crowded := self._spec.admit(_cores(came, self._ladder)):
                    return _with_exit(Outcome(RunReason.NO_CAPACITY, crowded), child.kill())
                self._expect(came)
                return None
            if came is Coming.OTHER:
                self.other_came = True
            if came is not Coming.NOBODY:
                return _with_exit(Outcome(RunReason.UNUSED), child.kill())

    def _expect(self, source: Source) -> None:
        """From here on it is a run like any other."""
        self._source = source
        self._source_watch = SourceWatch(self._spec, source, self._ladder, self._ingest)
        now = time.monotonic()
        self._deadline = now + self._spec.limits.no_video
        self._heard_at = self._reported_at = now
        self._events.chosen(source, self._ladder)

    def _watch(self, child: Child) -> Outcome:
        """Turns the pump until the source ends, somebody wants it to, or something breaks."""
        try:
            while self._pump.open:
                order = self._orders()
                if order is Order.LOST:
                    return Outcome(RunReason.WORKER_LOST, refusals.LOST, child.kill().code)
                if order is Order.STOP:
                    return self._stop(child, Outcome(RunReason.REQUESTED))
                self._pump.turn(_TURN_SECONDS)
                self._report()
                if (trouble := self._trouble(child)) is not None:
                    return self._stop(child, trouble)
            self._room.close()
        except BoxError as error:
            return _with_exit(self._broken(str(error)), child.kill())
        return _ended(child.finish(grace=self._spec.limits.stop_grace))

    def _stop(self, child: Child, outcome: Outcome) -> Outcome:
        """A clean end: ffmpeg writes what it has, and we keep reading so that it can."""
        child.interrupt()
        until = time.monotonic() + self._spec.limits.stop_grace
        while self._pump.open and time.monotonic() < until and self._orders() is not Order.LOST:
            self._pump.turn(_TURN_SECONDS)
        if self._orders() is Order.LOST:
            return Outcome(RunReason.WORKER_LOST, refusals.LOST, child.kill().code)
        self._room.close()
        return _with_exit(outcome, child.finish(grace=_TURN_SECONDS))

    def _broken(self, detail: str) -> Outcome:
        if note := self._source_watch.uncut():
            self._tell()
            return Outcome(RunReason.SOURCE_CHANGED, note, detail=detail)
        return Outcome(RunReason.FFMPEG_FAILED, refusals.BROKEN, detail=detail)

    def _trouble(self, child: Child) -> Outcome | None:
        now = time.monotonic()
        if self._pump.fragments != self._heard:
            self._heard, self._heard_at = self._pump.fragments, now
            self._first_heard_at = self._first_heard_at or now
        if not self._heard:
            late = now > self._deadline and child.running
            return Outcome(RunReason.NO_VIDEO, refusals.NO_KEYFRAME) if late else None
        if note := self._source_watch.trouble(self._pump.tap):
            self._tell()
            return Outcome(RunReason.SOURCE_CHANGED, note)
        if now - self._heard_at > self._spec.limits.stall:
            return Outcome(RunReason.SOURCE_ENDED, refusals.FROZEN)
        if self._line_seconds() - (now - self._first_heard_at) > self._spec.limits.ahead:
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
        if self._heard and now - self._reported_at >= _REPORT_SECONDS:
            self._reported_at = now
            self._tell()

    def _tell(self) -> None:
        found = reporter.facts(self._source, pump=self._pump, watch=self._source_watch, ingest=self._ingest)
        self._events.progress(found)


def _with_exit(outcome: Outcome, end: Exit) -> Outcome:
    return Outcome(outcome.reason, outcome.note, end.code, f"{outcome.detail}\n{end.last_words}".strip())


def _ended(end: Exit) -> Outcome:
    if end.code == 0:
        return Outcome(RunReason.SOURCE_ENDED, exit_code=0)
    detail = f"killed by {end.killed_by}" if end.killed_by else end.last_words
    return Outcome(RunReason.FFMPEG_FAILED, refusals.FAILED, end.code, detail)
