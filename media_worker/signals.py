"""What the media worker tells those above it. Sent after commit; what a receiver raises is logged, not passed on."""

from django.db import transaction
from django.dispatch import Signal

from media_worker.models import TranscodeRun

run_playable = Signal()  # run: TranscodeRun whose playlist can be played, sent once a run
run_progress = Signal()  # run: TranscodeRun with fresh facts about the signal, about once a second
run_finished = Signal()  # run: TranscodeRun that ended, for whatever reason, sent once a run


def announce(signal: Signal, run: TranscodeRun) -> None:
    """Tells the receivers once the transaction around the change is committed. Django logs what they raise."""
    transaction.on_commit(lambda: signal.send_robust(TranscodeRun, run=run))
