"""The map of opinion groups: how many people are where, in cells of ten people or more, and where own votes are."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from participation.kit.suppression import K
from participation.opinions.grouping import Grouping
from participation.opinions.results import Cell, Ellipse, GroupResult, OpinionMap

CELLS = 24
"""The map has so many cells in each direction."""
SPREAD = 1.5
"""How many standard deviations from its centre a group's ellipse reaches: two thirds of the people are inside."""

Floats = NDArray[np.float64]


def opinion_map(grouping: Grouping) -> OpinionMap:
    """Return the map of a grouping; nobody's own place is in it."""
    places = np.clip(grouping.coordinates / grouping.scale, -1, 1)
    cells: list[Cell] = []
    for group in range(grouping.k):
        cells += _cells(places[grouping.labels == group], group)
    return OpinionMap(tuple(round(share, 4) for share in grouping.explained), float(grouping.scale), tuple(cells))


def ellipse_of(places: Floats) -> Ellipse:
    """Return the ellipse around most of these places (people × 2)."""
    x, y = places.mean(axis=0)
    (xx, xy), (_xy, yy) = np.cov(places.T, bias=True)
    # Closed form for two dimensions: no library decides about order and signs of the axes.
    middle, half = (xx + yy) / 2, float(np.hypot((xx - yy) / 2, xy))
    degrees = float(np.degrees(np.arctan2(2 * xy, xx - yy))) / 2
    long, short = SPREAD * np.sqrt(middle + half), SPREAD * np.sqrt(max(middle - half, 0.0))
    return Ellipse(_plain(x), _plain(y), _plain(long), _plain(short), _plain(degrees, 1))


def own_place(result: GroupResult, own_votes: Mapping[int, int]) -> tuple[float, float, int, int | None]:
    """Return x and y of somebody with these votes, how many of them count, and the nearest group, if there is one.

    The same sum that places everybody: each vote minus the mean vote, times the loading of the idea.
    """
    table, x, y, known = result.ideas, 0.0, 0.0, 0
    place_of = {idea_id: place for place, idea_id in enumerate(table.ids)}
    for idea_id, side in own_votes.items():
        place = place_of.get(idea_id)
        if place is not None:
            known += 1
            x += (side - table.mean[place]) * table.x[place]
            y += (side - table.mean[place]) * table.y[place]
    x, y = x / result.map.scale, y / result.map.scale
    nearest = min(
        result.groups,
        key=lambda group: ((group.place.x - x) ** 2 + (group.place.y - y) ** 2, group.number),
        default=None,
    )
    within = [max(-1.0, min(1.0, number)) for number in (x, y)]
    return within[0], within[1], known, nearest.number if nearest else None


def _cells(places: Floats, group: int) -> list[Cell]:
    """Return the cells of one group; the smallest is merged into its nearest one until all have ten people or more.

    A cell lies in the square that is nearest to the middle of its people's squares: how far off it the middle is would
    tell where single ones of them are.
    """
    squares = np.minimum((places + 1) / 2 * CELLS, CELLS - 1).astype(np.int64)
    numbers, counts = np.unique(squares[:, 0] * CELLS + squares[:, 1], return_counts=True)
    middles = (np.stack(np.divmod(numbers, CELLS), axis=1) + 0.5) / CELLS * 2 - 1
    while len(counts) > 1 and counts.min() < K:
        smallest = int(np.argmin(counts))
        distances = ((middles - middles[smallest]) ** 2).sum(axis=1).round(9)
        distances[smallest] = np.inf
        nearest = int(np.argmin(distances))
        both = counts[nearest] + counts[smallest]
        middles[nearest] = (middles[nearest] * counts[nearest] + middles[smallest] * counts[smallest]) / both
        counts[nearest] = both
        middles, counts = np.delete(middles, smallest, axis=0), np.delete(counts, smallest)
    squares = np.minimum((middles + 1) / 2 * CELLS, CELLS - 1).astype(np.int64)
    numbers, cells = np.unique(squares[:, 0] * CELLS + squares[:, 1], return_inverse=True)
    middles = (np.stack(np.divmod(numbers, CELLS), axis=1) + 0.5) / CELLS * 2 - 1
    people = np.bincount(cells, weights=counts).astype(np.int64)
    return [
        Cell(_plain(x, 3), _plain(y, 3), group, count)
        for (x, y), count in zip(middles.tolist(), people.tolist(), strict=True)
    ]


def _plain(number: float, digits: int = 4) -> float:
    # Nil without a sign: whether it is -0.0 or 0.0 must not depend on anything.
    return round(float(number), digits) + 0.0
