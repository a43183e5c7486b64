"""What came out of one run, and how it is packed: the same outcome always gives the same bytes."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

PACKED_HOW = 6


@dataclass(frozen=True, slots=True)
class Ranked:
    """A cluster that an idea may belong to; ``confidence`` lies between 0 and 1."""

    cluster_id: int
    confidence: float


@dataclass(frozen=True, slots=True)
class IdeaSuggestions:
    """Where an idea may belong, best first, and why: the nearest filed ideas and the words it shares with them."""

    ranked: tuple[Ranked, ...] = ()
    nearest: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FreshCluster:
    """Ideas that fit nowhere but belong together, and the words that tell them apart from the rest."""

    idea_ids: tuple[int, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlier:
    """An idea that seems out of place in its cluster; ``better_cluster_id`` is where it may belong instead."""

    idea_id: int
    cluster_id: int
    better_cluster_id: int | None
    confidence: float


NOTHING = IdeaSuggestions()


@dataclass(frozen=True, slots=True)
class Result:
    """What is proposed for a board; ``is_rough``: too little is filed for confidence to be a percentage."""

    ideas: Mapping[int, IdeaSuggestions]
    fresh: tuple[FreshCluster, ...] = ()
    outliers: tuple[Outlier, ...] = ()
    is_rough: bool = True

    def of(self, idea_id: int) -> IdeaSuggestions:
        """Return what is proposed for an idea; empty where nothing is."""
        return self.ideas.get(idea_id, NOTHING)

    def best(self) -> Iterator[tuple[int, Ranked]]:
        """Yield each idea that had no main cluster, with the first cluster proposed for it."""
        for idea_id, proposed in self.ideas.items():
            if proposed.ranked:
                yield idea_id, proposed.ranked[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a stored run."""

    number: int
    finished_at: datetime
    result: Result

    @property
    def fresh(self) -> tuple[FreshCluster, ...]:
        """Clusters that may be missing."""
        return self.result.fresh

    @property
    def outliers(self) -> tuple[Outlier, ...]:
        """Ideas that seem out of place."""
        return self.result.outliers

    @property
    def is_rough(self) -> bool:
        """Whether too little is filed for confidence to be shown as a percentage."""
        return self.result.is_rough

    def of(self, idea_id: int) -> IdeaSuggestions:
        """Return what is proposed for an idea; empty where nothing is."""
        return self.result.of(idea_id)

    def best(self) -> Iterator[tuple[int, Ranked]]:
        """Yield each idea that had no main cluster, with the first cluster proposed for it."""
        return self.result.best()


def plain(result: Result) -> bytes:
    """Return a result as bytes: what its digest is taken of."""
    content = {
        "rough": result.is_rough,
        "ideas": [
            [idea_id, [[one.cluster_id, one.confidence] for one in each.ranked], each.nearest, each.words]
            for idea_id, each in sorted(result.ideas.items())
        ],
        "fresh": [[group.idea_ids, group.words] for group in result.fresh],
        "outliers": [[one.idea_id, one.cluster_id, one.better_cluster_id, one.confidence] for one in result.outliers],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of the bytes of a result."""
    return hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> bytes:
    """Return the bytes of a result as they are stored."""
    return zlib.compress(content, PACKED_HOW)


def unpacked(stored: bytes) -> Result:
    """Return a stored result."""
    content = json.loads(zlib.decompress(stored))
    return Result(
        ideas={
            idea_id: IdeaSuggestions(tuple(Ranked(*one) for one in ranked), tuple(nearest), tuple(words))
            for idea_id, ranked, nearest, words in content["ideas"]
        },
        fresh=tuple(FreshCluster(tuple(ids), tuple(words)) for ids, words in content["fresh"]),
        outliers=tuple(Outlier(*one) for one in content["outliers"]),
        is_rough=content["rough"],
    )
