"""What an owner decides on the club's pages: the rules of its talk, its people, and who may come back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import User
from chat.domain import club_filter, retention
from chat.moderation import unban
from clubs.domain import access, house_rules, memberships
from clubs.enums import Role
from clubs.models import Ban, Club, Membership
from fitfriends.core import errors
from fitfriends.pages import club_filter_form, forms
from fitfriends.pages.clubs import club_for
from fitfriends.pages.decorators import action, page


def managed(user: User, slug: str) -> Club:
    """NotFound for whoever does not own the club."""
    club = club_for(user, slug)
    if not access.may_manage_club(user, club):
        raise errors.NotFound
    return club


@page
def club_talk(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    return _talk_page(request, user, managed(user, slug))


@action
def save_house_rules(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    club = managed(user, slug)
    form = club_filter_form.HouseRulesForm(request.POST)
    if not form.is_valid():
        return _talk_page(request, user, club, house_form=form)
    house_rules.change(club, actor=user, **form.cleaned_data)
    messages.success(request, "Saved. Newcomers read it before their first words.")
    return redirect("club-talk", slug=slug)


@action
def save_chat_rules(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    club = managed(user, slug)
    form = club_filter_form.ClubFilterForm(request.POST)
    if not form.is_valid():
        return _talk_page(request, user, club, rules=form)
    try:
        club_filter.change(club, actor=user, **form.given())
    except errors.Invalid as error:
        forms.add_faults(form, error)
        return _talk_page(request, user, club, rules=form)
    messages.success(request, "Saved. It holds from the next message on.")
    return redirect("club-talk", slug=slug)


@action
def change_member(request: HttpRequest, user: User, slug: str, membership_id: int) -> HttpResponse:
    """A new role, or the end of the membership."""
    rows = Membership.objects.active().filter(club=managed(user, slug)).select_related("user", "club")
    membership = rows.filter(pk=membership_id).first()
    if membership is None:
        raise errors.NotFound
    asked = request.POST.get("role", "")
    if asked == "remove":
        memberships.remove(membership, actor=user)
        messages.success(request, f"{membership.user} is no longer in the club.")
    elif asked in Role.values:
        changed = memberships.set_role(membership, actor=user, role=Role(asked))
        messages.success(request, f"{membership.user} is now {changed.get_role_display().lower()}.")
    else:
        raise errors.Invalid("Choose what they are from now on.")
    return redirect(reverse("club", args=[slug]) + "#members")


@action
def lift_ban(request: HttpRequest, user: User, slug: str, ban_id: int) -> HttpResponse:
    ban = unban.standing(managed(user, slug)).filter(pk=ban_id).first()
    if ban is None:
        raise errors.NotFound
    unban.lift(ban, actor=user)
    messages.success(request, _allowed_back(ban))
    return redirect(reverse("club", args=[slug]) + "#banned")


def _allowed_back(ban: Ban) -> str:
    where = ban.group_session or ban.club
    return f"{ban.user} may come back to {where}."


def _talk_page(
    request: HttpRequest,
    user: User,
    club: Club,
    *,
    house_form: club_filter_form.HouseRulesForm | None = None,
    rules: club_filter_form.ClubFilterForm | None = None,
) -> HttpResponse:
    context = {
        "club": club,
        "house_form": house_form or club_filter_form.house_rules_of(club),
        "rules_form": rules or club_filter_form.form_of(club_filter.shown(club, user=user)),
        "kept": retention.in_words(),
    }
    return render(request, "pages/club_talk.html", context, status=400 if house_form or rules else 200)
