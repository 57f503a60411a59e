"""What a supervised run is told, what it tells, and how it ends."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from media_worker.enums import Quality, RunReason
from media_worker.ffmpeg.loudness import Sound
from media_worker.ladder import Ladder
from media_worker.layout import RoomLayout
from media_worker.packager.frame_pacing import FramePacing
from media_worker.passthrough import Verdict
from media_worker.plan import Known
from media_worker.source import Source


class Order(Enum):
    """What the owner of the run wants now. LOST: somebody else may own the room, nothing may be written."""

    GO = "go"
    STOP = "stop"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs and the ingest's statistics page ("" where there is none)."""

    ffmpeg: str = "ffmpeg"
    ffprobe: str = "ffprobe"
    stat_url: str = ""
    niceness: int = 0


@dataclass(frozen=True, slots=True)
class Push:
    """Where playlists are handed over. Without an address the files are all there is."""

    url: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """All in seconds."""

    # From the start of the run to the first picture.
    no_video: float = 5.0
    # Without a fragment; the ingest drops a frozen publisher sooner.
    stall: float = 15.0
    # How far the time line may run ahead of the clock: a source that jumps makes ffmpeg invent frames.
    ahead: float = 20.0
    stop_grace: float = 2.0


class Admission(Protocol):
    """Whether the host can carry so many cores more; "" or in words why not. Must return quickly and not raise."""

    def __call__(self, cores: float, /) -> str: ...


def admit_all(_cores: float) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """`run` is a number that no other run of the room has; `window` is what viewers can rewind, in seconds."""

    run: int
    layout: RoomLayout
    source_url: str
    quality: Quality
    window: float
    tools: Tools
    limits: Limits
    push: Push = Push()
    # What is remembered of this encoder, and the cores of this host.
    known: Known | None = None
    budget: float = 2.0
    # Seconds to wait for a publisher who is not there yet; None: it is.
    wait: float | None = None
    admit: Admission = admit_all


@dataclass(frozen=True, slots=True)
class Facts:
    """The signal as it arrives, for the instructor. Zeros, "" and None where nothing is known yet.

    Bit rates are bits per second, distances seconds; counts of frames are since ffmpeg began. `keyframe_longest` is
    of the last minute, `bitrate_low` and `bitrate_high` are of the last half minute.
    """

    width: int
    height: int
    fps: float
    bitrate: int
    video_codec: str
    audio_codec: str
    keyframe_gap: float
    speed: float
    duplicated: int
    # Whether the next run of this encoder may pass its picture through, and in words why not.
    verdict: Verdict = field(default_factory=Verdict)
    profile: str = ""
    interlaced: bool | None = None
    keyframe_longest: float = 0.0
    bitrate_low: int = 0
    bitrate_high: int = 0
    pace: FramePacing = field(default_factory=FramePacing)
    # By us: by ffmpeg, and by the ingest because ffmpeg read too slowly.
    dropped: int = 0
    ingest_bitrate: int = 0
    audio_bitrate: int = 0
    audio_channels: int = 0
    audio_rate: int = 0
    sound: Sound = field(default_factory=Sound)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. `note` is in words for the instructor, `detail` for the log."""

    reason: RunReason
    note: str = ""
    exit_code: int | None = None
    detail: str = ""


class Events(Protocol):
    """Called from the run's own thread; must return quickly and not raise."""

    def chosen(self, source: Source, ladder: Ladder, /) -> None: ...

    def playable(self) -> None: ...

    def progress(self, facts: Facts, /) -> None: ...


class Orders(Protocol):
    def __call__(self) -> Order: ...
