"""How groups voted on one idea, as far as it may be published: nothing that tells about fewer than ten people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from participation.kit.suppression import Figure, protect_table
from participation.opinions.results import Share

AGREE, DISAGREE, UNSURE = range(3)
WAYS = (((AGREE,), (DISAGREE,), (UNSURE,)), ((AGREE,), (DISAGREE, UNSURE)), ((DISAGREE,), (AGREE, UNSURE)))
"""Sides are told apart, or only who agrees, or only who disagrees: of these tables one is published, never two."""

Wanted = tuple[int, int]
"""A group and a side (``AGREE`` or ``DISAGREE``)."""


@dataclass(frozen=True, slots=True)
class PublishedVotes:
    """The votes on one idea: ``sides`` has for each group the figures of the three sides, ``totals`` their sums.

    ``everybody`` is how all people voted, those in no group as well; that is published elsewhere anyway.
    """

    sides: tuple[tuple[Figure, Figure, Figure], ...]
    totals: tuple[Figure, ...]
    everybody: tuple[int, ...]

    def count(self, group: int, side: int) -> int | None:
        """Return how many of a group take a side; ``None`` where that is withheld."""
        return self.sides[group][side].value

    def share(self, groups: Sequence[int], side: int) -> Share | None:
        """Return the share of these groups' votes that take a side; ``None`` where it is withheld."""
        counts = [self.sides[group][side].value for group in groups]
        totals = [self.totals[group].value for group in groups]
        known, votes = [one for one in counts if one is not None], [one for one in totals if one is not None]
        if len(known) + len(votes) < 2 * len(groups) or not sum(votes):
            return None
        return Share(round(100 * sum(known) / sum(votes)), exact=True)

    def share_of_most(self, group: int, side: int) -> Share:
        """Return the share of a group that takes a side which more than half of it take: that is told in any case."""
        return self.share([group], side) or Share(max(50, self.least(group, side)), exact=False)

    def limited_share(self, group: int, side: int) -> Share | None:
        """Return the share of a group that takes a side, or whichever limit says more."""
        exact = self.share([group], side)
        if exact:
            return exact
        least, figure, total = self.least(group, side), self.sides[group][side], self.totals[group]
        most = -(-100 * figure.high // total.low) if figure.high is not None and total.low else 100
        if least <= 0 and most >= 100:
            return None
        return Share(least, exact=False) if least >= 100 - most else Share(most, exact=False, at_most=True)

    def least(self, group: int, side: int) -> int:
        """Return how many percent of a group take a side at least, by what anybody can work out."""
        total = self.totals[group].high
        return 100 * self.sides[group][side].low // total if total else 0

    def share_of_all(self, side: int) -> Share | None:
        """Return the share of everybody's votes that take a side."""
        votes = sum(self.everybody)
        return Share(round(100 * self.everybody[side] / votes), exact=True) if votes else None


def published_votes(
    groups: Sequence[Sequence[int]], others: Sequence[int], wanted: Collection[Wanted]
) -> PublishedVotes:
    """Return what may be published of groups × sides; of the ways to put it, the one that tells most of ``wanted``.

    ``others`` are the votes of those who are in no group: as everybody's votes are known, what groups leave over could
    be worked out.
    """
    rows = [*groups, others] if any(others) else list(groups)
    best, most = None, -1.0
    for way in WAYS:
        found = _protected(rows, way, len(groups))
        told = sum(_told(found, group, side) for group, side in wanted)
        if best is None or told > most:
            best, most = found, told
        if most >= len(wanted):
            break
    assert best is not None
    return best


def _told(found: PublishedVotes, group: int, side: int) -> float:
    if found.share([group], side):
        return 1.0
    return found.least(group, side) / 100


def _protected(rows: Sequence[Sequence[int]], way: Sequence[Sequence[int]], groups: int) -> PublishedVotes:
    table = protect_table(
        [[sum(row[side] for side in sides) for sides in way] for row in rows], known_column_totals=True
    )
    sides = []
    for row in table.rows[:groups]:
        figures = [Figure(None, 0, None)] * 3
        for taken, figure in zip(way, row, strict=True):
            for side in taken:
                # Of sides that are told together, each is at most what they are together.
                figures[side] = figure if len(taken) == 1 else Figure(None, 0, figure.high)
        sides.append((figures[AGREE], figures[DISAGREE], figures[UNSURE]))
    everybody = tuple(sum(row[side] for row in rows) for side in (AGREE, DISAGREE, UNSURE))
    return PublishedVotes(tuple(sides), table.row_totals[:groups], everybody)
