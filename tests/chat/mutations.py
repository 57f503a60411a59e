"""Frames as no client should send them, by a seed: bent ones, and noise."""

import json
import random
from collections.abc import Iterator
from typing import Any

type Fields = dict[str, Any]

_DEEP: Any = json.loads("[" * 60 + "]" * 60)
WORDS = [
    "",
    " ",
    "x" * 501,
    "x" * 20_000,
    "\x00\x07\x1b[31m",
    "\u202eevil\u2066",
    "a" + "\u0301" * 3000,
    "\u200b\u200d\ufeff\u2060",
    "\ud800",
    "\U0010ffff\ufdd0",
    "\U0001f469\u200d\U0001f4bb" * 20,
    "<script>alert(1)</script>",
    "'; DROP TABLE chat_message; --",
    "{{ 7 * 7 }}{% debug %}",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "null",
    "\n" * 400,
    "../../etc/passwd",
]
NUMBERS = [
    0,
    -1,
    1,
    2**31,
    2**53 + 1,
    2**63 - 1,
    2**63,
    10**400,
    -(10**400),
    1.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
]
VALUES: list[Any] = [None, True, False, [], {}, [None], {"type": "ping"}, _DEEP, *WORDS, *NUMBERS]
# What a client might like to decide for itself.
SPOOFED: Fields = {
    "user_id": 1,
    "username": "Ben",
    "role": "owner",
    "timestamp": 1,
    "seq": 10**6,
    "id": 1,
    "deleted": True,
    "room_id": "room-elsewhere1234",
    "you": "ben",
}


def bent(valid: list[Fields], chance: random.Random) -> str:
    """A valid frame with one to three of its fields lost, replaced, added or spoofed."""
    frame = dict(chance.choice(valid))
    if "client_id" in frame:  # or all but the first would be copies
        fresh = f"{chance.randrange(10**9)}"
        frame |= {"client_id": fresh, "message": f"Good morning, {fresh}!"}
    for _ in range(chance.randrange(1, 4)):
        match chance.randrange(4):
            case 0:
                frame.pop(chance.choice(list(frame)), None) if frame else None
            case 1 if frame:
                frame[chance.choice(list(frame))] = chance.choice(VALUES)
            case 2:
                frame[chance.choice(WORDS)[:40]] = chance.choice(VALUES)
            case _:
                frame |= {name: SPOOFED[name] for name in chance.sample(list(SPOOFED), 3) if name not in frame}
    text = json.dumps([frame] * chance.choice([1, 2, 8, 9]) if chance.random() < 0.15 else frame)
    return _twice(text, chance) if chance.random() < 0.1 else text


def _twice(text: str, chance: random.Random) -> str:
    """A key that stands twice: the parser takes the last."""
    return text.replace("{", f'{{"type":{json.dumps(chance.choice(["ping", "nonsense", None]))},', 1)


def noise(valid: list[Fields], chance: random.Random) -> str | bytes:
    """Bytes, cut frames, deep and long things."""
    text = json.dumps(chance.choice(valid))
    made: list[str | bytes] = [
        chance.randbytes(chance.randrange(200)),
        chance.randbytes(chance.randrange(200)).decode("latin-1"),
        text[: chance.randrange(len(text))],
        text.replace(chance.choice(text), chance.choice(WORDS)[:100]),
        "[" * chance.randrange(1, 9000),
        "[" * 3000 + "]" * 3000,
        '{"a":' * 2000 + "1" + "}" * 2000,
        f"[[{text}],[{text}]]",
        '{"type":"resync","after":' + "9" * chance.randrange(1, 6000) + "}",
        "".join(chance.choices('[]{}",:\\u0tfn1-.eE \ufeff\u2028', k=chance.randrange(1, 300))),
        "\ufeff" + text,
        text + text,
    ]
    return chance.choice(made)


def frames(valid: list[Fields], chance: random.Random, *, count: int) -> Iterator[str | bytes]:
    for _ in range(count):
        yield noise(valid, chance) if chance.random() < 0.35 else bent(valid, chance)
