"""What a run publishes: groups, lists and figures of ideas, so that nothing is told about fewer than ten people."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from participation.kit.suppression import K
from participation.opinions import results
from participation.opinions.charting import ellipse_of, opinion_map
from participation.opinions.describing import (
    Consensus,
    Divide,
    GroupVotes,
    Holding,
    against_majority,
    consensus,
    divisive,
    group_votes,
    representative,
)
from participation.opinions.grouping import Grouping
from participation.opinions.matrix import VoteMatrix
from participation.opinions.publishing import AGREE, DISAGREE, UNSURE, PublishedVotes, Wanted, published_votes

IDEAS_WITH_FIGURES = 100
"""Of so many ideas, those with the most votes, the votes of each group are published along with the listed ideas."""
MOST_SHARED = 10

Published = Mapping[int, PublishedVotes]
Holdings = tuple[tuple[Holding, ...], ...]


def outcome(votes: VoteMatrix, grouping: Grouping) -> results.GroupResult:
    """Return what is stored and shown of a grouping of ``votes``."""
    if grouping.k < 2:
        return _nothing(votes, grouping)
    figures = group_votes(votes, grouping)
    held, opposed = representative(votes, figures), against_majority(votes, figures)
    shared, divided = consensus(votes, figures, most=MOST_SHARED), divisive(votes, figures)
    published = _published(votes, figures, _wanted(grouping.k, held, opposed, shared, divided))
    return results.GroupResult(
        people=len(grouping.people),
        too_few_votes=len(votes.people) - len(grouping.people),
        candidates=_tried(grouping),
        groups=tuple(_group(grouping, number, held, opposed, published) for number in range(grouping.k)),
        consensus=tuple(_shared(one, published[one.idea_id], grouping.k) for one in shared),
        divisive=tuple(_dividing(one, published[one.idea_id], grouping.k) for one in divided),
        map=opinion_map(grouping),
        ideas=_idea_table(votes, grouping, published),
    )


def _nothing(votes: VoteMatrix, grouping: Grouping) -> results.GroupResult:
    """Return the result where nobody can be told apart: what all people share is seen from the ideas themselves."""
    return results.GroupResult(
        people=len(grouping.people),
        too_few_votes=len(votes.people) - len(grouping.people),
        candidates=_tried(grouping),
        groups=(),
        consensus=(),
        divisive=(),
        map=results.OpinionMap(tuple(round(share, 4) for share in grouping.explained), 1.0, ()),
        ideas=_idea_table(votes, grouping, {}),
    )


def _tried(grouping: Grouping) -> tuple[results.Tried, ...]:
    return tuple(
        results.Tried(one.k, round(one.silhouette, 3), one.smallest if one.smallest >= K else 0)
        for one in grouping.candidates
    )


def _wanted(
    k: int, held: Holdings, opposed: Holdings, shared: Iterable[Consensus], divided: Iterable[Divide]
) -> dict[int, set[Wanted]]:
    """Return for each listed idea of which groups and sides the lists tell."""
    wanted: dict[int, set[Wanted]] = {}
    for holdings in (held, opposed):
        for group, ideas in enumerate(holdings):
            for idea in ideas:
                wanted.setdefault(idea.idea_id, set()).add((group, _side(idea.agrees)))
    for one in shared:
        wanted.setdefault(one.idea_id, set()).update((group, _side(one.agrees)) for group in range(k))
    for divide in divided:
        wanted.setdefault(divide.idea_id, set()).update((group, AGREE) for group in range(k))
    return wanted


def _published(votes: VoteMatrix, figures: GroupVotes, listed: Mapping[int, set[Wanted]]) -> Published:
    """Return what may be published of the listed ideas and of those with the most votes."""
    known = {int(idea_id): place for place, idea_id in enumerate(votes.ideas)}
    most_voted = np.lexsort((votes.ideas, -figures.all_votes))[:IDEAS_WITH_FIGURES]
    places = {known[idea_id] for idea_id in listed} | {int(place) for place in most_voted}
    sides = (figures.agree, figures.disagree, figures.votes - figures.agree - figures.disagree)
    groups = range(len(figures.votes))
    anything = {(group, side) for group in groups for side in (AGREE, DISAGREE)}
    return {
        int(votes.ideas[place]): published_votes(
            [[int(side[group, place]) for side in sides] for group in groups],
            [int(side[place]) for side in figures.others],
            listed.get(int(votes.ideas[place]), anything),
        )
        for place in sorted(places)
    }


def _group(grouping: Grouping, number: int, held: Holdings, opposed: Holdings, published: Published) -> results.Group:
    inside = grouping.labels == number
    size = int(inside.sum())
    others = [group for group in range(grouping.k) if group != number]
    holds = (
        results.Held(
            one.idea_id,
            one.agrees,
            published[one.idea_id].share_of_most(number, _side(one.agrees)),
            published[one.idea_id].share(others, _side(one.agrees)),
            published[one.idea_id].totals[number].value,
        )
        for one in held[number]
    )
    opposes = (
        results.Against(
            one.idea_id,
            one.agrees,
            published[one.idea_id].share_of_most(number, _side(one.agrees)),
            published[one.idea_id].share_of_all(_side(one.agrees)),
            published[one.idea_id].totals[number].value,
        )
        for one in opposed[number]
    )
    return results.Group(
        number=number,
        size=size,
        percent=round(100 * size / len(grouping.people)),
        representative=tuple(holds),
        against_majority=tuple(opposes),
        place=ellipse_of(grouping.coordinates[inside] / grouping.scale),
    )


def _shared(one: Consensus, votes: PublishedVotes, k: int) -> results.Shared:
    shares = (votes.share_of_most(group, _side(one.agrees)) for group in range(k))
    return results.Shared(one.idea_id, one.agrees, round(one.product, 2), tuple(shares))


def _dividing(one: Divide, votes: PublishedVotes, k: int) -> results.Dividing:
    return results.Dividing(one.idea_id, tuple(votes.limited_share(group, AGREE) for group in range(k)))


def _side(agrees: bool) -> int:
    return AGREE if agrees else DISAGREE


def _idea_table(votes: VoteMatrix, grouping: Grouping, published: Published) -> results.IdeaTable:
    ids = tuple(int(idea_id) for idea_id in votes.ideas)
    groups = range(grouping.k if published else 0)

    def column(side: int) -> tuple[results.Counts, ...]:
        return tuple(
            tuple(published[idea_id].count(group, side) if idea_id in published else None for group in groups)
            for idea_id in ids
        )

    return results.IdeaTable(
        ids=ids,
        x=_rounded(grouping.loadings[0], 6),
        y=_rounded(grouping.loadings[1], 6),
        mean=_rounded(grouping.means, 4),
        agree=column(AGREE),
        disagree=column(DISAGREE),
        unsure=column(UNSURE),
    )


def _rounded(numbers: NDArray[np.float64], digits: int) -> tuple[float, ...]:
    # Nil without a sign: whether it is -0.0 or 0.0 must not depend on anything.
    return tuple(float(number) + 0.0 for number in numbers.round(digits))
