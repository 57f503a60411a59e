"""docs/settings.md and the code name the same settings, kinds and defaults."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<kind>[^|]+) \| (?P<default>[^|]*) \|", re.MULTILINE)
_SECRETS = ("SECRET_KEY", "STREAM_KEY_SECRET", "HOOK_SECRET", "TURN_SERVER_SECRET", "SFU_SECRET")
_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "fitfriends.settings.prod",
    "DATABASE_URL": "postgres://ffc@localhost/ffc",
    "EMAIL_HOST": "mail.example",
    "PATH": os.environ["PATH"],
} | {name: f"{name.lower()}-0123456789abcdef0123456789abcdef" for name in _SECRETS}


def _run(code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=_PRODUCTION | changes,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_setting_is_documented() -> None:
    listing = _run(
        "import fitfriends.settings.prod; from fitfriends.core.env import REGISTRY\n"
        "for s in REGISTRY.values(): print(s.name, s.kind, sep='|')"
    )
    assert listing.returncode == 0, listing.stderr
    in_code = dict(line.split("|") for line in listing.stdout.split("\n") if line)

    in_docs = {row["name"]: row["kind"].strip() for row in _ROW.finditer((ROOT / "docs/settings.md").read_text())}

    assert in_docs == in_code


def test_production_starts_with_secrets_of_its_own() -> None:
    assert _run("import fitfriends.settings.prod").returncode == 0


def test_production_refuses_what_is_unsafe() -> None:
    for change, named in [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"HOOK_SECRET": "demo-only-hook-secret-0123456789abcdef"}, "HOOK_SECRET"),
        ({"STREAM_KEY_SECRET": "short"}, "STREAM_KEY_SECRET"),
        ({"DEBUG": "true"}, "DEBUG"),
        ({"DATABASE_URL": "sqlite:///x.sqlite3"}, "DATABASE_URL"),
        ({"RECONNECT_WINDOW_SECONDS": "soon"}, "RECONNECT_WINDOW_SECONDS"),
    ]:
        refused = _run("import fitfriends.settings.prod", **change)

        assert refused.returncode != 0, change
        assert "ImproperlyConfigured" in refused.stderr
        assert named in refused.stderr.splitlines()[-1]
