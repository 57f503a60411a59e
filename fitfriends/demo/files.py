"""What the demo tells scripts: var/demo.json, and the key of its synthetic instructor."""

import json
import os
from pathlib import Path
from typing import TypedDict

from django.conf import settings


class Account(TypedDict):
    email: str
    password: str
    token: str


class ClubEntry(TypedDict):
    id: int
    slug: str
    name: str


class StreamEntry(TypedDict):
    id: int
    room_id: str


class Demo(TypedDict):
    base_url: str
    rtmp_url: str
    accounts: dict[str, Account]
    clubs: list[ClubEntry]
    group_sessions: dict[str, int]
    streams: dict[str, StreamEntry]


def demo_json() -> Path:
    return Path(settings.STATE_DIR) / "demo.json"


def key_file() -> Path:
    return Path(settings.STATE_DIR) / "demo" / "stream-key"


def read() -> Demo | None:
    """What the last start wrote, or None where there is nothing readable."""
    try:
        content: Demo = json.loads(demo_json().read_text())
    except (OSError, ValueError):
        return None
    return content


def write(demo: Demo) -> None:
    _replace(demo_json(), json.dumps(demo, indent=2) + "\n")


def write_key(key: str) -> None:
    _replace(key_file(), key)


def _replace(path: Path, text: str) -> None:
    """Readable by its owner alone, and never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".new")
    partial.touch(mode=0o600)
    partial.write_text(text)
    os.replace(partial, path)  # noqa: PTH105 -- atomic on purpose, also over an existing file
