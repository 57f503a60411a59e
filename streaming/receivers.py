"""What other apps report, turned into events of a stream. Connected in apps.py."""

from typing import Any

from django.dispatch import receiver

from clubs.models import GroupSession, Membership
from clubs.signals import membership_ended, session_cancelled
from media_worker.models import TranscodeRun
from media_worker.signals import run_finished, run_playable, run_progress
from streaming import tasks
from streaming.domain import access_changes, lifecycle
from streaming.domain.ingest import successors
from streaming.models import Stream
from streaming.signals import stream_live


@receiver(run_playable)
def on_run_playable(run: TranscodeRun, **_: Any) -> None:
    stream = successors.of_room(run.ref)
    if stream is not None and run.client_id:
        lifecycle.picture(stream, client_id=run.client_id)


@receiver(run_progress)
def on_run_progress(run: TranscodeRun, **_: Any) -> None:
    successors.improve(run)


@receiver(run_finished)
def on_run_finished(run: TranscodeRun, **_: Any) -> None:
    delay = successors.follow(run)
    if delay is not None:
        tasks.start_successor.apply_async((run.ref, run.client_id), countdown=delay)


@receiver(membership_ended)
def on_membership_ended(membership: Membership, **_: Any) -> None:
    access_changes.review(membership)


@receiver(session_cancelled)
def on_session_cancelled(group_session: GroupSession, **_: Any) -> None:
    access_changes.cancel_streams(group_session)


@receiver(stream_live)
def on_stream_live(stream: Stream, **_: Any) -> None:
    """Beside the request: telling many people must not hold up the one who starts the class."""
    tasks.announce_live.delay(stream.pk)
