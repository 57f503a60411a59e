"""A worker's claim to a run: the token that every write must match."""

from dataclasses import dataclass

from django.db.models import QuerySet

from media_worker.enums import HELD
from media_worker.models import TranscodeRun


@dataclass(frozen=True, slots=True)
class Claim:
    run_id: int
    token: str

    def rows(self) -> QuerySet[TranscodeRun]:
        """The run's row while the claim holds; empty once another worker has the run."""
        return TranscodeRun.objects.filter(pk=self.run_id, token=self.token, state__in=HELD)
