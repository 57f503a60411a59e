"""How much one socket may ask, counted in memory."""

from fitfriends.core.bucket import Bucket


class FrameRate:
    # A device with many addresses sends its candidates at once.
    FRAMES, FRAMES_A_SECOND = 80, 20
    FAULTS, FAULTS_A_MINUTE = 10, 10
    # Publish, subscribe and restart: each is work for the media server.
    OPENINGS, OPENINGS_A_MINUTE = 8, 30

    __slots__ = ("_faults", "_frames", "_openings")

    def __init__(self) -> None:
        self._frames = Bucket(self.FRAMES, self.FRAMES_A_SECOND)
        self._faults = Bucket(self.FAULTS, self.FAULTS_A_MINUTE / 60)
        self._openings = Bucket(self.OPENINGS, self.OPENINGS_A_MINUTE / 60)

    def frame(self) -> bool:
        return self._frames.take()

    def fault(self) -> bool:
        return self._faults.take()

    def opening(self) -> bool:
        return self._openings.take()
