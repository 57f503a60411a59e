"""API doors of accounts: getting a token by password, and one's own tokens."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.api.serializers import SignIn, TokenIn, TokenOut
from accounts.domain import signin, tokens
from accounts.enums import Scope
from accounts.errors import MissingScope
from accounts.models import ApiToken
from fitfriends.core.api import ok
from fitfriends.core.schema import envelope
from fitfriends.core.throttling import LoginThrottle

_ISSUED = envelope("TokenIssued", token=CharField(help_text="Shown this once."), token_info=TokenOut())


class PasswordToken(APIView):
    """Get a token with e-mail and password, for a first-party app."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)

    @extend_schema(
        operation_id="accounts_token_by_password",
        request=SignIn,
        responses={201: _ISSUED},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        given = SignIn(data=request.data)
        given.is_valid(raise_exception=True)
        user = signin.by_password(
            request._request,  # noqa: SLF001 -- allauth wants Django's own request
            email=given.validated_data["email"],
            password=given.validated_data["password"],
        )
        token, plain = tokens.issue(
            user, name=given.validated_data["name"], scopes=given.validated_data["scopes"] or list(Scope)
        )
        return ok(201, token=plain, token_info=TokenOut(token).data)


class Tokens(APIView):
    """One's own good tokens."""

    scopes = {"GET": Scope.MANAGE, "POST": Scope.MANAGE}

    @extend_schema(operation_id="accounts_tokens_list", responses=envelope("TokenList", tokens=TokenOut(many=True)))
    def get(self, request: Request) -> Response:
        return ok(tokens=TokenOut(tokens.active_of(caller(request)), many=True).data)

    @extend_schema(operation_id="accounts_tokens_create", request=TokenIn, responses={201: _ISSUED})
    def post(self, request: Request) -> Response:
        given = TokenIn(data=request.data)
        given.is_valid(raise_exception=True)
        if isinstance(request.auth, ApiToken) and not set(given.validated_data["scopes"]) <= set(request.auth.scopes):
            raise MissingScope("A token cannot hand out scopes that it does not hold.")
        token, plain = tokens.issue(caller(request), **given.validated_data)
        return ok(201, token=plain, token_info=TokenOut(token).data)


class TokenDetail(APIView):
    scopes = {"DELETE": Scope.MANAGE}

    @extend_schema(operation_id="accounts_tokens_revoke", responses=envelope("TokenRevoked", token_info=TokenOut()))
    def delete(self, request: Request, token_id: int) -> Response:
        token = tokens.revoke_by_id(token_id, actor=caller(request))
        return ok(token_info=TokenOut(token).data)
