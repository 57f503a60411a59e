"""What an instructor reads when the signal cannot be used."""

from media_worker.ladder import HD, SEGMENT_SECONDS

_SET = f"Set the video encoder to H.264 and the keyframe interval to {SEGMENT_SECONDS} seconds, then start again."

NO_VIDEO = f"Your encoder sends no H.264 video. {_SET}"
NO_KEYFRAME = (
    "Your encoder sends H.264 video, but no keyframe arrived within 5 seconds. "
    f"Set the keyframe interval to {SEGMENT_SECONDS} seconds, then start again."
)
FROZEN = "The signal froze: the connection stands, but no picture arrives. Check the line of your encoder."
JUMPED = "The time in your signal jumped ahead. Stop and start your encoder."
FAILED = "The transcoder stopped unexpectedly. It is started again while your signal is there."
HOST = "The server cannot make a picture of your signal. Tell whoever runs it; it is tried again all the time."
DISK_FULL = (
    "The server's disk is full. Tell whoever runs it. The picture returns by itself when there is room; "
    "what was shown so far is kept."
)
BROKEN = "The picture could not be cut into segments. It is started again while your signal is there."
LOST = "The media worker was lost. Another one takes over while your signal is there."
CROWDED = "All transcoders are busy. The class starts as soon as one is free."


def crowded(*, taken: float, budget: float, cores: float) -> str:
    return (
        f"The video workers are busy: {taken:.1f} of {budget:.0f} cores carry other classes, yours "
        f"needs {cores:.1f}. It starts as soon as there is room. "
        f"A keyframe every {SEGMENT_SECONDS} seconds and {HD.name} at up to {HD.most / 1_000_000:.0f} Mbit/s "
        "need the least."
    )


def unsupported(codec: str) -> str:
    return f"Your encoder sends {codec} video, which cannot be shown. {_SET}"
