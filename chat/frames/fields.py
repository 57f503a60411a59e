"""Reads single fields of a client's frame."""

from collections.abc import Mapping

from chat.errors import ProtocolError
from chat.frames import text_cleaning
from chat.limits import BIGGEST_ID

type Fields = Mapping[str, object]


def number(fields: Fields, name: str, *, minimum: int, maximum: int = BIGGEST_ID) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise ProtocolError("chat:frame:field", f"{name} is a whole number from {minimum} to {maximum}.")
    return value


def number_if_any(fields: Fields, name: str, *, minimum: int, maximum: int) -> int | None:
    return None if fields.get(name) is None else number(fields, name, minimum=minimum, maximum=maximum)


def flag_if_any(fields: Fields, name: str) -> bool | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise ProtocolError("chat:frame:field", f"{name} is true or false.")
    return value


def words(fields: Fields, name: str, *, most: int) -> str:
    """Cleaned as a message is: no NUL, which PostgreSQL refuses, and no lone surrogate, which nothing encodes."""
    value = fields.get(name)
    if value is None:
        return ""
    cleaned = text_cleaning.clean(value) if isinstance(value, str) else None
    if cleaned is None or len(cleaned) > most:
        raise ProtocolError("chat:frame:field", f"{name} is a string of {most} characters at most.")
    return cleaned
