"""The filter of each club: read for every message, shown and changed."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from accounts.domain.access import require
from accounts.models import User
from chat.domain.filtering import CompiledFilter
from chat.enums import MASKABLE, Outcome, Rule
from chat.errors import BadRules
from chat.filter import lists
from chat.filter.entries import BadEntry, parse
from chat.models import ClubFilter
from clubs.domain import access
from clubs.models import Club

MAX_WORDS = 300
_CLUBS_AT_ONCE = 256
LIMITS = {"repeat_seconds": (1, 600), "emoji_limit": (1, 100), "mention_limit": (1, 50)}
OUTCOMES = {f"on_{rule}": rule for rule in Rule}
LISTS = ("words", "allowed")


def of_club(club_id: int) -> CompiledFilter:
    """The filter that holds in the club now. One small query; compiled again after a change."""
    changed = ClubFilter.objects.filter(club_id=club_id).values_list("updated_at", flat=True).first()
    return _compiled(club_id, changed) if changed else _defaults()


@lru_cache(maxsize=_CLUBS_AT_ONCE)
def _compiled(club_id: int, changed: datetime) -> CompiledFilter:  # noqa: ARG001 -- a change is another key
    row = ClubFilter.objects.filter(club_id=club_id).first()
    return _compile(row) if row else _defaults()


@lru_cache(maxsize=1)
def _defaults() -> CompiledFilter:
    return _compile(ClubFilter())


def _compile(row: ClubFilter) -> CompiledFilter:
    own = lists.of_club(row.words.splitlines(), row.allowed.splitlines()) if row.words or row.allowed else None
    return CompiledFilter(
        outcomes={rule: row.outcome_of(rule) for rule in Rule},
        matchers=[lists.of_languages(frozenset(row.languages)), *([own] if own else [])],
        repeat_seconds=row.repeat_seconds,
        emoji_limit=row.emoji_limit,
        mention_limit=row.mention_limit,
    )


def shown(club: Club, *, user: User) -> ClubFilter:
    """The club's filter for its owner; the unsaved defaults where it has none. Raises NotAllowed."""
    require(access.may_manage_club(user, club), message="Only an owner sees the club's chat rules.")
    return ClubFilter.objects.filter(club=club).first() or ClubFilter(club=club)


def change(club: Club, *, actor: User, **given: object) -> ClubFilter:
    """Changes what is given, by the names of ClubFilter; `words` and `allowed` are lists of entries.

    Holds for the next message. Raises NotAllowed, and BadRules with a code and the field it is about.
    """
    require(access.may_manage_club(actor, club), message="Only an owner changes the club's chat rules.")
    checked = {name: _checker(name)(name, value) for name, value in given.items()}
    with transaction.atomic():
        ClubFilter.objects.get_or_create(club=club)
        row = ClubFilter.objects.select_for_update().get(club=club)
        for name, value in checked.items():
            setattr(row, name, value)
        row.save()
    return row


def _checker(name: str) -> Callable[[str, object], object]:
    if name in OUTCOMES:
        return _outcome
    if name in LIMITS:
        return _limit
    return {"languages": _languages, "words": _entries, "allowed": _entries}[name]


def _outcome(name: str, value: object) -> Outcome:
    outcome = Outcome(value) if value in Outcome.values else None
    if outcome is None or (outcome is Outcome.MASK and OUTCOMES[name] not in MASKABLE):
        wrong = "There is no place in the text to mask." if outcome else "There is no such outcome."
        raise BadRules(wrong, code="chat:rules:outcome", fields={name: [wrong]})
    return outcome


def _limit(name: str, value: object) -> int:
    least, most = LIMITS[name]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        wrong = f"A whole number from {least} to {most}."
        raise BadRules(wrong, code="chat:rules:limit", fields={name: [wrong]})
    return value


def _languages(name: str, value: object) -> list[str]:
    asked = set(_strings(name, value))
    unknown = sorted(asked - set(lists.LANGUAGES))
    if unknown:
        wrong = f"There is no word list for {', '.join(unknown[:5])[:60]}."
        raise BadRules(wrong, code="chat:rules:language", fields={name: [wrong]})
    return [language for language in lists.LANGUAGES if language in asked]


def _entries(name: str, value: object) -> str:
    entries = list(dict.fromkeys(entry for found in _strings(name, value) if (entry := " ".join(found.split()))))
    if len(entries) > MAX_WORDS:
        wrong = f"{MAX_WORDS} entries at most."
        raise BadRules(wrong, code="chat:rules:too-many", fields={name: [wrong]})
    for entry in entries:
        try:
            parse(entry, name)
        except BadEntry as error:
            raise BadRules(str(error), code="chat:rules:word", fields={name: [str(error)]}) from error
    return "\n".join(entries)


def _strings(name: str, value: object) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadRules(code="chat:rules:word", fields={name: ["A list of words."]})
    return [str(item) for item in value]
