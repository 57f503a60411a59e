"""Coming into a club and leaving it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from clubs.domain import access, invitations, memberships, requests
from clubs.enums import JoinPolicy, Role
from clubs.models import JoinRequest
from fitfriends.core import errors
from fitfriends.pages.clubs import club_for
from fitfriends.pages.decorators import action, for_person, words_of


@action
def join(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """Joins an open club, asks at one that decides."""
    club = club_for(user, slug)
    if club.join_policy == JoinPolicy.REQUEST:
        requests.ask(club, actor=user, message=request.POST.get("message", ""))
        messages.success(request, "You asked to join. The club decides; we tell you when you are in.")
    else:
        memberships.join(club, actor=user)
        messages.success(request, f"Welcome to {club}. Its classes stand in your schedule now.")
    return redirect("club", slug=slug)


@action
def leave(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    club = club_for(user, slug)
    memberships.leave(club, actor=user)
    messages.success(request, f"You left {club}. You can no longer watch its classes.")
    return redirect("clubs")


@action
def invite(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    club = club_for(user, slug)
    email = request.POST.get("email", "").strip()
    role = Role.INSTRUCTOR if request.POST.get("role") == Role.INSTRUCTOR else Role.MEMBER
    if "@" not in email or len(email) > 254:
        raise errors.Invalid("Please write a whole e-mail address.")
    invitations.invite(club, actor=user, email=email, role=role)
    messages.success(request, f"The invitation is on its way to {email}. It counts for 14 days.")
    return redirect("club", slug=slug)


@action
def answer_request(request: HttpRequest, user: User, slug: str, request_id: int) -> HttpResponse:
    """An owner lets somebody in or not; to others the request is not there."""
    club = club_for(user, slug)
    asked = JoinRequest.objects.select_related("user", "club").filter(pk=request_id, club=club).first()
    if asked is None or not access.may_manage_club(user, club):
        raise errors.NotFound
    if request.POST.get("answer") == "accept":
        requests.accept(asked, actor=user)
        messages.success(request, f"{asked.user} is in.")
    else:
        requests.decline(asked, actor=user)
        messages.success(request, f"{asked.user} is not let in, and not told.")
    return redirect("club", slug=slug)


@require_http_methods(["GET", "POST"])
@for_person
def invitation(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """Looking at it accepts nothing: mail scanners follow links."""
    found = invitations.find(code)
    fault = ""
    if request.method == "POST":
        try:
            invitations.accept(code, actor=user)
        except (errors.Conflict, errors.NotAllowed) as error:
            fault = words_of(error)
        else:
            messages.success(request, f"Welcome to {found.club}. Its classes stand in your schedule now.")
            return redirect("club", slug=found.club.slug)
    context = {"club": found.club, "fault": fault}
    return render(request, "pages/invitation.html", context, status=409 if fault else 200)
