"""Shares the tests out between the workers: file by file, and everything that needs the one stack to one of them.

pytest-xdist 3.8's `loadgroup` writes its groups where pytest 9.2 does not look for them, so the scheduler is told.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

STACK = "tests/e2e/"
# They start stacks of their own; the worker that is free first takes them at the end.
OWN_STACKS = ("tests/e2e/test_behind_edge.py", "tests/e2e/test_stack.py")


def _shares_the_stack(nodeid: str) -> bool:
    return nodeid.startswith(STACK) and not nodeid.startswith(OWN_STACKS)


class ByFileOneStack(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return STACK if _shares_the_stack(nodeid) else nodeid.partition("::")[0]


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFileOneStack:
    return ByFileOneStack(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest piece of work starts first."""
    items.sort(key=lambda item: (item.nodeid.startswith(OWN_STACKS), not _shares_the_stack(item.nodeid)))
