"""What a token's scopes allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.enums import Scope
from accounts.errors import MissingScope
from accounts.models import ApiToken

if TYPE_CHECKING:  # rest_framework.views imports this module through its settings
    from collections.abc import Mapping

    from rest_framework.request import Request
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """A view names its scopes: `scopes = {"GET": Scope.READ, "POST": Scope.MANAGE}`. A session has them all.

    What a view does not name is READ for looking and MANAGE for everything else.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        named: Mapping[str, Scope] = getattr(view, "scopes", {})
        method = request.method or "GET"
        needed = named.get(method, Scope.READ if method in SAFE_METHODS else Scope.MANAGE)
        if needed.value not in request.auth.scopes:
            raise MissingScope(f"This token lacks the scope '{needed.value}'.")
        return True
