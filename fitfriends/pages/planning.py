"""Planning a class and calling it off, for those who teach."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from clubs.domain import sessions
from clubs.models import Club
from fitfriends.core import errors
from fitfriends.pages import forms
from fitfriends.pages.classes import session_for
from fitfriends.pages.decorators import action, for_person


@require_http_methods(["GET", "POST"])
@for_person
def plan(request: HttpRequest, user: User) -> HttpResponse:
    """A form for a class of one's own; times are read in the reader's zone."""
    clubs = Club.objects.staffed_by(user).order_by("name")
    if not clubs.exists():
        raise errors.NotFound
    if request.method == "GET":
        form = forms.NewClass(clubs, initial={"club": request.GET.get("club")})
        return _page(request, form)
    form = forms.NewClass(clubs, request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    given = form.cleaned_data
    try:
        planned = sessions.schedule(
            given["club"],
            actor=user,
            title=given["title"],
            description=given["description"],
            starts_at=given["starts_at"],
            duration_minutes=given["duration_minutes"],
            capacity=given["capacity"],
        )
    except errors.DomainError as error:
        forms.add_faults(form, error)
        return _page(request, form, status=400)
    messages.success(request, f"{planned.title} is planned. Your members see it in their schedule.")
    return redirect("studio-class", session_id=planned.pk)


@action
def call_off(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    session = sessions.cancel(session_for(user, session_id), actor=user)
    messages.success(request, f"{session.title} is cancelled. Whoever had a seat is told.")
    return redirect(reverse("studio"))


def _page(request: HttpRequest, form: forms.NewClass, status: int = 200) -> HttpResponse:
    context = {"form": form, "zone_words": timezone.get_current_timezone_name().replace("_", " ")}
    return render(request, "pages/plan.html", context, status=status)
