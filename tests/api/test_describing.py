"""Dataclasses that describe themselves: schema and example come from the same fields."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import pytest

from participation.api.describing import Says, example_of, schema_of
from participation.api.paging import NoMark, mark, packed, place, unpacked
from participation.comments.models import Voice

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Inner:
    """Something inside."""

    day: date


@dataclass(frozen=True, slots=True)
class Outer:
    """Something of
    each kind, in ``code``."""

    name: Annotated[str, Says("Its name.", "Ada")]
    voice: Voice
    side: Literal["left", "right"] | None
    inner: Inner
    several: tuple[Inner, ...]
    at: datetime
    anything: dict[str, Any]


def test_a_schema_writes_what_its_dataclass_holds() -> None:
    whole = Outer("Eve", Voice.RESIDENT, None, Inner(NOON.date()), (Inner(NOON.date()),), NOON, {"a": 1})
    assert schema_of(Outer)().dump(whole) == {
        "name": "Eve",
        "voice": "resident",
        "side": None,
        "inner": {"day": "2026-05-12"},
        "several": [{"day": "2026-05-12"}],
        "at": "2026-05-12T12:00:00+00:00",
        "anything": {"a": 1},
    }
    assert schema_of(Outer) is schema_of(Outer)
    assert schema_of(Outer).Meta.description == "Something of each kind, in `code`."  # type: ignore[attr-defined]  # given to apispec


def test_an_example_has_every_field() -> None:
    assert example_of(Outer) == {
        "name": "Ada",
        "voice": "resident",
        "side": None,
        "inner": {"day": "2026-09-30"},
        "several": [{"day": "2026-09-30"}],
        "at": "2026-05-12T12:00:00+00:00",
        "anything": {},
    }


def test_marks_are_opaque_and_only_good_for_their_own_list() -> None:
    made = mark("idea", 17, 4)
    assert made.isascii()
    assert "17" not in made
    assert place(made, "idea", 2) == (17, 4)
    assert unpacked(packed("n17-4")) == "n17-4"
    for wrong, kind, count in ((made, "process", 2), (made, "idea", 1), (packed("idea.x.1"), "idea", 2)):
        with pytest.raises(NoMark):
            place(wrong, kind, count)
    for broken in ("", "ä", "a b", "=", "_w", "x" * 161, mark("idea", 10**18)):
        with pytest.raises(NoMark):
            place(broken, "idea", 1)
