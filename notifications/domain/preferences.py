"""What a person wants to be told by which channel; without an opinion, the default of the kind counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from notifications.enums import Channel, Kind
from notifications.models import Preference

# Mail is for what cannot wait until the next visit.
_MAILED_BY_DEFAULT = frozenset({Kind.STREAM_LIVE})


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person wants for one kind."""

    kind: Kind
    in_app: bool
    email: bool


def default(kind: Kind, channel: Channel) -> bool:
    return channel == Channel.IN_APP or kind in _MAILED_BY_DEFAULT


def wishes_for(kind: Kind, user_ids: Iterable[int]) -> dict[int, Wish]:
    """The wishes of many people for one kind: one query."""
    ids = list(user_ids)
    rows = Preference.objects.filter(kind=kind, user_id__in=ids).values_list("user_id", "channel", "enabled")
    opinions = {(user_id, channel): enabled for user_id, channel, enabled in rows}
    return {
        user_id: Wish(
            kind=kind,
            in_app=opinions.get((user_id, Channel.IN_APP), default(kind, Channel.IN_APP)),
            email=opinions.get((user_id, Channel.EMAIL), default(kind, Channel.EMAIL)),
        )
        for user_id in ids
    }


def of(user: User) -> list[Wish]:
    """All kinds, in the order of the enumeration: one query."""
    rows = Preference.objects.filter(user=user).values_list("kind", "channel", "enabled")
    opinions = {(kind, channel): enabled for kind, channel, enabled in rows}
    return [
        Wish(
            kind=kind,
            in_app=opinions.get((kind, Channel.IN_APP), default(kind, Channel.IN_APP)),
            email=opinions.get((kind, Channel.EMAIL), default(kind, Channel.EMAIL)),
        )
        for kind in Kind
    ]


def wants_mail(user: User, kind: Kind) -> bool:
    return wishes_for(kind, [user.pk])[user.pk].email


def set_wish(user: User, *, kind: Kind, channel: Channel, enabled: bool) -> None:
    """The same opinion twice is one opinion, also when both arrive at once."""
    Preference.objects.bulk_create(
        [Preference(user=user, kind=kind, channel=channel, enabled=enabled)],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["enabled"],
    )
