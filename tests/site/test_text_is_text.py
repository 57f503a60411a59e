"""What people write stays text on every page that shows it."""

from collections.abc import Callable

import pytest
from django.test import Client

from clubs.enums import JoinPolicy
from clubs.models import Club, GroupSession, JoinRequest
from notifications.enums import Kind
from notifications.models import Notification
from streaming.enums import State
from tests.cast import Cast
from tests.streaming.factories import make_stream

type As = Callable[[str], Client]

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "{{ user.password }}{% load site %}",
    "javascript:alert(1)",
    "</textarea></title><svg/onload=alert(1)>",
]
PATHS = [
    "/",
    "/clubs",
    "/clubs/harbour-club",
    "/schedule",
    "/my/classes",
    "/notifications",
    "/account/",
    "/studio",
    "/studio/{id}",
    "/studio/{id}/floor",
    "/classes/{id}",
    "/accounts/email/",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_every_field_are_text(cast: Cast, as_: As, payload: str) -> None:
    _write_everywhere(cast, payload)

    for name in ("ana", "cleo"):
        browser = as_(name)
        for path in PATHS:
            response = browser.get(path.format(id=cast.session.pk))
            page = response.content.decode()
            assert response.status_code in {200, 404}, path
            for dangerous in ("<script>alert", "<img src=x", "<svg/onload", "' autofocus onfocus", "pbkdf2", "md5$"):
                assert dangerous not in page, (path, dangerous)
            assert 'href="javascript:' not in page


def _write_everywhere(cast: Cast, payload: str) -> None:
    for user in (cast.ana, cast.ben, cast.cleo):
        user.display_name = payload[:60]
        user.save()
    Club.objects.filter(pk=cast.club.pk).update(
        name=payload[:80], description=payload, join_policy=JoinPolicy.REQUEST
    )
    GroupSession.objects.filter(pk=cast.session.pk).update(title=payload, description=payload)
    make_stream(cast.session, State.LIVE, title=payload, description=payload, signal_note=payload)
    JoinRequest.objects.create(club=cast.club, user=cast.dov, message=payload)
    for user in (cast.ana, cast.cleo):
        Notification.objects.create(
            user=user, kind=Kind.STREAM_LIVE, title=payload, body=payload, url=payload, occasion="x"
        )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://evil.example", "//evil.example", ""])
def test_notifications_lead_nowhere_else(cast: Cast, as_: As, url: str) -> None:
    told = Notification.objects.create(user=cast.cleo, kind=Kind.STREAM_LIVE, title="x", url=url, occasion="x")

    assert as_("cleo").get(f"/notifications/{told.pk}")["Location"] == "/notifications"


def test_long_and_foreign_words_fit(cast: Cast, as_: As) -> None:
    GroupSession.objects.filter(pk=cast.session.pk).update(title="Donaudampfschifffahrt" * 5, description="א" * 4000)

    page = as_("cleo").get(f"/classes/{cast.session.pk}").content.decode()

    assert 'dir="auto">Donaudampf' in page
