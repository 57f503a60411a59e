"""The small parts of deploy.local: ports, secrets, rendering, the supervisord configuration."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import config, control, lifecycle, ports, processes, render, secrets_file
from deploy.local.errors import StackError


@pytest.mark.parametrize(("name", "other"), [("HTTP_PORT", "rtmp_port"), ("RTMP_PORT", "http_port")])
def test_busy_port_is_named_with_its_setting(tmp_path: Path, name: str, other: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        busy = server.getsockname()[1]
        taken = {name.lower(): busy, other: ports.pick(1)[0]}
        stack = config.Stack(state=tmp_path, database_url="sqlite://:memory:", **taken)

        with pytest.raises(StackError, match=f"Port {busy} is in use.*{name}={busy + 1}"):
            lifecycle.start(stack)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1"])
def test_port_that_is_none_is_named_with_its_setting(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("RTMP_PORT", value)

    with pytest.raises(StackError, match="RTMP_PORT must be a port number"):
        config.demo()


def test_picked_ports_differ_and_are_free() -> None:
    found = ports.pick(8)

    assert len(set(found)) == 8
    assert all(ports.is_free(port) for port in found)


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "demo-secrets"

    first, second = secrets_file.load(path), secrets_file.load(path)

    assert first == second
    assert set(first) == set(secrets_file.NAMES)
    assert len(set(first.values())) == len(first)
    assert path.stat().st_mode & 0o777 == 0o600


def test_secret_that_is_missing_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "demo-secrets"
    path.write_text("SECRET_KEY=kept\n")

    assert secrets_file.load(path)["SECRET_KEY"] == "kept"
    assert set(secrets_file.load(path)) == set(secrets_file.NAMES)


def test_template_keeps_the_variables_of_nginx() -> None:
    assert render.fill("root @RUN@; return 200 $uri@host;", {"RUN": "/a"}) == "root /a; return 200 $uri@host;"


def test_template_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="NOBODY"):
        render.fill("@NOBODY@", {})


def test_every_process_is_restarted_and_none_knows_a_secret_by_its_command_line(stack: config.Stack) -> None:
    text = processes.supervisord_config(stack)

    names = ["redis", *processes.FIRST, *processes.SECOND, *processes.LIVE, processes.BROADCAST]
    assert text.count("autorestart=true") == len(names)
    assert all(f"[program:{name}]" in text for name in names)
    assert "secret" not in text.lower()


def test_socket_of_a_deep_clone_is_short_enough(tmp_path: Path) -> None:
    deep = config.Stack(state=tmp_path / ("x" * 120), database_url="sqlite://:memory:")

    assert len(str(control.socket_path(deep))) <= control.SOCKET_LIMIT


def test_stray_process_is_known_by_its_mark_and_ended(tmp_path: Path) -> None:
    stack = config.Stack(state=tmp_path, database_url="sqlite://:memory:")
    sleeper = [
        sys.executable,
        "-c",
        "import signal, time; signal.signal(15, 1); print(1, flush=True); time.sleep(60)",
    ]
    marked = os.environ | {config.MARK: str(tmp_path)}
    # In a session of its own and deaf to TERM, as a process that left its group would be.
    with subprocess.Popen(sleeper, env=marked, start_new_session=True, stdout=subprocess.PIPE) as stray:
        assert stray.stdout
        stray.stdout.readline()
        assert control.strays(stack) == [stray.pid]

        control.end(control.strays(stack), seconds=0.3)

        assert stray.wait(5) == -9
    assert control.strays(stack) == []
