"""Founding a club and changing what it says about itself."""

from django.db import transaction
from django.utils.text import slugify

from accounts.domain.access import require
from accounts.domain.profile import check_time_zone
from accounts.models import User
from clubs.defaults import DESCRIPTION_LENGTH, NAME_LENGTH
from clubs.domain import access
from clubs.enums import JoinPolicy, Role
from clubs.errors import TooManyClubs
from clubs.models import Club, Membership
from fitfriends.core.ids import random_word
from fitfriends.core.text import clean_text, required_line

MAX_OWNED = 20
# Words that stand for pages of ours below /clubs/.
_RESERVED = frozenset({"new", "invitations"})


@transaction.atomic
def found(
    *,
    actor: User,
    name: str,
    description: str = "",
    join_policy: JoinPolicy = JoinPolicy.OPEN,
    time_zone: str | None = None,
) -> Club:
    """A new club whose owner is the actor."""
    User.objects.select_for_update().get(pk=actor.pk)  # two at once count one after the other
    if Membership.objects.of(actor).filter(role=Role.OWNER).count() >= MAX_OWNED:
        raise TooManyClubs
    zone = time_zone or actor.time_zone
    check_time_zone(zone)
    cleaned = required_line(name, NAME_LENGTH, field="name")
    club = Club.objects.create(
        name=cleaned,
        slug=_slug_for(cleaned),
        description=clean_text(description, DESCRIPTION_LENGTH),
        join_policy=JoinPolicy(join_policy),
        time_zone=zone,
    )
    Membership.objects.create(club=club, user=actor, role=Role.OWNER)
    return club


def change(
    club: Club,
    *,
    actor: User,
    name: str | None = None,
    description: str | None = None,
    join_policy: JoinPolicy | None = None,
    time_zone: str | None = None,
) -> Club:
    """Changes what is given. The address of its page stays: people have it in their bookmarks."""
    require(access.may_manage_club(actor, club), message="Only an owner changes the club.")
    if name is not None:
        club.name = required_line(name, NAME_LENGTH, field="name")
    if description is not None:
        club.description = clean_text(description, DESCRIPTION_LENGTH)
    if join_policy is not None:
        club.join_policy = JoinPolicy(join_policy)
    if time_zone is not None:
        check_time_zone(time_zone)
        club.time_zone = time_zone
    club.save(update_fields=["name", "description", "join_policy", "time_zone", "updated_at"])
    return club


def _slug_for(name: str) -> str:
    base = slugify(name)[:60].strip("-")
    if base and base not in _RESERVED and not Club.objects.filter(slug=base).exists():
        return base
    # Two founders of one name at once: the random part keeps them apart.
    return f"{base or 'club'}-{random_word(6)}"
