"""Who is signed in by a session: allauth's way in, with the person found by a query that is compiled once."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db import models

from accounts.models import User
from fitfriends.core.prepared import Prepared, Slot

_BY_ID = Prepared(lambda: User.objects.filter(pk=Slot("user", models.BigIntegerField())))


class SiteBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    def get_user(self, user_id: int) -> User | None:
        user = _BY_ID.first(user=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
