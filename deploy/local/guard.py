"""Becomes one process of the stack, after ending what its killed predecessor left behind.

`python -m deploy.local.guard <name> <program> <argument>...`, run by supervisord in the stack's run folder.
supervisord starts a process again when it dies, but not before its children are gone: workers of a killed
nginx or granian would go on holding the port, with the new one failing to open it.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

SECONDS = 3


def main(name: str, argv: list[str]) -> None:
    note = Path.cwd() / f"{name}.group"
    with suppress(OSError, ValueError):
        _end_group(int(note.read_text()))
    note.write_text(str(os.getpid()))  # supervisord made us the leader of a group of our own
    os.execv(argv[0], argv)  # noqa: S606 -- no shell is wanted


def _end_group(group: int) -> None:
    deadline = time.monotonic() + SECONDS
    while (left := _members(group)) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _members(group: int) -> list[int]:
    """Processes of the group that live in this folder: a number may have gone to somebody else meanwhile."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(entry.name)) == group and (entry / "cwd").readlink() == Path.cwd():
                found.append(int(entry.name))
    return found


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
