"""What a ladder costs in cores, from what was measured (docs/adr/0012): the first guess of admission.

Synthetic pictures at 2.1 GHz; real sport costs 10 to 30 % more, which the margin carries.
"""

from media_worker.ladder import Ladder

_MARGIN = 1.2
_MEGA = 1_000_000
# Cores for a million pixels a second.
_DECODE = 0.0054
_ENCODE = 0.0098
# Cores for an encoder of whatever size, its scaler, its pipe.
_EACH_ENCODE = 0.06
# Pulling, copying, packaging.
_EACH_RUN = 0.04
# One thread must keep pace with the source with some room.
_OF_ONE_THREAD = 0.7
# One stream may take this share of its host: it has to survive its own worst second.
_LARGEST_SHARE = 0.75


def of(ladder: Ladder, *, width: int, height: int, fps: float) -> float:
    """Cores for a source of this size; without any encode nothing is decoded either."""
    encoded = [item for item in ladder.renditions if not item.copied]
    cores = sum(_EACH_ENCODE + _ENCODE * item.width * item.height * float(item.fps) / _MEGA for item in encoded)
    if encoded:
        cores += _decoding(width, height, fps)
    return round(_EACH_RUN + cores * _MARGIN, 2)


def fits(cores: float, *, budget: float) -> bool:
    """Whether one stream of this cost can run on a host with nothing else to do."""
    return cores <= budget * _LARGEST_SHARE


def decode_threads(*, width: int, height: int, fps: float) -> int:
    """One, unless it could not keep pace: every further thread holds back a frame."""
    return 1 + int(_decoding(width, height, fps) * _MARGIN / _OF_ONE_THREAD)


def _decoding(width: int, height: int, fps: float) -> float:
    return _DECODE * width * height * fps / _MEGA
