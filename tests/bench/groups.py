"""Opinion groups: reading the votes and grouping the people, on both databases, each in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from flask_migrate import upgrade
from sqlalchemy import Connection, create_engine, event, text

from participation.app import create_app
from participation.ideas.models import Idea
from participation.kit.db import db, transaction
from participation.processes.models import Participant
from participation.voting.models import NONCE_BYTES, Stance
from tests.bench.fill import SECRET, SLUG, _careless, _count_votes, _create_process, _ideas, _participants, _send
from tests.bench.memory import peak_megabytes
from tests.bench.report import Verdict
from tests.bench.server import ROOT
from tests.databases import locked, start_postgres, stop_postgres

KINDS = ("sqlite", "postgres")
LEANINGS = 3
CHUNK = 100_000
MOST_GROWTH = 1.3
TIMEOUT_SECONDS = 900


@dataclass(frozen=True)
class Size:
    """A process of this size, and what its groups may take at most; no limits where there is none."""

    votes: int
    people: int
    ideas: int
    most_seconds: float | None = None
    most_megabytes: float | None = None


FULL = (
    Size(1_000_000, 8_000, 8_000, 5, 500),
    Size(1_750_000, 25_000, 1_000),
    Size(7_000_000, 100_000, 1_000, 20, 1_000),
)
QUICK = (Size(50_000, 700, 1_000), Size(200_000, 2_800, 1_000))


@dataclass(frozen=True)
class Grouped(Size):
    """What a run took: until votes were read, people grouped, and all that is published worked out; then robustness.

    ``loading`` the libraries comes before that; a worker does it once.
    """

    kind: str = ""
    loading: float = 0.0
    reading: float = 0.0
    grouping: float = 0.0
    describing: float = 0.0
    robustness: float = 0.0
    processor: float = 0.0
    """Processor time of reading, grouping and describing; what the database server uses is not in it."""
    megabytes: float = 0.0
    """The most memory the process had until everything but robustness was there."""
    megabytes_in_all: float = 0.0
    groups: int = 0

    @property
    def seconds(self) -> float:
        """Until everything is known that is published about the groups, but for their robustness."""
        return self.reading + self.grouping + self.describing


def measure_groups(folder: Path, sizes: Sequence[Size]) -> list[Grouped]:
    """Return what each size took on each database; nothing where the product cannot find groups."""
    if find_spec("sklearn") is None:
        return []
    found = []
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for size in sizes:
            for kind in KINDS:
                url = _database(folder, kind, size)
                _fill(url, folder, size)
                figures = json.loads(_run(url, folder).splitlines()[-1])
                found.append(Grouped(**vars(size), kind=kind, **figures))
                (folder / f"{size.votes}.sqlite").unlink(missing_ok=True)
    finally:
        stop_postgres(folder)
    return found


def group_lines(found: Sequence[Grouped]) -> list[str]:
    """Return the table of opinion groups."""
    if not found:
        return ["opinion groups: the extra 'analysis' is not installed"]
    heads = (
        "votes",
        "people",
        "ideas",
        "load s",
        "read s",
        "group s",
        "rest s",
        "sum s",
        "CPU s",
        "MB",
        "check s",
        "MB",
    )
    lines = [f"{'opinion groups':<18}" + "".join(f"{head:>10}" for head in heads)]
    for one in found:
        counts = (f"{one.votes:,}", f"{one.people:,}", f"{one.ideas:,}")
        phases = (one.loading, one.reading, one.grouping, one.describing, one.seconds, one.processor)
        times = (f"{number:.2f}" for number in phases)
        rest = (f"{one.megabytes:.0f}", f"{one.robustness:.1f}", f"{one.megabytes_in_all:.0f}")
        lines.append(f"{one.kind:<18}" + "".join(f"{cell:>10}" for cell in (*counts, *times, *rest)))
    return lines


def group_verdicts(found: Sequence[Grouped]) -> list[Verdict]:
    """Return whether groups are there in time, within their memory, and in step with the number of votes."""
    verdicts = []
    for one in found:
        name = f"opinion groups of {one.votes:,} votes, {one.kind}"
        if one.most_seconds:
            is_met = one.seconds < one.most_seconds
            verdicts.append(Verdict(f"{name} < {one.most_seconds:.0f} s", f"{one.seconds:.1f} s", is_met))
        if one.most_megabytes:
            is_met = one.megabytes_in_all < one.most_megabytes
            target = f"{name} < {one.most_megabytes:.0f} MB"
            verdicts.append(Verdict(target, f"{one.megabytes_in_all:.0f} MB", is_met))
    for kind in {one.kind: None for one in found}:
        # Of equally many ideas: what is done once per idea is the same then.
        few, many = [one for one in found if one.kind == kind and one.ideas == 1_000][:2]
        votes, seconds = many.votes / few.votes, many.processor / few.processor
        target = f"opinion groups, {kind}, processor time for {votes:.0f} × the votes ≤ {MOST_GROWTH * votes:.1f} ×"
        verdicts.append(Verdict(target, f"{seconds:.1f} ×", seconds <= MOST_GROWTH * votes))
    return verdicts


def _database(folder: Path, kind: str, size: Size) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / f'{size.votes}.sqlite'}"
    with locked(folder):
        server = start_postgres(folder)
    name = f"votes_{size.votes}"
    engine = create_engine(server.get_uri(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return str(server.get_uri(name))


def _run(url: str, folder: Path) -> str:
    command = [sys.executable, "-m", "tests.bench.groups", url, str(folder / "data")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if result.returncode:
        raise RuntimeError(f"finding opinion groups failed:\n{result.stderr[-4000:]}")
    return result.stdout


def _fill(url: str, folder: Path, size: Size) -> None:
    app = create_app(
        {"DATABASE_URL": url, "SQLALCHEMY_DATABASE_URI": url, "DATA_DIR": folder / "data", "SECRET_KEY": SECRET}
    )
    now = datetime.now(UTC).replace(microsecond=0)
    with app.app_context():
        upgrade()
        with transaction() as session:
            process = _create_process(session, now)
        engine = create_engine(db.engine.url)
        db.engine.dispose()
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _careless)
    with engine.begin() as connection:
        if engine.dialect.name != "sqlite":
            # Every row points to one that is there.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        _send(connection, Participant, _participants(process.id, size.people, now))
        _send(connection, Idea, ({**row, "text": "…"} for row in _ideas(process, size.ideas, size.people, now)))
        _put_votes(connection, size, now)
        _count_votes(connection)
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    engine.dispose()


def _put_votes(connection: Connection, size: Size, now: datetime) -> None:
    raw: Any = connection.connection.driver_connection
    columns = "idea_id, participant_id, stance, revision, cast_at, nonce"
    if connection.dialect.name == "sqlite":
        moment = now.strftime("%Y-%m-%d %H:%M:%S.000000")
        for part in _votes(size):
            raw.executemany(
                f"INSERT INTO vote ({columns}) VALUES (?, ?, ?, 1, '{moment}', zeroblob({NONCE_BYTES}))", part
            )
        return
    nonce = "\\\\x" + "00" * NONCE_BYTES
    with raw.cursor() as cursor, cursor.copy(f"COPY vote ({columns}) FROM STDIN") as copy:
        for part in _votes(size):
            copy.write("".join(f"{idea}\t{person}\t{stance}\t1\t{now}\t{nonce}\n" for idea, person, stance in part))


def _votes(size: Size) -> Iterator[list[tuple[int, int, str]]]:
    """Yield votes person by person, as they are cast; people lean in three ways."""
    chance = np.random.default_rng(1)
    cells = np.unique(chance.integers(0, size.people * size.ideas, int(1.1 * size.votes)))
    cells = np.sort(chance.choice(cells, size.votes, replace=False))
    people, ideas = np.divmod(cells, size.ideas)
    leaning = chance.standard_normal((LEANINGS, size.ideas))
    group = chance.integers(0, LEANINGS, size.people)
    sides = leaning[group[people], ideas] + chance.standard_normal(size.votes)
    stance = np.where(sides > 0.4, 0, np.where(sides < -0.6, 1, 2))
    names = [side.value for side in (Stance.AGREE, Stance.DISAGREE, Stance.UNSURE)]
    for start in range(0, size.votes, CHUNK):
        part = slice(start, start + CHUNK)
        named = (names[side] for side in stance[part].tolist())
        yield list(zip((ideas[part] + 1).tolist(), (people[part] + 1).tolist(), named, strict=True))


def _measure(url: str, data: Path) -> dict[str, float]:
    """Return what finding the groups took."""
    from participation.opinions.campaigns import read_moments
    from participation.opinions.grouping import MIN_VOTES, find_groups
    from participation.opinions.matrix import read_votes
    from participation.opinions.outcome import outcome
    from participation.opinions.robustness import robustness_of
    from participation.processes.queries import process_id_by_slug

    app = create_app({"DATABASE_URL": url, "SQLALCHEMY_DATABASE_URI": url, "DATA_DIR": data, "SECRET_KEY": SECRET})
    with app.app_context():
        session = db.session()
        process_id = process_id_by_slug(session, SLUG)
        assert process_id is not None
        times = [time.perf_counter()]
        import_module("scipy.sparse.linalg")
        import_module("sklearn.cluster")
        import_module("sklearn.metrics")
        times.append(time.perf_counter())
        before = time.process_time()
        votes = read_votes(session, process_id)
        times.append(time.perf_counter())
        grouping = find_groups(votes)
        times.append(time.perf_counter())
        result = outcome(votes, grouping)
        times.append(time.perf_counter())
        processor, megabytes = time.process_time() - before, peak_megabytes()
        moments = read_moments(session, process_id, votes)
        robustness_of(votes, moments, grouping, min_votes=MIN_VOTES, beat=lambda: None)
        times.append(time.perf_counter())
    loading, reading, grouping_, describing, robustness = (end - start for start, end in pairwise(times))
    return {
        "loading": loading,
        "processor": processor,
        "reading": reading,
        "grouping": grouping_,
        "describing": describing,
        "robustness": robustness,
        "megabytes": megabytes,
        "megabytes_in_all": peak_megabytes(),
        "groups": len(result.groups),
    }


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
