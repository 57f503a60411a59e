"""What happens because time passes: windows close, hours are over, publishers fall silent."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from fitfriends.core import clock
from streaming.domain import cleanup, deadlines, lifecycle, runs
from streaming.domain.ingest import publishing, statistics, successors
from streaming.enums import State
from streaming.models import Stream

log = logging.getLogger(__name__)

# Cleanup happens right after the end; what is older than this was cut short.
_TIDY_AFTER = timedelta(seconds=5)


def keep() -> None:
    """Repeatable. Each stream on its own: what fails for one is logged and keeps none of the others waiting."""
    for find, act in (
        (_over, lifecycle.hard_stop),
        (_window_closed, lifecycle.close_window),
        (_publishing, _check_publisher),
        (_publishing, successors.repair),
        (_untidied, cleanup.tidy),
        (_expected, runs.expect),
    ):
        _each(find(), act)


def _each(streams: Iterable[Stream], act: Callable[[Stream], object]) -> None:
    for stream in streams:
        try:
            act(stream)
        except Exception:
            log.exception("keeping time failed for stream %s", stream.pk)


def _over() -> list[Stream]:
    """Beyond its scheduled end and the margin. The database finds candidates, the class knows its own length."""
    now = clock.now()
    begun = now - timedelta(minutes=settings.HARD_STOP_MARGIN_MINUTES)
    candidates = _open().filter(group_session__starts_at__lte=begun)
    return [stream for stream in candidates if deadlines.hard_stop_at(stream.group_session) <= now]


def _window_closed() -> QuerySet[Stream]:
    return _open().filter(state=State.INTERRUPTED, reconnect_until__lte=clock.now())


def _publishing() -> QuerySet[Stream]:
    return _open().exclude(ingest_client_id="")


def _check_publisher(stream: Stream) -> None:
    """The ingest may have died without a word: then nobody will ever say that the publisher is gone.

    Or it was us who did not hear: while the site restarts, the ingest goes on by itself.
    """
    if publishing.is_silent(stream) and not statistics.is_connected(stream):
        publishing.forget(stream)
        lifecycle.signal_lost(stream, client_id=stream.ingest_client_id)


def _untidied() -> QuerySet[Stream]:
    late = clock.now() - _TIDY_AFTER
    return Stream.objects.filter(state=State.ENDED, tidied_at=None, ended_at__lte=late)


def _expected() -> list[Stream]:
    """Whose publisher may come any moment."""
    soon = clock.now() + timedelta(minutes=settings.MEDIA_WAIT_MINUTES)
    candidates = _open().filter(ingest_client_id="", group_session__starts_at__lte=soon)
    return [stream for stream in candidates if runs.expected_until(stream)]


def _open() -> QuerySet[Stream]:
    return Stream.objects.open().select_related("group_session")
