"""The demo's database: an old one is moved aside with what belongs to it, a good one stays."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deploy.local import config, database


@pytest.fixture
def stack(tmp_path: Path) -> config.Stack:
    return config.Stack(state=tmp_path, database_url=f"sqlite:///{tmp_path}/demo.sqlite3")


def write(stack: config.Stack, *applied: tuple[str, str]) -> Path:
    path = stack.state / "demo.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT)")
        connection.executemany("INSERT INTO django_migrations (app, name) VALUES (?, ?)", applied)
        connection.commit()
    return path


def test_an_old_database_is_moved_aside_and_said_so(stack: config.Stack) -> None:
    path = write(stack, ("chat", "0001_initial"), ("chat", "0006_reports"))
    stack.demo_json.write_text("{}")
    (stack.state / "redis").mkdir()
    (stack.state / "demo-secrets").write_text("SECRET_KEY=kept\n")

    [said] = database.set_aside(stack)

    [aside] = stack.state.glob("old-*")
    assert str(aside) in said
    assert sorted(found.name for found in aside.iterdir()) == ["demo.json", "demo.sqlite3", "redis"]
    assert not path.exists()
    assert sorted(found.name for found in stack.state.iterdir()) == ["demo-secrets", aside.name]


def test_a_database_of_this_version_stays(stack: config.Stack) -> None:
    path = write(stack, ("chat", "0001_initial"), ("account", "0009_theirs"))

    assert database.set_aside(stack) == []
    assert path.exists()


def test_no_database_and_no_sqlite_is_nobodys_business(stack: config.Stack, tmp_path: Path) -> None:
    assert database.set_aside(stack) == []
    assert database.set_aside(config.Stack(state=tmp_path, database_url="postgres://a@b/c")) == []
    (tmp_path / "demo.sqlite3").write_bytes(b"no database" * 100)
    assert database.set_aside(stack) == []
