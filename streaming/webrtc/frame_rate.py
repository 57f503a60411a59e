"""How much one signalling socket may ask."""

from fitfriends.core import frame_rate
from fitfriends.core.bucket import Bucket


class FrameRate(frame_rate.FrameRate):
    # A device with many addresses sends its candidates at once.
    FRAMES, FRAMES_A_SECOND = 80, 20
    # Publish, subscribe and restart: each is work for the media server.
    OPENINGS, OPENINGS_A_MINUTE = 8, 30

    __slots__ = ("_openings",)

    def __init__(self) -> None:
        super().__init__()
        self._openings = Bucket(self.OPENINGS, self.OPENINGS_A_MINUTE / 60)

    def opening(self) -> bool:
        """Counts an opening; False when it is one too many."""
        return self._openings.take()
