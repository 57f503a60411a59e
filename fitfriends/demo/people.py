"""Who is in the demo. Every start leaves these people as described here, whatever was done to them."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User

# Only the demo's settings have it; mypy reads the tests'.
PASSWORD: str = settings.DEMO_PASSWORD  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Person:
    key: str  # what var/demo.json calls them
    name: str
    email: str


OWNER = Person("owner", "Ana Duarte", "ana@demo.fit")
INSTRUCTOR = Person("instructor", "Ben Okafor", "ben@demo.fit")
OWNER2 = Person("owner2", "Ida Holm", "ida@demo.fit")
INSTRUCTOR2 = Person("instructor2", "Eva Lind", "eva@demo.fit")
MEMBERS = (
    Person("member", "Cleo Martin", "cleo@demo.fit"),
    Person("member2", "Finn Moreau", "finn@demo.fit"),
    Person("member3", "Gia Romano", "gia@demo.fit"),
    Person("member4", "Hugo Silva", "hugo@demo.fit"),
)
MEMBERS2 = (
    Person("member5", "Jana Novak", "jana@demo.fit"),
    Person("member6", "Karim Haddad", "karim@demo.fit"),
)
STRANGER = Person("stranger", "Dov Stern", "dov@demo.fit")
EVERYBODY = (OWNER, INSTRUCTOR, OWNER2, INSTRUCTOR2, *MEMBERS, *MEMBERS2, STRANGER)


def settle() -> dict[str, User]:
    """Create whoever is missing; returns them by key. Passwords are the demo's own."""
    return {person.key: _settle(person) for person in EVERYBODY}


def _settle(person: Person) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, PASSWORD, display_name=person.name, time_zone="Europe/Lisbon")
    EmailAddress.objects.update_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
    return user
