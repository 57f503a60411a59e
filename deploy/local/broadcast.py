"""Becomes the synthetic instructor: loops the clip into the live class, without encoding.

Run as a process of the stack: `python -m deploy.local.broadcast`. It needs no Django, so it starts at once.
"""

import os
from pathlib import Path

from deploy.local import clip

KEY_FILE = "stream-key"  # the seed writes it, next to the clip


def main() -> None:
    folder = Path(os.environ["STATE_DIR"], "demo")
    key = (folder / KEY_FILE).read_text().strip()
    argv = clip.push_command(folder / clip.NAME, f"{os.environ['RTMP_PULL_URL']}/{key}")
    # exec, not a child: the process manager then stops and restarts ffmpeg itself.
    os.execv(argv[0], argv)  # noqa: S606 -- no shell is wanted


if __name__ == "__main__":
    main()
