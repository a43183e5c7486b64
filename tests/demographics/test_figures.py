"""Who takes part, held against the city: intervals, gaps, and what is left out when few have answered."""

import pytest

from participation.demographics.figures import (
    Distribution,
    Finding,
    compare,
    people_told,
    published_figures,
    simultaneous_interval,
)
from participation.demographics.queries import CharacteristicView, OptionView, Told
from participation.kit.suppression import Figure


def characteristic(*residents: float | None) -> CharacteristicView:
    """Return a question with an answer for each share of residents; their ids are 1, 2 and so on."""
    options = tuple(OptionView(n, f"answer-{n}", {}, {}, share) for n, share in enumerate(residents, start=1))
    return CharacteristicView(1, "age", {}, {}, {}, "", options)


def distribution(counts: list[int], residents: list[float | None]) -> Distribution:
    """Return the figures when so many gave each answer."""
    asked = characteristic(*residents)
    told = Told(1000, sum(counts), {number: count for number, count in enumerate(counts, start=1) if count})
    compared = compare(asked, published_figures(told, [asked]))
    assert compared
    return compared


def test_the_interval_is_wider_the_more_is_looked_at() -> None:
    # Wilson's interval of 20 in 100 is 0.1334 to 0.2888 (E. B. Wilson 1927), and Goodman's for one share is the same.
    assert simultaneous_interval(20, 100, among=1) == pytest.approx((0.1334, 0.2888), abs=5e-5)
    low, high = simultaneous_interval(20, 100, among=6)
    assert (low, high) == pytest.approx((0.1156, 0.3234), abs=5e-5)
    assert simultaneous_interval(0, 50, among=3)[0] == 0
    assert simultaneous_interval(50, 50, among=3)[1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("counts", "residents", "findings"),
    [
        ([100, 300], [0.5, 0.5], [Finding.LESS, Finding.MORE]),
        ([190, 210], [0.5, 0.5], [Finding.ALIKE, Finding.ALIKE]),
        ([12, 18], [0.5, 0.5], [Finding.ALIKE, Finding.ALIKE]),
        # So many answers that it cannot be chance, but too small a difference to be called a gap.
        ([45000, 55000], [0.5, 0.5], [Finding.ALIKE, Finding.ALIKE]),
        ([100, 300], [None, 0.5], [Finding.UNKNOWN, Finding.MORE]),
    ],
)
def test_which_differences_are_named(counts: list[int], residents: list[float | None], findings: list[Finding]) -> None:
    found = distribution(counts, residents)
    assert [answer.finding for answer in found.answers] == findings
    assert [answer.share for answer in found.answers] == [count / sum(counts) for count in counts]
    assert found.together is None


def test_small_counts_are_left_out_but_missing_together() -> None:
    found = distribution([4, 5, 1, 90], [0.2, 0.2, 0.2, 0.4])
    assert [answer.count.value for answer in found.answers] == [None, None, None, 90]
    assert all(answer.count == Figure(None, 0, 9, small=True) for answer in found.answers[:3])
    assert [answer.share for answer in found.answers] == [None, None, None, 0.9]
    assert found.together is not None
    assert (found.together.count.value, found.together.finding) == (10, Finding.LESS)
    assert found.together.residents == pytest.approx(0.6)
    # Even nine of a hundred would be few.
    assert distribution([4, 46, 50], [0.5, 0.25, 0.25]).answers[0].finding is Finding.LESS


def test_of_few_answers_nothing_is_said() -> None:
    found = distribution([4, 3], [0.5, 0.5])
    assert found.total.value is None
    assert {(one.share, one.low, one.high, one.finding) for one in found.answers} == {(None, 0, 1, Finding.UNKNOWN)}


def test_what_is_published_holds_no_count_under_ten() -> None:
    asked = characteristic(None, None, None)
    figures = published_figures(Told(50, 43, {1: 3, 2: 25, 3: 15}), [asked])
    assert figures["participants"] == 50
    assert people_told(figures) == Figure(43, 43, 43)
    shown = figures["characteristics"]["age"]["options"]
    assert [option.get("value") for option in shown.values()] == [None, None, 15]
    few = published_figures(Told(30, 9, {1: 9}), [asked])
    assert people_told(few) == Figure(None, 0, 9, small=True)


def test_questions_that_came_later_have_no_figures_yet() -> None:
    asked = characteristic(0.5, 0.5)
    figures = published_figures(Told(0, 0, {}), [])
    assert compare(asked, figures) is None
