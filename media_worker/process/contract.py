"""What goes into a supervised run, what it reports, and how it ends."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from media_worker.enums import Quality, RunReason
from media_worker.ffmpeg.loudness import Loudness
from media_worker.ladder import Ladder
from media_worker.layout import RoomLayout
from media_worker.packager.frame_pacing import FramePacing
from media_worker.passthrough import PassthroughCheck
from media_worker.plan import EncoderHistory
from media_worker.source import Source


class RunControl(Enum):
    """Whether a run goes on. LOST: another worker may hold the room, so nothing more may be written."""

    CONTINUE = "continue"
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
    """Where playlists are pushed. Without an address players read the files alone."""

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
    """Whether the host can carry so many more cores: "", or why not in words. Returns quickly and does not raise."""

    def __call__(self, cores: float, /) -> str: ...


def admit_all(_cores: float) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What a run is made of. `run` is unique in the room; `window` is how many seconds viewers can rewind."""

    run: int
    layout: RoomLayout
    source_url: str
    quality: Quality
    window: float
    tools: Tools
    limits: Limits
    push: Push = Push()
    # What earlier runs of this encoder have shown, and the cores of this host.
    history: EncoderHistory | None = None
    budget: float = 2.0
    # Seconds to wait for a publisher who is not there yet; None: it is.
    wait: float | None = None
    admit: Admission = admit_all


@dataclass(frozen=True, slots=True)
class SignalReport:
    """The signal as it arrives, for the instructor. 0, "" and None where nothing is known yet.

    Bit rates are in bits per second, distances in seconds; frames are counted since ffmpeg began. `keyframe_longest`
    covers the last minute, `bitrate_low` and `bitrate_high` the last half minute.
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
    passthrough: PassthroughCheck = field(default_factory=PassthroughCheck)
    profile: str = ""
    interlaced: bool | None = None
    keyframe_longest: float = 0.0
    bitrate_low: int = 0
    bitrate_high: int = 0
    pacing: FramePacing = field(default_factory=FramePacing)
    # Frames dropped by ffmpeg, and by the ingest because ffmpeg read too slowly.
    dropped: int = 0
    ingest_bitrate: int = 0
    audio_bitrate: int = 0
    audio_channels: int = 0
    audio_rate: int = 0
    loudness: Loudness = field(default_factory=Loudness)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. `note` is in words for the instructor, `detail` for the log."""

    reason: RunReason
    note: str = ""
    exit_code: int | None = None
    detail: str = ""


class Events(Protocol):
    """Called in the run's own thread: returns quickly and does not raise."""

    def chosen(self, source: Source, ladder: Ladder, /) -> None: ...

    def playable(self) -> None: ...

    def progress(self, report: SignalReport, /) -> None: ...


class Control(Protocol):
    def __call__(self) -> RunControl: ...
