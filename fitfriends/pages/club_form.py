"""Founding a club, and what its owner says about it later."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from clubs.domain import access, clubs
from clubs.models import Club
from fitfriends.core import errors
from fitfriends.pages import forms
from fitfriends.pages.clubs import club_for
from fitfriends.pages.decorators import for_person


@require_http_methods(["GET", "POST"])
@for_person
def new_club(request: HttpRequest, user: User) -> HttpResponse:
    if request.method == "GET":
        return _page(request, forms.ClubFace(initial={"time_zone": user.time_zone}))
    form = forms.ClubFace(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        club = clubs.found(actor=user, **form.cleaned_data)
    except errors.DomainError as error:
        return _refused(request, form, error)
    messages.success(request, f"{club} is yours. Invite people, then plan your first class.")
    return redirect("club", slug=club.slug)


@require_http_methods(["GET", "POST"])
@for_person
def change_club(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """For its owners; to others the page is not there."""
    club = club_for(user, slug)
    if not access.may_manage_club(user, club):
        raise errors.NotFound
    if request.method == "GET":
        now = model_to_dict(club, fields=list(forms.ClubFace.base_fields))
        return _page(request, forms.ClubFace(initial=now), club)
    form = forms.ClubFace(request.POST)
    if not form.is_valid():
        return _page(request, form, club, status=400)
    try:
        clubs.change(club, actor=user, **form.cleaned_data)
    except errors.DomainError as error:
        return _refused(request, form, error, club)
    messages.success(request, "Saved.")
    return redirect("club", slug=slug)


def _refused(
    request: HttpRequest, form: forms.ClubFace, error: errors.DomainError, club: Club | None = None
) -> HttpResponse:
    forms.add_faults(form, error)
    return _page(request, form, club, status=400)


def _page(request: HttpRequest, form: forms.ClubFace, club: Club | None = None, status: int = 200) -> HttpResponse:
    return render(request, "pages/club_form.html", {"form": form, "club": club}, status=status)
