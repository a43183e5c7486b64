"""Finding groups of people who vote alike: principal components that cope with missing votes, then k-means.

Every step gives the same result for the same votes: the matrix is sorted, seeds are fixed, the signs of components
follow a rule, and one thread does the arithmetic.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from participation.kit.suppression import K
from participation.opinions.matrix import VoteMatrix

METHOD = "pca2-kmeans-2"
"""Changes whenever the same votes may give another result."""
SEED = 20200326
COMPONENTS = 2
MIN_VOTES = 7
"""Who voted on fewer ideas is not grouped: too little is known."""
SMALLEST_GROUP = K
"""A group of fewer people is not published: its members might be guessed."""
MOST_GROUPS = 5
STARTS = 10
SILHOUETTE_SAMPLE = 4000
MEGABYTES = 16
"""Distances between people are worked out in parts of this size."""
NUMBERS = MappingProxyType(
    {
        "min_votes": MIN_VOTES,
        "most_groups": MOST_GROUPS,
        "starts": STARTS,
        "smallest": SMALLEST_GROUP,
        "sample": SILHOUETTE_SAMPLE,
    }
)
"""What the public description of the method names."""

Floats = NDArray[np.float64]
Labels = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number of groups that was tried: how well it separates (silhouette, -1 to 1) and its smallest group."""

    k: int
    silhouette: float
    smallest: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups of people; ``labels`` gives each of ``people`` the number of the group, largest group first.

    ``coordinates`` (people × 2) and ``loadings`` (2 × ideas) are the map, ``means`` the mean vote on each idea,
    ``explained`` the share of the variance that each direction carries. ``labels`` is all zero where no grouping
    separates well enough.
    """

    people: NDArray[np.int64]
    labels: Labels
    coordinates: Floats
    loadings: Floats
    means: Floats
    explained: tuple[float, ...]
    candidates: tuple[Candidate, ...]

    @property
    def k(self) -> int:
        """How many groups there are."""
        return int(self.labels.max()) + 1 if len(self.labels) else 0

    @property
    def scale(self) -> float:
        """What coordinates are divided by to fill the map, -1 to 1; one in two hundred people stand at its edge."""
        reach = float(np.quantile(np.abs(self.coordinates), 0.995)) if self.coordinates.size else 0.0
        return round(reach, 6) or 1.0


@dataclass(frozen=True, slots=True)
class Components:
    """Each person's place (people × 2), each idea's loading (2 × ideas) and mean vote, explained shares of variance."""

    coordinates: Floats
    loadings: Floats
    means: Floats
    explained: tuple[float, ...]


def find_groups(
    votes: VoteMatrix, *, k: int | None = None, min_votes: int = MIN_VOTES, smallest: int = SMALLEST_GROUP
) -> Grouping:
    """Return the groups among those who voted on ``min_votes`` ideas or more (on all, where there are fewer).

    Without ``k`` the number of groups, 2 to 5, is the one with the best silhouette (P. J. Rousseeuw, Silhouettes,
    J. Comput. Appl. Math. 20, 1987) among those without a group under ``smallest``. Raises ``ValueError`` for a ``k``
    that there are too few people for.
    """
    from threadpoolctl import threadpool_limits

    # Several threads add up in another order each time.
    with threadpool_limits(limits=1):
        return _found(votes, k, min_votes, smallest)


def _found(votes: VoteMatrix, k: int | None, min_votes: int, smallest: int) -> Grouping:
    wanted = min(min_votes, votes.shape[1])
    chosen = votes.of_people(votes.votes_per_person() >= max(1, wanted))
    found = components(chosen)
    coordinates = found.coordinates
    if k is not None and not 1 <= k <= len(chosen.people):
        raise ValueError(f"{k} groups cannot be made of {len(chosen.people)} people")
    numbers = range(2, MOST_GROUPS + 1) if k is None else (k,)
    different = len(np.unique(coordinates, axis=0))
    tried = [_cluster(coordinates, number) for number in numbers if number <= different]
    candidates = tuple(_rated(coordinates, labels) for labels in tried)
    labels = np.zeros(len(chosen.people), np.int32)
    if k is not None and tried:
        labels = tried[0]
    elif k is None:
        fit = [place for place, candidate in enumerate(candidates) if candidate.smallest >= smallest]
        if fit:
            labels = tried[max(fit, key=lambda place: (candidates[place].silhouette, -candidates[place].k))]
    return Grouping(chosen.people, labels, coordinates, found.loadings, found.means, found.explained, candidates)


def components(votes: VoteMatrix) -> Components:
    """Return where people and ideas are on the map.

    Principal components of the votes minus the mean vote on each idea; where somebody did not vote the difference is
    taken as nil, which pulls people who voted little towards the middle rather than to a side.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import svds

    people, ideas = votes.shape
    counts = np.bincount(votes.columns, minlength=ideas)
    sums = np.bincount(votes.columns, weights=votes.sides, minlength=ideas)
    means = sums / np.maximum(counts, 1)
    differences = votes.sides - means[votes.columns]
    variance = float(differences @ differences)
    if variance == 0:
        # Nobody has voted, or everybody is of one mind.
        return Components(np.zeros((people, COMPONENTS)), np.zeros((COMPONENTS, ideas)), means, (0.0,) * COMPONENTS)
    matrix = csr_matrix((differences, (votes.rows, votes.columns)), shape=(people, ideas))
    if min(people, ideas) <= COMPONENTS + 1:
        _left, values, right = np.linalg.svd(matrix.toarray(), full_matrices=False)
    else:
        # The start is fixed but not even: an even one might be at a right angle to what is looked for.
        start = np.random.default_rng(SEED).standard_normal(min(people, ideas))
        _left, values, right = svds(matrix, k=COMPONENTS, v0=start, solver="arpack", tol=1e-8)
        values, right = values[::-1], right[::-1]
    loadings = _with_signs(np.asarray(right[:COMPONENTS], np.float64))
    coordinates = np.asarray(matrix @ loadings.T, np.float64)
    explained = [float(value**2) / variance for value in values[:COMPONENTS]]
    missing = COMPONENTS - len(explained)
    return Components(
        np.pad(coordinates, ((0, 0), (0, missing))),
        np.pad(loadings, ((0, missing), (0, 0))),
        means,
        (*explained, *((0.0,) * missing)),
    )


def _with_signs(loadings: Floats) -> Floats:
    """Turn each component so that its strongest loading is positive."""
    strongest = np.abs(loadings).argmax(axis=1)
    signs = np.sign(loadings[np.arange(len(loadings)), strongest])
    turned: Floats = loadings * np.where(signs == 0, 1, signs)[:, None]
    return turned


def _cluster(coordinates: Floats, k: int) -> Labels:
    from sklearn.cluster import KMeans

    labels = KMeans(k, n_init=STARTS, random_state=SEED).fit_predict(coordinates)
    # The largest group is number 0; of equal ones the one whose first member comes first.
    sizes = np.bincount(labels, minlength=k)
    firsts = [int(np.argmax(labels == label)) for label in range(k)]
    order = sorted(range(k), key=lambda label: (-sizes[label], firsts[label]))
    numbers = np.empty(k, np.int32)
    numbers[order] = np.arange(k, dtype=np.int32)
    ranked: Labels = numbers[labels]
    return ranked


def _rated(coordinates: Floats, labels: Labels) -> Candidate:
    from sklearn import config_context
    from sklearn.metrics import silhouette_score

    k = int(labels.max()) + 1
    smallest = int(np.bincount(labels).min())
    if not 1 < k < len(labels):
        return Candidate(k, 0.0, smallest)
    sample = min(len(labels), SILHOUETTE_SAMPLE)
    chosen = np.sort(np.random.default_rng(SEED).choice(len(labels), sample, replace=False))
    if len(np.unique(labels[chosen])) < 2:
        return Candidate(k, 0.0, smallest)
    with config_context(working_memory=MEGABYTES):
        score = float(silhouette_score(coordinates[chosen], labels[chosen]))
    return Candidate(k, score, smallest)
