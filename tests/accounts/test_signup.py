"""Sign-up, verification and reset by the site's forms."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.domain import tokens
from accounts.models import User
from tests.cast import PASSWORD, Cast, make_token

pytestmark = pytest.mark.usefixtures("clean_redis")


def sign_up(client: Client, **changes: str) -> int:
    body = {
        "email": "Fay@Example.com",
        "password1": "a quiet long phrase",
        "password2": "a quiet long phrase",
        "display_name": "Fay",
        "time_zone": "Europe/Lisbon",
        **changes,
    }
    return client.post("/accounts/signup/", body).status_code


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert found
    return found[1]


def test_signup_needs_the_mailed_link(client: Client, db: None) -> None:
    assert sign_up(client) == 302
    user = User.objects.get()
    assert (user.email, user.display_name, user.time_zone) == ("fay@example.com", "Fay", "Europe/Lisbon")
    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.get().verified
    client.post(link_in(mail.outbox[0]))
    assert EmailAddress.objects.get().verified


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Fay\u202egnp.exe", "Faygnp.exe"),
        ("  Fay \t O'Neil ", "Fay O'Neil"),
        ("F" + "\u0301" * 40, "F\u0301\u0301\u0301\u0301\u0301"[:6]),
        ("Fay 👩\u200d🚀", "Fay 👩\u200d🚀"),
    ],
)
def test_signup_cleans_the_name(client: Client, db: None, name: str, kept: str) -> None:
    assert sign_up(client, display_name=name) == 302
    assert User.objects.get().display_name.replace("\u0301", "") == kept.replace("\u0301", "")
    assert User.objects.get().display_name.count("\u0301") <= 5


@pytest.mark.parametrize(
    "changes",
    [
        {"display_name": "\u202e\u200d"},
        {"display_name": "a" * 61},
        {"display_name": ""},
        {"time_zone": "Mars/Olympus"},
        {"password1": "123", "password2": "123"},
        {"email": "nonsense"},
    ],
)
def test_signup_refuses(client: Client, db: None, changes: dict[str, str]) -> None:
    assert sign_up(client, **changes) == 200
    assert not User.objects.exists()


def test_signup_with_a_taken_address_tells_nobody_but_its_owner(client: Client, cast: Cast) -> None:
    assert sign_up(client, email="cleo@example.com") == sign_up(Client(), email="new@example.com") == 302
    assert User.objects.filter(email__startswith="cleo").count() == 1
    assert mail.outbox[0].to == ["cleo@example.com"]


def test_reset_revokes_tokens(client: Client, cast: Cast) -> None:
    plain = make_token(cast.cleo)
    client.post("/accounts/password/reset/", {"email": "cleo@example.com"})
    form = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another long phrase", "password2": "another long phrase"})
    cast.cleo.refresh_from_db()
    assert cast.cleo.check_password("another long phrase")
    assert tokens.find(plain) is None


def test_sign_in_by_form(client: Client, cast: Cast) -> None:
    reply = client.post("/accounts/login/", {"login": "cleo@example.com", "password": PASSWORD})
    assert reply.status_code == 302
    assert client.session["_auth_user_id"] == str(cast.cleo.pk)
