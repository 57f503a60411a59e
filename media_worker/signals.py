"""What the media worker tells those above it. Sent after commit; what a receiver raises is logged, not passed on."""

import logging

from django.db import transaction
from django.dispatch import Signal

from media_worker.models import TranscodeRun

run_playable = Signal()  # run: TranscodeRun whose playlist can be played, sent once a run
run_progress = Signal()  # run: TranscodeRun with fresh facts about the signal, about once a second
run_finished = Signal()  # run: TranscodeRun that ended, for whatever reason, sent once a run

_log = logging.getLogger(__name__)


def announce(signal: Signal, run: TranscodeRun) -> None:
    """Tells the receivers once the transaction around the change is committed."""

    def send() -> None:
        for receiver, reply in signal.send_robust(TranscodeRun, run=run):
            if isinstance(reply, Exception):
                _log.error("%s failed for run %s", receiver, run.pk, exc_info=reply)

    transaction.on_commit(send)
