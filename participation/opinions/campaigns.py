"""Signs of campaigns in the votes: bursts, brand-new accounts, people who vote alike; as numbers, never as names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, cast, extract, select
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.kit.dialect import read_integers
from participation.opinions.matrix import Ids, VoteMatrix, mixed, read_per_vote
from participation.opinions.results import Alike, Burst, Suspicion
from participation.processes.models import Participant
from participation.voting.models import Vote

HOUR = 3600
LATE = 2 / 3
"""What comes after this share of the time between first and last vote is late."""
MOST_TIMES = 5
"""An hour with more than so many times the usual number of votes is a burst …"""
FEWEST_IN_BURST = 50
"""… if there are so many at least."""
NEW_DAYS = 3
"""An account is brand new when it was made so shortly before the last vote …"""
NEW_SHARE = 0.1
"""… or, where voting takes less than a month, in this last share of the time."""
FEWEST_ALIKE = 5
FEWEST_IDEAS_ALIKE = 7
NEARLY = 0.85
"""Two people vote nearly the same when so much of all that either of them said was said by both (Jaccard)."""
BANDS, ROWS_PER_BAND = 8, 3
MOST_SHOWN = 20

Hours = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Moments:
    """When the votes of a matrix were cast (hours since 1970, in its order), and when each person came (hours)."""

    cast: Hours
    joined: Hours


def read_moments(session: Session, process_id: int, votes: VoteMatrix) -> Moments:
    """Return the times that belong to ``votes``, which must have been read in the same snapshot."""
    person_order = np.argsort(votes.people)
    width = np.int64(max(1, len(votes.ideas)))
    keys, hours = [], []
    for part in read_per_vote(session, process_id, Vote.participant_id, _seconds(Vote.cast_at)):
        rows = person_order[np.searchsorted(votes.people, part[:, 0], sorter=person_order)]
        keys.append(rows * width + np.searchsorted(votes.ideas, part[:, 1]))
        hours.append((part[:, 2] // HOUR).astype(np.int32))
    order = np.argsort(np.concatenate(keys)) if keys else np.empty(0, np.int64)
    cast_at = np.concatenate(hours)[order] if hours else np.empty(0, np.int32)
    return Moments(cast_at, _joined(session, process_id, votes, cast_at))


def late_bursts(moments: Moments) -> Flags:
    """Return which votes were cast in a burst in the last third of the time."""
    found, hours, first = _busy_hours(moments)
    is_late = np.zeros(len(hours), np.bool_)
    is_late[found] = found >= LATE * len(hours)
    result: Flags = is_late[moments.cast - first] if len(hours) else np.zeros(0, np.bool_)
    return result


def brand_new(moments: Moments) -> Flags:
    """Return which people have an account that was brand new towards the end of voting."""
    if not len(moments.cast):
        return np.zeros(len(moments.joined), np.bool_)
    first, last = int(moments.cast.min()), int(moments.cast.max())
    since = last - min(NEW_DAYS * 24, int(NEW_SHARE * (last - first)))
    result: Flags = moments.joined > since
    return result


def copies(votes: VoteMatrix) -> Flags:
    """Return which people voted exactly as somebody before them in the order did, on the same ideas."""
    # In the order of the matrix whoever votes the same stands together.
    counts = votes.votes_per_person()
    starts = np.concatenate(([0], np.cumsum(counts)))
    same = np.zeros(len(counts), np.bool_)
    tokens = _tokens(votes)
    for person in np.flatnonzero((counts[1:] == counts[:-1]) & (counts[1:] >= FEWEST_IDEAS_ALIKE)) + 1:
        before, here, after = starts[person - 1], starts[person], starts[person + 1]
        same[person] = np.array_equal(tokens[before:here], tokens[here:after])
    return same


def suspicion(votes: VoteMatrix, moments: Moments) -> Suspicion:
    """Return what staff get to see: bursts, groups of people who vote nearly the same, how many accounts are new."""
    is_new = brand_new(moments)
    return Suspicion(
        bursts=_bursts(votes, moments),
        alike=near_identical(votes),
        new_accounts=int(is_new.sum()),
        new_account_votes=int(is_new[votes.rows].sum()),
    )


def near_identical(votes: VoteMatrix) -> tuple[Alike, ...]:
    """Return groups of five people or more who voted nearly the same on seven ideas or more, largest first.

    Candidates share one of eight short fingerprints of their votes (MinHash in bands: A. Broder, On the resemblance
    and containment of documents, 1997), so that not everybody has to be held against everybody.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    chosen = votes.of_people(votes.votes_per_person() >= FEWEST_IDEAS_ALIKE)
    if len(chosen.people) < FEWEST_ALIKE:
        return ()
    first, second = _candidates(chosen)
    shared = _resemblance(chosen, first, second) >= NEARLY
    first, second = first[shared], second[shared]
    people = len(chosen.people)
    links = coo_matrix((np.ones(len(first), np.int8), (first, second)), shape=(people, people))
    _count, label = connected_components(links, directed=False)
    friends = np.bincount(np.concatenate((first, second)), minlength=people)
    found = [
        _alike(chosen, group)
        for one in np.flatnonzero(np.bincount(label) >= FEWEST_ALIKE)
        for group in _around_one(chosen, np.flatnonzero(label == one), friends)
    ]
    found.sort(key=lambda one: (-one.people, -one.ideas, -one.agreement))
    return tuple(found[:MOST_SHOWN])


def _around_one(votes: VoteMatrix, people: Ids, friends: Ids) -> Iterator[Ids]:
    """Yield groups in each of which everybody votes nearly as one of them does: chains of likeness are no campaign."""
    while len(people) >= FEWEST_ALIKE:
        middle = people[np.argmax(friends[people])]
        near = _resemblance(votes, np.full(len(people), middle), people) >= NEARLY
        if near.sum() >= FEWEST_ALIKE:
            yield people[near]
        people = people[~near]


def _seconds(moment: Any) -> Any:
    return cast(extract("epoch", moment), BigInteger)


def _joined(session: Session, process_id: int, votes: VoteMatrix, cast_at: Hours) -> Hours:
    """Return when people came: when their account was made, or, without one, when they cast their first vote."""
    order = np.argsort(votes.people)
    joined = np.full(len(votes.people), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(joined, votes.rows, cast_at)
    accounts = (
        select(Participant.id, _seconds(Account.created_at))
        .join(Account, Account.id == Participant.account_id)
        .where(Participant.process_id == process_id)
    )
    for part in read_integers(session, accounts):
        known = part[np.isin(part[:, 0], votes.people)]
        joined[order[np.searchsorted(votes.people, known[:, 0], sorter=order)]] = known[:, 1] // HOUR
    return joined


def _busy_hours(moments: Moments) -> tuple[Ids, Ids, int]:
    """Return the hours that are bursts, how many votes each hour has, and the first hour."""
    if not len(moments.cast):
        return np.empty(0, np.int64), np.empty(0, np.int64), 0
    first = int(moments.cast.min())
    hours = np.bincount(moments.cast - first)
    return np.flatnonzero(hours > max(MOST_TIMES * _usual(hours), FEWEST_IN_BURST - 1)), hours, first


def _usual(hours: Ids) -> float:
    """Return the usual number of votes in an hour: the median of the hours in which anybody voted."""
    return float(np.median(hours[hours > 0]))


def _bursts(votes: VoteMatrix, moments: Moments) -> tuple[Burst, ...]:
    found, hours, first = _busy_hours(moments)
    most = found[np.argsort(-hours[found], kind="stable")][:MOST_SHOWN]
    return tuple(
        Burst(
            begins_at=datetime.fromtimestamp((first + int(hour)) * HOUR, UTC).isoformat(),
            votes=int(hours[hour]),
            people=len(np.unique(votes.rows[moments.cast == first + hour])),
            usual=_usual(hours),
            times=round(float(hours[hour]) / _usual(hours), 1),
            late=bool(hour >= LATE * len(hours)),
        )
        for hour in sorted(most.tolist())
    )


def _tokens(votes: VoteMatrix) -> Ids:
    """Return a number for each vote that says on what and how."""
    result: Ids = votes.columns.astype(np.int64) * 3 + (votes.sides + np.int8(1))
    return result


def _candidates(votes: VoteMatrix) -> tuple[Ids, Ids]:
    """Return pairs of people who may vote nearly the same: each with the first one of the same fingerprint."""
    starts = np.concatenate(([0], np.cumsum(votes.votes_per_person())[:-1]))
    tokens = _tokens(votes).astype(np.uint64)
    pairs = []
    for band in range(BANDS):
        mark = np.zeros(len(votes.people), np.uint64)
        for row in range(ROWS_PER_BAND):
            lowest = np.minimum.reduceat(_hashed(tokens, band * ROWS_PER_BAND + row + 1), starts)
            mark = mark * np.uint64(0x9E3779B97F4A7C15) + lowest
        _marks, first, group = np.unique(mark, return_index=True, return_inverse=True)
        leaders = first[group]
        others = np.flatnonzero(leaders != np.arange(len(leaders)))
        pairs.append(np.stack((leaders[others], others)))
    both = np.unique(np.concatenate(pairs, axis=1), axis=1)
    return both[0], both[1]


def _hashed(tokens: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    return mixed(tokens + np.uint64(seed * 0xD1B54A32D192ED03 % 2**64))


def _resemblance(votes: VoteMatrix, first: Ids, second: Ids) -> NDArray[np.float64]:
    """Return for each pair how much of all that either of them said was said by both."""
    from scipy.sparse import csr_matrix

    counts = votes.votes_per_person()
    starts = np.concatenate(([0], np.cumsum(counts)))
    said = csr_matrix(
        (np.ones(len(votes.rows), np.int32), _tokens(votes), starts), shape=(len(counts), 3 * len(votes.ideas))
    )
    both = np.concatenate(
        [
            np.asarray(
                said[first[place : place + 5000]].multiply(said[second[place : place + 5000]]).sum(axis=1)
            ).ravel()
            for place in range(0, len(first), 5000)
        ]
        or [np.empty(0)]
    )
    result: NDArray[np.float64] = both / (counts[first] + counts[second] - both)
    return result


def _alike(votes: VoteMatrix, people: Ids) -> Alike:
    chosen = np.zeros(len(votes.people), np.bool_)
    chosen[people] = True
    own = votes.of_people(chosen)
    leader = np.zeros(len(people), np.int64)
    agreement = float(_resemblance(own, leader, np.arange(len(people))).mean())
    # Ideas that more than half of them voted on.
    ideas = int((np.bincount(own.columns, minlength=1) > len(people) / 2).sum())
    return Alike(len(people), ideas, same=agreement == 1.0, agreement=round(agreement, 3))
