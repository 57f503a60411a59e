"""A poor line: two TUN devices, one in a network namespace, and a pump between them that loses and delays.

This needs root, and neither netem nor iptables.
"""

import contextlib
import fcntl
import heapq
import itertools
import os
import random
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

_SET = 0x400454CA  # TUNSETIFF, linux/if_tun.h
_TUN_WITHOUT_HEADER = 0x1001
_LONGEST = 65_536
HERE, THERE = "10.99.7.1", "10.99.7.2"


@dataclass(frozen=True, slots=True)
class Weather:
    """Each way: the share that is lost, and seconds of delay, of which `jitter` varies. Nothing is reordered."""

    loss: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0


def device(name: str, address: str) -> int:
    """A TUN device of the namespace we are in, up; its descriptor."""
    number = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(number, _SET, struct.pack("16sH22x", name.encode(), _TUN_WITHOUT_HEADER))
    for words in (["addr", "add", f"{address}/30", "dev", name], ["link", "set", name, "up"]):
        subprocess.run(["ip", *words], check=True)
    os.set_blocking(number, False)
    return number


class Pump:
    """Carries packets between two devices until `stop`. `weather` may be set at any time."""

    def __init__(self, one: int, other: int, weather: Weather) -> None:
        self.weather = weather
        self.carried = self.lost = 0
        self._ways = {one: other, other: one}
        self._due = dict.fromkeys(self._ways, 0.0)
        self._waiting: list[tuple[float, int, int, bytes]] = []
        self._numbers = itertools.count()
        self._over = threading.Event()
        self._chance = random.Random(7)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(2)

    def _run(self) -> None:
        while not self._over.is_set():
            now = time.monotonic()
            rest = self._waiting[0][0] - now if self._waiting else 0.05
            ready, _, _ = select.select(list(self._ways), [], [], max(0.0, min(rest, 0.05)))
            for source in ready:
                with contextlib.suppress(BlockingIOError):
                    while True:
                        self._take(source, os.read(source, _LONGEST))
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, target, packet = heapq.heappop(self._waiting)
                with contextlib.suppress(OSError):
                    os.write(target, packet)

    def _take(self, source: int, packet: bytes) -> None:
        if self._chance.random() < self.weather.loss:
            self.lost += 1
            return
        self.carried += 1
        target = self._ways[source]
        at = time.monotonic() + self.weather.delay + self._chance.random() * self.weather.jitter
        self._due[target] = max(self._due[target], at)
        heapq.heappush(self._waiting, (self._due[target], next(self._numbers), target, packet))


@contextlib.contextmanager
def behind(argv: list[str], weather: Weather) -> Iterator["subprocess.Popen[str]"]:
    """Runs `python argv` in a namespace whose only way out is such a line; its stdin and stdout are pipes."""
    name = f"ffc{os.getpid() % 100_000}"
    ours = device(name, HERE)
    told = f"{ours}, {weather.loss}, {weather.delay}, {weather.jitter}"
    code = f"from benchmarks.webrtc import lossy; lossy.inside({told})"
    process = subprocess.Popen(
        ["unshare", "-n", "--", sys.executable, "-c", code, *argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[ours],
        text=True,
    )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(ours)


def inside(other: int, loss: float, delay: float, jitter: float) -> None:
    """In the namespace: sets the line up and becomes the module that the arguments name."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    theirs = device("line", THERE)
    subprocess.run(["ip", "route", "add", "default", "via", HERE], check=True)
    pump = Pump(other, theirs, Weather(loss, delay, jitter))
    module, *sys.argv[1:] = sys.argv[1:]
    import runpy

    try:
        runpy.run_module(module, run_name="__main__")
    finally:
        pump.stop()
