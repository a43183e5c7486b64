"""Answers as dataclasses that describe themselves: from their fields come schema, documentation and example."""

import enum
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import marshmallow as ma

UNIONS = (Union, types.UnionType)
PLAIN: Mapping[Any, type[ma.fields.Field[Any]]] = {
    str: ma.fields.String,
    int: ma.fields.Integer,
    bool: ma.fields.Boolean,
    date: ma.fields.Date,
}
EXAMPLES: Mapping[Any, Any] = {str: "", int: 1, bool: False, date: "2026-09-30", datetime: "2026-05-12T12:00:00+00:00"}


@dataclass(frozen=True, slots=True)
class Says:
    """What a field means, and an example of it; without one the example is made from the type."""

    text: str
    example: Any = None


@dataclass(frozen=True, slots=True)
class _Part:
    """The type of a field, taken apart."""

    type: Any
    says: Says
    may_be_null: bool


@cache
def schema_of(shape: type) -> type[ma.Schema]:
    """Return the schema of a dataclass; every field is always there, and ``null`` where its type says so."""
    members: dict[str, Any] = {
        name: _field(hint, called(name))
        for name, hint in get_type_hints(shape, include_extras=True).items()
        if name in _names(shape)
    }
    about = {"title": shape.__name__, "description": _in_one_line(shape.__doc__ or "")}
    return type(f"{shape.__name__}Schema", (ma.Schema,), {**members, "Meta": type("Meta", (), about)})


def example_of(shape: type) -> dict[str, Any]:
    """Return an example of the answer that a dataclass describes, as it stands in JSON."""
    hints = get_type_hints(shape, include_extras=True)
    return {called(name): _example(hints[name]) for name in _names(shape)}


def called(name: str) -> str:
    """Return how answers call the field ``name`` of a dataclass: ``from_`` is one that Python keeps for itself."""
    return name.removesuffix("_")


def _names(shape: Any) -> list[str]:
    return [field.name for field in fields(shape)]


def _in_one_line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


def _part(hint: Any) -> _Part:
    says = Says("")
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        says = next((note for note in notes if isinstance(note, Says)), says)
    choices = get_args(hint) if get_origin(hint) in UNIONS else ()
    if type(None) in choices:
        (hint,) = (choice for choice in choices if choice is not type(None))
    return _Part(hint, says, type(None) in choices)


def _field(hint: Any, data_key: str | None = None) -> ma.fields.Field[Any]:
    part = _part(hint)
    about = {"description": part.says.text} if part.says.text else {}
    options: dict[str, Any] = {"required": True, "allow_none": part.may_be_null, "metadata": about}
    options |= {"data_key": data_key} if data_key else {}
    kind: Any = part.type
    if get_origin(kind) is tuple:
        return ma.fields.List(_field(get_args(kind)[0]), **options)
    if get_origin(kind) is Literal:
        return ma.fields.String(validate=ma.validate.OneOf(get_args(kind)), **options)
    if get_origin(kind) is dict:
        return ma.fields.Dict(**options)
    if is_dataclass(kind):
        return ma.fields.Nested(schema_of(part.type), **options)
    if issubclass(kind, enum.Enum):
        return ma.fields.Enum(kind, by_value=ma.fields.String, **options)
    if kind is datetime:
        return ma.fields.AwareDateTime(default_timezone=UTC, **options)
    return PLAIN[kind](**options)


def _example(hint: Any) -> Any:
    part = _part(hint)
    kind = part.type
    if part.says.example is not None or part.may_be_null:
        return part.says.example
    if get_origin(kind) is tuple:
        return [_example(get_args(kind)[0])]
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is dict:
        return {}
    if is_dataclass(kind):
        return example_of(kind)  # type: ignore[arg-type]  # a type, not an object of it
    if issubclass(kind, enum.Enum):
        return next(iter(kind)).value
    return EXAMPLES[kind]
