"""Personal API tokens: issued once, found by a keyed digest, revoked for good."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Q

from accounts.enums import Scope
from accounts.errors import TooManyTokens
from accounts.models import ApiToken, User
from fitfriends.core import clock, crypto, errors
from fitfriends.core.ids import random_word
from fitfriends.core.prepared import Prepared, Slot
from fitfriends.core.text import required_line

MAX_ACTIVE = 50
PREFIX_LENGTH = 12
_PURPOSE = "api-token"
_LONGEST = 100
# Who used a token is worth knowing to the minute; a write on every request is not worth it.
USE_NOTED_EVERY = timedelta(minutes=1)


def _good(at: datetime) -> Q:
    return Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=at))


@transaction.atomic
def issue(
    user: User, *, name: str, scopes: Iterable[Scope | str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Returns the token and its plain text, which exists nowhere else from here on."""
    at = clock.now()
    if expires_at is not None and expires_at <= at:
        raise errors.Invalid(fields={"expires_at": ["This moment is over."]})
    User.objects.select_for_update().get(pk=user.pk)  # two issues at once count one after the other
    if user.api_tokens.filter(_good(at)).count() >= MAX_ACTIVE:
        raise TooManyTokens
    plain = f"ffc_{random_word(40)}"
    token = ApiToken.objects.create(
        user=user,
        name=required_line(name, 80, field="name"),
        prefix=plain[:PREFIX_LENGTH],
        digest=crypto.digest(plain, purpose=_PURPOSE),
        scopes=sorted({Scope(scope).value for scope in scopes}),
        expires_at=expires_at,
    )
    return token, plain


_BY_DIGEST = Prepared(
    lambda: ApiToken.objects.select_related("user").filter(digest=Slot("digest", models.CharField())).order_by()
)


def find(plain: str) -> ApiToken | None:
    """The good token of an active person, with that person: one query."""
    if not plain or len(plain) > _LONGEST:
        return None
    found = _BY_DIGEST.first(digest=crypto.digest(plain, purpose=_PURPOSE))
    if found is None or not found.is_good(clock.now()) or not found.user.is_active:
        return None
    return found


def active_of(user: User) -> list[ApiToken]:
    """Newest first."""
    return list(user.api_tokens.filter(_good(clock.now())).order_by("-id"))


def revoke(token: ApiToken, *, actor: User) -> ApiToken:
    """Ends the token at once; a second time changes nothing. Only its owner may."""
    if token.user_id != actor.pk:
        raise errors.NotFound
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now())
    token.refresh_from_db(fields=["revoked_at"])
    return token


def revoke_by_id(token_id: int, *, actor: User) -> ApiToken:
    """As revoke; a token of somebody else is not there."""
    token = actor.api_tokens.filter(pk=token_id, revoked_at=None).first()
    if token is None:
        raise errors.NotFound
    return revoke(token, actor=actor)


def revoke_all(user: User) -> int:
    """How many were good until now."""
    return user.api_tokens.filter(revoked_at=None).update(revoked_at=clock.now())


def saw(token: ApiToken) -> None:
    """Notes that the token was used: queued, at most once a minute, so that a request costs no write."""
    from accounts.tasks import note_use

    at = clock.now()
    if token.last_used_at is not None and at - token.last_used_at < USE_NOTED_EVERY:
        return
    if cache.add(f"token-seen:{token.pk}", 1, timeout=int(USE_NOTED_EVERY.total_seconds())):
        note_use.delay(token.pk, at.isoformat())


def note_use(token_id: int, *, at: datetime) -> None:
    """Never turns the time back, whatever order the notes arrive in."""
    earlier = Q(last_used_at=None) | Q(last_used_at__lt=at)
    ApiToken.objects.filter(earlier, pk=token_id).update(last_used_at=at)
