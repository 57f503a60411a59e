"""What the structs of a socket say, for others: a JSON Schema, and the generated parts of its page in docs/."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import getdoc
from textwrap import wrap
from typing import Any

import msgspec

from fitfriends.core.frames import Frame, Part, fields_of, words_in

_WIDTH = 118
_BLOCK = re.compile(r"<!-- (?P<name>\w+) -->\n.*?<!-- end -->", re.DOTALL)
_PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Socket:
    """`name`: of docs/schemas/<name>.json; `page`: docs/<page>."""

    name: str
    page: str
    title: str
    inbound: Sequence[type[Frame]]
    outbound: Sequence[type[Frame]]


# --- JSON Schema ---------------------------------------------------------------------------------------------
def schema(socket: Socket) -> dict[str, Any]:
    """`FromClient` and `FromServer` in its `$defs` are any one frame of that direction."""
    frames = [*socket.inbound, *socket.outbound]
    _, parts = msgspec.json.schema_components(frames, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": socket.title,
        "anyOf": [{"$ref": "#/$defs/FromClient"}, {"$ref": "#/$defs/FromServer"}],
        "$defs": {
            "FromClient": _any_of("A frame that a client may send.", socket.inbound),
            "FromServer": _any_of("A frame that the server sends.", socket.outbound),
            **parts,
        },
    }


def schema_text(socket: Socket) -> str:
    """As it stands in docs/schemas."""
    return msgspec.json.format(msgspec.json.encode(schema(socket)), indent=2).decode() + "\n"


def _any_of(description: str, frames: Sequence[type[Frame]]) -> dict[str, Any]:
    return {"description": description, "anyOf": [{"$ref": f"#/$defs/{frame.__name__}"} for frame in frames]}


# --- the page ------------------------------------------------------------------------------------------------
def page_text(socket: Socket, text: str) -> str:
    """The page with its generated parts anew: between `<!-- Name -->`, a struct or `parts`, and `<!-- end -->`.

    Raises ValueError unless each frame has its place.
    """
    made = {frame.__name__: described(frame) for frame in (*socket.inbound, *socket.outbound)}
    made[_PARTS] = "\n\n".join(f"### `{part.__name__}`\n\n{described(part)}" for part in parts(socket))
    placed = {found["name"] for found in _BLOCK.finditer(text)}
    if placed != set(made):
        raise ValueError(f"{socket.page}: a place is missing or stands for nothing: {sorted(placed ^ set(made))}")
    return _BLOCK.sub(lambda found: f"<!-- {found['name']} -->\n{made[found['name']]}\n<!-- end -->", text)


def parts(socket: Socket) -> list[type[Part]]:
    """What stands inside frames, in the order of its first use."""
    found: dict[type[Part], None] = {}
    for frame in (*socket.inbound, *socket.outbound):
        for field in fields_of(frame):
            for part in _parts_in(field.type):
                found.setdefault(part)
    return list(found)


def described(struct: type[Frame | Part]) -> str:
    """The struct's docstring, then a row for each field."""
    paragraphs = (getdoc(struct) or "").split("\n\n")
    told = "\n\n".join("\n".join(wrap(" ".join(text.split()), _WIDTH)) for text in paragraphs)
    rows = [_row(field) for field in fields_of(struct)]
    return "\n".join([told, "", "| field | value | |", "|---|---|---|", *rows]) if rows else told


def _row(field: msgspec.inspect.Field) -> str:
    value = f"{'' if field.required else 'optional; '}{words_in(field.type)}"
    return f"| `{field.encode_name}` | {value} |{_description(field.type)} |"


def _description(kind: msgspec.inspect.Type) -> str:
    told = kind.extra_json_schema if isinstance(kind, msgspec.inspect.Metadata) else None
    words = (told or {}).get("description", "")
    return f" {words}" if words else ""


def _parts_in(kind: msgspec.inspect.Type) -> Iterator[type[Part]]:
    match kind:
        case msgspec.inspect.Metadata(type=inner) | msgspec.inspect.ListType(item_type=inner):
            yield from _parts_in(inner)
        case msgspec.inspect.DictType(value_type=inner):
            yield from _parts_in(inner)
        case msgspec.inspect.UnionType(types=types):
            for one in types:
                yield from _parts_in(one)
        case msgspec.inspect.StructType(cls=cls, fields=fields):
            if issubclass(cls, Part):
                yield cls
            for field in fields:
                yield from _parts_in(field.type)
