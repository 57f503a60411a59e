"""Sending mail: rendered from templates, retried only when nobody can have received it."""

import logging
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string

from accounts.models import User
from fitfriends.core import clock, errors
from notifications.domain import unsubscribe
from notifications.enums import Kind
from notifications.models import Notification

log = logging.getLogger(__name__)
# 421 service not available, 450 mailbox busy, 451 local error, 452 out of storage: the server says "later".
_LATER = frozenset({421, 450, 451, 452})


class MailLater(errors.Unavailable):
    """The mail was surely not accepted, and trying again may help."""

    code = "mail:later"
    message = "The mail server does not take the mail right now."


@contextmanager
def _opening() -> Iterator[None]:
    """Whatever fails before the mail is handed over may be tried again."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise MailLater from error


@contextmanager
def _handing_over() -> Iterator[None]:
    """Once the mail is on its way only a clear "later" is tried again; silence could mean that it arrived."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        if all(code in _LATER for code, _ in error.recipients.values()):
            raise MailLater from error
        raise
    except smtplib.SMTPResponseException as error:
        if error.smtp_code in _LATER:
            raise MailLater from error
        raise


def send(template: str, *, to: str, context: Mapping[str, object], headers: Mapping[str, str] | None = None) -> None:
    """Sends `<template>.subject.txt`, `.txt` and `.html`; raises MailLater when it should be tried again."""
    full = {**context, "public_url": settings.PUBLIC_URL}
    subject = " ".join(render_to_string(f"{template}.subject.txt", full).split())
    with _opening():
        connection = mailers.default
        connection.open()
    message = EmailMultiAlternatives(
        subject, render_to_string(f"{template}.txt", full), to=[to], headers=dict(headers or {})
    )
    message.attach_alternative(render_to_string(f"{template}.html", full), "text/html")
    try:
        with _handing_over():
            connection.send_messages([message])
    finally:
        connection.close()


def unmailed(occasion: str) -> list[int]:
    rows = Notification.objects.filter(occasion=occasion, by_mail=True, mailed_at=None)
    return list(rows.values_list("pk", flat=True))


def send_notification(notification_id: int) -> bool:
    """Mails it unless that was done, or is being done; returns whether it was sent.

    Claimed before it is sent: a crash in between loses one mail, but nobody is told twice.
    """
    row = Notification.objects.filter(pk=notification_id, by_mail=True)
    # No join in the guard: Django would write it as a subquery, which PostgreSQL does not evaluate again for the
    # one who waited, and both would send.
    if not row.filter(mailed_at=None).update(mailed_at=clock.now()):
        return False
    notification = row.select_related("user").get()
    if not notification.user.is_active:
        return False
    try:
        _send_to(notification.user, notification)
    except MailLater:
        row.update(mailed_at=None)
        raise
    return True


def _send_to(user: User, notification: Notification) -> None:
    kind = Kind(notification.kind)
    way_out = unsubscribe.url_for(user.pk, kind)
    send(
        f"notifications/mail/{kind.value}",
        to=user.email,
        context={
            "notification": notification,
            "reader": user,
            "kind": kind,
            "url": settings.PUBLIC_URL + (notification.url or "/"),
            "unsubscribe_url": way_out,
        },
        headers={
            # RFC 8058: mail programs offer one button, and post to this address without a session.
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
