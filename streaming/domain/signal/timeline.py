"""What happened to a class, in words, for whoever runs it: its own events and its transcoders' mishaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from media_worker.domain import runs
from streaming.domain.ingest import keys, publishing, takeover
from streaming.enums import Event
from streaming.models import Stream, StreamEvent

MOST = 50
MISHAP = "transcoder"

_WORDS: Mapping[str, str] = {
    Event.START: "The doors opened.",
    Event.PUBLISH: "A device connected.",
    Event.PICTURE: "The picture runs.",
    Event.SIGNAL_LOST: "The signal stopped.",
    Event.END: "The class was ended.",
    Event.CANCEL: "The class was called off.",
    Event.WINDOW_CLOSED: "The signal did not come back in time: the class ended.",
    Event.HARD_STOP: "The time of the class was over: it ended by itself.",
    keys.REVEALED: "The stream key was shown.",
    keys.ROTATED: "The stream key was changed.",
    publishing.REFUSED: "A second encoder tried the key and was refused.",
    takeover.ALLOWED: "Another device was allowed to take over.",
    takeover.TAKEN_OVER: "Another device took over.",
}


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    kind: str  # stable; `words` are for people
    words: str


def of_stream(stream: Stream, *, most: int = MOST) -> list[Moment]:
    """The newest first. Two queries."""
    events = StreamEvent.objects.filter(stream=stream, kind__in=_WORDS).order_by("-at", "-pk")[:most]
    mishaps = runs.mishaps(stream.room_id, most=most)
    moments = chain(
        (Moment(event.at, event.kind, _words(event)) for event in events),
        (Moment(run.finished_at, MISHAP, run.note) for run in mishaps if run.finished_at),
    )
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:most]


def _words(event: StreamEvent) -> str:
    words = _WORDS[event.kind]
    # Of a lost signal the note is a sentence, where somebody knows more than that it is gone.
    return f"{words} {event.note}" if event.kind == Event.SIGNAL_LOST and " " in event.note else words
