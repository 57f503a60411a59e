"""Settles the demo's people, clubs and week, opens the live class, and writes var/demo.json."""

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.domain import tokens
from accounts.enums import Scope
from accounts.models import User
from fitfriends.demo import files, live, people, schedule

TOLD = ("owner", "instructor", "instructor2", "member", "member2", "member4", "stranger")


class Command(BaseCommand):
    help = "Fill the demo. May run any number of times."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 -- Django's signature
        cast = people.settle()
        clubs = schedule.settle_clubs(cast)
        schedule.settle_week(clubs, cast)
        session = schedule.live_class(clubs.harbour, cast["instructor"], [cast["member"], cast["member2"]])
        stream, key = live.open_doors(session, cast["instructor"])
        files.write_key(key)
        files.write(
            {
                "base_url": settings.PUBLIC_URL,
                "rtmp_url": settings.RTMP_PUBLIC_URL,
                "accounts": {name: _account(cast[name]) for name in TOLD},
                "clubs": [
                    {"id": club.pk, "slug": club.slug, "name": club.name} for club in (clubs.harbour, clubs.north)
                ],
                "group_sessions": {
                    "live": session.pk,
                    "upcoming": schedule.upcoming(clubs.harbour, cast["instructor"]).pk,
                    "other_club": schedule.upcoming(clubs.north, cast["instructor2"]).pk,
                },
                "streams": {"live": {"id": stream.pk, "room_id": stream.room_id}},
            }
        )


def _account(user: User) -> files.Account:
    """Tokens are hashed at rest, so each start issues new ones and revokes the last start's."""
    for token in user.api_tokens.filter(name="demo", revoked_at=None):
        tokens.revoke(token, actor=user)
    _, plain = tokens.issue(user, name="demo", scopes=list(Scope))
    return {"email": user.email, "password": people.PASSWORD, "token": plain}
