"""The parts of deploy/bootstrap.sh that choose between what is there and what is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOO_OLD = '#!/bin/sh\ncase "$*" in *sys.version_info*) exit 1;; esac\necho 3.11\n'
SHIM = "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n"
REAL = f'#!/bin/sh\nexec {sys.executable} "$@"\n'


def call(function: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Source the script without running it, and call one function."""
    script = f'VENV="$FAKE_VENV"; {function}'
    return subprocess.run(
        ["/bin/sh", "-c", f'set -- demo; . "{ROOT}/deploy/bootstrap.sh"; {script}', f"{ROOT}/deploy/bootstrap.sh"],
        env={"FFC_BOOTSTRAP_SOURCED": "1", "FAKE_VENV": "/nonexistent", "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH with a failing shim, an old Python, and the tools that the script needs."""
    program(tmp_path / "shims", "python3.13", SHIM)
    program(tmp_path / "shims", "python3", SHIM)
    program(tmp_path / "old", "python3", TOO_OLD)
    # Not /usr/bin itself: a newer system has a fitting Python there.
    (tmp_path / "tools").mkdir()
    for name in ("dirname", "ls", "mkdir", "sort", "tr"):
        (tmp_path / "tools" / name).symlink_to(f"/usr/bin/{name}")
    return f"{tmp_path}/shims:{tmp_path}/old:{tmp_path}/tools"


def test_shim_that_fails_is_skipped_for_a_python_that_runs(tmp_path: Path, path: str) -> None:
    program(tmp_path / "good", "python3.12", REAL)

    found = call("find_python", PATH=f"{path}:{tmp_path}/good")

    assert found.stdout.strip() == os.path.realpath(sys.executable)


def test_python_of_a_version_manager_is_found_behind_its_shims(tmp_path: Path, path: str) -> None:
    program(tmp_path / "pyenv/versions/3.9.1/bin", "python3", TOO_OLD)
    program(tmp_path / "pyenv/versions/3.13.0/bin", "python3", REAL)

    found = call("find_python", PATH=path, PYENV_ROOT=f"{tmp_path}/pyenv")

    assert found.stdout.strip() == os.path.realpath(sys.executable)


def test_without_a_fitting_python_none_is_named(path: str) -> None:
    found = call("find_python", PATH=path)

    assert (found.returncode, found.stdout) == (1, "")


def test_uv_shim_that_fails_is_skipped(tmp_path: Path) -> None:
    program(tmp_path / "shims", "uv", SHIM)
    program(tmp_path / "home/.local/bin", "uv", "#!/bin/sh\necho uv 1\n")

    found = call("find_uv", PATH=f"{tmp_path}/shims:/usr/bin:/bin", HOME=f"{tmp_path}/home")

    assert found.stdout.strip() == f"{tmp_path}/home/.local/bin/uv"


def test_nothing_is_installed_when_all_is_there() -> None:
    assert call("missing_packages", PATH=os.environ["PATH"]).stdout == ""


def test_another_system_is_told_what_is_missing() -> None:
    script = "debian() { return 1; }; missing_packages() { echo ffmpeg; echo nginx; }; install_programs"

    refused = call(script, PATH=os.environ["PATH"])

    assert refused.returncode == 1
    assert "Missing here: ffmpeg nginx" in refused.stdout


def test_another_system_with_everything_goes_on() -> None:
    script = "debian() { return 1; }; missing_packages() { :; }; install_programs && echo went on"

    assert call(script, PATH=os.environ["PATH"]).stdout == "went on\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="the policy file belongs to root")
def test_policy_against_starting_servers_is_put_back(tmp_path: Path) -> None:
    policy = program(tmp_path, "policy-rc.d", "the administrator's own\n")
    script = f"policy={policy}; forbid_starting; cat {policy}; exit 3"

    stopped = call(script, PATH=os.environ["PATH"])

    assert "exit 101" in stopped.stdout
    assert policy.read_text() == "the administrator's own\n"
    assert [path.name for path in tmp_path.iterdir()] == ["policy-rc.d"]


def test_webrtc_that_cannot_be_installed_stops_nothing(tmp_path: Path, path: str) -> None:
    found = call("install_webrtc; echo went on", PATH=path)

    assert "WebRTC: janus coturn could not be installed" in found.stdout
    assert found.stdout.splitlines()[-1] == "went on"


def test_webrtc_that_is_there_is_not_installed(tmp_path: Path, path: str) -> None:
    for name in ("janus", "turnserver"):
        program(tmp_path / "good", name, "#!/bin/sh\n")

    assert call("install_webrtc", PATH=f"{path}:{tmp_path}/good").stdout == ""
