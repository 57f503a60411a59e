"""Names that cannot be guessed: room ids, keys, tokens."""

import re
import secrets

# Crockford's base 32 in lower case: no i, l, o, u, so that a key can be read aloud.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ROOM_ID = re.compile(r"room-[a-z0-9]{8,40}\Z")


def random_word(length: int) -> str:
    """`length` characters of 5 random bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_room_id() -> str:
    return f"room-{random_word(20)}"


def is_room_id(value: str) -> bool:
    return ROOM_ID.match(value) is not None


def new_stream_key() -> str:
    """120 random bits in four groups, as `abc123-def456-...`."""
    return "-".join(random_word(6) for _ in range(4))
