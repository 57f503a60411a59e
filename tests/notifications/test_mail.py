"""Mail: sent once, tried again only when it surely did not arrive, with a way out."""

import re
import smtplib
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, override_settings

from accounts.models import User
from notifications.domain import mail, preferences, unsubscribe
from notifications.domain.notify import tell
from notifications.enums import Kind
from notifications.models import Notification, Preference
from tests.cast import Cast, make_user
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("clean_redis")


class Failing(EmailBackend):
    """A mail server that answers what the test says."""

    at_open: Exception | None = None
    at_send: Exception | None = None

    def open(self) -> bool:
        if self.at_open:
            raise self.at_open
        return True

    def send_messages(self, messages: Any) -> int:
        if self.at_send:
            raise self.at_send
        return int(super().send_messages(messages))


failing = override_settings(MAILERS={"default": {"BACKEND": f"{__name__}.Failing"}})


def live_for(user: User, title: str = "Morning yoga is live") -> Notification:
    [told] = tell([user], kind=Kind.STREAM_LIVE, occasion="stream:1:live", title=title, url="/classes/1")
    return told


def test_a_new_kind_needs_no_migration() -> None:
    assert [model._meta.get_field("kind").choices for model in (Notification, Preference)] == [None, None]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_mail(cast: Cast, kind: Kind) -> None:
    told = live_for(cast.cleo, "Yoga & <b>tea</b>")
    Notification.objects.filter(pk=told.pk).update(kind=kind)
    assert mail.send_notification(told.pk)
    [sent] = outbox.outbox
    assert isinstance(sent, outbox.EmailMultiAlternatives)
    assert (sent.to, sent.subject) == (["cleo@example.com"], "Yoga & <b>tea</b>")
    assert "http://localhost:8080/classes/1" in str(sent.body)
    assert "Yoga & <b>tea</b>" in str(sent.body)
    html = str(sent.alternatives[0][0])
    assert "Yoga &amp; &lt;b&gt;tea&lt;/b&gt;" in html
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_subject_is_one_line(cast: Cast) -> None:
    mail.send_notification(live_for(cast.cleo, "Yoga\r\nBcc: eve@example.com").pk)
    assert outbox.outbox[0].subject == "Yoga Bcc: eve@example.com"
    assert outbox.outbox[0].recipients() == ["cleo@example.com"]


def test_sent_once(cast: Cast) -> None:
    told = live_for(cast.cleo)
    assert [mail.send_notification(told.pk) for _ in range(3)] == [True, False, False]
    assert mail.unmailed("stream:1:live") == []
    assert len(outbox.outbox) == 1


def test_frozen_people_get_no_mail(cast: Cast) -> None:
    told = live_for(cast.cleo)
    User.objects.filter(pk=cast.cleo.pk).update(is_active=False)
    assert not mail.send_notification(told.pk)
    assert outbox.outbox == []


@pytest.mark.django_db(transaction=True)
def test_sent_once_by_many_workers() -> None:
    told = live_for(make_user("Cleo"))
    sent, _ = at_once([lambda: mail.send_notification(told.pk)] * 6)
    assert sorted(sent) == [False] * 5 + [True]


@pytest.mark.parametrize(
    "refusal",
    [
        {"at_open": ConnectionRefusedError()},
        {"at_open": smtplib.SMTPServerDisconnected()},
        {"at_open": TimeoutError()},
        {"at_send": smtplib.SMTPDataError(451, b"later")},
        {"at_send": smtplib.SMTPRecipientsRefused({"cleo@example.com": (450, b"busy")})},
    ],
)
def test_later_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch, refusal: dict[str, Exception]) -> None:
    told = live_for(cast.cleo)
    with failing, monkeypatch.context() as patch:
        for name, error in refusal.items():
            patch.setattr(Failing, name, error)
        with pytest.raises(mail.MailLater):
            mail.send_notification(told.pk)
    assert mail.send_notification(told.pk)


@pytest.mark.parametrize(
    "refusal", [smtplib.SMTPServerDisconnected(), TimeoutError(), smtplib.SMTPDataError(554, b"spam")]
)
def test_unclear_or_final_is_not_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch, refusal: Exception) -> None:
    told = live_for(cast.cleo)
    with failing, monkeypatch.context() as patch:
        patch.setattr(Failing, "at_send", refusal)
        with pytest.raises(type(refusal)):
            mail.send_notification(told.pk)
    assert not mail.send_notification(told.pk)
    assert outbox.outbox == []


def way_out(user: User) -> str:
    mail.send_notification(live_for(user).pk)
    header = outbox.outbox[0].extra_headers["List-Unsubscribe"]
    found = re.fullmatch(r"<http://localhost:8080(/notifications/unsubscribe/\S+)>", header)
    assert found
    assert found[1] in str(outbox.outbox[0].body)
    return found[1]


def test_one_click_stops_this_mail(cast: Cast) -> None:
    path = way_out(cast.cleo)
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    assert preferences.wants_mail(cast.cleo, Kind.STREAM_LIVE)
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not preferences.wants_mail(cast.cleo, Kind.STREAM_LIVE)
    assert preferences.wants_mail(cast.ben, Kind.STREAM_LIVE)


def test_forged_way_out_is_404(cast: Cast) -> None:
    good = unsubscribe.token_for(cast.cleo.pk, Kind.STREAM_LIVE)
    for token in (
        good.replace(str(cast.cleo.pk), str(cast.ben.pk), 1),
        good[:-1],
        "1:stream_live:xxxxxxxxx",
        "a" * 900,
    ):
        assert Client().post(f"/notifications/unsubscribe/{token}").status_code == 404
    assert preferences.wants_mail(cast.ben, Kind.STREAM_LIVE)
