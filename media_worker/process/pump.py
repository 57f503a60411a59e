"""Reads all of ffmpeg's pipes in one thread, in bounded memory, and hands the bytes to packager and meters."""

import contextlib
import fcntl
import os
import selectors
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media_worker.ffmpeg.loudness import LoudnessMeter
from media_worker.ffmpeg.progress import Progress, ProgressReader, SpeedMeter
from media_worker.packager.boxes import BoxError
from media_worker.packager.fragments import Fragment, FragmentReader
from media_worker.packager.room import RoomWriter
from media_worker.packager.source_facts import SourceFacts

_READ_BYTES = 256 * 1024
# A hiccup of ours must not stop the encoder: a megabyte is two seconds of 4 Mbit/s.
_PIPE_BYTES = 1024 * 1024
# A fragment is a fifth of a second, and a frame more where a source sends few.
_LONGEST_SECONDS = 4


@dataclass(slots=True)
class Pipe:
    """A pipe whose write end goes to the child. -1 marks an end that is closed."""

    read: int
    write: int

    @classmethod
    def open(cls) -> "Pipe":
        read, write = os.pipe()
        # Not permitted when the user's share of pipe memory is used up: the default size works too.
        with contextlib.suppress(PermissionError):
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        return cls(read, write)


class Pump:
    """All pipes of one ffmpeg. Give `child_ends` to the child, call `attach`, then `poll` while `open`. Close it.

    `measure_loudness`: one pipe more brings the loudness of the audio.
    """

    def __init__(self, renditions: Sequence[str], *, measure_loudness: bool = False) -> None:
        self.pipes = {name: Pipe.open() for name in renditions}
        self.source_pipe = Pipe.open()
        self.progress_pipe = Pipe.open()
        self.loudness_pipe = Pipe.open() if measure_loudness else None
        self.loudness_meter = LoudnessMeter() if measure_loudness else None
        self.source = SourceFacts()
        self.progress: Progress | None = None
        self.speed_meter = SpeedMeter()
        self._progress_reader = ProgressReader()
        self._selector = selectors.DefaultSelector()
        self._fragments = 0

    @property
    def child_ends(self) -> list[int]:
        return [pipe.write for pipe in self._all()]

    @property
    def open(self) -> bool:
        """Whether any pipe may still bring something."""
        return bool(self._selector.get_map())

    @property
    def fragments(self) -> int:
        """How many fragments with video have come."""
        return self._fragments

    def attach(self, room: RoomWriter) -> None:
        """Closes the write ends, so that the child holds the last of them and its end is seen, and starts reading."""
        for pipe in self._all():
            os.close(pipe.write)
            pipe.write = -1
        for name, pipe in self.pipes.items():
            self._selector.register(pipe.read, selectors.EVENT_READ, self._packager(room, name))
        self._selector.register(self.source_pipe.read, selectors.EVENT_READ, self.source.feed)
        self._selector.register(self.progress_pipe.read, selectors.EVENT_READ, self._note_progress)
        if self.loudness_pipe is not None and self.loudness_meter is not None:
            self._selector.register(self.loudness_pipe.read, selectors.EVENT_READ, self.loudness_meter.feed)

    def pending(self, seconds: float) -> bool:
        """Whether bytes are there within so many seconds; reads none of them."""
        return bool(self._selector.select(seconds))

    def poll(self, seconds: float) -> None:
        """Waits at most so many seconds and handles what is there. Raises BoxError, or OSError of the file system."""
        for key, _ in self._selector.select(seconds):
            data = os.read(key.fd, _READ_BYTES)
            if data:
                handle: Callable[[bytes], None] = key.data
                handle(data)
            else:
                self._selector.unregister(key.fd)

    def close(self) -> None:
        self._selector.close()
        for pipe in self._all():
            for end in (pipe.read, pipe.write):
                if end >= 0:
                    os.close(end)
            pipe.read = pipe.write = -1

    def _all(self) -> list[Pipe]:
        level = [self.loudness_pipe] if self.loudness_pipe is not None else []
        return [*self.pipes.values(), self.source_pipe, self.progress_pipe, *level]

    def _packager(self, room: RoomWriter, name: str) -> Callable[[bytes], None]:
        reader = FragmentReader()

        def handle(data: bytes) -> None:
            for item in reader.feed(data):
                if isinstance(item, Fragment) and item.duration > _LONGEST_SECONDS:
                    # A copied picture whose time jumped: players would wait as long for the next one.
                    raise BoxError(f"a fragment of {float(item.duration):.0f} seconds")
                room.accept(name, item)
                self._fragments += getattr(item, "frames", 0) > 0

        return handle

    def _note_progress(self, data: bytes) -> None:
        for report in self._progress_reader.feed(data):
            self.progress = report
            self.speed_meter.add(report)
