"""What every page does before its own work: who is asking, and where to go afterwards."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from fitfriends.core import errors
from fitfriends.core.http import status_of

type Page[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]
type PersonsPage[**P] = Callable[Concatenate[HttpRequest, User, P], HttpResponse]


def for_person[**P](view: PersonsPage[P]) -> Page[P]:
    """Hands the signed-in person to the view; everybody else signs in first, whatever the address is."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        response = view(request, request.user, *args, **kwargs)
        # A page of one person: no copy of it stays behind after signing out or leaving a club.
        add_never_cache_headers(response)
        return response

    update_wrapper(guarded, view)
    return guarded


def page[**P](view: PersonsPage[P]) -> Page[P]:
    """A page to look at, for signed-in people."""
    return require_GET(for_person(view))


def action[**P](view: PersonsPage[P]) -> Page[P]:
    """A form that was sent. A refusal becomes a message on the page that the view's form stands on."""

    def guarded(request: HttpRequest, user: User, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, user, *args, **kwargs)
        except errors.DomainError as error:
            if status_of(error) == 404:
                raise
            messages.error(request, words_of(error))
            return back(request, "/")

    update_wrapper(guarded, view)
    return require_POST(for_person(guarded))


def words_of(error: errors.DomainError) -> str:
    """The message, followed by what is wrong with each field."""
    return " ".join([error.message, *(word for words in error.fields.values() for word in words)])


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the form's `next`, to where it was sent from, or to `otherwise`; never off this site."""
    for target in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if target and url_has_allowed_host_and_scheme(
            target, {request.get_host()}, require_https=request.is_secure()
        ):
            return redirect(target)
    return redirect(otherwise)
