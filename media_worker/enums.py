"""A run in enumerations: what was asked for, which state it is in, why it ended."""

from enum import StrEnum


class Quality(StrEnum):
    """The top rung of the ladder; the rungs below always come along."""

    UHD = "4K"
    HD = "HD"
    SD = "SD"
    AUTO = "Auto"


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"


class RunReason(StrEnum):
    """Why a run is finished. The first two are nobody's fault; the next two the broadcaster can mend."""

    REQUESTED = "requested"
    SOURCE_ENDED = "source_ended"
    NO_VIDEO = "no_video"
    UNSUPPORTED_CODEC = "unsupported_codec"
    FFMPEG_FAILED = "ffmpeg_failed"
    WORKER_LOST = "worker_lost"
    # A full disk, a missing program: nothing that the broadcaster does would help.
    HOST_FAILED = "host_failed"
    NO_CAPACITY = "no_capacity"
    # No host of this size could carry it, however idle.
    TOO_LARGE = "too_large"
    # The source is no longer what the run was made for, or can be had cheaper: another run follows at once.
    SOURCE_CHANGED = "source_changed"
    IMPROVED = "improved"
    # It waited for a publisher who did not come in time, or another class needed its place.
    UNUSED = "unused"


# Ends that nobody asked for and that are not the broadcaster's leaving.
MISHAPS = (
    RunReason.FFMPEG_FAILED,
    RunReason.WORKER_LOST,
    RunReason.HOST_FAILED,
    RunReason.NO_VIDEO,
    RunReason.UNSUPPORTED_CODEC,
    RunReason.NO_CAPACITY,
    RunReason.TOO_LARGE,
    RunReason.SOURCE_CHANGED,
)


# States in which a worker holds the run, and with it the room's files.
HELD = (RunState.RUNNING, RunState.STOPPING)
OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)
