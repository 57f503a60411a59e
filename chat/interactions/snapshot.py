"""How the interactions of rooms stand: what a fresh reader gets, and what a process compares its own copy with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from chat.domain.broadcast import InteractionsPart
from chat.frames import interactions
from chat.interactions import hands, polls, questions
from chat.interactions.questions import Questions

PARTS: frozenset[InteractionsPart] = frozenset(("poll", "questions", "hands"))


@dataclass(frozen=True, slots=True)
class InteractionsSnapshot:
    """`hands`: when each was raised, by user id, first come first."""

    poll: interactions.Poll | None = None
    questions: Questions = questions.NONE
    hands: Mapping[int, int] | None = None
    people: Sequence[interactions.Hand] = ()


def load_many(
    room_ids: Collection[str], parts: Collection[InteractionsPart] = PARTS
) -> dict[str, InteractionsSnapshot]:
    """How these rooms stand, in these parts; the others are empty. Four queries, whatever the number of rooms, and
    more only where hands are up.
    """
    found = {room_id: InteractionsSnapshot() for room_id in room_ids}
    if "poll" in parts:
        for room_id, poll in polls.current(room_ids).items():
            found[room_id] = replace(found[room_id], poll=poll)
    if "questions" in parts:
        for room_id, shown in questions.current(room_ids).items():
            found[room_id] = replace(found[room_id], questions=shown)
    if "hands" in parts:
        for room_id in room_ids:
            raised = hands.up(room_id)
            found[room_id] = replace(found[room_id], hands=raised, people=hands.named(room_id, raised))
    return found


def load(room_id: str, parts: Collection[InteractionsPart]) -> InteractionsSnapshot:
    return load_many([room_id], parts)[room_id]
