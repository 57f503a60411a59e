"""What I was told."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from fitfriends.pages.decorators import action, page
from notifications.domain import inbox

A_PAGE = 30


@page
def notifications(request: HttpRequest, user: User) -> HttpResponse:
    shown = Paginator(inbox.of(user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/notifications.html", {"page": shown, "rows": shown.object_list})


@page
def open_notification(request: HttpRequest, user: User, notification_id: int) -> HttpResponse:
    """Marks it as read and goes where it points. A link, because that is what it is; reading twice is reading."""
    url = inbox.read(notification_id, user=user).url
    if url.startswith("/") and url_has_allowed_host_and_scheme(url, {request.get_host()}):
        return redirect(url)
    return redirect("notifications")


@action
def read_all(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001 -- a page's signature
    inbox.read_all(user)
    return redirect("notifications")
