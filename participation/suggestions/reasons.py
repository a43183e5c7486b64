"""Why an idea may belong to a cluster: the nearest ideas that are filed there, and the words it shares with them."""

from collections.abc import Callable, Sequence

import numpy as np

from participation.suggestions.features import Array, Features
from participation.suggestions.space import Whole

MOST_NEAREST = 3
MOST_WORDS = 4
DIGITS = 4
"""Likeness is compared to so many digits: beyond them it is the order of additions that would decide."""


def nearest_filed(places: Array, rows: Whole, wanted: Whole, filed: Whole, clusters: Whole) -> dict[int, list[int]]:
    """Return for each of ``rows`` the filed ideas nearest to it in the cluster ``wanted`` for it, itself left out."""
    found: dict[int, list[int]] = {}
    for cluster in np.unique(wanted):
        asking, members = rows[wanted == cluster], filed[clusters == cluster]
        if not len(members):
            continue
        close = np.round(places[asking] @ places[members].T, DIGITS)
        close[asking[:, None] == members[None, :]] = -2
        # Members are in the order of their ids, so that a stable order lets those decide.
        best = np.argsort(-close, axis=1, kind="stable")[:, :MOST_NEAREST]
        for row, places_of_best, own in zip(asking, best, close, strict=True):
            found[int(row)] = [int(members[one]) for one in places_of_best if own[one] > 0]
    return found


def shared_with(own: Features, others: Sequence[Features], weight: Callable[[str], float]) -> tuple[str, ...]:
    """Return the words of an idea whose stems the others have as well, as they stand there, the telling ones first."""
    theirs = {stem for other in others for stem in other.stems.terms}
    shared = [
        (-round(weight(stem), DIGITS), word.casefold(), word)
        for stem, word in zip(own.stems.terms, own.shown, strict=True)
        if word and stem in theirs and weight(stem) > 0
    ]
    return tuple(dict.fromkeys(word for _weight, _folded, word in sorted(shared)))[:MOST_WORDS]
