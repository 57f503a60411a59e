"""The event loop's child keeps the promises of the threaded one."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from media_worker.process.async_child import AsyncChild
from tests.media_worker.process.test_child import _gone, _soon

pytestmark = pytest.mark.integration


async def test_lines_exit_code_and_stderr_are_kept() -> None:
    on_line: list[str] = []
    said = "print('one\\ntwo'); print('x' * 9000, file=sys.stderr); print('it hurts', file=sys.stderr)"
    code = f"import sys; {said}; sys.exit(7)"

    end = await (await AsyncChild.start([sys.executable, "-c", code], on_line=on_line.append)).wait()

    assert (end.code, on_line) == (7, ["one", "two"])
    assert end.stderr_tail.splitlines()[-1] == "it hurts"
    assert max(map(len, end.stderr_tail.splitlines())) <= 500


async def test_deaf_child_is_killed_with_its_group(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    child = await AsyncChild.start(
        ["sh", "-c", f"trap '' INT TERM; sleep 300 & echo $! > {path}; while :; do wait; done"]
    )
    while not (path.exists() and path.read_text().endswith("\n")):  # noqa: ASYNC110 -- a shell tells nobody
        await asyncio.sleep(0.02)

    end = await child.stop(grace=0.1)

    assert end.killed_by == "SIGKILL"
    assert _soon(lambda: _gone(int(path.read_text())))
    assert (await child.stop(grace=0.1)) == end


async def test_waiting_can_be_given_up_and_the_child_lives() -> None:
    child = await AsyncChild.start(["sleep", "300"])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await child.wait()

    assert child.running
    assert os.getsid(child.pid) == child.pid
    assert (await child.kill()).killed_by == "SIGKILL"


async def test_missing_program_is_an_error_or_a_recorded_end() -> None:
    try:
        end = await (await AsyncChild.start(["/nowhere/ffmpeg"])).wait()
    except FileNotFoundError:
        return
    assert end.code != 0
