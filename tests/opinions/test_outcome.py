"""What is published about opinion groups: nothing about fewer than ten people, and nobody's own place."""

import json
from dataclasses import fields

import numpy as np
import pytest

from participation.kit.suppression import K
from participation.opinions.charting import CELLS, own_place
from participation.opinions.describing import group_votes
from participation.opinions.grouping import Grouping, find_groups
from participation.opinions.matrix import VoteMatrix, vote_matrix
from participation.opinions.outcome import outcome
from participation.opinions.results import GroupResult, Share
from tests.opinions.planted import planted, sides_of

SIZES = (240, 150, 60)


@pytest.fixture(scope="module")
def votes() -> VoteMatrix:
    return planted(SIZES, turnout=0.9)[0]


@pytest.fixture(scope="module")
def grouping(votes: VoteMatrix) -> Grouping:
    return find_groups(votes)


@pytest.fixture(scope="module")
def result(votes: VoteMatrix, grouping: Grouping) -> GroupResult:
    return outcome(votes, grouping)


def test_a_result_survives_being_stored(result: GroupResult) -> None:
    assert GroupResult.from_json(json.loads(json.dumps(result.to_json()))) == result


def test_a_result_says_what_was_planted(result: GroupResult) -> None:
    assert [group.size for group in result.groups] == pytest.approx(SIZES, abs=2)
    assert {one.idea_id for one in result.consensus} == set(range(1020, 1030))
    assert {one.agrees for one in result.consensus if one.idea_id >= 1025} == {False}
    held = result.groups[1].representative
    assert held
    assert all(1000 <= one.idea_id < 1010 and not one.agrees for one in held)
    assert {one.idea_id for one in result.groups[2].against_majority} <= set(range(1010, 1020))
    assert result.groups[2].against_majority
    assert result.groups[0].against_majority == ()


def test_every_count_is_right_or_withheld_and_none_is_small(
    votes: VoteMatrix, grouping: Grouping, result: GroupResult
) -> None:
    figures = group_votes(votes, grouping)
    unsure = figures.votes - figures.agree - figures.disagree
    shown = 0
    for side, counts in (("agree", figures.agree), ("disagree", figures.disagree), ("unsure", unsure)):
        for place, row in enumerate(getattr(result.ideas, side)):
            for group, count in enumerate(row):
                assert count is None or (count >= K and count == counts[group, place])
                shown += count is not None
    assert shown > 40
    assert (unsure < K).any()


def test_shares_are_right_or_limits(votes: VoteMatrix, grouping: Grouping, result: GroupResult) -> None:
    figures = group_votes(votes, grouping)
    places = {int(idea_id): place for place, idea_id in enumerate(votes.ideas)}
    kinds = set()
    for group in result.groups:
        for held in group.representative:
            side = figures.agree if held.agrees else figures.disagree
            place = places[held.idea_id]
            kinds.add(_fits(held.share, side[group.number, place] / figures.votes[group.number, place]))
    for one in result.divisive:
        for number, share in enumerate(one.shares):
            place = places[one.idea_id]
            if share is not None:
                kinds.add(_fits(share, figures.agree[number, place] / figures.votes[number, place]))
    assert {(True, False), (False, False)} <= kinds


def _fits(share: Share, true: float) -> tuple[bool, bool]:
    if share.exact:
        assert share.percent == round(100 * true)
    elif share.at_most:
        assert 100 * true <= share.percent
    else:
        assert share.percent <= 100 * true
    return share.exact, share.at_most


def test_the_map_shows_everybody_in_cells_of_ten_or_more(result: GroupResult) -> None:
    for group in result.groups:
        cells = [cell for cell in result.map.cells if cell.group == group.number]
        assert sum(cell.people for cell in cells) == group.size
        assert len(cells) <= group.size / K
        assert min(cell.people for cell in cells) >= K
    assert len(result.map.cells) > len(SIZES)
    assert all(-1 <= number <= 1 for cell in result.map.cells for number in (cell.x, cell.y))


def test_a_cell_does_not_tell_where_single_people_in_it_are(result: GroupResult) -> None:
    places = [((cell.x + 1) / 2 * CELLS, (cell.y + 1) / 2 * CELLS, cell.group) for cell in result.map.cells]
    assert len(set(places)) == len(places)
    assert all(number % 1 == pytest.approx(0.5, abs=0.02) for x, y, _group in places for number in (x, y))


def test_an_own_place_is_where_the_votes_were_placed(
    votes: VoteMatrix, grouping: Grouping, result: GroupResult
) -> None:
    agreed = 0
    for row in range(0, len(grouping.people), 10):
        own = {
            int(votes.ideas[column]): int(side)
            for column, side in zip(votes.columns[votes.rows == row], votes.sides[votes.rows == row], strict=True)
        }
        x, y, known, group = own_place(result, own)
        there = np.clip(grouping.coordinates[row] / result.map.scale, -1, 1)
        assert (x, y) == pytest.approx(tuple(there), abs=1e-3)
        assert known == len(own)
        agreed += group == grouping.labels[row]
    assert agreed == len(range(0, len(grouping.people), 10))


def test_votes_on_ideas_that_were_not_part_of_the_run_do_not_count(result: GroupResult) -> None:
    assert own_place(result, {5: 1, 6: -1})[:3] == (0.0, 0.0, 0)


def test_where_nobody_differs_nothing_is_said_of_groups() -> None:
    sides, _group = sides_of((60,))
    people, ideas = np.nonzero(np.ones_like(sides))
    votes = vote_matrix(people, ideas, np.ones(sides.size, np.int8))
    result = outcome(votes, find_groups(votes))
    assert (result.people, result.groups, result.consensus, result.map.cells) == (60, (), (), ())
    assert result.ideas.figures_of(int(votes.ideas[0])) is not None
    assert own_place(result, {0: 1})[3] is None


def test_a_result_holds_nothing_per_person(result: GroupResult) -> None:
    known = {"people", "too_few_votes", "candidates", "groups", "consensus", "divisive", "map", "ideas"}
    assert {field.name for field in fields(GroupResult)} == known
    longest = max(len(value) for value in (result.map.cells, result.groups, result.candidates))
    assert longest <= sum(SIZES) / K
