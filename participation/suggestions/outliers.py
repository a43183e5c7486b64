"""Filed ideas that would go elsewhere, had nobody filed them."""

import numpy as np

from participation.suggestions.learning import Learnt
from participation.suggestions.space import Whole

SURE = 0.8
"""From this confidence in another cluster on an idea is said to be out of place."""
FEWEST = 5
"""In a cluster of fewer ideas nothing is called out of place: there is hardly a place yet."""
MOST = 500


def outliers(learnt: Learnt, filed: Whole, clusters: Whole, *, sure: float = SURE) -> list[tuple[int, int, float]]:
    """Return filed ideas that seem out of place: row, likelier cluster and confidence in it, the surest first."""
    if not len(filed):
        return []
    chances = learnt.chances[filed]
    likeliest, chance = chances.argmax(axis=1), np.round(chances.max(axis=1), 4)
    enough = np.bincount(clusters, minlength=chances.shape[1])[clusters] >= FEWEST
    odd = np.flatnonzero((likeliest != clusters) & (chance >= sure) & enough)
    odd = odd[np.lexsort((filed[odd], -chance[odd]))][:MOST]
    return [(int(filed[one]), int(likeliest[one]), float(chance[one])) for one in odd]
