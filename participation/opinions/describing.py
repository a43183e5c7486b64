"""What groups hold: ideas that stand for a group, ideas that all groups share, ideas that divide them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from participation.kit.suppression import K
from participation.opinions.grouping import Grouping
from participation.opinions.matrix import VoteMatrix

FEWEST_VOTES = K
"""An idea says something about a group from so many of its members' votes on."""
Z_90 = 1.2815515594457
"""One-sided 90 % quantile of the normal distribution: below it a difference may well be chance."""
MOST = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupVotes:
    """How groups voted, each array groups × ideas: counts per side, and the share that agrees or disagrees.

    Shares are over all votes of a group on an idea, unsure ones included, with one vote added to each side
    (P.-S. Laplace's rule), so that few votes never look like certainty.
    """

    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    votes: NDArray[np.int64]
    others: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    """How those in no group voted: who agrees, who disagrees, who is unsure, each per idea."""

    @property
    def all_agree(self) -> NDArray[np.int64]:
        """Who agrees with each idea, of all who voted on it."""
        result: NDArray[np.int64] = self.agree.sum(axis=0) + self.others[0]
        return result

    @property
    def all_disagree(self) -> NDArray[np.int64]:
        """Who disagrees with each idea, of all who voted on it."""
        result: NDArray[np.int64] = self.disagree.sum(axis=0) + self.others[1]
        return result

    @property
    def all_votes(self) -> NDArray[np.int64]:
        """Who voted on each idea."""
        result: NDArray[np.int64] = self.votes.sum(axis=0) + sum(self.others)
        return result

    @property
    def share_agree(self) -> Floats:
        """Share that agrees, 0 to 1."""
        share: Floats = (self.agree + 1) / (self.votes + 2)
        return share

    @property
    def share_disagree(self) -> Floats:
        """Share that disagrees, 0 to 1."""
        share: Floats = (self.disagree + 1) / (self.votes + 2)
        return share


@dataclass(frozen=True, slots=True)
class Holding:
    """An idea and what a group says to it: ``share`` of its votes agree (or disagree), against ``elsewhere``."""

    idea_id: int
    agrees: bool
    share: float
    elsewhere: float
    votes: int


@dataclass(frozen=True, slots=True)
class Consensus:
    """An idea and how much all groups agree (or disagree): the product of the groups' shares, and the lowest one."""

    idea_id: int
    agrees: bool
    product: float
    lowest: float


@dataclass(frozen=True, slots=True)
class Divide:
    """An idea on which groups differ most: the highest and the lowest share of agreement among them."""

    idea_id: int
    highest: float
    lowest: float


def group_votes(votes: VoteMatrix, grouping: Grouping) -> GroupVotes:
    """Return how the groups voted on each idea of the matrix."""
    groups, ideas = max(1, grouping.k), votes.shape[1]
    # Those in no group are counted as one more group.
    label = np.full(len(votes.people), groups, np.int64)
    label[np.isin(votes.people, grouping.people, assume_unique=True)] = grouping.labels
    cells = (label[votes.rows] * ideas + votes.columns) * 3 + (votes.sides + np.int8(1))
    counts = np.bincount(cells, minlength=(groups + 1) * ideas * 3).reshape(groups + 1, ideas, 3)
    disagree, unsure, agree = (counts[:, :, side] for side in range(3))
    return GroupVotes(agree[:-1], disagree[:-1], counts[:-1].sum(axis=2), others=(agree[-1], disagree[-1], unsure[-1]))


def representative(votes: VoteMatrix, figures: GroupVotes, *, most: int = MOST) -> tuple[tuple[Holding, ...], ...]:
    """Return for each group the ideas that stand for it, strongest first.

    An idea stands for a group when most of the group takes a side that the others take less often, and neither may
    well be chance: the one-sample test of the share against one half and the two-sample test of the shares both pass
    at 90 %. They are ordered by the product of ratio and test values, as C. Small et al. propose (Polis: Scaling
    deliberation by mapping high dimensional opinion spaces, RECERCA 26, 2021).
    """
    return tuple(_stands_for(votes, figures, group, most) for group in range(len(figures.votes)))


def against_majority(votes: VoteMatrix, figures: GroupVotes, *, most: int = MOST) -> tuple[tuple[Holding, ...], ...]:
    """Return for each group the ideas on which it takes the other side than most people do, clearest first.

    More than half of the group takes the side (the test against one half passes at 90 %), while among all who voted on
    the idea the other side has more votes. ``elsewhere`` is the share of that side among all.
    """
    found: list[tuple[Holding, ...]] = []
    for group, inside in enumerate(figures.votes):
        holdings = []
        for agrees, own, all_own, all_other in (
            (True, figures.agree[group], figures.all_agree, figures.all_disagree),
            (False, figures.disagree[group], figures.all_disagree, figures.all_agree),
        ):
            share = (own + 1) / (inside + 2)
            overall = (all_own + 1) / (figures.all_votes + 2)
            fit = (inside >= FEWEST_VOTES) & (2 * np.sqrt(inside + 1) * (share - 0.5) > Z_90) & (all_own < all_other)
            holdings += [
                Holding(int(votes.ideas[place]), agrees, float(share[place]), float(overall[place]), int(inside[place]))
                for place in np.flatnonzero(fit)
            ]
        holdings.sort(key=lambda one: (one.elsewhere - one.share, one.idea_id))
        found.append(tuple(holdings[:most]))
    return tuple(found)


def consensus(votes: VoteMatrix, figures: GroupVotes, *, most: int = MOST) -> tuple[Consensus, ...]:
    """Return the ideas on which all groups are of one mind, strongest first, whatever the size of the groups.

    The measure is the product of the groups' shares (group-informed consensus, C. Small et al. 2021); every group must
    be above one half.
    """
    found = []
    known = (figures.votes >= FEWEST_VOTES).all(axis=0)
    for agrees, shares in ((True, figures.share_agree), (False, figures.share_disagree)):
        products, lowest = shares.prod(axis=0), shares.min(axis=0)
        found += [
            Consensus(int(votes.ideas[place]), agrees, float(products[place]), float(lowest[place]))
            for place in np.flatnonzero(known & (lowest > 0.5))
        ]
    return tuple(sorted(found, key=lambda idea: (-idea.product, idea.idea_id))[:most])


def divisive(votes: VoteMatrix, figures: GroupVotes, *, most: int = MOST) -> tuple[Divide, ...]:
    """Return the ideas on which groups differ most: largest distance between their shares of agreement first."""
    if len(figures.votes) < 2:
        return ()
    known = (figures.votes >= FEWEST_VOTES).all(axis=0)
    highest, lowest = figures.share_agree.max(axis=0), figures.share_agree.min(axis=0)
    places = [place for place in np.flatnonzero(known) if highest[place] > 0.5 > lowest[place]]
    places.sort(key=lambda place: (lowest[place] - highest[place], votes.ideas[place]))
    return tuple(
        Divide(int(votes.ideas[place]), float(highest[place]), float(lowest[place])) for place in places[:most]
    )


def _stands_for(votes: VoteMatrix, figures: GroupVotes, group: int, most: int) -> tuple[Holding, ...]:
    others = np.arange(len(figures.votes)) != group
    inside, outside = figures.votes[group], figures.votes[others].sum(axis=0)
    found = []
    for agrees, counts in ((True, figures.agree), (False, figures.disagree)):
        share = (counts[group] + 1) / (inside + 2)
        elsewhere = (counts[others].sum(axis=0) + 1) / (outside + 2)
        alone = 2 * np.sqrt(inside + 1) * (share - 0.5)
        against = _two_shares(counts[group], inside, counts[others].sum(axis=0), outside)
        strength = share / elsewhere * alone * against * share
        fit = (inside >= FEWEST_VOTES) & (alone > Z_90)
        if others.any():
            fit &= (outside >= FEWEST_VOTES) & (against > Z_90)
        else:
            strength = alone * share
        found += [
            (
                float(strength[place]),
                Holding(
                    int(votes.ideas[place]), agrees, float(share[place]), float(elsewhere[place]), int(inside[place])
                ),
            )
            for place in np.flatnonzero(fit)
        ]
    found.sort(key=lambda entry: (-entry[0], entry[1].idea_id))
    return tuple(holding for _strength, holding in found[:most])


def _two_shares(part: Floats, whole: Floats, other_part: Floats, other_whole: Floats) -> Floats:
    """Return the statistic of the two-proportion test, each side with one vote added to it."""
    share, other = (part + 1) / (whole + 1), (other_part + 1) / (other_whole + 1)
    pooled = (part + other_part + 2) / (whole + other_whole + 2)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled) * (1 / (whole + 1) + 1 / (other_whole + 1)), 1e-12))
    result: Floats = (share - other) / spread
    return result
