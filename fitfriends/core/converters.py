"""Path converters for every URL: an id that fits the database, and a code that people were given.

Write `<id:club_id>` for a row and `<code:code>` for a secret. They are registered when the project starts. What
they do not match is 404 before a view runs, so that no number is too big for PostgreSQL and no NUL reaches it.
"""

from django.urls import register_converter


class Id:
    """1 to 18 digits, which always fit 64 bits."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Code:
    """What fitfriends.core.ids makes, and signed values of Django."""

    regex = "[A-Za-z0-9_:.-]{16,200}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Id, "id")
register_converter(Code, "code")
