"""How far the sound is from the picture, told by flashes and beeps."""

from pathlib import Path

import av

# A tenth of a second belongs to each mark; whatever is nearer to the last mark than this is the same one.
_APART = 0.5
_BRIGHT, _LOUD = 120, 2000
_RATE = 8000


def offsets(recording: Path) -> list[float]:
    """Beep minus flash for each flash, in seconds: positive where the sound is late."""
    flashes, beeps = _flashes(recording), _beeps(recording)
    found = [min((beep - flash for beep in beeps), key=abs, default=9.0) for flash in flashes]
    return [one for one in found if abs(one) < _APART]


def _flashes(recording: Path) -> list[float]:
    marks: list[float] = []
    dark = False
    with av.open(str(recording)) as source:
        for frame in source.decode(video=0):
            plane = bytes(frame.reformat(64, 64, "gray").planes[0])
            bright = sum(plane) / len(plane) > _BRIGHT
            if bright and dark and frame.time is not None:
                marks.append(frame.time)
            dark = not bright
    return marks


def _beeps(recording: Path) -> list[float]:
    marks: list[float] = []
    plain = av.AudioResampler("s16", "mono", _RATE)
    with av.open(str(recording)) as source:
        for frame in (one for whole in source.decode(audio=0) for one in plain.resample(whole)):
            samples = memoryview(bytes(frame.planes[0])[: 2 * frame.samples]).cast("h")
            first = next((place for place, value in enumerate(samples) if abs(value) > _LOUD), None)
            if first is not None and frame.time is not None:
                at = frame.time + first / _RATE
                if not marks or at - marks[-1] > _APART:
                    marks.append(at)
    return marks
