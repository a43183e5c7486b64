"""The figures of a release as files that anybody can recount: per idea the counts, the agreement and its interval."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from participation.ideas.standing import lower_bound
from participation.voting.queries import FEWEST_VOTES, VoteFigures

FORMAT = "participation tally 1"
VERSION = "tally-1"
DIGITS = 4
NUMBERS = MappingProxyType({"digits": DIGITS, "fewest": FEWEST_VOTES})
ROWS = "ideas"


@dataclass(frozen=True, slots=True)
class IdeaFigures:
    """The figures of an idea; ``agreement`` is between ``low`` and ``high``, ``None`` where all votes are unsure.

    The agreement is the share that agrees among those who agree or disagree, its interval Wilson's with 95 %
    (``ideas.standing``), each rounded to four digits.
    """

    idea: int
    agree: int
    disagree: int
    unsure: int
    votes: int
    agreement: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Head:
    """What a file of figures says about its release; ``sealed`` of the ``votes`` are in the log by their hash only."""

    process: str
    release: int
    made_at: datetime
    votes: int
    sealed: int
    root: str
    vote_log_sha256: str


def figures_of(counts: Mapping[int, VoteFigures]) -> tuple[IdeaFigures, ...]:
    """Return the figures of the ideas with these counts, in the order of their numbers."""
    return tuple(_of_idea(idea_id, counts[idea_id]) for idea_id in sorted(counts))


def is_enough(counts: VoteFigures) -> bool:
    """Return whether so many people voted on an idea that its figures may be published."""
    return counts.people >= FEWEST_VOTES


def write_json(path: Path, head: Head, figures: Sequence[IdeaFigures]) -> None:
    """Write head and figures as JSON, a line for each idea."""
    said = {
        "format": FORMAT,
        "process": head.process,
        "release": head.release,
        "made_at": f"{head.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "votes": head.votes,
        "sealed": head.sealed,
        "root": head.root,
        "vote_log_sha256": head.vote_log_sha256,
        "fewest_votes": FEWEST_VOTES,
    }
    lines = ",\n".join(json.dumps(asdict(row)) for row in figures)
    body = f'{json.dumps(said, indent=1)[:-2]},\n "{ROWS}": [\n{lines}\n]}}\n'
    path.write_text(body, encoding="utf-8")


def write_csv(path: Path, figures: Sequence[IdeaFigures]) -> None:
    """Write the figures as CSV, a line for each idea below a line of names."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(IdeaFigures.__dataclass_fields__)
        writer.writerows(asdict(row).values() for row in figures)


def read_json(path: Path) -> tuple[dict[str, Any], tuple[IdeaFigures, ...]]:
    """Return what a file of figures says about its release, and its figures; raises ``ValueError``, ``OSError``."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"this is not a {FORMAT}")
    try:
        return data, tuple(IdeaFigures(**row) for row in data.pop(ROWS))
    except (KeyError, TypeError) as problem:
        raise ValueError(f"this is not a {FORMAT}: {problem}") from problem


def _of_idea(idea_id: int, counts: VoteFigures) -> IdeaFigures:
    sides = counts.agree + counts.disagree
    values: tuple[float | None, ...] = (None, None, None)
    if sides:
        low, high = lower_bound(counts.agree, sides), 1 - lower_bound(counts.disagree, sides)
        values = tuple(round(value, DIGITS) for value in (counts.agree / sides, low, high))
    return IdeaFigures(idea_id, counts.agree, counts.disagree, counts.unsure, counts.people, *values)
