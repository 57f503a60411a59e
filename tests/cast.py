"""The people of every test: owner Ana, instructor Ben, member Cleo, stranger Dov, other club's instructor Eva."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rest_framework.test import APIClient

from accounts.domain import tokens
from accounts.enums import Scope
from accounts.models import User
from clubs.enums import Role
from clubs.models import Club, GroupSession, Membership
from fitfriends.core import clock

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Ana's club, where Ben teaches and Cleo trains; Eva owns and teaches in another; Dov is in none."""

    ana: User
    ben: User
    cleo: User
    dov: User
    eva: User
    club: Club
    other_club: Club
    session: GroupSession
    other_session: GroupSession

    @property
    def people(self) -> dict[str, User]:
        return {"ana": self.ana, "ben": self.ben, "cleo": self.cleo, "dov": self.dov, "eva": self.eva}


def make_user(name: str, **kw: Any) -> User:
    """A person whose e-mail is verified; `verified=False` for one who has not come that far."""
    from allauth.account.models import EmailAddress

    verified = kw.pop("verified", True)
    password = kw.pop("password", PASSWORD)
    email = kw.pop("email", f"{name.lower()}@example.com")
    user = User.objects.create_user(email, password, display_name=name, **kw)
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return user


def make_club(owner: User, **kw: Any) -> Club:
    number = next(_numbers)
    club = Club.objects.create(**{"name": f"Club {number}", "slug": f"club-{number}", **kw})
    add_member(club, owner, Role.OWNER)
    return club


def add_member(club: Club, user: User, role: Role = Role.MEMBER) -> Membership:
    return Membership.objects.create(club=club, user=user, role=role, rules_read=1)


def make_session(club: Club, instructor: User, **kw: Any) -> GroupSession:
    """A class of 45 minutes that starts now, unless told otherwise."""
    given = {"title": "Morning yoga", "starts_at": clock.now(), "duration_minutes": 45, **kw}
    return GroupSession.objects.create(club=club, instructor=instructor, **given)


def make_cast() -> Cast:
    ana, ben, cleo, dov, eva = (make_user(name) for name in ("Ana", "Ben", "Cleo", "Dov", "Eva"))
    club = make_club(ana, name="Harbour Club", slug="harbour-club")
    add_member(club, ben, Role.INSTRUCTOR)
    add_member(club, cleo)
    other_club = make_club(eva, name="Hill Club", slug="hill-club")
    return Cast(
        ana=ana,
        ben=ben,
        cleo=cleo,
        dov=dov,
        eva=eva,
        club=club,
        other_club=other_club,
        session=make_session(club, ben),
        other_session=make_session(other_club, eva, title="Evening run"),
    )


def next_week(session: GroupSession) -> GroupSession:
    """Moves a class a week ahead."""
    session.starts_at = clock.now() + timedelta(days=7)
    session.save(update_fields=["starts_at"])
    return session


def api_as(user: User | None) -> APIClient:
    """The API as this person sees it, as if signed in by session; None for nobody."""
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def make_token(user: User, *scopes: Scope) -> str:
    """The plain text of a personal token; all scopes unless named."""
    return tokens.issue(user, name="Test", scopes=scopes or list(Scope))[1]


def api_with(plain: str) -> APIClient:
    """The API as the bearer of this token sees it."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client
