"""Facts about the signal for whoever runs the class: numbers, and words about what to change."""

from dataclasses import dataclass, field

from fitfriends.core import clock
from media_worker.domain import runs
from media_worker.ingest_page import Publisher
from media_worker.models import TranscodeRun
from streaming.domain.ingest import statistics
from streaming.domain.signal import browser_advice, diagnosis
from streaming.domain.signal.diagnosis import Finding, Severity
from streaming.models import Stream


@dataclass(frozen=True, slots=True)
class Health:
    """`findings` are the worst first and never empty while the class is not over."""

    connected: bool
    picture: bool
    findings: list[Finding] = field(default_factory=list)
    run: TranscodeRun | None = None
    ingest: Publisher | None = None

    @property
    def words(self) -> list[str]:
        return [finding.words for finding in self.findings]

    @property
    def facts(self) -> TranscodeRun | None:
        """The run, once it has something to say."""
        return self.run if self.run and self.run.facts_at else None


def look(stream: Stream, *, ask_ingest: bool = True) -> Health:
    """One query, and one quick request to the ingest where its statistics are known."""
    run = runs.current(stream.room_id) if stream.is_open else None
    ingest = statistics.of_stream(stream) if ask_ingest and stream.ingest_client_id else None
    found: list[Finding] = []
    if stream.ingest_client_id:
        found = diagnosis.findings(run, at=clock.now()) if run else [diagnosis.PREPARING]
        found = browser_advice.fitted(found) if stream.ingest_bridged and run and run.facts_at else found
    elif stream.is_open:
        found = [diagnosis.NO_SIGNAL]
    if stream.signal_note:
        found = [Finding("signal:note", Severity.BAD, stream.signal_note), *_but_well(found)]
    return Health(bool(stream.ingest_client_id), stream.has_picture, found, run, ingest)


def _but_well(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding is not diagnosis.ALL_WELL]
