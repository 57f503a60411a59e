"""What `make lint`, `make test` and `make test-quick` check, one line each with its seconds; all run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent

# `check --deploy` looks at settings alone; it connects to nothing.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "fitfriends.settings.prod",
    "DATABASE_URL": "postgres://ffc@127.0.0.1:5432/ffc",
    "ALLOWED_HOSTS": "club.example",
    "PUBLIC_URL": "https://club.example",
    "EMAIL_HOST": "mail.example",
    **{
        name: f"{name.lower()}-9fK2vQ7xLm4TzR8wYc1Hd6Nb3Ps5Gj0AeUiOqXnVrB7k"
        for name in ("SECRET_KEY", "STREAM_KEY_SECRET", "HOOK_SECRET", "TURN_SERVER_SECRET", "SFU_SECRET")
    },
}
MIGRATIONS = {"DJANGO_SETTINGS_MODULE": "fitfriends.settings.test", "DATABASE_URL": "sqlite://:memory:"}


@dataclass(frozen=True, slots=True)
class Check:
    label: str
    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[int, str, float]:
        began = time.monotonic()
        result = subprocess.run(
            [str(TOOLS / self.argv[0]), *self.argv[1:]],
            cwd=ROOT,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.returncode, result.stdout, time.monotonic() - began


LINT = [
    Check("mypy --strict", ["mypy"]),
    Check("ruff check", ["ruff", "check", "."]),
    Check("ruff format", ["ruff", "format", "--check", "."]),
    Check("import-linter", ["lint-imports"]),
    Check("biome", ["node", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"]),
    Check("tsc --strict", ["node", "node_modules/typescript/bin/tsc", "-p", "jsconfig.json"]),
    Check("node --test", ["node", "--test", "tests/js/*.test.js"]),
    Check("djlint", ["djlint", "--lint", "templates"]),
    Check("djlint format", ["djlint", "--check", "templates"]),
    Check("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"], MIGRATIONS),
    Check("check --deploy", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


def lint(checks: Iterable[Check] = LINT) -> int:
    """Two at a time; the number of those that failed."""
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = [(check, pool.submit(check.run)) for check in checks]
        for check, future in running:
            code, output, seconds = future.result()
            print(f"  {'fail' if code else 'ok':<4} {check.label:<20} {seconds:5.1f} s", flush=True)
            if code:
                failed += 1
                print(output, flush=True)
    return failed


def run_tests(*selection: str, each_core: int = 1) -> int:
    """`each_core`: workers for each core. One while stacks run, for tests of time beside two of them wait too long;
    two without, for a test waits half of its time. See tests/scheduling.py for who takes what.
    """
    began = time.monotonic()
    argv = [
        str(TOOLS / "pytest"),
        "-n",
        str(max(2, min(8, each_core * (os.cpu_count() or 2)))),
        "--durations",
        "10",
        "-q",
        *selection,
    ]
    code = subprocess.run(argv, cwd=ROOT, check=False).returncode
    print(f"  {'fail' if code else 'ok':<4} {'tests':<20} {time.monotonic() - began:5.1f} s")
    return code


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["tests"]:
            sys.exit(run_tests())
        case ["tests-quick"]:
            sys.exit(run_tests("-m", "not e2e", each_core=2))
        case _:
            sys.exit(min(lint(), 1))
