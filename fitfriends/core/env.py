"""Reads settings from the environment, typed, and remembers each one for docs/settings.md.

A secret may also come from a file: NAME_FILE holds its path. A missing or malformed value stops the start
with the name of what is wrong.
"""

from dataclasses import dataclass
from typing import cast

import environ
from django.core.exceptions import ImproperlyConfigured

_reader = environ.FileAwareEnv()


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of docs/settings.md."""

    name: str
    kind: str
    default: str
    meaning: str


REGISTRY: dict[str, Setting] = {}


def _note(name: str, kind: str, default: object, meaning: str) -> None:
    shown = ", ".join(map(str, default)) if isinstance(default, list) else str(default)
    REGISTRY[name] = Setting(name, kind, shown, meaning)


def text(name: str, default: str = "", *, meaning: str) -> str:
    _note(name, "text", default, meaning)
    return cast("str", _reader.str(name, default=default)).strip()


def secret(name: str, *, meaning: str) -> str:
    """A secret without a default: base leaves it empty, demo and tests bring their own, production refuses."""
    _note(name, "secret", "", meaning)
    return cast("str", _reader.str(name, default="")).strip()


def number(name: str, default: int, *, minimum: int = 0, meaning: str) -> int:
    _note(name, "whole number", default, meaning)
    try:
        value = cast("int", _reader.int(name, default=default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error
    if value < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {value}.")
    return value


def switch(name: str, *, default: bool, meaning: str) -> bool:
    _note(name, "true or false", str(default).lower(), meaning)
    return cast("bool", _reader.bool(name, default=default))


def words(name: str, default: list[str], *, meaning: str) -> list[str]:
    _note(name, "list, comma-separated", default, meaning)
    return cast("list[str]", _reader.list(name, default=default))


def database(name: str, default: str, *, meaning: str) -> dict[str, object]:
    _note(name, "address", default, meaning)
    try:
        return dict(_reader.db(name, default=default))
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not a database address.") from error
