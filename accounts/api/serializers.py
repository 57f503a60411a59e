"""Shapes of the accounts API, one per direction."""

from typing import Any

from rest_framework import serializers

from accounts.enums import Scope
from accounts.models import ApiToken

_SCOPES = [scope.value for scope in Scope]


class TokenOut(serializers.ModelSerializer[ApiToken]):
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=_SCOPES))

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at"]
        read_only_fields = fields


class SignIn(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)
    name = serializers.CharField(max_length=80, default="App")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=_SCOPES), default=_SCOPES, max_length=10)


class TokenIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=_SCOPES), allow_empty=False, max_length=10)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
