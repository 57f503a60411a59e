"""schemathesis reads the schema and asks the running API everything it promises, and much that it does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi import checks

from accounts.domain import tokens
from accounts.enums import Scope
from tests.cast import Cast
from tests.matrix.stage import build

pytestmark = pytest.mark.usefixtures("clean_redis")

# What the schema cannot say (a time zone that exists, a class of one's own) is refused with words; what it does not
# ask for (`?page_size=null`, 0 for false) is read as kindly as Django reads forms.
LENIENT = [checks.positive_data_acceptance, checks.negative_data_rejection]

schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))  # type: ignore[no-untyped-call]
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """All requests of a test live in its transaction, so none may close the connection (as in Django's client)."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def bearer(cast: Cast) -> dict[str, str]:
    """Ben's token: he teaches, so that most operations do more for him than refuse."""
    build(cast)
    _, plain = tokens.issue(cast.ben, name="schemathesis", scopes=list(Scope))
    return {"Authorization": f"Bearer {plain}"}


def test_schema_is_generated_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_api_keeps_to_its_schema(case: Any, bearer: dict[str, str]) -> None:
    case.call_and_validate(headers=bearer, excluded_checks=LENIENT)
