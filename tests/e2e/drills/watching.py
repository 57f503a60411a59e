"""Two who watch through every fault: a page in Chromium that counts frames, and a bare player that keeps books."""

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
from playwright.sync_api import Page

# A line a request would bury the figures, and would show tokens.
logging.getLogger("httpx").setLevel(logging.WARNING)

# Called with every frame that the browser shows. A still is a time without a frame.
_COUNT_FRAMES = """() => {
  const video = document.querySelector('video');
  const seen = window.seen = {frames: 0, last: performance.now(), stills: []};
  const next = () => {
    const now = performance.now();
    if (now - seen.last > 400) seen.stills.push((now - seen.last) / 1000);
    seen.last = now;
    seen.frames += 1;
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
}"""
_LOOK = "() => ({frames: seen.frames, still: (performance.now() - seen.last) / 1000, stills: seen.stills.splice(0)})"


@dataclass(frozen=True, slots=True)
class Seen:
    frames: int
    still: float  # seconds since the last frame
    stills: list[float]  # seconds each, since the look before


class Frames:
    """What a page shows that is never reloaded."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.evaluate(_COUNT_FRAMES)

    def look(self) -> Seen:
        return Seen(**self._page.evaluate(_LOOK))


_SEGMENT = re.compile(
    r"#EXT-X-PROGRAM-DATE-TIME:(\S+)\n(?:#EXT-X-PART:[^\n]*\n)*#EXTINF:([\d.]+),\n(?:\S*/)?seg-(\d+)\.m4s"
)


class BarePlayer(threading.Thread):
    """Reads one media playlist four times a second, and holds successive ones to RFC 8216, 6.2.1:

    a segment never changes under its media sequence number, and numbers never run backwards.
    """

    def __init__(self, multivariant: str) -> None:
        super().__init__(name="bare-player", daemon=True)
        self._multivariant = multivariant
        self._client = httpx.Client(timeout=5)
        self._done = threading.Event()
        self.segments: dict[int, tuple[str, str]] = {}  # by number: date and duration, as first read
        self.broken: list[str] = []
        self.answers: Counter[str] = Counter()
        self._oldest = 0

    def run(self) -> None:
        address = ""
        while not self._done.wait(0.25):
            if not address:
                address = self._ask(self._multivariant, _first_uri)
            else:
                self._ask(urljoin(self._multivariant, address), self._read)

    def stop(self) -> None:
        self._done.set()
        self.join(10)
        self._client.close()

    @property
    def newest(self) -> int:
        return max(self.segments, default=-1)

    def take_answers(self) -> str:
        """How often which answer came since the last call."""
        found, self.answers = self.answers, Counter()
        return ", ".join(f"{count}x {answer}" for answer, count in sorted(found.items()))

    def _ask(self, url: str, read: Callable[[str], str]) -> str:
        try:
            reply = self._client.get(url)
        except httpx.TransportError as error:
            self.answers[type(error).__name__] += 1
            return ""
        self.answers[str(reply.status_code)] += 1
        return read(reply.text) if reply.is_success else ""

    def _read(self, page: str) -> str:
        found = [(int(number), date, duration) for date, duration, number in _SEGMENT.findall(page)]
        if not found:
            return ""
        numbers = [number for number, _, _ in found]
        if numbers[0] < self._oldest or numbers[-1] < self.newest:
            self.broken.append(f"{self._oldest}-{self.newest}, then {numbers[0]}-{numbers[-1]}")
        if numbers != list(range(numbers[0], numbers[-1] + 1)):
            self.broken.append(f"not consecutive: {numbers}")
        self._oldest = max(numbers[0], self._oldest)
        for number, date, duration in found:
            if self.segments.setdefault(number, (date, duration)) != (date, duration):
                self.broken.append(f"segment {number} changed")
        return ""


def _first_uri(page: str) -> str:
    return next((line for line in page.splitlines() if line and not line.startswith("#")), "")
