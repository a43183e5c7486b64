"""Looking for similar ideas: how long it takes for a new text and for a stored idea, and how much memory."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.bench.fill import SECRET, SLUG, Filled
from tests.bench.report import Verdict
from tests.bench.server import ROOT
from tests.bench.words import prose, title

TIMES = 30
TYPICAL = 370
MOST_MILLISECONDS = 150
TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Similar:
    """What looking for similar ideas took among ``ideas``; milliseconds, the median and what 95 % stay below."""

    ideas: int
    with_meaning: bool
    reading_seconds: float
    """Until the ideas are in memory, once for each process of the server."""
    megabytes: float
    """What they take there."""
    new: float
    new_p95: float
    encoding: float
    """The part of a new text's time that goes into its vector."""
    stored: float
    stored_p95: float


def measure_similar(databases: Sequence[Filled]) -> list[Similar]:
    """Return what looking for similar ideas took on each database, each in a process of its own."""
    return [_measure(filled) for filled in databases]


def similar_lines(found: Sequence[Similar]) -> list[str]:
    """Return the table of similar ideas."""
    heads = ("read s", "MB", "new ms", "p95", "encoding", "stored ms", "p95")
    lines = [f"{'similar ideas':<18}" + "".join(f"{head:>10}" for head in heads)]
    for one in found:
        figures = (one.reading_seconds, one.megabytes, one.new, one.new_p95, one.encoding, one.stored, one.stored_p95)
        lines.append(f"{f'{one.ideas:,} ideas':<18}" + "".join(f"{figure:>10.1f}" for figure in figures))
    return lines


def similar_verdicts(found: Sequence[Similar]) -> list[Verdict]:
    """Return whether a new text and a stored idea get their answer in time."""
    largest = max(found, key=lambda one: one.ideas)
    return [
        Verdict(
            f"similar ideas, {name}, {largest.ideas:,} ideas < {MOST_MILLISECONDS} ms",
            f"{taken:.0f} ms",
            taken < MOST_MILLISECONDS,
        )
        for name, taken in (("a new text", largest.new), ("a stored idea", largest.stored))
    ]


def _measure(filled: Filled) -> Similar:
    command = [sys.executable, "-m", "tests.bench.similar", str(filled.path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if result.returncode:
        raise RuntimeError(f"looking for similar ideas failed:\n{result.stderr[-4000:]}")
    return Similar(**json.loads(result.stdout.splitlines()[-1]))


def _look(path: Path) -> Similar:
    from participation.accounts.actor import ANONYMOUS
    from participation.app import create_app
    from participation.kit.db import db
    from participation.processes.queries import process_id_by_slug
    from participation.similarity.memory import memories
    from participation.similarity.queries import similar_ideas, similar_to_idea
    from participation.texts.vectors import encoder

    app = create_app({"DATABASE_URL": f"sqlite:///{path}", "DATA_DIR": path.parent / "data", "SECRET_KEY": SECRET})
    chance = Random(7)
    with app.app_context():
        process_id = process_id_by_slug(db.session(), SLUG)
        assert process_id is not None
        ideas = _put_random_vectors(process_id)
        session = db.session()
        before, started = _resident(), time.perf_counter()
        memories.of(session, process_id).snapshot_at_last()
        similar_to_idea(session, ANONYMOUS, process_id=process_id, idea_id=1)
        reading, megabytes = time.perf_counter() - started, _resident() - before
        used = encoder()
        texts = [(title(chance), prose(chance, typical=TYPICAL, longest=2 * TYPICAL)) for _ in range(TIMES)]

        def new(place: int) -> None:
            head, body = texts[place]
            similar_ideas(session, ANONYMOUS, process_id=process_id, title=head, text=body, language="de")

        def stored(place: int) -> None:
            similar_to_idea(session, ANONYMOUS, process_id=process_id, idea_id=1 + place * ideas // TIMES)

        def encoding(place: int) -> None:
            if used:
                used.encode(*texts[place])

        encoding(0)
        (new_, new_p95), (alone, _p95), (stored_, stored_p95) = (_time(one) for one in (new, encoding, stored))
    return Similar(
        ideas, used is not None, reading, megabytes, new_, new_p95, alone if used else 0.0, stored_, stored_p95
    )


def _put_random_vectors(process_id: int) -> int:
    """Give every idea a random vector and return how many there are: making real ones would take ten minutes."""
    from participation.ideas.models import Idea
    from participation.kit.db import transaction
    from participation.similarity.models import IdeaVector
    from participation.texts.vectors import DIMENSIONS, encoder, pack, unit

    used, chance = encoder(), np.random.default_rng(5)
    with transaction() as session:
        ids = list(session.scalars(select(Idea.id).where(Idea.process_id == process_id)))
        if used and not session.scalar(select(IdeaVector.id).limit(1)):
            _insert(
                session,
                [
                    {
                        "process_id": process_id,
                        "idea_id": idea_id,
                        "revision": 1,
                        "method": used.method,
                        # Near to each other, as those of real texts are.
                        "vector": pack(
                            unit(unit(used.centre) + 0.4 * unit(chance.standard_normal(DIMENSIONS, np.float32)))
                        ),
                        "made_at": datetime.now(UTC),
                    }
                    for idea_id in ids
                ],
            )
    return len(ids)


def _insert(session: Session, rows: list[dict[str, object]]) -> None:
    from participation.similarity.models import IdeaVector

    session.execute(insert(IdeaVector), rows)


def _time(act: Callable[[int], None]) -> tuple[float, float]:
    taken = []
    for place in range(TIMES):
        started = time.perf_counter()
        act(place)
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken), quantiles(taken, n=20)[-1]


def _resident() -> float:
    import psutil  # type: ignore[import-untyped]  # published without types

    return float(psutil.Process().memory_info().rss) / 1e6


if __name__ == "__main__":
    print(json.dumps(asdict(_look(Path(sys.argv[1])))))
