"""The way out that every mail carries: a signed link for one person and one kind, without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from fitfriends.core import errors
from notifications.domain import preferences
from notifications.enums import Channel, Kind

_SALT = "notifications.unsubscribe"


def token_for(user_id: int, kind: Kind) -> str:
    return signing.Signer(salt=_SALT, sep=":").sign(f"{user_id}:{kind.value}")


def url_for(user_id: int, kind: Kind) -> str:
    """Absolute, for a mail. It never expires: a way out of mail must work in an old one too."""
    return settings.PUBLIC_URL + reverse("unsubscribe", args=[token_for(user_id, kind)])


def read_token(token: str) -> tuple[User, Kind]:
    """Whose and which; raises NotFound for what we did not sign."""
    try:
        user_id, _, kind = signing.Signer(salt=_SALT, sep=":").unsign(token).partition(":")
        return User.objects.get(pk=int(user_id)), Kind(kind)
    except (signing.BadSignature, ValueError, User.DoesNotExist) as error:
        raise errors.NotFound from error


def stop(token: str) -> Kind:
    user, kind = read_token(token)
    preferences.set_wish(user, kind=kind, channel=Channel.EMAIL, enabled=False)
    return kind
