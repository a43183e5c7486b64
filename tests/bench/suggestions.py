"""Suggestions for the board: what a new filing costs among 10,000 ideas in 40 themes, by meaning and by words."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import median

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.bench.fill import SECRET
from tests.bench.report import Verdict
from tests.bench.server import ROOT
from tests.bench.words import prose, title

THEMES = 40
FILED_EVERY = 5
TYPICAL = 370
ROUNDS = 5
MOST_SECONDS = 2.0
TIMEOUT_SECONDS = 900
MEANING, WORDS = "meaning and words", "words alone"


@dataclass(frozen=True)
class Suggesting:
    """What suggestions took among ``ideas``: from nothing, and after a new filing with the worker's memory warm."""

    compares: str
    ideas: int
    first_seconds: float
    filing_seconds: float
    megabytes: float


def measure_suggestions(folder: Path, ideas: int) -> list[Suggesting]:
    """Return the figures with made vectors and without any, each in a process of its own."""
    return [_measure(folder, ideas, compares) for compares in (MEANING, WORDS)]


def suggestion_lines(found: Sequence[Suggesting]) -> list[str]:
    """Return the table of suggestions."""
    lines = [f"{'suggestions':<34}" + "".join(f"{head:>16}" for head in ("first time s", "new filing s", "MB"))]
    for one in found:
        figures = f"{one.first_seconds:>16.1f}{one.filing_seconds:>16.2f}{one.megabytes:>16.0f}"
        lines.append(f"{f'{one.ideas:,} ideas, {one.compares}':<34}{figures}")
    return lines


def suggestion_verdicts(found: Sequence[Suggesting]) -> list[Verdict]:
    """Return whether suggestions follow a filing in time."""
    return [
        Verdict(
            f"suggestions after a new filing, {one.ideas:,} ideas, {one.compares} < {MOST_SECONDS:.0f} s",
            f"{one.filing_seconds:.2f} s",
            one.filing_seconds < MOST_SECONDS,
        )
        for one in found
    ]


def _measure(folder: Path, ideas: int, compares: str) -> Suggesting:
    path = folder / f"suggestions-{compares.split(maxsplit=1)[0]}"
    path.mkdir(parents=True)
    command = [sys.executable, "-m", "tests.bench.suggestions", str(path), str(ideas), compares]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if result.returncode:
        raise RuntimeError(f"suggesting failed:\n{result.stderr[-4000:]}")
    return Suggesting(**json.loads(result.stdout.splitlines()[-1]))


def _suggest(path: Path, ideas: int, compares: str) -> Suggesting:
    from flask_migrate import upgrade

    from participation.accounts.actor import SYSTEM
    from participation.app import create_app
    from participation.curation.board.filing import file_idea
    from participation.kit import clock
    from participation.kit.db import transaction
    from participation.suggestions.runs import run_suggestions
    from tests import make

    analysis = "auto" if compares == MEANING else "off"
    settings = {"DATABASE_URL": f"sqlite:///{path / 'board.sqlite'}", "DATA_DIR": path, "SECRET_KEY": SECRET}
    app = create_app({**settings, "ANALYSIS": analysis})
    with app.app_context():
        upgrade()
        with transaction() as session:
            place = make.process(session)
            waiting, themes = _fill(session, place, ideas, with_meaning=compares == MEANING)
        before, taken = _resident(), []
        for turn in range(ROUNDS + 1):
            begun = time.perf_counter()
            run_suggestions({"process_id": place.id}, lambda _done: None)  # type: ignore[arg-type]  # a report is enough
            taken.append(time.perf_counter() - begun)
            with transaction() as session:
                file_idea(session, SYSTEM, idea_id=waiting[turn], cluster_id=themes[turn], now=clock.now())
        megabytes = _resident() - before
    return Suggesting(compares, ideas, taken[0], median(taken[1:]), megabytes)


def _fill(session: Session, place: object, ideas: int, *, with_meaning: bool) -> tuple[list[int], list[int]]:
    """Put ideas into a process, each near one of the themes; return some that are not filed, and the themes."""
    from participation.curation.models import Cluster, Filing
    from participation.ideas.models import Idea, IdeaState
    from participation.kit import clock
    from participation.similarity.models import IdeaVector
    from participation.texts.vectors import DIMENSIONS, encoder, pack, unit
    from tests import make

    assert isinstance(place, make.Place)
    chance, numbers, moment = Random(11), np.random.default_rng(11), clock.now()
    author = make.participant(session, place)
    common = {"process_id": place.id, "participant_id": author, "state": IdeaState.PUBLISHED, "language": "de"}
    session.execute(
        insert(Idea),
        [
            {
                **common,
                "title": f"{title(chance)} Thema{row % THEMES}",
                "text": prose(chance, typical=TYPICAL, longest=2 * TYPICAL),
                "submitted_at": moment,
                "published_at": moment,
            }
            for row in range(ideas)
        ],
    )
    ids = list(session.scalars(select(Idea.id).where(Idea.process_id == place.id).order_by(Idea.id)))
    clusters = [
        Cluster(process_id=place.id, position=n, title=make.text(f"Thema{n}"), description={}, created_at=moment)
        for n in range(THEMES)
    ]
    session.add_all(clusters)
    session.flush()
    themes = [cluster.id for cluster in clusters]
    filings = [
        {"cluster_id": themes[row % THEMES], "idea_id": idea_id, "is_main": True, "filed_at": moment}
        for row, idea_id in enumerate(ids)
        if row // THEMES % FILED_EVERY == 0
    ]
    session.execute(insert(Filing), filings)
    used = encoder() if with_meaning else None
    if used:
        middles = numbers.standard_normal((THEMES, DIMENSIONS), np.float32)
        session.execute(
            insert(IdeaVector),
            [
                {
                    "process_id": place.id,
                    "idea_id": idea_id,
                    "revision": 1,
                    "method": used.method,
                    "vector": pack(unit(middles[row % THEMES] + 2 * numbers.standard_normal(DIMENSIONS, np.float32))),
                    "made_at": moment,
                }
                for row, idea_id in enumerate(ids)
            ],
        )
    filed = {filing["idea_id"] for filing in filings}
    return [idea_id for idea_id in ids if idea_id not in filed], themes


def _resident() -> float:
    import psutil  # type: ignore[import-untyped]  # published without types

    return float(psutil.Process().memory_info().rss) / 1e6


if __name__ == "__main__":
    print(json.dumps(asdict(_suggest(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))))
