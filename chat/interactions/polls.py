"""Polls: moderators start and close them, and everybody in the room has one vote."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Max

from accounts.models import User
from chat.domain import access, broadcast, people, screening
from chat.errors import NoSuchOption, NoSuchPoll, NotInRoom, PollClosed, PollOpen, TalkClosed
from chat.frames import interactions
from chat.interactions import frames
from chat.models import Poll, Room, Vote
from fitfriends.core import clock
from fitfriends.core.errors import DomainError

HISTORY = 50

_STILL_OPEN = "SELECT 1 FROM chat_poll WHERE id = %s AND closed_at IS NULL"


def find(poll_id: int) -> Poll:
    """With its room, stream and class. Raises NoSuchPoll."""
    found = Poll.objects.select_related("room__stream__group_session").filter(pk=poll_id).first()
    if found is None:
        raise NoSuchPoll
    return found


def start(room: Room, *, actor: User, question: str, options: Sequence[str]) -> Poll:
    """Opens a poll and tells the room. The words have been cleaned.

    Raises as access.require_moderator does, TalkClosed after the class, Refused by the club's filter, PollOpen.
    """
    access.require_moderator(actor, room.stream)
    if not room.stream.is_open:
        raise TalkClosed
    passed = [screening.passed(room, text, runs_class=True) for text in (question, *options)]
    try:
        with transaction.atomic():
            poll = Poll.objects.create(
                room=room,
                question=passed[0],
                options=passed[1:],
                opened_by=actor,
                opened_name=people.name_of(actor),
            )
            _tell(room)
    except IntegrityError as error:
        raise PollOpen from error
    return poll


def close(poll: Poll, *, actor: User) -> Poll:
    """Closes a poll: no vote counts after it. Closing it again changes nothing.

    Raises as access.require_moderator does.
    """
    access.require_moderator(actor, poll.room.stream)
    with transaction.atomic():
        at = clock.now()
        if Poll.objects.filter(pk=poll.pk, closed_at__isnull=True).update(closed_at=at):
            poll.closed_at = at
            _tell(poll.room)
        else:
            poll.refresh_from_db(fields=["closed_at"])
    return poll


def vote(poll: Poll, *, voter: User, option: int) -> None:
    """Counts one vote; the same person's next one replaces it. The room hears of it within a second.

    Raises NotInRoom, TalkClosed, NoSuchOption or PollClosed.
    """
    for refused in vote_all(poll, {voter.pk: option}).values():
        raise refused


def vote_all(poll: Poll, choices: Mapping[int, int]) -> dict[int, DomainError]:
    """Counts the votes of many, options by user id. Returns who was refused, and why; a few statements for all.

    Raises TalkClosed or PollClosed for everybody.
    """
    if not poll.room.stream.is_open:
        raise TalkClosed
    belonging = people.entitled(poll.room.stream, choices.keys())
    refused: dict[int, DomainError] = {user: NotInRoom() for user in choices if user not in belonging}
    refused |= {user: NoSuchOption() for user, option in choices.items() if not 0 <= option < len(poll.options)}
    at = clock.now()
    # Sorted: two processes that count the same people take their locks in the same order.
    votes = [Vote(poll=poll, voter_id=user, option=choices[user], voted_at=at) for user in sorted(choices)]
    with transaction.atomic():
        _require_open(poll)
        Vote.objects.bulk_create(
            [vote for vote in votes if vote.voter_id not in refused],
            update_conflicts=True,
            unique_fields=["poll", "voter"],
            update_fields=["option", "voted_at"],
        )
        _tell(poll.room)
    return refused


def _require_open(poll: Poll) -> None:
    """A shared lock until the end of the transaction: voters do not wait for each other, and who closes the poll
    waits for those under way, so that the result that is told is the result. Raises PollClosed.
    """
    lock = " FOR SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_OPEN + lock, [poll.pk])
        if cursor.fetchone() is None:
            raise PollClosed


def current(room_ids: Collection[str]) -> dict[str, interactions.Poll]:
    """The newest poll of each of these rooms, open or closed. Two queries."""
    newest = Poll.objects.filter(room__stream__room_id__in=room_ids).values("room").annotate(last=Max("pk"))
    polls = list(Poll.objects.filter(pk__in=newest.values("last")).select_related("room__stream"))
    votes = _votes(polls)
    return {poll.room.stream.room_id: frames.of_poll(poll, votes.get(poll.pk, {})) for poll in polls}


def of_room(room: Room) -> list[interactions.Poll]:
    """The polls of a room, newest first."""
    polls = list(Poll.objects.filter(room=room).select_related("room__stream").order_by("-pk")[:HISTORY])
    votes = _votes(polls)
    return [frames.of_poll(poll, votes.get(poll.pk, {})) for poll in polls]


def shown(poll: Poll) -> interactions.Poll:
    return frames.of_poll(poll, _votes([poll]).get(poll.pk, {}))


def choices_of(user: User, poll_ids: Iterable[int]) -> dict[int, int]:
    """The votes of a person, by poll."""
    return dict(Vote.objects.filter(voter=user, poll_id__in=list(poll_ids)).values_list("poll_id", "option"))


def _votes(polls: Sequence[Poll]) -> Mapping[int, Mapping[int, int]]:
    counted: dict[int, dict[int, int]] = {}
    if polls:
        rows = Vote.objects.filter(poll__in=polls).values_list("poll_id", "option").annotate(Count("pk")).order_by()
        for poll_id, option, votes in rows:
            counted.setdefault(poll_id, {})[option] = votes
    return counted


def _tell(room: Room) -> None:
    room_id = room.stream.room_id
    transaction.on_commit(lambda: broadcast.interactions_changed(room_id, "poll"))
