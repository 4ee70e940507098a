"""Rule E1: values as bytes.

A dataclass is written as its fields, in order. The type of a field says how it is written, so that this
module knows no message and no block:

    U8, U16, U32, U64      integers, little-endian
    Hash, PublicKey, ...   bytes of a fixed length
    bool, str              one byte; a text with its length before it
    tuple[T, ...]          a list
    T | None               an optional value
    an IntEnum             the number of an enum's variant without fields
    a class with `SIZE`    brings its own `to_bytes` and `from_bytes`
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from .errors import RuleBroken

T = TypeVar("T")


@dataclass(frozen=True)
class Integer:
    """An unsigned integer of `size` bytes."""

    size: int
    order: Literal["little", "big"] = "little"


@dataclass(frozen=True)
class Fixed:
    """`size` bytes as they are."""

    size: int


# The second part of an annotation is the text form of the value, if it is not the plain one.
U8 = Annotated[int, Integer(1)]
U16 = Annotated[int, Integer(2)]
U32 = Annotated[int, Integer(4)]
U64 = Annotated[int, Integer(8)]
Amount = Annotated[int, Integer(8), "fed"]
Target = Annotated[int, Integer(4), "target"]
Work = Annotated[int, Integer(32, "big"), "decimal"]
Hash = Annotated[bytes, Fixed(32)]
BlockId = Annotated[bytes, Fixed(32), "reversed"]
ShortId = Annotated[bytes, Fixed(6)]
Address = Annotated[bytes, Fixed(20), "address"]
PublicKey = Annotated[bytes, Fixed(33)]
Signature = Annotated[bytes, Fixed(64)]


def encode(value: Any, kind: Any = None) -> bytes:
    """The bytes of a value; `kind` is its type if its class does not determine it."""
    out = bytearray()
    _write(out, type(value) if kind is None else kind, value)
    return bytes(out)


def decode(kind: type[T], data: bytes) -> T:
    """Decodes a value of this type, which must consume all bytes."""
    reader = _Reader(data)
    value: T = reader.read(kind)
    if reader.position != len(data):
        raise RuleBroken("E1", f"{len(data) - reader.position} bytes follow the value")
    return value


@cache
def field_types(record: Any) -> dict[str, Any]:
    """The types of a dataclass's fields, in order."""
    hints = get_type_hints(record, include_extras=True)
    return {field.name: hints[field.name] for field in fields(record)}


def _optional(kind: Any) -> Any:
    """T, if the type is `T | None`."""
    if get_origin(kind) is UnionType or NoneType in get_args(kind):
        return next(inner for inner in get_args(kind) if inner is not NoneType)
    return None


def _write(out: bytearray, kind: Any, value: Any) -> None:
    if get_origin(kind) is Annotated:
        form = get_args(kind)[1]
        if isinstance(form, Integer):
            out += value.to_bytes(form.size, form.order)
        elif len(value) == form.size:
            out += value
        else:
            raise ValueError(f"{len(value)} bytes where {form.size} belong")
    elif get_origin(kind) is tuple:
        out += len(value).to_bytes(4, "little")
        for item in value:
            _write(out, get_args(kind)[0], item)
    elif (inner := _optional(kind)) is not None:
        out.append(value is not None)
        if value is not None:
            _write(out, inner, value)
    elif kind is bool or issubclass(kind, IntEnum):
        out.append(value)
    elif kind is str:
        text = value.encode()
        out += len(text).to_bytes(4, "little") + text
    elif hasattr(kind, "SIZE"):
        out += value.to_bytes()
    else:
        for name, field in field_types(kind).items():
            _write(out, field, getattr(value, name))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise RuleBroken("E1", "the bytes end within a value")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def number(self, size: int, order: Literal["little", "big"] = "little") -> int:
        return int.from_bytes(self.take(size), order)

    def flag(self) -> bool:
        byte = self.number(1)
        if byte > 1:
            raise RuleBroken("E1", f"the byte {byte} where 0 or 1 belongs")
        return byte == 1

    def read(self, kind: Any) -> Any:
        if get_origin(kind) is Annotated:
            form = get_args(kind)[1]
            return self.number(form.size, form.order) if isinstance(form, Integer) else self.take(form.size)
        if get_origin(kind) is tuple:
            # Every item has at least one byte, so a false length runs out of bytes before it exhausts memory.
            return tuple(self.read(get_args(kind)[0]) for _ in range(self.number(4)))
        if (inner := _optional(kind)) is not None:
            return self.read(inner) if self.flag() else None
        if kind is bool:
            return self.flag()
        if kind is str:
            return self.text()
        if issubclass(kind, IntEnum):
            return self.variant(kind)
        if hasattr(kind, "SIZE"):
            return kind.from_bytes(self.take(kind.SIZE))
        return kind(**{name: self.read(field) for name, field in field_types(kind).items()})

    def text(self) -> str:
        try:
            return self.take(self.number(4)).decode()
        except UnicodeDecodeError as error:
            raise RuleBroken("E1", "a text is not UTF-8") from error

    def variant(self, kind: type[IntEnum]) -> IntEnum:
        number = self.number(1)
        try:
            return kind(number)
        except ValueError as error:
            raise RuleBroken("E1", f"{kind.__name__} has no variant {number}") from error
