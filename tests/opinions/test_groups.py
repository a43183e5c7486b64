"""Opinion groups: planted ones are found again, nothing depends on order, and what is said about them is counted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.opinions.describing import consensus, divisive, group_votes, representative
from participation.opinions.grouping import find_groups
from participation.opinions.matrix import VoteMatrix, vote_matrix
from participation.opinions.outcome import outcome
from tests.opinions.planted import planted


def test_planted_groups_are_found_again() -> None:
    votes, group = planted((60, 40, 25))
    found = find_groups(votes)
    assert found.k == 3
    assert (found.labels == group[found.people - 100]).mean() > 0.95


def test_what_groups_share_and_what_divides_them() -> None:
    votes, _group = planted((60, 40))
    found = find_groups(votes)
    figures = group_votes(votes, found)
    shared = consensus(votes, figures, most=30)
    assert {(idea.idea_id, idea.agrees) for idea in shared} >= {
        (1020, True),
        (1024, True),
        (1025, False),
        (1029, False),
    }
    divided = divisive(votes, figures, most=50)
    assert divided
    assert all(idea.idea_id < 1010 for idea in divided)
    for group, holdings in enumerate(representative(votes, figures)):
        assert holdings, group
        assert all(idea.idea_id < 1010 and idea.share > idea.elsewhere for idea in holdings)


def test_figures_are_counts_of_votes() -> None:
    votes, _group = planted((20, 15))
    found = find_groups(votes)
    figures = group_votes(votes, found)
    label = dict(zip(found.people.tolist(), found.labels.tolist(), strict=True))
    for group in range(found.k):
        for place, idea in enumerate(votes.ideas):
            own = [
                side
                for person, column, side in zip(votes.rows, votes.columns, votes.sides, strict=True)
                if column == place and label.get(int(votes.people[person])) == group
            ]
            counted = (figures.agree[group, place], figures.disagree[group, place], figures.votes[group, place])
            assert counted == (own.count(1), own.count(-1), len(own)), idea


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(200)))
def test_the_order_of_votes_makes_no_difference(order: list[int]) -> None:
    votes, _group = planted((8, 6), turnout=0.5)
    people, ideas = votes.people[votes.rows][:200], votes.ideas[votes.columns][:200]
    there = [place for place in order if place < len(people)]
    straight = vote_matrix(people, ideas, votes.sides[:200])
    shuffled = vote_matrix(people[there], ideas[there], votes.sides[:200][there])
    assert straight.digest() == shuffled.digest()
    first, second = find_groups(straight, k=2), find_groups(shuffled, k=2)
    assert first.people.tolist() == second.people.tolist()
    assert first.labels.tolist() == second.labels.tolist()
    assert np.array_equal(first.coordinates, second.coordinates)


def test_who_cast_the_votes_makes_no_difference() -> None:
    votes, _group = planted((30, 20, 15))
    people, ideas = votes.people[votes.rows], votes.ideas[votes.columns]
    others = np.random.default_rng(5).permutation(65)[votes.rows] * 7 + 3
    renamed = vote_matrix(others, ideas, votes.sides)
    assert sorted(set(people.tolist())) != sorted(set(others.tolist()))
    assert renamed.digest() == votes.digest()
    assert outcome(renamed, find_groups(renamed)) == outcome(votes, find_groups(votes))


def test_one_other_vote_is_another_digest() -> None:
    votes, _group = planted((8, 6))
    sides = votes.sides.copy()
    sides[0] = -sides[0] if sides[0] else 1
    changed = VoteMatrix(votes.people, votes.ideas, votes.rows, votes.columns, sides)
    assert changed.digest() != votes.digest()


@pytest.mark.parametrize(("people", "ideas"), [(0, 0), (1, 1), (3, 2), (2, 30), (40, 1), (5, 5)])
def test_few_votes_make_no_groups_and_no_error(people: int, ideas: int) -> None:
    who, what = np.nonzero(np.ones((people, ideas)))
    votes = vote_matrix(who, what, np.resize([1, -1, 0], len(who)).astype(np.int8))
    found = find_groups(votes)
    assert found.k <= (1 if people < 20 else 3)
    assert found.coordinates.shape == (people, 2)
    figures = group_votes(votes, found)
    assert len(representative(votes, figures)) == max(1, found.k)
    assert isinstance(consensus(votes, figures), tuple)
    assert isinstance(divisive(votes, figures), tuple)


def test_everybody_of_one_mind_is_one_group() -> None:
    who, what = np.nonzero(np.ones((50, 10)))
    found = find_groups(vote_matrix(who, what, np.ones(500, np.int8)))
    assert (found.k, found.candidates) == (1, ())


def test_who_voted_on_little_is_left_out() -> None:
    votes, _group = planted((30, 30), turnout=1.0)
    people, ideas = votes.people[votes.rows], votes.ideas[votes.columns]
    kept = (people != 100) | (ideas < 1006)
    found = find_groups(vote_matrix(people[kept], ideas[kept], votes.sides[kept]))
    assert 100 not in found.people
    assert len(found.people) == 59
    assert 100 in find_groups(vote_matrix(people[kept], ideas[kept], votes.sides[kept]), min_votes=6).people


def test_a_group_too_small_to_publish_is_none() -> None:
    votes, _group = planted((60, 8), turnout=0.9)
    assert find_groups(votes, smallest=5).k == 2
    assert all(size >= 10 for size in np.bincount(find_groups(votes).labels))


def test_more_groups_than_people_are_refused() -> None:
    votes, _group = planted((3, 3))
    with pytest.raises(ValueError, match="cannot be made"):
        find_groups(votes, k=20)
