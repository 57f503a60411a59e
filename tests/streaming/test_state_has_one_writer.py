"""Nobody but the lifecycle writes a stream's state, its publisher or its picture."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"update", "create", "get_or_create", "update_or_create", "bulk_update"}
FACTS = {"state", "revision", "ingest_client_id", "has_picture", "reconnect_until", "started_at", "ended_at"}


def writes(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [target.attr for target in targets if isinstance(target, ast.Attribute)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            found += [word.arg or "" for word in node.keywords]
    return [name for name in found if name in FACTS]


def test_the_lifecycle_alone_writes_them() -> None:
    hits = {
        str(path.relative_to(ROOT)): found
        for app in ("streaming", "chat", "fitfriends", "notifications")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
        and path.name != "lifecycle.py"
        and (found := writes(ast.parse(path.read_text())))
    }

    # A room of the hub remembers the state that it tells its sockets, and is no row.
    assert set(hits) <= {"chat/realtime/room.py"}


def test_the_search_finds_what_it_looks_for() -> None:
    code = "row.state = 1\nRows.objects.filter(pk=1).update(has_picture=True, title='x')\nrow.revision += 1"

    assert set(writes(ast.parse(code))) == {"state", "has_picture", "revision"}
