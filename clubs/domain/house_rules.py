"""A club's house rules: its owners write them, each member accepts them once before they first write in a talk."""

from django.db.models import F

from accounts.domain.access import require
from accounts.models import User
from clubs.defaults import RULES_CHARACTERS
from clubs.domain import access
from clubs.enums import Role
from clubs.errors import NotAMember
from clubs.models import Club, Membership
from clubs.querysets import knows_rules
from fitfriends.core.text import clean_text


def have_been_read(club: Club, *, user: User) -> bool:
    """True where nothing is to be read. Moderators of the whole club are not asked."""
    mine = Membership.objects.of(user).filter(club=club, role=Role.MEMBER)
    return False not in mine.annotate(known=knows_rules()).values_list("known", flat=True)


def require_member(club: Club, *, actor: User) -> None:
    """Raises NotAMember."""
    if not Membership.objects.of(actor).filter(club=club).exists():
        raise NotAMember


def require_right(club: Club, *, actor: User) -> None:
    """Raises NotAllowed unless the actor writes the rules."""
    require(access.may_manage_club(actor, club), message="Only an owner writes the club's house rules.")


def accept(club: Club, *, actor: User, version: int) -> None:
    """Of the version that was shown: rules that changed meanwhile are shown again. Accepting again changes nothing.

    Raises NotAMember.
    """
    require_member(club, actor=actor)
    seen = min(version, Club.objects.values_list("rules_version", flat=True).get(pk=club.pk))
    Membership.objects.of(actor).filter(club=club, rules_read__lt=seen).update(rules_read=seen)


def change(club: Club, *, actor: User, text: str, show_again: bool = False) -> Club:
    """Empty: there are none. `show_again`: everybody accepts them anew before their next message."""
    require_right(club, actor=actor)
    row = Club.objects.filter(pk=club.pk)
    row.update(house_rules=clean_text(text, RULES_CHARACTERS), rules_version=F("rules_version") + int(show_again))
    club.refresh_from_db(fields=["house_rules", "rules_version"])
    return club
