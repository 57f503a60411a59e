"""The viewer's own machine sleeps, and its line is cut."""

import os
import signal
import time
from pathlib import Path

from playwright.sync_api import expect

from deploy.local import control
from tests.e2e.drills.evening import Evening
from tests.e2e.parts import until

# Longer than the socket's pings allow: the server has hung up meanwhile.
_NAP_SECONDS = 30


def test_laptop_sleeps_and_wakes(evening: Evening) -> None:
    renderers = _renderers()
    assert renderers
    with evening.drill(f"laptop asleep for {_NAP_SECONDS} s"):
        _send(renderers, signal.SIGSTOP)
        try:
            began = time.monotonic()
            until(lambda: time.monotonic() - began > _NAP_SECONDS, what="the morning")
        finally:
            _send(renderers, signal.SIGCONT)
    until(lambda: evening.delay() < 4, what="a picture that is live again")
    _talks(evening, "good morning")


def test_line_is_cut(evening: Evening) -> None:
    context = evening.visit.page.context
    with evening.drill("viewer's line cut for 12 s"):
        context.set_offline(True)
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 12, what="the line's return")
        context.set_offline(False)
    until(lambda: evening.delay() < 4, what="a picture that is live again")
    _talks(evening, "back again")


def _talks(evening: Evening, words: str) -> None:
    box = evening.visit.page.get_by_role("textbox", name="Your message")
    box.fill(words)
    box.press("Enter")
    expect(evening.visit.page.get_by_text(words)).to_be_visible(timeout=60_000)


def _renderers() -> list[int]:
    """The processes that show pages; ours, for their ancestors lead to this test."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = b"--type=renderer" in (entry / "cmdline").read_bytes() and _descends(int(entry.name))
        except OSError:
            continue
        if ours and control.alive(int(entry.name)):
            found.append(int(entry.name))
    return found


def _descends(pid: int) -> bool:
    while pid > 1 and pid != os.getpid():
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return pid == os.getpid()


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)
