"""What a token's scopes allow."""

from rest_framework.permissions import BasePermission


class HasScope(BasePermission):
    """A view names its scopes: `scopes = {"GET": Scope.READ, "POST": Scope.MANAGE}`. A session has them all."""
