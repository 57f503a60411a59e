"""How many frames one socket may send, counted in memory."""

from fitfriends.core.bucket import Bucket


class FrameRate:
    """A socket with other needs derives a class with other numbers."""

    FRAMES, FRAMES_A_SECOND = 40, 10
    FAULTS, FAULTS_A_MINUTE = 10, 10

    __slots__ = ("_faults", "_frames")

    def __init__(self) -> None:
        self._frames = Bucket(self.FRAMES, self.FRAMES_A_SECOND)
        self._faults = Bucket(self.FAULTS, self.FAULTS_A_MINUTE / 60)

    def frame(self) -> bool:
        """Counts a frame; False when it is one too many."""
        return self._frames.take()

    def fault(self) -> bool:
        """Counts a frame that cannot be used; False when it is one too many."""
        return self._faults.take()
