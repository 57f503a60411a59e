"""What is dear to make and the same for every worker is made once a run."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

FOLDER = "FFC_TEST_FOLDER"  # set by tests.plugin for all workers; gone when the run ends


def once(name: str, make: Callable[[Path], object], wanted: Path) -> Path:
    """A copy at `wanted` of what `make` writes into the path that it is given; whoever comes second waits."""
    kept = Path(os.environ[FOLDER], "shared", name)
    kept.parent.mkdir(exist_ok=True)
    with kept.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            partial = kept.with_name(f"new-{name}")  # the name's end stays: ffmpeg goes by it
            make(partial)
            partial.replace(kept)
    shutil.copyfile(kept, wanted)
    return wanted
