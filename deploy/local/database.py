"""The demo's database: one that another version made is moved aside, and the demo makes itself a new one."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from deploy.local import config
from fitfriends.core import old_database

_SCHEME = "sqlite:///"
# What is of no use without the database, or means something else beside a new one: queued tasks, rooms, accounts.
_BESIDE = ("redis", "hls", "demo.json")


def set_aside(stack: config.Stack) -> list[str]:
    """Moves an old database with its files into a folder of the stack's own; returns what to say about that."""
    path = Path(stack.database_url.removeprefix(_SCHEME))
    if not stack.database_url.startswith(_SCHEME) or not path.exists() or not old_database.unknown(_applied(path)):
        return []
    aside = stack.state / f"old-{datetime.now(tz=UTC):%Y%m%d-%H%M%S}"
    aside.mkdir()
    # SQLite's journal is beside the database, and belongs to it by its name.
    for found in (*path.parent.glob(f"{path.name}*"), *(stack.state / name for name in _BESIDE)):
        if found.exists():
            found.rename(aside / found.name)
    return [
        f"  The demo's database was made by another version. It is in {aside} now; the demo makes a new one.",
    ]


def _applied(path: Path) -> list[tuple[str, str]]:
    """Nothing of what is not there or no database of Django: `migrate` says what is wrong with that."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return list(connection.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error:
        return []
