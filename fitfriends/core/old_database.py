"""Recognises a database that another version of this site made, by migrations that are applied and not here.

The migrations of the time before the first release were joined into one for each app: a database that was made by
them cannot be taken further. Plain Python, for the demo asks before it loads Django.
"""

from collections.abc import Iterable
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def unknown(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Migrations of our own apps that are applied, by app and name, and of which there is no file."""
    files = {(path.parts[-3], path.stem) for path in _ROOT.glob("*/migrations/[0-9]*.py")}
    ours = {app for app, _ in files}
    return sorted(f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in files)


def refusal(found: list[str]) -> str:
    """What to do about unknown migrations, for whoever runs the site."""
    return (
        f"This database was made by another version of FitFriendsClubs: {', '.join(found)} "
        f"{'is' if len(found) == 1 else 'are'} applied there and unknown here. Nothing was changed. "
        "Point DATABASE_URL at a new, empty database and migrate that one, "
        "or go back to the version that made this one."
    )
