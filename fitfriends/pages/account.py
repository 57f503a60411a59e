"""The account page: who I am, what is mailed to me, and the tokens that act for me."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.domain import profile, tokens
from accounts.models import User
from fitfriends.core import errors
from fitfriends.pages import forms
from fitfriends.pages.decorators import action, for_person
from notifications.domain import preferences
from notifications.enums import Channel


@require_http_methods(["GET", "POST"])
@for_person
def account(request: HttpRequest, user: User) -> HttpResponse:
    """Shows all of it; a POST changes name and zone."""
    if request.method == "GET":
        return _page(request, user)
    form = forms.Profile(request.POST)
    if not form.is_valid():
        return _page(request, user, profile_form=form)
    try:
        profile.change(user, **form.cleaned_data)
    except errors.Invalid as error:
        forms.add_faults(form, error)
        user.refresh_from_db()
        return _page(request, user, profile_form=form)
    messages.success(request, "Saved. Times are shown in your zone from now on.")
    return redirect("account")


@action
def save_mail(request: HttpRequest, user: User) -> HttpResponse:
    form = forms.MailWishes(preferences.of(user), request.POST)
    form.is_valid()
    for wish in preferences.of(user):
        wanted = bool(form.cleaned_data.get(wish.kind.value))
        if wanted != wish.email:
            preferences.set_wish(user, kind=wish.kind, channel=Channel.EMAIL, enabled=wanted)
    messages.success(request, "Saved. We mail you what is ticked, and nothing else.")
    return redirect(f"{reverse('account')}#mail")


@require_http_methods(["POST"])
@for_person
def make_token(request: HttpRequest, user: User) -> HttpResponse:
    """Answers with the page itself, not a redirect: the token is shown this once and kept nowhere."""
    form = forms.NewToken(request.POST)
    if not form.is_valid():
        return _page(request, user, token_form=form)
    try:
        _, plain = tokens.issue(user, name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"])
    except errors.DomainError as error:
        forms.add_faults(form, error)
        return _page(request, user, token_form=form)
    return _page(request, user, new_token=plain)


@action
def revoke_token(request: HttpRequest, user: User, token_id: int) -> HttpResponse:
    tokens.revoke_by_id(token_id, actor=user)
    messages.success(request, "That token no longer works.")
    return redirect(f"{reverse('account')}#tokens")


def _page(
    request: HttpRequest,
    user: User,
    *,
    profile_form: forms.Profile | None = None,
    token_form: forms.NewToken | None = None,
    new_token: str = "",
) -> HttpResponse:
    faulty = profile_form is not None or (token_form is not None)
    context = {
        "profile_form": profile_form
        or forms.Profile(initial={"display_name": user.display_name, "time_zone": user.time_zone}),
        "mail_form": forms.MailWishes(preferences.of(user)),
        "token_form": token_form or forms.NewToken(),
        "tokens": tokens.active_of(user),
        "new_token": new_token,
    }
    return render(request, "pages/account.html", context, status=400 if faulty else 200)
