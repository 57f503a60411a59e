"""Classes as the lists of the site show them: each with its stream and the reader's part in it, in three queries."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from clubs.enums import SessionStatus
from clubs.models import GroupSession, Participation
from clubs.querysets import GroupSessionQuerySet
from fitfriends.core import clock
from streaming.enums import State
from streaming.models import Stream


@dataclass(frozen=True, slots=True)
class Card:
    session: GroupSession
    stream: Stream | None
    taking_part: bool
    teaching: bool
    at: datetime

    @property
    def is_live(self) -> bool:
        return self.stream is not None and self.stream.state in (State.LIVE, State.INTERRUPTED)

    @property
    def is_open(self) -> bool:
        return self.stream is not None and self.stream.doors_open

    @property
    def is_cancelled(self) -> bool:
        return self.session.status == SessionStatus.CANCELLED

    @property
    def is_over(self) -> bool:
        """It was live and ended, or its time has passed without a stream whose doors are open."""
        if self.stream is not None and self.stream.state == State.ENDED and self.stream.started_at is not None:
            return True
        return not self.is_open and self.session.ends_at < self.at

    @property
    def elsewhere(self) -> str:
        """The time where the club is, when that is not the reader's: "07:00 in Makassar"."""
        there = self.session.starts_at.astimezone(zoneinfo.ZoneInfo(self.session.time_zone))
        here = self.session.starts_at.astimezone(timezone.get_current_timezone())
        if there.utcoffset() == here.utcoffset():
            return ""
        return f"{there:%H:%M} in {self.session.time_zone.rpartition('/')[2].replace('_', ' ')}"


def cards(user: User, sessions: GroupSessionQuerySet) -> list[Card]:
    """In the order of `sessions`, which the caller has narrowed to what `user` may see."""
    found = list(sessions.select_related("club", "instructor"))
    ids = [session.pk for session in found]
    streams = latest_streams(ids)
    mine = set(
        Participation.objects.filter(user=user, group_session__in=ids, cancelled_at__isnull=True).values_list(
            "group_session_id", flat=True
        )
    )
    at = clock.now()
    return [
        Card(session, streams.get(session.pk), session.pk in mine, session.instructor_id == user.pk, at)
        for session in found
    ]


def latest_streams(session_ids: Iterable[int]) -> dict[int, Stream]:
    """The open stream of each class, otherwise its last one."""
    streams = Stream.objects.filter(group_session__in=list(session_ids)).order_by("id")
    by_session: dict[int, Stream] = {}
    for stream in streams:
        known = by_session.get(stream.group_session_id)
        if known is None or not known.is_open:
            by_session[stream.group_session_id] = stream
    return by_session


def on_now(user: User) -> list[Card]:
    """Classes whose doors are open, first those that began first."""
    ids = Stream.objects.watchable_by(user).values_list("group_session_id", flat=True)
    return cards(user, GroupSession.objects.visible_to(user).filter(pk__in=ids).order_by("starts_at"))
