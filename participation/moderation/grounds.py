"""The grounds that a decision can rest on: laws and rules, as data that a city can change."""

import enum
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from participation.kit.schema import Translated
from participation.multilingual.texts import read_texts

CATALOGUE = Path(__file__).parent / "catalogues" / "grounds.yaml"


class GroundKind(enum.Enum):
    """Whether a ground is a law or a rule of the platform."""

    LAW = "law"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Ground:
    """One law or rule; ``cite`` is where it stands, the same in every language."""

    key: str
    kind: GroundKind
    cite: str
    title: Translated
    text: Translated


@lru_cache(maxsize=1)
def grounds() -> tuple[Ground, ...]:
    """Return all grounds: first the rules, then the laws, each in the order of the catalogue."""
    data: dict[str, Any] = read_texts(CATALOGUE)
    return tuple(
        Ground(entry["key"], GroundKind(entry["kind"]), entry["cite"], entry["title"], entry["text"])
        for entry in data["grounds"]
    )


def ground_by_key(key: str) -> Ground | None:
    """Return the ground called ``key``; ``None`` for the key of none."""
    return next((ground for ground in grounds() if ground.key == key), None)
