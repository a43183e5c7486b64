"""Robustness: campaigns that were planted are found, are told as numbers, and shake the result when they should."""

import json

import numpy as np
import pytest

from participation.opinions.campaigns import (
    Moments,
    brand_new,
    copies,
    late_bursts,
    near_identical,
    suspicion,
)
from participation.opinions.grouping import find_groups
from participation.opinions.matrix import VoteMatrix, vote_matrix
from participation.opinions.results import Robustness
from participation.opinions.robustness import robustness_of
from tests.opinions.planted import planted, sides_of

HOURS = 1000


def with_campaign(people: int) -> tuple[VoteMatrix, Moments, set[int]]:
    """Return two groups of residents, and ``people`` more who come late within an hour and all vote the same."""
    sides, _group = sides_of((90, 60))
    own = np.where(np.arange(sides.shape[1]) % 3 == 0, -1, 1)
    everybody = np.concatenate((sides, np.tile(own, (people, 1))))
    who, what = np.nonzero(np.ones_like(everybody))
    votes = vote_matrix(who, what, everybody.ravel().astype(np.int8))
    late = set(range(len(sides), len(everybody)))
    person = votes.people[votes.rows]
    cast = np.where(np.isin(person, list(late)), HOURS - 20, person * 5).astype(np.int32)
    cast[0], joined = HOURS, np.where(np.isin(votes.people, list(late)), HOURS - 21, votes.people * 5 - 1)
    return votes, Moments(cast, joined.astype(np.int32)), late


def robustness(votes: VoteMatrix, moments: Moments) -> Robustness:
    return robustness_of(votes, moments, find_groups(votes), min_votes=7, beat=lambda: None)


def test_a_late_campaign_is_found_in_each_way() -> None:
    votes, moments, late = with_campaign(40)
    by_burst = set(votes.people[votes.rows[late_bursts(moments)]].tolist())
    assert by_burst == late
    assert set(votes.people[brand_new(moments)].tolist()) == late
    same = set(votes.people[copies(votes)].tolist())
    assert len(same & late) == len(late) - 1


def test_a_campaign_shakes_the_result() -> None:
    votes, moments, _late = with_campaign(70)
    assert find_groups(votes).k == 3
    found = robustness(votes, moments)
    assert not found.stable
    assert "number_of_groups" in found.reasons
    by_code = {(one.code, one.group): one for one in found.variants}
    burst = by_code["late_bursts", None]
    assert (burst.left_out, burst.left_out_votes, burst.k) == (70, 70 * 30, 2)
    assert not burst.stable
    assert burst.agreement > 0.95
    assert set(burst.new) <= set(range(30))
    assert burst.new
    assert Robustness.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_without_a_campaign_the_result_is_stable() -> None:
    votes, _group = planted((90, 60), turnout=0.9)
    moments = Moments((votes.rows * 5).astype(np.int32), (np.arange(len(votes.people)) * 5 - 1).astype(np.int32))
    found = robustness(votes, moments)
    assert (found.stable, found.reasons) == (True, ())
    assert {one.code for one in found.variants} == {"late_bursts", "new_accounts", "identical_votes", "without_group"}
    assert all(one.lost == () for one in found.variants if one.left_out == 0)


def test_leaving_out_each_group_leaves_the_others_as_they_are() -> None:
    votes, _group = planted((90, 60, 40), turnout=0.9)
    moments = Moments(np.zeros(len(votes.rows), np.int32), np.zeros(len(votes.people), np.int32))
    left = [one for one in robustness(votes, moments).variants if one.code == "without_group"]
    assert [(one.group, one.k) for one in left] == [(0, 2), (1, 2), (2, 2)]
    assert [one.left_out for one in left] == pytest.approx([90, 60, 40], abs=2)
    assert all(one.stable and one.agreement > 0.9 for one in left)


@pytest.mark.parametrize(("people", "told"), [(9, None), (10, 10)])
def test_fewer_than_ten_left_out_are_not_counted_in_public(people: int, told: int | None) -> None:
    votes, moments, late = with_campaign(people)
    assert len(late) == people
    burst = next(one for one in robustness(votes, moments).variants if one.code == "late_bursts")
    assert burst.left_out == told
    assert (burst.left_out_votes is None) == (told is None)


def test_staff_see_numbers_and_never_who() -> None:
    votes, moments, _late = with_campaign(40)
    seen = suspicion(votes, moments)
    assert [(one.votes, one.people, one.late) for one in seen.bursts] == [(40 * 30, 40, True)]
    assert seen.bursts[0].begins_at == "1970-02-10T20:00:00+00:00"
    most = seen.alike[0]
    assert (most.people, most.ideas, most.same, most.agreement) == (40, 30, True, 1.0)
    assert (seen.new_accounts, seen.new_account_votes) == (40, 40 * 30)


def test_nearly_the_same_votes_are_found_too() -> None:
    sides, _group = sides_of((100,), seed=3)
    campaign = np.tile(sides[0], (12, 1))
    # Each of them differs on another idea.
    campaign[np.arange(12), np.arange(12)] *= -1
    everybody = np.concatenate((sides[1:], campaign))
    who, what = np.nonzero(np.ones_like(everybody))
    found = near_identical(vote_matrix(who, what, everybody.ravel().astype(np.int8)))
    assert [one.same for one in found] == [False]
    assert found[0].people >= 8
    assert 0.85 < found[0].agreement < 1


def test_nothing_at_all_is_nothing_suspicious() -> None:
    votes = vote_matrix(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int8))
    moments = Moments(np.empty(0, np.int32), np.empty(0, np.int32))
    found = robustness(votes, moments)
    assert (found.stable, found.variants) == (True, ())
    assert (found.staff.bursts, found.staff.alike, found.staff.new_accounts) == ((), (), 0)
