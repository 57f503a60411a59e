"""The queryset twins of domain/access.py for streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.domain.access import Viewer
from clubs.models import GroupSession
from streaming.enums import State

if TYPE_CHECKING:
    from streaming.models import Stream  # noqa: F401 -- named in the class head


class StreamQuerySet(models.QuerySet["Stream"]):
    def open(self) -> Self:
        return self.exclude(state=State.ENDED)

    def visible_to(self, user: Viewer) -> Self:
        """Twin of access.may_see: members of the class's club."""
        return self.filter(group_session__in=GroupSession.objects.visible_to(user))

    def run_by(self, user: Viewer) -> Self:
        """Twin of access.may_run: the class's instructor and the club's owners start, end and change it."""
        return self.filter(group_session__in=GroupSession.objects.managed_by(user))

    def watchable_by(self, user: Viewer) -> Self:
        """Twin of access.may_watch: visible, and the doors are open."""
        return self.visible_to(user).filter(state__in=[State.STARTING, State.LIVE, State.INTERRUPTED])
