"""Geometry of plots: scales, columns, intervals."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.insights.plots import Column, columns, interval, levels, percent, scale, spread, wilson


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (5, (0, 2, 4, 6)),
        (9, (0, 5, 10)),
        (17, (0, 5, 10, 15, 20)),
        (100, (0, 50, 100)),
        (262, (0, 100, 200, 300)),
    ],
)
def test_an_axis_has_round_values(largest: int, expected: tuple[int, ...]) -> None:
    assert scale(largest) == expected


@given(st.integers(0, 10**9))
def test_an_axis_reaches_over_everything_with_few_values(largest: int) -> None:
    values = scale(largest)
    assert values[-1] >= largest
    assert 2 <= len(values) <= 5
    assert str(values[1]).rstrip("0") in {"1", "2", "5"}


def test_columns_stand_side_by_side() -> None:
    assert columns([2, 0, 4], 4) == (
        Column(x=3.0, width=27.33, y=50.0, height=50.0),
        Column(x=69.67, width=27.33, y=0.0, height=100.0),
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=80))
def test_columns_never_leave_the_drawing_nor_vanish(values: list[int]) -> None:
    drawn = columns(values, scale(max(values))[-1])
    assert len(drawn) == sum(value > 0 for value in values)
    for column in drawn:
        assert 0 <= column.x < column.x + column.width <= 100
        assert 0 < column.height <= 100
        assert column.y + column.height == pytest.approx(100, abs=0.02)
    assert all(before.x + before.width < after.x for before, after in itertools.pairwise(drawn))


def test_levels_begin_at_the_bottom() -> None:
    assert [(tick.at, tick.label) for tick in levels((0, 5, 10), ("0", "5", "10"))] == [
        (100.0, "0"),
        (50.0, "5"),
        (0.0, "10"),
    ]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # By hand, and as in the tables of R. G. Newcombe, Statistics in Medicine 17 (1998), method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_an_interval_holds_its_share(agree: int, disagree: int) -> None:
    low, high = wilson(agree, agree + disagree)
    assert 0 <= low < high <= 1
    if agree + disagree:
        assert low - 1e-12 <= agree / (agree + disagree) <= high + 1e-12
    drawn = interval(agree, agree + disagree, reference=0.25)
    assert drawn.reference == 25.0
    assert 0 <= drawn.low <= drawn.high <= 100


def test_nothing_is_no_part_of_nothing() -> None:
    assert percent(0, 0) == 0.0


@pytest.mark.parametrize(("count", "expected"), [(1, (0,)), (4, (0, 1, 2, 3)), (5, (0, 2, 4)), (62, (0, 16, 32, 48))])
def test_labels_are_spread_evenly(count: int, expected: tuple[int, ...]) -> None:
    assert spread(count, 4) == expected
