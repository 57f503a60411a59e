"""Saving a seat in a class, and giving it up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from clubs.domain import bookings
from fitfriends.pages.classes import session_for
from fitfriends.pages.decorators import action, back


@action
def book(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    session = session_for(user, session_id)
    bookings.participate(session, actor=user)
    messages.success(request, f"Your seat in {session.title} is saved. We tell you when it goes live.")
    return back(request, reverse("class", args=[session_id]))


@action
def cancel_booking(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    session = session_for(user, session_id)
    bookings.withdraw(session, actor=user)
    messages.success(request, f"You gave up your seat in {session.title}.")
    return back(request, reverse("class", args=[session_id]))
