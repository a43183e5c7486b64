"""What may be shown of a table: nothing withheld can be worked out from it, by a reckoning of its own."""

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.kit.suppression import Figure, K, ProtectedRow, ProtectedTable, protect_row, protect_table

QUICK = settings(max_examples=60, deadline=None, derandomize=True)
FEWER = settings(max_examples=15, deadline=None, derandomize=True)
SMALL = 3
rows = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 200)), min_size=1, max_size=7)


def tables(height: int = 4, width: int = 3) -> st.SearchStrategy[list[list[int]]]:
    """Tables of counts, many of them small."""
    counts = st.one_of(st.integers(0, 14), st.integers(0, 120))
    return st.integers(1, width).flatmap(
        lambda wide: st.lists(st.lists(counts, min_size=wide, max_size=wide), min_size=1, max_size=height)
    )


def values(row: ProtectedRow) -> list[int | None]:
    """Return what is shown of a row, its total last."""
    return [figure.value for figure in (*row.cells, row.total)]


def possible(row: ProtectedRow, *, k: int, most: int) -> Iterator[tuple[int, ...]]:
    """Yield all rows, total last, that go with what is shown: every one is tried."""
    for cells in product(*(_choices(figure, k, most) for figure in row.cells)):
        total = sum(cells)
        if total in _choices(row.total, k, most * len(cells)):
            yield (*cells, total)


def _choices(figure: Figure, k: int, most: int) -> range:
    if figure.value is not None:
        return range(figure.value, figure.value + 1)
    # Where small counts are called small, those not called so are not: the strictest reading.
    return range(k) if figure.small else range(most + 1)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([25, 10, 40], [25, 10, 40, 75]),
        ([50, 40, 3], [50, None, None, 93]),
        ([96, 0, 4], [None, None, None, 100]),
        ([50, 5, 4], [None, None, None, 59]),
        ([3], [None, None]),
        ([0, 0], [None, None, None]),
        ([12, 0], [12, None, None]),
    ],
)
def test_what_is_shown_of_a_row(counts: list[int], shown: list[int | None]) -> None:
    assert values(protect_row(counts)) == shown


def test_readers_are_told_as_much_as_they_could_work_out() -> None:
    most, none, few = protect_row([96, 0, 4]).cells
    assert most == Figure(None, 82, 100)
    assert none == few == Figure(None, 0, 9, small=True)
    assert protect_row([50, 40]).cells == (Figure(50, 50, 50), Figure(40, 40, 40))


def test_a_total_that_is_known_anyway_is_shown() -> None:
    assert values(protect_row([2, 3], known_total=True)) == [None, None, 5]
    assert values(protect_row([2, 3])) == [None, None, None]


def test_tables_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="counted"):
        protect_row([-1, 20])
    with pytest.raises(ValueError, match="length"):
        protect_table([[20, 20], [20]])


@QUICK
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.booleans())
def test_no_withheld_count_of_a_row_can_be_worked_out(counts: list[int], known: bool) -> None:
    row = protect_row(counts, k=SMALL, known_total=known)
    cap = max(sum(counts), SMALL) + SMALL
    all_possible = list(possible(row, k=SMALL, most=cap))
    assert (*counts, sum(counts)) in all_possible
    room = min(SMALL, sum(counts)) if known and len(counts) > 1 else 0 if known else SMALL
    for place, figure in enumerate((*row.cells, row.total)):
        if figure.value is None:
            could_be = {one[place] for one in all_possible}
            assert len(could_be) >= room


@QUICK
@given(rows)
def test_what_follows_from_a_row_is_never_about_a_few(counts: list[int]) -> None:
    row = protect_row(counts)
    assert all(figure.value is None or figure.value >= K for figure in (*row.cells, row.total))
    withheld = [count for count, figure in zip(counts, row.cells, strict=True) if figure.value is None]
    if withheld and row.total.is_shown:
        assert sum(withheld) >= K, "their sum follows from the rest"
    assert row.is_complete == (min(counts) >= K)


@QUICK
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_counts_plays_no_part(counts: list[int], chance: Random) -> None:
    places = list(range(len(counts)))
    chance.shuffle(places)
    shuffled = protect_row([counts[place] for place in places])
    plain = protect_row(counts)
    by_count = sorted((count, figure.is_shown) for count, figure in zip(counts, plain.cells, strict=True))
    again = sorted((counts[place], figure.is_shown) for place, figure in zip(places, shuffled.cells, strict=True))
    assert (by_count, plain.total) == (again, shuffled.total)


def lines(
    counts: list[list[int]], table: ProtectedTable
) -> tuple[list[Figure], list[int], list[list[tuple[int, int]]]]:
    """Return all figures of a table with their true values, and its equations: (place, sign) that add up to nothing."""
    height, width = len(counts), len(counts[0])
    figures = [figure for row in table.rows for figure in row] + [*table.row_totals, *table.column_totals, table.total]
    sums, columns = [sum(row) for row in counts], [sum(row[column] for row in counts) for column in range(width)]
    truth = [count for row in counts for count in row] + [*sums, *columns, sum(sums)]
    row_totals, column_totals, last = height * width, height * width + height, len(figures) - 1
    equations = [
        [(row * width + column, 1) for column in range(width)] + [(row_totals + row, -1)] for row in range(height)
    ]
    equations += [
        [(row * width + column, 1) for row in range(height)] + [(column_totals + column, -1)] for column in range(width)
    ]
    equations.append([(row_totals + row, 1) for row in range(height)] + [(last, -1)])
    equations.append([(column_totals + column, 1) for column in range(width)] + [(last, -1)])
    return figures, truth, equations


def ranges(figures: list[Figure], equations: list[list[tuple[int, int]]]) -> list[tuple[float, float]]:
    """Return how far each withheld figure can be narrowed down, by linear programming over everything shown."""
    from scipy.optimize import linprog

    matrix = [[dict(equation).get(place, 0) for place in range(len(figures))] for equation in equations]
    labelled = any(figure.small for figure in figures)
    bounds: list[tuple[float, float | None]] = [
        (figure.value, figure.value)
        if figure.value is not None
        else ((0, K - 1) if figure.small else (K if labelled else 0, None))
        for figure in figures
    ]
    found = []
    for place, figure in enumerate(figures):
        if figure.value is not None:
            found.append((float(figure.value), float(figure.value)))
            continue
        ends = []
        for sign in (1, -1):
            goal = [sign * (one == place) for one in range(len(figures))]
            answer = linprog(goal, A_eq=matrix, b_eq=[0] * len(matrix), bounds=bounds, method="highs")
            ends.append(sign * answer.fun if answer.status == 0 else float("inf"))
        found.append((ends[0], ends[1]))
    return found


@FEWER
@given(tables())
def test_no_withheld_count_of_a_table_can_be_worked_out(counts: list[list[int]]) -> None:
    pytest.importorskip("scipy")
    figures, truth, equations = lines(counts, protect_table(counts))
    for figure, count, (low, high) in zip(figures, truth, ranges(figures, equations), strict=True):
        assert low <= count <= high
        if figure.value is None:
            assert high - low >= K - 1
            assert (figure.low, figure.high) == (round(low), None if high == float("inf") else round(high))
        else:
            assert figure.value == count >= K


@FEWER
@given(tables(height=5), st.booleans(), st.booleans())
def test_known_totals_are_shown_and_nothing_more_than_they_tell(
    counts: list[list[int]], by_row: bool, by_column: bool
) -> None:
    pytest.importorskip("scipy")
    table = protect_table(counts, known_row_totals=by_row, known_column_totals=by_column, known_total=True)
    figures, truth, equations = lines(counts, table)
    assert table.total.value == sum(map(sum, counts))
    assert not by_row or [figure.value for figure in table.row_totals] == [sum(row) for row in counts]
    height, width = len(counts), len(counts[0])
    inner = height * width
    known = [place >= inner and figure.is_shown for place, figure in enumerate(figures)]
    hidden = [
        figure if known[place] and truth[place] >= 0 and _is_known(place, inner, height, by_row, by_column) else BLANK
        for place, figure in enumerate(figures)
    ]
    at_best = ranges([*hidden[:-1], figures[-1]], equations)
    for figure, count, (low, high), (lowest, highest) in zip(
        figures, truth, ranges(figures, equations), at_best, strict=True
    ):
        assert low <= count <= high
        if figure.value is None:
            assert high - low >= min(K - 1, highest - lowest)


BLANK = Figure(None, 0, None)


def _is_known(place: int, inner: int, height: int, by_row: bool, by_column: bool) -> bool:
    return by_row if place < inner + height else by_column


def test_tables_show_what_they_can() -> None:
    counts = [[30, 12, 40], [25, 4, 60], [18, 33, 21]]
    table = protect_table(counts, known_column_totals=True)
    shown = [[figure.value for figure in row] for row in table.rows]
    assert shown == [[30, 12, 40], [None, None, 60], [None, None, 21]], "four are enough"
    assert [figure.value for figure in table.row_totals] == [82, 89, 72]
    assert [figure.value for figure in table.column_totals] == [73, 49, 121]
    assert not table.is_complete
    assert protect_table([[10, 20], [30, 40]]).is_complete
