"""Whether opinion groups stay as they are without some of the votes: bursts, new accounts, copies, whole groups."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from participation.kit.suppression import K
from participation.opinions.campaigns import (
    FEWEST_IDEAS_ALIKE,
    FEWEST_IN_BURST,
    MOST_TIMES,
    NEARLY,
    NEW_DAYS,
    Moments,
    brand_new,
    copies,
    late_bursts,
    suspicion,
)
from participation.opinions.describing import consensus, group_votes
from participation.opinions.grouping import Grouping, Labels, find_groups
from participation.opinions.matrix import VoteMatrix
from participation.opinions.outcome import MOST_SHARED
from participation.opinions.results import Robustness, Variant

VERSION = "robustness-1"
COPIES, WITHOUT_GROUP = "identical_votes", "without_group"
BY_VOTES = frozenset({COPIES, WITHOUT_GROUP})
LEAST_AGREEMENT = 0.8
"""Below this adjusted Rand index people are no longer in the groups they were in."""
MOST_LOST = 0.4
"""More than this part of what all groups share is lost: the consensus is another one."""
NUMBERS = MappingProxyType(
    {
        "times": MOST_TIMES,
        "burst": FEWEST_IN_BURST,
        "days": NEW_DAYS,
        "ideas": FEWEST_IDEAS_ALIKE,
        "agreement": LEAST_AGREEMENT,
        "lost": round(100 * MOST_LOST),
        "nearly": NEARLY,
    }
)
"""What the public description of the method names."""

Beat = Callable[[], None]


def robustness_of(votes: VoteMatrix, moments: Moments, grouping: Grouping, *, min_votes: int, beat: Beat) -> Robustness:
    """Return what becomes of ``grouping``, made of ``votes``, without some of the votes; ``beat`` is called between."""
    trial = _Trial(votes, grouping, min_votes)
    variants: list[Variant] = []
    if grouping.k > 1:
        for code, people, cast in (
            ("late_bursts", trial.everybody, ~late_bursts(moments)),
            ("new_accounts", ~brand_new(moments), trial.every_vote),
        ):
            variants.append(trial.without(code, people, cast))
            beat()
        for variant in trial.by_votes_alone():
            variants.append(variant)
            beat()
    return Robustness(
        stable=all(variant.stable for variant in variants),
        reasons=reasons_of(variants),
        variants=tuple(variants),
        staff=suspicion(votes, moments),
    )


def variants_by_votes(votes: VoteMatrix, grouping: Grouping, *, min_votes: int) -> tuple[Variant, ...]:
    """Return the variants that take nothing but the votes, no times: without copies, without each group."""
    return tuple(_Trial(votes, grouping, min_votes).by_votes_alone()) if grouping.k > 1 else ()


def reasons_of(variants: Iterable[Variant]) -> tuple[str, ...]:
    """Return the reasons of all variants, each once."""
    return tuple(sorted({reason for variant in variants for reason in variant.reasons}))


@dataclass(frozen=True, slots=True)
class _Shared:
    """The ideas on which all groups take the same side: those that are shown first, and all."""

    first: tuple[int, ...]
    all: frozenset[int]


NOTHING = _Shared((), frozenset())


class _Trial:
    """A result, and how to hold it against that of fewer votes."""

    def __init__(self, votes: VoteMatrix, grouping: Grouping, min_votes: int) -> None:
        self.votes = votes
        self.grouping = grouping
        self.min_votes = min_votes
        self.shared = _shared(votes, grouping)
        self.everybody = np.ones(len(votes.people), np.bool_)
        self.every_vote = np.ones(len(votes.rows), np.bool_)

    def by_votes_alone(self) -> Iterator[Variant]:
        """Yield what needs no times to be found out."""
        yield self.without(COPIES, ~copies(self.votes), self.every_vote)
        for group in range(self.grouping.k):
            yield self.without_group(group)

    def without(self, code: str, people: NDArray[np.bool_], cast: NDArray[np.bool_]) -> Variant:
        """Return the result of these people and these votes only, held against the full one."""
        kept = people[self.votes.rows] & cast
        left_out = len(self.votes.people) - len(np.unique(self.votes.rows[kept]))
        if kept.all():
            return self._same(code)
        rest = self.votes.of_votes(kept)
        found = find_groups(rest, min_votes=self.min_votes)
        agreement = _agreement(self.grouping, found)
        shared = _shared(rest, found) if found.k > 1 else NOTHING
        reasons = []
        if found.k < 2:
            reasons.append("no_groups")
        elif found.k != self.grouping.k:
            reasons.append("number_of_groups")
        if agreement < LEAST_AGREEMENT:
            reasons.append("groups_differ")
        if len(set(self.shared.first) - set(shared.all)) > MOST_LOST * len(self.shared.first):
            reasons.append("consensus_differs")
        return self._variant(code, None, left_out, int((~kept).sum()), found.k, agreement, shared, reasons)

    def without_group(self, group: int) -> Variant:
        """Return whether the others stay together as they are when a whole group is left out.

        They are put into one group less than before; what they share is no reason for doubt, as with fewer groups
        more is shared.
        """
        inside = np.zeros(len(self.votes.people), np.bool_)
        grouped = np.isin(self.votes.people, self.grouping.people, assume_unique=True)
        inside[np.flatnonzero(grouped)[self.grouping.labels == group]] = True
        rest = self.votes.of_people(~inside)
        k = self.grouping.k - 1
        found = find_groups(rest, k=k, min_votes=self.min_votes)
        agreement = _agreement(self.grouping, found) if k > 1 else 1.0
        reasons = ["groups_differ"] if agreement < LEAST_AGREEMENT else []
        left_out, votes = int(inside.sum()), int(inside[self.votes.rows].sum())
        return self._variant(WITHOUT_GROUP, group, left_out, votes, k, agreement, _shared(rest, found), reasons)

    def _same(self, code: str) -> Variant:
        return self._variant(code, None, 0, 0, self.grouping.k, 1.0, self.shared, [])

    def _variant(
        self,
        code: str,
        group: int | None,
        left_out: int,
        left_out_votes: int,
        k: int,
        agreement: float,
        shared: _Shared,
        reasons: list[str],
    ) -> Variant:
        is_told = left_out == 0 or left_out >= K
        return Variant(
            code=code,
            group=group,
            left_out=left_out if is_told else None,
            left_out_votes=left_out_votes if is_told else None,
            k=k,
            agreement=round(agreement, 3) + 0.0,
            kept=tuple(idea_id for idea_id in self.shared.first if idea_id in shared.all),
            lost=tuple(idea_id for idea_id in self.shared.first if idea_id not in shared.all),
            new=tuple(idea_id for idea_id in shared.first if idea_id not in self.shared.all),
            stable=not reasons,
            reasons=tuple(reasons),
        )


def _shared(votes: VoteMatrix, grouping: Grouping) -> _Shared:
    found = consensus(votes, group_votes(votes, grouping), most=votes.shape[1])
    ids = [one.idea_id for one in found]
    return _Shared(tuple(ids[:MOST_SHARED]), frozenset(ids))


def _agreement(before: Grouping, after: Grouping) -> float:
    """Return how far those who are in both stay together as they were (adjusted Rand index).

    L. Hubert, P. Arabie: Comparing partitions, Journal of Classification 2, 1985.
    """
    from sklearn.metrics import adjusted_rand_score

    first, second = _in_both(before, after)
    return float(adjusted_rand_score(first, second)) if len(first) else 0.0


def _in_both(before: Grouping, after: Grouping) -> tuple[Labels, Labels]:
    _people, places, others = np.intersect1d(before.people, after.people, assume_unique=True, return_indices=True)
    return before.labels[places], after.labels[others]
