"""The demo's own secrets: made once, readable by their owner alone."""

import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "STREAM_KEY_SECRET", "HOOK_SECRET", "TURN_SERVER_SECRET", "SFU_SECRET", "REDIS_PASSWORD")


def load(path: Path) -> dict[str, str]:
    """Read NAME=value lines; a missing file or name is made up and written back."""
    known: dict[str, str] = {}
    if path.exists():
        lines = (line.partition("=") for line in path.read_text().splitlines())
        known = {name: value for name, _, value in lines if name in NAMES and value}
    if len(known) < len(NAMES):
        known = {name: known.get(name) or secrets.token_hex(32) for name in NAMES}
        write_private(path, "".join(f"{name}={value}\n" for name, value in known.items()))
    return known


def write_private(path: Path, text: str) -> None:
    """Write so that nobody else can read it at any moment."""
    partial = path.with_name(path.name + ".new")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    partial.replace(path)
