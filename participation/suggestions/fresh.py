"""Clusters that may be missing: ideas that fit nowhere but belong together, with the words that tell them apart."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from participation.suggestions.features import Array, Features
from participation.suggestions.space import Whole

ALIKE = 0.2
"""A group is cut where its parts are less alike than that on average."""
FEWEST = 3
MOST_GROUPS = 20
MOST_LOOKED_AT = 2000
"""Every two ideas are compared; where more fit nowhere, those that fit worst are looked at."""
MISFIT_SHARE = 10
"""Per cent of the filed ideas that fit their clusters worse than an idea that is said to fit nowhere."""
FEWEST_FILED = 10
MOST_WORDS = 4


def misfits(fit: Array, unfiled: Whole, filed: Whole) -> Whole:
    """Return the unfiled rows that fit nowhere, judged by how well filed ideas fit where they were put; in order."""
    if len(filed) >= FEWEST_FILED:
        unfiled = unfiled[fit[unfiled] < np.percentile(fit[filed], MISFIT_SHARE)]
    if len(unfiled) > MOST_LOOKED_AT:
        unfiled = unfiled[np.lexsort((unfiled, np.round(fit[unfiled], 4)))[:MOST_LOOKED_AT]]
    return np.sort(unfiled)


def fresh_clusters(places: Array, rows: Whole, *, alike: float = ALIKE, fewest: int = FEWEST) -> list[list[int]]:
    """Group rows by average linkage, cut where groups are less ``alike`` on average; large and dense ones first.

    Source: R. R. Sokal, C. D. Michener: A statistical method for evaluating systematic relationships, University of
    Kansas Science Bulletin 38 (1958).
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    # What lies nowhere has no likeness to anything.
    rows = rows[np.linalg.norm(places[rows], axis=1) > 0]
    if len(rows) < fewest:
        return []
    tree = linkage(places[rows].astype(np.float64), method="average", metric="cosine")
    numbers = fcluster(tree, t=1 - alike, criterion="distance")
    groups = [rows[numbers == one] for one in np.unique(numbers)]
    chosen = [group for group in groups if len(group) >= fewest]
    ranked = sorted(chosen, key=lambda group: (-round(len(group) * _density(places, group), 4), int(group[0])))
    return [[int(one) for one in group] for group in ranked[:MOST_GROUPS]]


def telling_words(group: Sequence[Features], share: Callable[[str], float]) -> tuple[str, ...]:
    """Return the words that stand out in a group: those of which it has most beyond what all ideas have.

    ``share`` says which share of all ideas has a stem.
    """
    having = Counter(stem for one in group for stem in one.stems.terms)
    shown: dict[str, Counter[str]] = {}
    for one in group:
        for stem, word in zip(one.stems.terms, one.shown, strict=True):
            if word:
                shown.setdefault(stem, Counter())[word] += 1
    ranked = sorted(
        (-round(number / len(group) - share(stem), 6), stem)
        for stem, number in having.items()
        if number > 1 and stem in shown and number / len(group) > share(stem)
    )
    return tuple(min(shown[stem].items(), key=lambda one: (-one[1], one[0]))[0] for _much, stem in ranked[:MOST_WORDS])


def _density(places: Array, group: Whole) -> float:
    return float(np.linalg.norm(places[group].mean(axis=0)))
