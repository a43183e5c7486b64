"""Figures of a process: what they say about votes, and that storing changes nothing."""

import json
from datetime import date

import pytest

from participation.insights.figures import (
    Activity,
    Amount,
    DayCount,
    Figures,
    Verdicts,
    activity_of,
    verdicts_of,
)
from participation.voting.queries import VoteFigures


@pytest.mark.parametrize(
    ("agree", "disagree", "expected"),
    [
        (2, 2, Verdicts(too_few=1)),
        (4, 0, Verdicts(too_few=1)),
        (5, 0, Verdicts(agreed=1)),
        (0, 5, Verdicts(rejected=1)),
        (6, 4, Verdicts(undecided=1)),
        # More than half, but that may be chance; with the same share and more votes it is not.
        (60, 45, Verdicts(undecided=1)),
        (600, 450, Verdicts(agreed=1)),
        (450, 600, Verdicts(rejected=1)),
    ],
)
def test_a_majority_counts_when_it_is_clear(agree: int, disagree: int, expected: Verdicts) -> None:
    assert verdicts_of([VoteFigures(agree, disagree)])[0] == expected


def test_those_who_are_unsure_count_as_votes_but_take_no_side() -> None:
    assert verdicts_of([VoteFigures(unsure=9)])[0] == Verdicts(too_few=1)
    assert verdicts_of([VoteFigures(agree=1, unsure=4)])[0] == Verdicts(undecided=1)
    assert verdicts_of([VoteFigures(agree=6, unsure=90)]) == (Verdicts(agreed=1), (0,) * 9 + (1,))


def test_shares_fall_into_classes() -> None:
    sides = [(0, 10), (1, 9), (9, 91), (5, 5), (10, 0), (99, 1), (4, 0), (0, 0)]
    assert verdicts_of(VoteFigures(*both) for both in sides)[1] == (2, 1, 0, 0, 0, 1, 0, 0, 0, 2)


def test_nobody_voted() -> None:
    assert activity_of({}) == Activity()


def test_half_of_the_people_voted_that_often() -> None:
    assert activity_of({1: 2, 5: 1, 7: 1}) == Activity(voters=4, median=5)
    assert activity_of({1: 3, 5: 1}) == Activity(voters=4, median=1)


def test_the_most_active_tenth_is_never_a_few_people() -> None:
    assert activity_of({1: 98, 50: 1}).busiest == 0
    assert activity_of({1: 90, 3: 4, 50: 6}) == Activity(voters=100, median=1, busiest=10, busiest_votes=312)


def test_storing_changes_nothing() -> None:
    figures = Figures(
        total=Amount(3, 2, 1),
        people=9,
        days={date(2026, 5, 1): DayCount(1, 2, 3, 4)},
        principles={7: Amount(1, 1, 1), None: Amount(2, 1, 0)},
        fields={},
        districts={None: Amount(3, 2, 1)},
        verdicts=Verdicts(1, 2, 3, 4),
        shares=(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        activity=Activity(9, 8, 7, 6),
    )
    assert Figures.from_json(json.loads(json.dumps(figures.to_json()))) == figures
