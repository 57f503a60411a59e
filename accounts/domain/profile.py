"""What a person changes about themselves."""

from django.core.exceptions import ValidationError

from accounts.models import User, validate_time_zone
from fitfriends.core import errors
from fitfriends.core.text import required_line

NAME_LENGTH = 60


def change(user: User, *, display_name: str | None = None, time_zone: str | None = None) -> User:
    """Changes what is given; None leaves it."""
    changed: list[str] = []
    if display_name is not None:
        user.display_name = required_line(display_name, NAME_LENGTH, field="display_name")
        changed.append("display_name")
    if time_zone is not None:
        check_time_zone(time_zone)
        user.time_zone = time_zone
        changed.append("time_zone")
    if changed:
        user.save(update_fields=changed)
    return user


def check_time_zone(name: str, *, field: str = "time_zone") -> None:
    try:
        validate_time_zone(name)
    except ValidationError as error:
        raise errors.Invalid(fields={field: list(error.messages)}) from error
