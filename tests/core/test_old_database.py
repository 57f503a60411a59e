"""A database that another version made is refused before anything is changed."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from fitfriends.core import old_database

ROOT = Path(__file__).resolve().parents[2]


def test_applied_migrations_without_a_file_are_unknown() -> None:
    applied = [
        ("chat", "0001_initial"),
        ("chat", "0006_reports"),
        ("clubs", "0002_moderation"),
        ("account", "0099_theirs"),  # another project's, which may join its own
    ]

    assert old_database.unknown(applied) == ["chat.0006_reports", "clubs.0002_moderation"]


@pytest.mark.django_db
def test_an_old_database_is_refused_with_what_to_do() -> None:
    MigrationRecorder(connection).record_applied("chat", "0006_reports")

    with pytest.raises(CommandError, match=r"chat\.0006_reports is applied there.*DATABASE_URL at a new, empty"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db
def test_a_database_of_this_version_is_migrated_again() -> None:
    call_command("migrate", verbosity=0)


def test_a_refused_database_is_left_as_it_was(tmp_path: Path) -> None:
    """As a person meets it: manage.py on a database of which only the old migrations are on record."""
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT, applied TEXT)")
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('streaming', '0002_mode', '2026-11-01')"
        )
        database.commit()
        before = list(database.iterdump())

    refused = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{path}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "CommandError: This database was made by another version" in refused.stderr
    assert "Traceback" not in refused.stderr
    with closing(sqlite3.connect(path)) as database:
        assert list(database.iterdump()) == before
