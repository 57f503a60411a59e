"""How many frames one socket may send, counted in memory; what a person may say is limits.py's."""

from fitfriends.core.bucket import Bucket


class FrameRate:
    FRAMES, FRAMES_A_SECOND = 40, 10
    FAULTS, FAULTS_A_MINUTE = 10, 10

    __slots__ = ("_faults", "_frames")

    def __init__(self) -> None:
        self._frames = Bucket(self.FRAMES, self.FRAMES_A_SECOND)
        self._faults = Bucket(self.FAULTS, self.FAULTS_A_MINUTE / 60)

    def frame(self) -> bool:
        return self._frames.take()

    def fault(self) -> bool:
        return self._faults.take()
