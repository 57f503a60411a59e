"""A broadcaster that paints the wall clock into its picture, and the script that reads it back from a video.

The clock is a strip of 64 black and white blocks at the top: 48 bits of milliseconds and 16 bits of checksum.
"""

import contextlib
import subprocess
import threading
import time

RATE = 30
HD, SMALL = (1280, 720), (640, 360)
BITS = 64
_CHECK = 65521
# Of the picture's height: what the reader looks at, and a little more.
_STRIP_SHARE = 32 / 720

# Collects [painted, seen] in milliseconds for every frame shown, and the times when playback ran dry.
READER = """() => {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = 640; canvas.height = 8;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const found = {samples: [], dry: [], unread: 0, rates: []};
  globalThis.painted = found;
  video.addEventListener('waiting', () => { if (!video.seeking) found.dry.push(Date.now()); });
  const read = () => {
    const seen = Date.now();
    context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight * 24 / 720, 0, 0, 640, 8);
    const row = context.getImageData(0, 4, 640, 1).data;
    let bits = '';
    for (let index = 0; index < 64; index += 1) bits += row[(index * 10 + 5) * 4] > 127 ? '1' : '0';
    const painted = parseInt(bits.slice(0, 48), 2);
    if (painted % 65521 === parseInt(bits.slice(48), 2) && painted > 0) found.samples.push([painted, seen]);
    else found.unread += 1;
    found.rates.push(video.playbackRate);
    video.requestVideoFrameCallback(read);
  };
  video.requestVideoFrameCallback(read);
}"""


def _strip(milliseconds: int, width: int, rows: int) -> bytes:
    word = f"{milliseconds:048b}{milliseconds % _CHECK:016b}"
    line = b"".join((b"\xeb" if bit == "1" else b"\x10") * (width // BITS) for bit in word)
    return line * rows


def _background(shift: int, width: int, height: int, strip: int) -> bytes:
    """Something for the encoder to do: a slanted texture that moves."""
    line = bytes(64 + (index * 7 + index * index // 90) % 96 for index in range(width)) * 2
    rows = [line[(row * 3 + shift) % width :][:width] for row in range(height - strip)]
    return b"".join(rows) + b"\x80" * (width * height // 2)


class Broadcaster:
    """ffmpeg fed with painted frames in real time; `began` is when the first frame was painted, in seconds."""

    def __init__(self, url: str, *, gop: int = 60, size: tuple[int, int] = HD) -> None:
        self._width, self._height = size
        shape = f"{self._width}x{self._height}"
        source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", shape, "-r", str(RATE), "-i", "pipe:0"]
        video = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"]
        video += ["-g", str(gop), "-keyint_min", str(gop), "-sc_threshold", "0", "-b:v", "2500k"]
        argv = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-probesize", "32", "-analyzeduration", "0", *source]
        argv += ["-f", "lavfi", "-i", "sine=r=48000", *video, "-c:a", "aac", "-flush_packets", "1", "-f", "flv", url]
        self._ffmpeg = subprocess.Popen(argv, stdin=subprocess.PIPE)
        self._going = True
        self.began = 0.0
        self._thread = threading.Thread(target=self._paint, daemon=True)
        self._thread.start()

    def _paint(self) -> None:
        width, height = self._width, self._height
        strip = round(height * _STRIP_SHARE)
        backgrounds = [_background(shift * 40, width, height, strip) for shift in range(8)]
        pipe = self._ffmpeg.stdin
        if pipe is None:
            return
        number, start = 0, time.monotonic()
        self.began = time.time()
        with contextlib.suppress(BrokenPipeError):
            while self._going:
                time.sleep(max(0.0, start + number / RATE - time.monotonic()))
                pipe.write(_strip(int(time.time() * 1000), width, strip))
                pipe.write(backgrounds[number // 4 % len(backgrounds)])
                pipe.flush()
                number += 1

    def stop(self) -> None:
        self._going = False
        self._thread.join(2)
        self._ffmpeg.kill()
        self._ffmpeg.wait()
