"""Every operation against every kind of caller; a new operation without a row fails here."""

import contextlib
import json
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from streaming.models import Stream
from tests.cast import Cast
from tests.matrix.rows import ROWS, Row
from tests.matrix.stage import Stage, build

PEOPLE = ("nobody", "stranger", "ex-member", "other-instructor", "member", "instructor", "owner")
# Words of the class that nobody outside may read in any answer.
SECRETS = ("Morning yoga", "room-", "Hello")

pytestmark = pytest.mark.usefixtures("clean_redis")


@contextlib.contextmanager
def _undone() -> Iterator[None]:
    """Each caller finds the stage as it was built."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return build(cast)


def test_every_operation_of_the_schema_has_a_row() -> None:
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    operations = {f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods}

    assert {row.operation for row in ROWS} == operations


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.operation)
def test_each_caller_gets_what_the_table_says(stage: Stage, row: Row) -> None:
    method, path = row.operation.split(" ")
    url = re.sub(r"{(\w+)}", lambda found: str(stage.ids[found[1]]), path)
    got = {}
    for who in PEOPLE:
        with _undone():
            client = stage.caller(who)
            reply = client.generic(method, url, json.dumps(row.body(stage)), content_type="application/json")
        got[who] = reply.status_code
        if row.expected(who) in {401, 404}:
            assert not [secret for secret in SECRETS if secret in reply.content.decode()], who

    assert got == {who: row.expected(who) for who in PEOPLE}


def test_what_does_not_exist_looks_like_what_is_hidden(stage: Stage) -> None:
    stranger = stage.caller("stranger")

    hidden = stranger.get(f"/api/streaming/sessions/{stage.stream.pk}")
    missing = stranger.get(f"/api/streaming/sessions/{10**12}")

    assert Stream.objects.filter(pk=stage.stream.pk).exists()
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
