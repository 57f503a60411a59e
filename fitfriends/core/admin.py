"""The admin: who may enter its site, by which door, what its pages may load, and the base of its model admins."""

from collections.abc import Callable, Collection
from typing import Any, cast

from django.conf import settings
from django.contrib.admin import ModelAdmin as DjangosModelAdmin
from django.contrib.admin.options import ActionLocation
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from unfold.admin import ModelAdmin as UnfoldsModelAdmin
from unfold.sites import UnfoldAdminSite

# unfold is built on Alpine, which compiles the attributes of its pages, and on htmx, which adds a style element.
# Scripts still come from our own files alone: there is no 'unsafe-inline' for them.
_CSP: dict[str, Collection[str] | str] = {
    **cast("dict[str, list[str]]", settings.SECURE_CSP),
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}

type Guest = Any  # a user of whatever app keeps them, or AnonymousUser
_admitting: list[Callable[[Guest], bool]] = []


def admit(predicate: Callable[[Guest], bool]) -> None:
    """An app says who else may enter; which rows they see is for each admin class to say."""
    if predicate not in _admitting:
        _admitting.append(predicate)


class Site(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    """For operators, and for whom an app admits. Everybody signs in by the site's own page, with its limits."""

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if isinstance(user, AnonymousUser) or not user.is_active:
            return False
        known: bool | None = getattr(request, "_may_enter_admin", None)
        if known is None:
            known = bool(getattr(user, "is_staff", False)) or any(admits(user) for admits in _admitting)
            request._may_enter_admin = known  # type: ignore[attr-defined]  # noqa: SLF001 -- asked many times a page
        return known

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:  # noqa: FBT001, FBT002 -- Django's signature
        guarded: Callable[..., HttpResponse] = csp_override(_CSP)(super().admin_view(view, cacheable))
        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 -- Django's signature
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 -- Django's signature
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 -- Django's signature
        return redirect("account_change_password")


class ModelAdmin(UnfoldsModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """unfold's, as Django 6.1 wants it."""

    # unfold 0.110 overrides this without `action_location`, which Django 6.1 warns of (2026-11).
    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: Any = None,  # noqa: ARG002 -- Django's signature
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, str]]:
        choices: list[tuple[str, str]] = DjangosModelAdmin.get_action_choices(
            self, request, [("", "Select action")], action_location
        )
        return choices
