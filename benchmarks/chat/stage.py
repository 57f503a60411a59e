"""A database with a club, its live classes and their members; their room tokens."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tests import services

if TYPE_CHECKING:  # Django is set up by services_up()
    from accounts.models import User
    from clubs.models import Club


@dataclass(slots=True)
class Room:
    room_id: str
    paths: list[str]  # one a member, with a token of their own


@contextmanager
def services_up() -> Iterator[None]:
    """PostgreSQL and Redis of our own, Django set up on them."""
    running = services.start()
    try:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "fitfriends.settings.demo",
            "REDIS_URL": f"{running.redis_url}/0",
            "DATABASE_URL": running.database_url,
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        running.stop()


def rooms(number: int, *, members: int) -> list[Room]:
    """So many live classes of one club, each with so many members of their own."""
    from accounts.models import User
    from clubs.models import Membership
    from tests import cast

    owner = cast.make_user(f"Ana {members}")
    club = cast.make_club(owner)
    people = User.objects.bulk_create(
        User(email=f"member{each}of{members}@example.com", display_name=f"Member {each}")
        for each in range(number * members)
    )
    Membership.objects.bulk_create(Membership(club=club, user=person) for person in people)
    return [_room(club, owner, people[each * members : (each + 1) * members]) for each in range(number)]


def _room(club: "Club", owner: "User", people: "list[User]") -> Room:
    from fitfriends.core import clock
    from streaming.domain.tokens import redis_clock, signing
    from streaming.enums import ClassRole, Role, State
    from tests import cast
    from tests.streaming.factories import make_stream

    stream = make_stream(cast.make_session(club, owner), State.LIVE)
    expires, issued = int((clock.now() + timedelta(hours=1)).timestamp()), redis_clock.now()

    def path(person: "User") -> str:
        token = signing.RoomToken(
            stream.room_id, person.pk, str(person), Role.VIEWER, ClassRole.MEMBER, issued, expires
        )
        return f"/room/{stream.room_id}?token={signing.write_room(token)}"

    return Room(stream.room_id, [path(person) for person in people])
