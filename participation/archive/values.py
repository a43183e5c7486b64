"""A row as one line of JSON and back, the same bytes whatever database it came from."""

import base64
import binascii
import enum
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Integer, LargeBinary, String, Table

from participation.kit.schema import UtcDateTime

BIGGEST = 2**63 - 1
Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]


class BadRow(ValueError):
    """A line is no row of its table; the message says why, without what it holds."""


@dataclass(frozen=True, slots=True)
class _Codec:
    """How the values of one type of column are written and read; ``encode`` is ``None`` for what JSON has anyway."""

    encode: Encode | None
    decode: Decode


def line_of(table: Table, row: Sequence[Any]) -> bytes:
    """Return a row, its values in the order of the columns, as one line of JSON in UTF-8."""
    fields = {
        name: value if value is None or encode is None else encode(value)
        for (name, encode), value in zip(_encoders(table), row, strict=True)
    }
    return _ENCODER.encode(fields).encode() + b"\n"


def row_of(table: Table, line: bytes) -> dict[str, Any]:
    """Return what a line says as values for the database; raises ``BadRow``."""
    try:
        fields = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadRow("it is not JSON") from None
    decoders = _decoders(table)
    if not isinstance(fields, dict) or fields.keys() != decoders.keys():
        raise BadRow("it has not the columns of its table")
    row: dict[str, Any] = {}
    for name, (decode, nullable) in decoders.items():
        value = fields[name]
        if value is None and not nullable:
            raise BadRow(f"{name} is missing")
        try:
            row[name] = None if value is None else decode(value)
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise BadRow(f"{name} is not a value of its kind") from None
    return row


def _no_number(_name: str) -> Any:
    raise ValueError


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@cache
def _encoders(table: Table) -> tuple[tuple[str, Encode | None], ...]:
    return tuple((column.name, _codec(column).encode) for column in table.columns)


@cache
def _decoders(table: Table) -> Mapping[str, tuple[Decode, bool]]:
    return {column.name: (_codec(column).decode, bool(column.nullable)) for column in table.columns}


def _codec(column: Column[Any]) -> _Codec:
    kind = column.type
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        return _Codec(_enum_value, kind.enum_class)
    if isinstance(kind, String):
        return _Codec(None, _text(kind.length))
    if isinstance(kind, UtcDateTime):
        return _Codec(_moment_text, _moment)
    for base, codec in _CODECS.items():
        if isinstance(kind, base):
            return codec
    raise TypeError(f"{column.table.name}.{column.name} has a type that no archive knows: {kind!r}")


def _enum_value(member: enum.Enum) -> Any:
    return member.value


def _text(longest: int | None) -> Decode:
    def decode(value: Any) -> str:
        if not isinstance(value, str) or (longest is not None and len(value) > longest):
            raise ValueError
        # Half a character can be written as an escape, but is no text.
        value.encode()
        return value

    return decode


def _moment_text(value: datetime) -> str:
    return value.isoformat(timespec="microseconds")


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _bytes_text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError from None


def _integer(value: Any) -> int:
    if type(value) is not int or not -BIGGEST - 1 <= value <= BIGGEST:
        raise ValueError
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _json(value: Any) -> Any:
    # As the database will be given it: nothing may be in it that is no text.
    _ENCODER.encode(value).encode()
    return value


_CODECS: Mapping[type[Any], _Codec] = {
    Boolean: _Codec(None, _boolean),
    Integer: _Codec(None, _integer),
    Date: _Codec(date.isoformat, date.fromisoformat),
    LargeBinary: _Codec(_bytes_text, _bytes),
    JSON: _Codec(None, _json),
}
