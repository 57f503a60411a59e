"""A prepared query finds what its queryset finds, once compiled for each thread."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models

from accounts.domain import tokens
from accounts.enums import Scope
from accounts.models import ApiToken
from clubs.models import Membership
from fitfriends.core.prepared import Prepared, Slot
from tests.cast import Cast, make_token
from tests.threads import at_once


def theirs(user: Slot | int) -> models.QuerySet[Membership]:
    joined = Membership.objects.select_related("club", "user").filter(user_id=user)
    return joined.annotate(number=models.F("club_id") + 1).order_by("pk")


def described(found: Membership | None) -> dict[str, Any]:
    assert found is not None
    return {
        name: {key: value for key, value in vars(each).items() if not key.startswith("_")}
        for name, each in (("row", found), ("club", found.club), ("user", found.user))
    }


def test_rows_are_what_the_queryset_makes_of_them(cast: Cast, django_assert_num_queries: Any) -> None:
    prepared = Prepared(lambda: theirs(Slot("user", models.BigIntegerField())))

    for person in (cast.ana, cast.cleo):
        with django_assert_num_queries(1):
            found = described(prepared.first(user=person.pk))
        assert found == described(theirs(person.pk).first())
    assert prepared.first(user=cast.dov.pk) is None


def test_it_is_built_once(cast: Cast) -> None:
    built: list[int] = []

    def build() -> models.QuerySet[Membership]:
        built.append(1)
        return theirs(Slot("user", models.BigIntegerField()))

    prepared = Prepared(build)
    for _ in range(3):
        prepared.first(user=cast.cleo.pk)

    assert len(built) == 1


def test_what_comes_from_the_database_is_converted(cast: Cast) -> None:
    found = tokens.find(make_token(cast.cleo, Scope.READ, Scope.WATCH))

    assert found is not None
    assert (found.scopes, found.user) == (["read", "watch"], cast.cleo)
    found.name = "Changed"
    found.save(update_fields=["name"])  # it knows that it is a row already
    assert ApiToken.objects.get().name == "Changed"


@pytest.mark.parametrize("value", ["x' OR '1'='1", "%s", "\\", "a" * 10_000])
def test_values_are_values(cast: Cast, value: str) -> None:
    prepared = Prepared(lambda: ApiToken.objects.filter(digest=Slot("digest", models.CharField())))
    make_token(cast.cleo)

    assert prepared.first(digest=value) is None


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_share_a_connection() -> None:
    prepared = Prepared(lambda: ApiToken.objects.filter(digest=Slot("digest", models.CharField())))
    jobs: list[Callable[[], object]] = [lambda: prepared.first(digest="none")] * 8

    assert at_once(jobs) == ([None] * 8, [])
    assert connection.alias == "default"
