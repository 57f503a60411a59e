"""How the frames of our sockets are declared, read, written and described: each is one msgspec struct.

The struct says everything: its tag is the frame's `type`, its annotations are the fields with their bounds, its
docstring and the descriptions of its fields are the documentation (socket_docs.py). This module reads a client's
frame into its struct and encodes the server's. Which code a refusal has is the socket's own business.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast, get_type_hints

import msgspec
from msgspec import Meta, Struct

BIGGEST_ID = 2**63 - 1  # of a database key
# The end of a text, for patterns: `$` alone lets a line break pass in Python, and \Z is not known in JavaScript.
END = r"$(?!\n)"

_encoder = msgspec.json.Encoder()
# A lone surrogate where something else than a text is wanted is no ValidationError.
_UNFIT = (msgspec.ValidationError, UnicodeEncodeError)
_decoder: msgspec.json.Decoder[object] = msgspec.json.Decoder(object)


class Part(Struct, frozen=True):
    """What stands inside frames."""


class Frame(Struct, frozen=True, tag_field="type"):
    """A frame by itself. Its subclasses give their `type` as `tag`."""


class Unreadable(Exception):
    """A text that is no JSON, or JSON that is no object."""


class TooBig(Unreadable):
    """More bytes than a frame may have."""


class UnknownType(Exception):
    """A `type` that this socket does not read."""


class BadField(Exception):
    """`name`: of the first field that cannot be used; empty when none is wrong by itself."""

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


# --- declaring -----------------------------------------------------------------------------------------------
def words(text: str, **bounds: Any) -> Meta:
    """Bounds with what a person is told about them, as the end of "<the field> is ..."."""
    return Meta(extra={"words": text}, **bounds)


def one_of(*values: str) -> Meta:
    """One of these texts, where the type cannot say it."""
    pattern = rf"^({'|'.join(map(re.escape, values))}){END}"
    return words(f"one of {', '.join(values)}", pattern=pattern, extra_json_schema={"enum": list(values)})


def checked[T](text: str, check: Callable[[T], T], **bounds: Any) -> Meta:
    """What `check` makes of a value that is there; it raises what it refuses it with."""
    return Meta(extra={"words": text, "check": check}, **bounds)


def about(description: str) -> Meta:
    """What the documentation says of a field."""
    return Meta(description=description)


# --- reading -------------------------------------------------------------------------------------------------
def read_json(text: str, *, most: int) -> object:
    """Of `most` bytes at most. Raises TooBig or Unreadable."""
    # A character has one byte at least: a long frame is refused before it is encoded.
    if len(text) > most or len(text.encode(errors="surrogatepass")) > most:
        raise TooBig
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return _read_again(text)


def _read_again(text: str) -> object:
    """Half an emoji, which browsers write as a lone surrogate, is no JSON to msgspec; Python's reader takes it."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_with_encodable_names)
    except (ValueError, RecursionError) as error:  # also whole numbers of thousands of digits
        raise Unreadable from error


def _no_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _with_encodable_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name.encode(errors="replace").decode(): value for name, value in pairs}


class Reader[F: Frame]:
    """Reads any of these frames, by its `type`. Fields that a frame does not have are ignored."""

    def __init__(self, frames: Iterable[type[F]]) -> None:
        self._frames = {type_of(frame): frame for frame in frames}
        self._checks = {frame: _checks_of(frame) for frame in self._frames.values()}

    def find(self, content: Mapping[str, object]) -> type[F]:
        """The frame that this wants to be. Raises UnknownType."""
        name = content.get("type")
        frame = self._frames.get(name) if isinstance(name, str) else None
        if frame is None:
            raise UnknownType
        return frame

    def read(self, content: Mapping[str, object]) -> F:
        """Raises UnknownType, BadField, or what a check raises."""
        frame = self.find(content)
        try:
            found = msgspec.convert(content, frame)
        except _UNFIT as error:
            # No field by itself: the struct's own __post_init__ has said what does not go together.
            raise _fault(frame, content) or BadField(str(error.__cause__ or error)) from error
        return self._checked(found)

    def _checked(self, found: F) -> F:
        given = ((name, check, getattr(found, name)) for name, check in self._checks[type(found)])
        changes = {name: check(value) for name, check, value in given if value is not None}
        return msgspec.structs.replace(found, **changes) if changes else found


def _fault(frame: type[Frame], content: Mapping[str, object]) -> BadField | None:
    for name, kind, told in _kinds(frame):
        if name in content or told.required:
            try:
                # A field that has to be there may not be null either.
                msgspec.convert(content.get(name), kind)
            except _UNFIT:
                return BadField(f"{name} is {words_in(told.type)}.", name)
    return None


@cache
def _kinds(frame: type[Frame]) -> list[tuple[str, Any, msgspec.inspect.Field]]:
    hints = get_type_hints(frame, include_extras=True)
    return [(field.encode_name, hints[field.name], field) for field in fields_of(frame)]


def _checks_of(frame: type[Frame]) -> list[tuple[str, Callable[[Any], Any]]]:
    return [(field.name, check) for field in fields_of(frame) for check in _checks_in(field.type)]


def _checks_in(kind: msgspec.inspect.Type) -> Iterator[Callable[[Any], Any]]:
    match kind:
        case msgspec.inspect.Metadata(extra={"check": check}):
            yield check
        case msgspec.inspect.Metadata(type=inner):
            yield from _checks_in(inner)
        case msgspec.inspect.UnionType(types=types):
            for one in types:
                yield from _checks_in(one)


@cache
def lists_of(frame: type[Frame]) -> frozenset[str]:
    """The fields that hold a list."""
    return frozenset(field.encode_name for field in fields_of(frame) if _is_list(field.type))


def _is_list(kind: msgspec.inspect.Type) -> bool:
    bare = kind.type if isinstance(kind, msgspec.inspect.Metadata) else kind
    return isinstance(bare, msgspec.inspect.ListType)


def fields_of(struct: type[Struct]) -> Sequence[msgspec.inspect.Field]:
    return cast("msgspec.inspect.StructType", msgspec.inspect.type_info(struct)).fields


def as_field(value: object, kind: Any) -> Any:
    """A value that came another way, read as a field of this kind would be. Raises BadField."""
    try:
        return msgspec.convert(value, kind)
    except _UNFIT as error:
        raise BadField(f"This is not {words_of(kind)}.") from error


# --- writing -------------------------------------------------------------------------------------------------
def encode(frame: Any) -> str:
    """As it goes over the wire."""
    return _encoder.encode(frame).decode()


def encoded[T](value: T) -> T:
    """The same to an encoder, which copies it, and good for nothing else: a part that many frames have in common."""
    return cast("T", msgspec.Raw(_encoder.encode(value)))


def plain(frame: Any) -> Any:
    """Dictionaries and lists, for whoever encodes them in another way."""
    return msgspec.to_builtins(frame)


def type_of(frame: Frame | type[Frame]) -> str:
    return str(frame.__struct_config__.tag)


# --- describing ----------------------------------------------------------------------------------------------
def words_of(kind: Any) -> str:
    """A field's kind and bounds in words: "a whole number from 1 to 5 or null"."""
    return words_in(msgspec.inspect.type_info(kind))


def words_in(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.Metadata(extra={"words": str(told)}):
            return told
        case msgspec.inspect.Metadata(type=inner):
            return words_in(inner)
        case msgspec.inspect.UnionType(types=types):
            return " or ".join(words_in(one) for one in types)
    return _compound(kind) or _choice(kind) or _PLAIN[type(kind)]


def _compound(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.ListType(item_type=item):
            return f"a list, of each: {words_in(item)}"
        case msgspec.inspect.DictType(value_type=value):
            return f"an object, of each name: {words_in(value)}"
        case msgspec.inspect.StructType(tag=str(name)):
            return f"a `{name}` frame"
        case msgspec.inspect.StructType(cls=part):
            return f"[{part.__name__}](#{part.__name__.lower()})"
    return ""


def _choice(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.IntType(ge=int(least), le=most) if most == BIGGEST_ID:
            return f"a whole number, {least} or more"
        case msgspec.inspect.IntType(ge=int(least), le=int(most)):
            return f"a whole number from {least} to {most}"
        case msgspec.inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
        case msgspec.inspect.EnumType(cls=choices):
            return f"one of {', '.join(str(choice.value) for choice in choices)}"
    return ""


_PLAIN: Mapping[type[msgspec.inspect.Type], str] = {
    msgspec.inspect.IntType: "a whole number",
    msgspec.inspect.FloatType: "a number",
    msgspec.inspect.StrType: "a string",
    msgspec.inspect.BoolType: "true or false",
    msgspec.inspect.NoneType: "null",
}
