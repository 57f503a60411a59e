"""Personal API tokens: issued once, found by a keyed digest, revoked for good."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from accounts.enums import Scope
from accounts.errors import TooManyTokens
from accounts.models import ApiToken, User
from fitfriends.core import clock, crypto, errors, redis
from fitfriends.core.ids import random_word
from fitfriends.core.prepared import Prepared, Slot
from fitfriends.core.text import required_line

MAX_ACTIVE = 50
PREFIX_LENGTH = 12
_PURPOSE = "api-token"
_LONGEST = 100
# Who used a token is worth knowing to the minute; a write on every request is not worth it.
USE_NOTED_EVERY = timedelta(minutes=1)
_USES = redis.key("token-uses")
_noted: dict[int, datetime] = {}  # by this process
_MOST_NOTED = 20_000


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
    """Notes that the token was used, at most once a minute and process; note_uses() writes it behind."""
    at = clock.now()
    noted = max(filter(None, (token.last_used_at, _noted.get(token.pk))), default=None)
    if noted is not None and at - noted < USE_NOTED_EVERY:
        return
    if len(_noted) >= _MOST_NOTED:
        _noted.clear()
    _noted[token.pk] = at
    redis.client().hset(_USES, str(token.pk), clock.to_ms(at))


def note_uses() -> int:
    """Writes to the rows who was seen since the last time, and returns how many; never turns a time back."""
    with redis.alone("token-uses", seconds=30) as mine:
        used = {int(pk): clock.from_ms(int(at)) for pk, at in redis.take(_USES).items()} if mine else {}
        rows = [
            token
            for token in (ApiToken.objects.filter(pk__in=used) if used else ())
            if token.last_used_at is None or token.last_used_at < used[token.pk]
        ]
        for token in rows:
            token.last_used_at = used[token.pk]
        ApiToken.objects.bulk_update(rows, ["last_used_at"], batch_size=500)
        if used:
            redis.taken(_USES)
        return len(rows)
