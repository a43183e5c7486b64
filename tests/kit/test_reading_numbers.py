"""Many numbers are read from both databases as they are, in whatever portions."""

import pytest
from sqlalchemy import literal, select, union_all

from participation.kit.dialect import read_integers
from tests.conftest import Sessions

ROWS = [(number, -number, number * 2**40) for number in range(1, 24)]


@pytest.mark.parametrize("at_once", [1, 7, 23, 1000])
def test_rows_come_complete_in_any_portions(database: Sessions, at_once: int) -> None:
    rows = union_all(*(select(*(literal(value).label(f"c{place}") for place, value in enumerate(row))) for row in ROWS))
    table = rows.subquery()
    with database() as session:
        parts = list(read_integers(session, select(table).order_by(table.c.c0), at_once=at_once))
        assert [tuple(row) for part in parts for row in part.tolist()] == ROWS
        assert all(part.shape[1] == 3 for part in parts)


def test_no_rows_are_nothing(database: Sessions) -> None:
    with database() as session:
        assert [len(part) for part in read_integers(session, select(literal(1)).where(literal(1) == 2))] == []
