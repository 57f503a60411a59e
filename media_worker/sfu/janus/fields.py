"""Reads JSON objects of others without trusting their shape: what is missing or of another type reads as empty."""

import json

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type JsonObject = dict[str, Json]


def parse(raw: bytes | str) -> JsonObject:
    """Raises ValueError for everything but one JSON object."""
    try:
        found: Json = json.loads(raw)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 -- one error for everything that is malformed
    return found


def text(source: JsonObject, name: str) -> str:
    """The string, or an empty one."""
    value = source.get(name)
    return value if isinstance(value, str) else ""


def number(source: JsonObject, name: str) -> int:
    """The integer, or 0."""
    value = source.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def flag(source: JsonObject, name: str) -> bool:
    return source.get(name) is True


def part(source: JsonObject, name: str) -> JsonObject:
    """The object, or an empty one."""
    value = source.get(name)
    return value if isinstance(value, dict) else {}


def parts(source: JsonObject, name: str) -> list[JsonObject]:
    """The objects of a list; whatever else is in it is left out."""
    value = source.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
