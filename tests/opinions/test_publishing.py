"""What is published of one idea: one table, right counts, right limits, nothing small; whatever the votes are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from participation.kit.suppression import K
from participation.opinions.publishing import AGREE, DISAGREE, UNSURE, published_votes

SIDES = st.tuples(*[st.integers(0, 60)] * 3)
ANYTHING = {(group, side) for group in range(2) for side in (AGREE, DISAGREE)}


@settings(max_examples=60, deadline=None)
@given(st.tuples(SIDES, SIDES), SIDES)
def test_figures_are_right_and_never_small(groups: tuple[tuple[int, ...], ...], others: tuple[int, ...]) -> None:
    found = published_votes(groups, others, ANYTHING)
    assert found.everybody == tuple(sum(column) for column in zip(*groups, others, strict=True))
    for number, row in enumerate(groups):
        for side in (AGREE, DISAGREE, UNSURE):
            figure, count = found.sides[number][side], found.count(number, side)
            assert count is None or (count == row[side] >= K)
            assert figure.low <= row[side]
            assert figure.high is None or row[side] <= figure.high
            share = found.limited_share(number, side)
            if share and share.exact:
                assert share.percent == round(100 * row[side] / sum(row))
            elif share and share.at_most:
                assert 100 * row[side] <= share.percent * sum(row)
            elif share:
                assert share.percent * sum(row) <= 100 * row[side]


def test_who_is_unsure_is_told_along_with_others_where_there_are_few() -> None:
    found = published_votes([[40, 30, 2], [20, 50, 1]], [0, 0, 0], ANYTHING)
    assert [found.count(group, AGREE) for group in range(2)] == [40, 20]
    assert [found.count(group, side) for group in range(2) for side in (DISAGREE, UNSURE)] == [None] * 4
    assert found.share([1], AGREE) is not None


def test_with_enough_on_every_side_everything_is_told() -> None:
    found = published_votes([[40, 30, 12], [20, 50, 11]], [0, 0, 0], ANYTHING)
    assert [[found.count(group, side) for side in range(3)] for group in range(2)] == [[40, 30, 12], [20, 50, 11]]


def test_what_those_in_no_group_said_cannot_be_worked_out() -> None:
    found = published_votes([[40, 30, 12], [20, 50, 11]], [3, 0, 0], ANYTHING)
    told = [found.count(group, AGREE) for group in range(2)]
    assert None in told
