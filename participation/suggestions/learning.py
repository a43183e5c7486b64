"""Which cluster an idea belongs to, learnt from what people filed and from how all other ideas lie.

A mixture of normal distributions with common covariance, one for each cluster. Ideas that are filed count 1, all others
a little, each in the share in which they seem to belong to a cluster. Sources: K. Nigam, A. K. McCallum, S. Thrun,
T. Mitchell: Text classification from labeled and unlabeled documents using EM, Machine Learning 39 (2000); sizes of
clusters: M. Saerens, P. Latinne, C. Decaestecker, Neural Computation 14 (2002).
"""

from dataclasses import dataclass

import numpy as np

from participation.suggestions.confidence import chances_of, sharpness_of, shrinkage
from participation.suggestions.features import Array
from participation.suggestions.space import Whole

UNFILED = 0.1
"""What an idea that is not filed counts beside one that is, once it is known where it seems to belong."""
SPREAD = 1 / 80
"""Variance in each direction that is expected before any filing is seen."""
SPREAD_COUNTS = 600
CENTRE_COUNTS = 1.0
"""Each centre is drawn to the middle of all ideas as if it had so many members there."""
DOUBT = 3.0
"""With so many filings in the average cluster, the estimated sizes of clusters have half their say."""
DOUBT_OF_WORDS = 20.0
"""The same where words alone are compared; there the doubt also goes by the square."""
ROUNDS = 10


@dataclass(frozen=True)
class Learnt:
    """What the filings taught; clusters are numbered from 0, rows are ideas."""

    chances: Array
    """How likely each idea belongs to each cluster. Of filed ideas: without their own filing."""
    fit: Array
    """Cosine of each idea with the centre of its likeliest cluster; of filed ideas with the own one's others."""


@dataclass(frozen=True)
class _Mixture:
    """One state of the mixture: ``pointers`` are the centres as seen through the covariance."""

    sums: Array
    members: Array
    covariance: Array
    pointers: Array
    levels: Array

    def scores(self, places: Array, prior: Array) -> Array:
        found: Array = places @ self.pointers + self.levels + prior
        return found


def learn(places: Array, filed: Whole, clusters: Whole, count: int, *, with_meaning: bool, judged: int = -1) -> Learnt:
    """Learn from the rows ``filed``, which stand in ``clusters``; each of the ``count`` clusters has one at least.

    Only the first ``judged`` of the filings (all, if negative) tell how sure scores may be.
    """
    rest = np.setdiff1d(np.arange(len(places)), filed)
    own, others = places[filed], places[rest]
    belongs = np.zeros((len(filed), count), dtype=np.float32)
    belongs[np.arange(len(filed)), clusters] = 1
    as_filed = belongs.mean(axis=0)
    trust = trust_in_sizes(len(filed) / count, with_meaning=with_meaning)
    # Neither changes from round to round.
    squares = (own.T @ own, others.T @ others)
    sizes, seeming = as_filed, np.zeros((len(rest), count), dtype=np.float32)
    for turn in range(ROUNDS if count > 1 else 1):
        mixture = _mixture(belongs, own, seeming, others, squares, UNFILED if turn else 0.0)
        seeming = chances_of(mixture.scores(others, _prior(as_filed, sizes, trust)))
        sizes = (seeming.sum(axis=0) + len(filed) * as_filed) / len(places)
    prior = _prior(as_filed, sizes, trust)
    scores = mixture.scores(places, prior)
    scores[filed] = _held_out(own, clusters, mixture, scores[filed], prior)
    if count == 1:
        # Nothing to choose from: how much likelier than anywhere.
        alone: Array = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
        return Learnt(alone, _fit(places, filed, clusters, mixture, alone))
    told = slice(0, judged if judged >= 0 else len(filed))
    sharpness = sharpness_of(scores[filed][told], clusters[told])
    shrunk = sharpness * shrinkage(len(filed) / count, with_meaning=with_meaning)
    chances = chances_of(np.float32(shrunk) * scores)
    return Learnt(chances, _fit(places, filed, clusters, mixture, chances))


def trust_in_sizes(filings: float, *, with_meaning: bool) -> float:
    """Return what say the estimated sizes of clusters have, from 0 to 1, beside how much was filed in each.

    ``filings`` is how many there are in the average cluster.
    """
    if with_meaning:
        return filings / (filings + DOUBT)
    return filings**2 / (filings**2 + DOUBT_OF_WORDS**2)


def _prior(as_filed: Array, sizes: Array, trust: float) -> Array:
    filed = np.log(as_filed)
    prior: Array = (filed + trust * (np.log(np.maximum(sizes, 1e-9)) - filed)).astype(np.float32)
    return prior


def _mixture(
    belongs: Array, own: Array, seeming: Array, others: Array, squares: tuple[Array, Array], counted: float
) -> _Mixture:
    members = belongs.sum(axis=0) + counted * seeming.sum(axis=0)
    sums = belongs.T @ own + counted * (seeming.T @ others)
    centres = sums / (members + CENTRE_COUNTS)[:, None]
    within = squares[0] + counted * squares[1] - (centres * members[:, None]).T @ centres
    within += SPREAD_COUNTS * SPREAD * np.eye(own.shape[1], dtype=np.float32)
    covariance = within / np.float32(len(own) + counted * len(others) + SPREAD_COUNTS)
    pointers = np.linalg.solve(covariance, centres.T).astype(np.float32)
    return _Mixture(sums, members, covariance, pointers, -0.5 * (centres.T * pointers).sum(axis=0))


def _held_out(own: Array, clusters: Whole, mixture: _Mixture, scores: Array, prior: Array) -> Array:
    """Return the scores of filed ideas with each one's own cluster as it would be without it."""
    left = mixture.members[clusters] - 1 + CENTRE_COUNTS
    without = (mixture.sums[clusters] - own) / left[:, None]
    pointed = np.linalg.solve(mixture.covariance, without.T).T
    found = scores.copy()
    level = prior[clusters] - 0.5 * (without * pointed).sum(axis=1)
    found[np.arange(len(own)), clusters] = (own * pointed).sum(axis=1) + level
    return found


def _fit(places: Array, filed: Whole, clusters: Whole, mixture: _Mixture, chances: Array) -> Array:
    centres = _unit(mixture.sums)
    found = (places * centres[chances.argmax(axis=1)]).sum(axis=1)
    found[filed] = (places[filed] * _unit(mixture.sums[clusters] - places[filed])).sum(axis=1)
    fit: Array = found.astype(np.float32)
    return fit


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
