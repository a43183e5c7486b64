"""Rows as lines: every table has its way, the way back is the same, and what is no row is refused without its words."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table

import participation.app  # noqa: F401  # with it all tables are known
from participation.archive.scope import kept_tables
from participation.archive.values import BadRow, line_of, row_of
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.kit.schema import Base
from participation.strategy.models import Answer, AnswerOutcome
from participation.voting.models import Stance, Vote

NOW = datetime(2026, 5, 14, 9, 30, 0, 123456, tzinfo=UTC)
NASTY = "Straße \u202e\u0000\ufeff=1+1 \U0001f6b2 \x7f\\ \"' \u2028 مرحبا"


def table(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


def values(kind: type[Base], **more: Any) -> list[Any]:
    """Return the values of a row in the order of its columns; what is not named is missing."""
    return [more.get(column.name) for column in table(kind.__tablename__).columns]


def named(kind: type[Base], row: list[Any]) -> Mapping[str, Any]:
    """Return values with the names of their columns."""
    return dict(zip(table(kind.__tablename__).columns.keys(), row, strict=True))


IDEA = values(
    Idea, id=7, process_id=1, participant_id=3, state=IdeaState.HIDDEN, source=IdeaSource.ONLINE, title=NASTY,
    text=NASTY * 100, language="de", revision=2, submitted_at=NOW,
)  # fmt: skip
VOTE = values(
    Vote, id=2**62, idea_id=7, participant_id=3, stance=Stance.UNSURE, revision=1, cast_at=NOW, nonce=bytes(range(16))
)
ANSWER = values(
    Answer, id=1, process_id=1, outcome=AnswerOutcome.PARTLY, department="", text={"b": NASTY, "a": "x"},
    due_on=date(2026, 12, 31), answered_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize(("kind", "row"), [(Idea, IDEA), (Vote, VOTE), (Answer, ANSWER)])
def test_a_row_comes_back_as_it_was(kind: type[Base], row: list[Any]) -> None:
    line = line_of(table(kind.__tablename__), row)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    back = row_of(table(kind.__tablename__), line)
    assert back == named(kind, row)
    assert line_of(table(kind.__tablename__), list(back.values())) == line


def test_others_can_read_a_line() -> None:
    assert json.loads(line_of(table("vote"), VOTE)) == {
        "id": 2**62,
        "idea_id": 7,
        "participant_id": 3,
        "stance": "unsure",
        "revision": 1,
        "cast_at": "2026-05-14T09:30:00.123456+00:00",
        "nonce": "AAECAwQFBgcICQoLDA0ODw==",
    }


@settings(max_examples=25, deadline=None)
@given(
    title=st.text(max_size=20),
    content=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
)  # fmt: skip
def test_any_text_and_any_json_come_back(title: str, content: Any) -> None:
    row = values(Idea, **{**named(Idea, IDEA), "title": title})
    assert row_of(table("idea"), line_of(table("idea"), row)) == named(Idea, row)
    answer = values(Answer, **{**named(Answer, ANSWER), "text": {"de": content}})
    line = line_of(table("answer"), answer)
    assert line_of(table("answer"), list(row_of(table("answer"), line).values())) == line


def test_every_kept_column_has_its_way() -> None:
    known = {one.name for one in kept_tables()}
    assert len(known) > 70
    for one in kept_tables():
        with pytest.raises(BadRow):
            row_of(one, b"{}\n")


def _line(**changes: Any) -> bytes:
    fields = {**json.loads(line_of(table("idea"), IDEA)), **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "not JSON"),
        (b"[]", "columns"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": NaN}', "not JSON"),
        (_line(id=...), "columns"),
        (_line(more=1), "columns"),
        (_line(id=None), "id is missing"),
        (_line(id="7"), "id is not"),
        (_line(id=True), "id is not"),
        (_line(id=7.0), "id is not"),
        (_line(id=2**63), "id is not"),
        (_line(title=7), "title is not"),
        (_line(title="x" * 141), "title is not"),
        (_line(title="\ud800"), "title is not"),
        (_line(state="gone"), "state is not"),
        (_line(state=["hidden"]), "state is not"),
        (_line(submitted_at="yesterday"), "submitted_at is not"),
        (_line(submitted_at="2026-05-14T09:30:00"), "submitted_at is not"),
        (_line(submitted_at=7), "submitted_at is not"),
    ],
)
def test_what_is_no_row_is_refused(line: bytes, says: str) -> None:
    with pytest.raises(BadRow, match=says) as refused:
        row_of(table("idea"), line)
    assert "Stra" not in str(refused.value)


@pytest.mark.parametrize("nonce", ["A", "AAA!", 7, "Ä"])
def test_bytes_are_in_base64(nonce: object) -> None:
    fields = {**json.loads(line_of(table("vote"), VOTE)), "nonce": nonce}
    with pytest.raises(BadRow, match="nonce is not"):
        row_of(table("vote"), json.dumps(fields).encode())


def test_json_holds_no_half_characters_either() -> None:
    fields = {**json.loads(line_of(table("answer"), ANSWER)), "text": {"de": ["\udfff"]}}
    with pytest.raises(BadRow, match="text is not"):
        row_of(table("answer"), json.dumps(fields).encode())


def test_a_moment_is_the_same_in_every_zone() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=2)))
    fields = {**json.loads(line_of(table("idea"), IDEA)), "submitted_at": there.isoformat()}
    assert row_of(table("idea"), json.dumps(fields).encode())["submitted_at"] == NOW
