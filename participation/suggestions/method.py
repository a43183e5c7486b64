"""The whole way from material to result, step by step; the same material gives the same bytes."""

import platform
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from participation.suggestions import confidence, features, fresh, learning, space
from participation.suggestions.confidence import is_rough
from participation.suggestions.features import Array, Features
from participation.suggestions.fresh import fresh_clusters, misfits, telling_words
from participation.suggestions.ground import Ground, grounds
from participation.suggestions.learning import Learnt, learn
from participation.suggestions.material import Material, read_texts
from participation.suggestions.outcome import FreshCluster, IdeaSuggestions, Outlier, Ranked, Result
from participation.suggestions.outliers import SURE, outliers
from participation.suggestions.reasons import MOST_NEAREST, nearest_filed, shared_with
from participation.suggestions.space import SEED, Whole
from participation.suggestions.titles import do_titles_help, place_titles

METHOD = "mixture-1"
"""Changes whenever the same material may give another result."""
MOST_RANKED = 5
LEAST_RANKED = 0.01
"""A cluster that is less likely is not named, unless it is the likeliest."""
FOLLOWS = 0.9
"""How sure it is that an idea belongs where another one of its bundle is: people said that the two say the same."""
DIGITS = 3
FAIRNESS = MappingProxyType({"de": 6, "plain": 6, "typos": 5, "en": 6, "tr": 6, "ar": 6, "uk": 6})
"""How many of ``FAIR_THEMES`` ideas landed in their theme, by the form in which they were said; a test measures it."""
FAIR_THEMES = 6
CONSTANTS = MappingProxyType(
    {
        "dimensions": space.DIMENSIONS,
        "basis": space.MOST_IN_BASIS,
        "gram": features.GRAM,
        "meaning_share": round(100 * space.SHARES[0]),
        "words_share": round(100 * space.SHARES[1]),
        "unfiled": learning.UNFILED,
        "rounds": learning.ROUNDS,
        "spread_counts": learning.SPREAD_COUNTS,
        "spread": round(1 / learning.SPREAD),
        "doubt": round(learning.DOUBT),
        "doubt_of_words": round(learning.DOUBT_OF_WORDS),
        "rough_below": confidence.ROUGH_BELOW,
        "shrinks": round(confidence.SHRINKS),
        "shrinks_of_words": round(confidence.SHRINKS_OF_WORDS),
        "sure": round(100 * SURE),
        "fewest": fresh.FEWEST,
        "follows": round(100 * FOLLOWS),
        "seed": SEED,
    }
)
"""What the method was set to; part of what each run keeps."""
NUMBERS = MappingProxyType(
    {
        **CONSTANTS,
        "fair_themes": FAIR_THEMES,
        **{f"fair_{form}": number for form, number in FAIRNESS.items()},
    }
)
"""What the public description of the method names."""


@dataclass(frozen=True)
class _Board:
    """Filings as rows and numbers; ``themes`` are the ids of the clusters that can be proposed, in their order."""

    themes: tuple[int, ...]
    filed: Whole
    clusters: Whole
    titles: tuple[Features, ...]
    learnt: Learnt | None


def parameters() -> dict[str, Any]:
    """Return what a result rests on besides the material: the same gives the same, to the last byte."""
    libraries = {name: version(name) for name in ("numpy", "scipy")}
    return {"numbers": dict(CONSTANTS), "machine": platform.machine(), "libraries": libraries}


def can_compute() -> bool:
    """Return whether what it takes is installed."""
    from importlib.util import find_spec

    return find_spec("scipy") is not None


def compute(session: Session, process_id: int, material: Material) -> Result:
    """Return what is proposed for a board. Reads the texts of ideas that are not in memory yet."""
    if not material.ideas:
        return Result({})
    with one_thread():
        memory = grounds.of(session, process_id, with_meaning=material.with_meaning)
        ground = memory.ground(
            material.ideas, lambda ids: read_texts(session, list(ids)), with_meaning=material.with_meaning
        )
        board = _learnt(ground, material)
        chances = _together(ground, board, material)
        return Result(
            ideas=_proposed(ground, board, material, chances),
            fresh=_fresh(ground, board),
            outliers=_outliers(ground, board),
            is_rough=is_rough(len(board.filed), max(1, len(board.themes))),
        )


def _learnt(ground: Ground, material: Material) -> _Board:
    """Learn from the filings, with the titles of clusters as one more row each where these help."""
    ids = [theme.id for theme in material.themes]
    number = {cluster_id: place for place, cluster_id in enumerate(ids)}
    rows = [(ground.rows[idea_id], number[cluster_id]) for idea_id, cluster_id in sorted(material.filed.items())]
    filed = np.array([row for row, _cluster in rows], dtype=np.int64)
    clusters = np.array([cluster for _row, cluster in rows], dtype=np.int64)
    titles, texts = place_titles(ground.space, material.themes) if ids else (ground.places[:0], ())
    named = np.flatnonzero(np.linalg.norm(titles, axis=1) > 0)
    if len(named) < len(ids) or not do_titles_help(titles, ground.places, filed, clusters):
        named, texts = named[:0], ()
    there = np.unique(np.concatenate([clusters, named]))
    if not len(there):
        return _Board((), filed, clusters, (), None)
    own, of_titles = np.searchsorted(there, clusters), np.searchsorted(there, named)
    last = len(ground.places)
    learnt = learn(
        np.vstack([ground.places, titles[named]]),
        np.concatenate([filed, last + np.arange(len(named))]),
        np.concatenate([own, of_titles]),
        len(there),
        with_meaning=material.with_meaning,
        judged=len(filed),
    )
    seen = Learnt(learnt.chances[:last], learnt.fit[:last])
    return _Board(tuple(ids[one] for one in there), filed, own, texts, seen)


def _together(ground: Ground, board: _Board, material: Material) -> Array | None:
    """Return the chances of ideas; those of a bundle say the same, so that they belong together."""
    if board.learnt is None:
        return None
    chances = board.learnt.chances.copy()
    for bundle in material.bundles:
        inside = [ground.rows[idea_id] for idea_id in bundle if idea_id not in material.filed]
        held = Counter(material.filed[idea_id] for idea_id in bundle if idea_id in material.filed)
        if not inside:
            continue
        chances[inside] = chances[inside].mean(axis=0)
        if held:
            place = board.themes.index(min(held, key=lambda cluster_id: (-held[cluster_id], cluster_id)))
            chances[inside] *= np.float32(1 - FOLLOWS)
            chances[inside, place] += np.float32(FOLLOWS)
    return chances


def _proposed(ground: Ground, board: _Board, material: Material, chances: Array | None) -> dict[int, IdeaSuggestions]:
    if chances is None:
        return {}
    unfiled = np.setdiff1d(np.arange(len(ground.places)), board.filed)
    unfiled = unfiled[np.linalg.norm(ground.places[unfiled], axis=1) > 0]
    rounded = np.round(chances.astype(np.float64), DIGITS)
    order = np.argsort(-rounded[unfiled], axis=1, kind="stable")[:, :MOST_RANKED]
    near = nearest_filed(ground.places, unfiled, order[:, 0], board.filed, board.clusters)
    followed = _followed(material)
    found = {}
    for row, best in zip(unfiled.tolist(), order.tolist(), strict=True):
        idea_id = int(ground.idea_ids[row])
        nearest = [*followed.get(idea_id, ()), *ground.idea_ids[near.get(row, [])].tolist()]
        # Titles are either all there, in the order of the clusters, or none of them.
        reasons = [ground.texts[one] for one in near.get(row, ())] + list(board.titles[best[0] : best[0] + 1])
        found[idea_id] = IdeaSuggestions(
            ranked=tuple(
                Ranked(board.themes[one], float(rounded[row, one]))
                for place, one in enumerate(best)
                if not place or rounded[row, one] >= LEAST_RANKED
            ),
            nearest=tuple(dict.fromkeys(nearest))[:MOST_NEAREST],
            words=shared_with(ground.texts[row], reasons, ground.weight),
        )
    return found


def _followed(material: Material) -> dict[int, tuple[int, ...]]:
    """Return the filed ideas in the same bundle for each unfiled one that has some."""
    return {
        idea_id: filed
        for bundle in material.bundles
        if (filed := tuple(one for one in bundle if one in material.filed))
        for idea_id in bundle
        if idea_id not in material.filed
    }


def _fresh(ground: Ground, board: _Board) -> tuple[FreshCluster, ...]:
    unfiled = np.setdiff1d(np.arange(len(ground.places)), board.filed)
    fit = board.learnt.fit if board.learnt else np.zeros(len(ground.places), dtype=np.float32)
    groups = fresh_clusters(ground.places, misfits(fit, unfiled, board.filed))
    return tuple(
        FreshCluster(
            tuple(int(ground.idea_ids[row]) for row in group),
            telling_words([ground.texts[row] for row in group], ground.share),
        )
        for group in groups
    )


def _outliers(ground: Ground, board: _Board) -> tuple[Outlier, ...]:
    if board.learnt is None or len(board.themes) == 1:
        return ()
    held = dict(zip(board.filed.tolist(), board.clusters.tolist(), strict=True))
    return tuple(
        Outlier(int(ground.idea_ids[row]), board.themes[held[row]], board.themes[better], round(sure, DIGITS))
        for row, better, sure in outliers(board.learnt, board.filed, board.clusters)
    )


def one_thread() -> AbstractContextManager[Any]:
    """Return what keeps arithmetic to one thread: several add up in another order each time."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    limits: AbstractContextManager[Any] = threadpool_limits(limits=1)
    return limits
