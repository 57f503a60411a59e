"""What is said of a signal that a browser sends: its instructor has no encoder whose settings could be changed."""

from dataclasses import replace

from streaming.domain.signal.diagnosis import ALL_WELL, Finding, Severity

# Frames and keyframes of a browser come as camera and line allow; whether we convert them concerns nobody.
_NATURAL = frozenset(
    {"frames:uneven", "frames:fewer", "keyframes:irregular", "picture:converted", "bitrate:unsteady"},
)
_LINE = "Go nearer to the WLAN, or use another line."
_CURES = {
    "signal:stale": "Reload the camera page; the class goes on.",
    "keyframes:far-apart": _LINE,
    "server:slow": "",
    "frames:dropped": f"{_LINE} If the device is busy, close other programs and tabs.",
    "frames:few": "Turn the light on: in a dark room cameras slow down. Close other programs and tabs.",
    "bitrate:low": _LINE,
    "bitrate:high": "",
    "line:stutters": _LINE,
    "signal:clock-jumped": "If it does so again, reload the camera page; the class goes on.",
    "sound:none": "Look at the microphone on the camera page, under Checks.",
    "sound:silent": "Is your microphone on, and the right one? The camera page tells, under Checks.",
    "sound:clips": "Step back, or turn the music down.",
    "picture:interlaced": "Choose another camera.",
    "picture:b-frames": "",
}


def fitted(found: list[Finding]) -> list[Finding]:
    """The same findings without what is natural, with cures that a browser has. Never empty."""
    kept = [
        replace(one, message=one.message.replace("our encoder", "our device"), cure=_CURES.get(one.code, one.cure))
        for one in found
        if one.code not in _NATURAL and one is not ALL_WELL
    ]
    well = all(one.severity is Severity.OK for one in kept)
    return [*([ALL_WELL] if well else []), *kept]
