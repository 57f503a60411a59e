"""Browsers without a screen: Django's client, signed in as one of the cast."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.fixture(autouse=True)
def _clean(clean_redis: None) -> None:
    """Presence of one test does not reach into the next."""


type As = Callable[[str], Client]


@pytest.fixture
def as_(cast: Cast) -> As:
    """as_("cleo") is Cleo's browser; as_("nobody") is signed in as nobody. Forms are checked for their token."""

    def browser(name: str) -> Client:
        client = Client()
        if name != "nobody":
            client.force_login(cast.people[name])
        return client

    return browser
