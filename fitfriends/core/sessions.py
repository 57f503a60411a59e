"""Sessions in the database, found by a query that is compiled once: our pages' own calls all begin with it."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from fitfriends.core import clock
from fitfriends.core.prepared import Prepared, Slot


def _living() -> models.QuerySet[AbstractBaseSession]:
    sessions = db.SessionStore.get_model_class().objects
    return sessions.filter(
        session_key=Slot("key", models.CharField()), expire_date__gt=Slot("now", models.DateTimeField())
    )


_BY_KEY = Prepared(_living)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = _BY_KEY.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found
