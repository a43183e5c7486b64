"""Rows as JSON and back again without loss, by the types of their fields; what is called is no data and left out."""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Coded = TypeVar("Coded")
Code = Callable[[Any], Any]

_PLAIN = (str, int, float, bool, types.NoneType)


class Uncodable(TypeError):
    """A type has no form in JSON here."""


class Undecodable(ValueError):
    """A text is not what a row was turned into."""


def encode(value: object) -> str:
    """Return a row as one line of JSON; fields that have their default are left out."""
    kind: Any = type(value)
    return _ENCODER.encode(_coder(kind)[0](value))


def decode(kind: type[Coded], line: str | bytes) -> Coded:
    """Return the row that ``encode`` was given; raises ``Undecodable``."""
    hint: Any = kind
    try:
        row: Coded = _coder(hint)[1](json.loads(line))
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Undecodable(f"no {kind.__name__}: {type(problem).__name__}") from problem
    return row


def shape(kind: type) -> str:
    """Return a text that changes whenever rows of a kind would be written differently."""
    hints = get_type_hints(kind)
    inner = {hint for hint in map(_row_in, hints.values()) if hint is not None}
    own = f"{kind.__name__}({', '.join(f'{one.name}: {hints[one.name]}' for one in _written(kind))})"
    return " ".join((own, *sorted(map(shape, inner))))


# ASCII: a lone surrogate has no other form that can be read back.
_ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))


@cache
def _coder(hint: Any) -> tuple[Code, Code]:
    """Return how values of a type become JSON, and how they are made of it; raises ``Uncodable``."""
    if hint in _PLAIN:
        return _same, _same
    if hint is datetime:
        return datetime.isoformat, datetime.fromisoformat
    if hint is date:
        return date.isoformat, date.fromisoformat
    if isinstance(hint, type) and is_dataclass(hint):
        return _of_rows(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _same, _same
    if origin in (Union, types.UnionType):
        return _of_optional(hint, arguments)
    if origin is tuple:
        return _of_tuple(hint, arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping) and arguments[0] is str:
        there, back = _coder(arguments[1])
        return (
            lambda value: {key: there(item) for key, item in value.items()},
            lambda value: {key: back(item) for key, item in value.items()},
        )
    raise Uncodable(str(hint))


def _same(value: Any) -> Any:
    return value


def _of_optional(hint: Any, arguments: tuple[Any, ...]) -> tuple[Code, Code]:
    there, back = _one_of([one for one in arguments if one is not types.NoneType], hint)
    if types.NoneType not in arguments:
        return there, back
    return (
        lambda value: None if value is None else there(value),
        lambda value: None if value is None else back(value),
    )


def _one_of(kinds: list[Any], hint: Any) -> tuple[Code, Code]:
    if len(kinds) == 1:
        return _coder(kinds[0])
    if all(kind in _PLAIN for kind in kinds):
        return _same, _same
    raise Uncodable(str(hint))


def _of_tuple(hint: Any, arguments: tuple[Any, ...]) -> tuple[Code, Code]:
    if len(arguments) != 2 or arguments[1] is not Ellipsis:
        raise Uncodable(str(hint))
    there, back = _coder(arguments[0])
    if there is _same:
        return list, tuple
    return lambda value: [there(item) for item in value], lambda value: tuple(back(item) for item in value)


def _of_rows(kind: type) -> tuple[Code, Code]:
    hints = get_type_hints(kind)
    written = [(one.name, _default(one), *_coder(hints[one.name])) for one in _written(kind)]
    readers = {name: back for name, _default, _there, back in written}

    def there(row: Any) -> dict[str, Any]:
        said = {}
        for name, default, code, _back in written:
            value = getattr(row, name)
            if value != default or type(value) is not type(default):
                said[name] = code(value)
        return said

    def back(said: Mapping[str, Any]) -> Any:
        return kind(**{name: readers[name](value) for name, value in said.items()})

    return there, back


def _default(one: "Field[Any]") -> object:
    """Return what a field has when nothing is said; of factories only nothing at all is the same every time."""
    if one.default_factory is dict:
        return {}
    return one.default


def _written(kind: type) -> "list[Field[Any]]":
    hints = get_type_hints(kind)
    return [one for one in fields(kind) if one.init and get_origin(hints[one.name]) is not Callable]


def _row_in(hint: Any) -> type | None:
    """Return the class of rows that a field holds, alone or in a tuple."""
    found = (hint, *get_args(hint))
    return next((one for one in found if isinstance(one, type) and is_dataclass(one)), None)
