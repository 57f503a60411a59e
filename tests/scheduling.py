"""Shares the tests out between the workers: file by file, and what needs a stack to two of them.

A stack takes ten seconds to come up and half a gigabyte, so two run at a time, however many workers there are. The
others take the rest meanwhile, the longest files first; so do these two when they are done.

pytest-xdist 3.8's `loadgroup` writes its groups where pytest 9.2 does not look for them, so the scheduler is told.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

STACK = "tests/e2e/"
# One worker's part, in this order; everything else there is the other's. Both take about as long. Those that start
# stacks of their own and stop them again come first: whatever needs the shared one keeps it to the end.
FIRST_PART = (
    "tests/e2e/drills/",
    "tests/e2e/test_behind_edge.py",
    "tests/e2e/test_stack.py",
    "tests/e2e/test_rewind.py",
)
# They wait for pictures, leases and time-outs; whatever is short fills the gaps at the end.
LONG = ("tests/media_worker/", "tests/deploy/", "tests/chat/")


def _part(nodeid: str) -> str:
    return f"{STACK} {1 if nodeid.startswith(FIRST_PART) else 2}"


class ByFileTwoStacks(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return _part(nodeid) if nodeid.startswith(STACK) else nodeid.partition("::")[0]


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFileTwoStacks:
    return ByFileTwoStacks(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest piece of work starts first; the order is the same in every run."""
    items.sort(key=lambda item: (_rank(item.nodeid, (*FIRST_PART, STACK)), _rank(item.nodeid, LONG)))


def _rank(nodeid: str, prefixes: tuple[str, ...]) -> int:
    return next((place for place, prefix in enumerate(prefixes) if nodeid.startswith(prefix)), len(prefixes))
