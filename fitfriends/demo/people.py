"""Who is in the demo. Every start leaves these people as described here, whatever was done to them."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User

# Only the demo's settings have it; mypy reads the tests'.
PASSWORD: str = settings.DEMO_PASSWORD  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    key: str  # what var/demo.json calls them
    name: str
    email: str


OWNER = DemoAccount("owner", "Ana Duarte", "ana@demo.fit")
INSTRUCTOR = DemoAccount("instructor", "Ben Okafor", "ben@demo.fit")
OWNER2 = DemoAccount("owner2", "Ida Holm", "ida@demo.fit")
INSTRUCTOR2 = DemoAccount("instructor2", "Eva Lind", "eva@demo.fit")
MEMBERS = (
    DemoAccount("member", "Cleo Martin", "cleo@demo.fit"),
    DemoAccount("member2", "Finn Moreau", "finn@demo.fit"),
    DemoAccount("member3", "Gia Romano", "gia@demo.fit"),
    DemoAccount("member4", "Hugo Silva", "hugo@demo.fit"),
)
MEMBERS2 = (
    DemoAccount("member5", "Jana Novak", "jana@demo.fit"),
    DemoAccount("member6", "Karim Haddad", "karim@demo.fit"),
)
STRANGER = DemoAccount("stranger", "Dov Stern", "dov@demo.fit")
EVERYBODY = (OWNER, INSTRUCTOR, OWNER2, INSTRUCTOR2, *MEMBERS, *MEMBERS2, STRANGER)


def settle() -> dict[str, User]:
    """Create whoever is missing; returns them by key. Passwords are the demo's own."""
    return {person.key: _settle(person) for person in EVERYBODY}


def _settle(person: DemoAccount) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, PASSWORD, display_name=person.name, time_zone="Europe/Lisbon")
    EmailAddress.objects.update_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
    return user
