"""Proof that a worker holds a run."""

from dataclasses import dataclass

from django.db.models import QuerySet

from media_worker.enums import HELD
from media_worker.models import TranscodeRun


@dataclass(frozen=True, slots=True)
class Claim:
    run_id: int
    token: str

    def rows(self) -> QuerySet[TranscodeRun]:
        """The run while it is held, and nothing once somebody else has it."""
        return TranscodeRun.objects.filter(pk=self.run_id, token=self.token, state__in=HELD)
