"""How sure a suggestion may be, judged by filings that were held out."""

import numpy as np

from participation.suggestions.features import Array
from participation.suggestions.space import Whole

SHARPEST, BLUNTEST, TRIED = 3.0, 0.2, 28
SURE_OF_SCORES = 10
"""Few filings cannot tell: it is as if so many had said that the scores are right as they are."""
SHRINKS, SHRINKS_OF_WORDS = 4.0, 7.0
"""With so many filings in the average cluster scores count half, so that few make nobody too sure. Without that chances
are too high by 0.17 (with meaning) and 0.28 (by words) with 5 filings each of 2,314 labelled ideas, by 0.07 and 0.25
with 10; with it by about 0.05 and 0.1, and by 0.1 to 0.2 in small collections of other ideas."""
ROUGH_BELOW = 20
"""With fewer filings in the average cluster, confidence may still be off by 0.1 to 0.2."""
_LOWEST = -30


def chances_of(scores: Array) -> Array:
    """Return how likely each cluster is for each row of ``scores``; rows sum up to 1."""
    # Smaller ones would be numbers that processors are slow with.
    powers = np.exp(np.maximum(scores - scores.max(axis=1, keepdims=True), _LOWEST))
    chances: Array = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances


def sharpness_of(scores: Array, clusters: Whole) -> float:
    """Return what scores are multiplied with so that the chances of held-out filings come true most often."""
    tried = np.exp(np.linspace(np.log(BLUNTEST), np.log(SHARPEST), TRIED))
    rows = np.arange(len(clusters))
    found = [
        np.log(chances_of(np.float32(one) * scores)[rows, clusters] + 1e-9).sum()
        - SURE_OF_SCORES / 2 * np.log(one) ** 2
        for one in tried
    ]
    return float(tried[int(np.argmax(np.round(found, 4)))])


def shrinkage(filings: float, *, with_meaning: bool) -> float:
    """Return what scores are multiplied with because there are only so many filings in the average cluster."""
    return filings / (filings + (SHRINKS if with_meaning else SHRINKS_OF_WORDS))


def is_rough(filings: int, clusters: int) -> bool:
    """Return whether there are too few filings for confidence to be a percentage."""
    return filings < ROUGH_BELOW * clusters
