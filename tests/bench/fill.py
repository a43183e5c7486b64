"""Filling a database with a process of a given size, the same every time, by bulk inserts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import Connection, case, create_engine, event, func, insert, select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.app import create_app
from participation.commands.processes import ADVICE, BUNDLED, LICENCE, NEXT_STEP
from participation.comments.models import Comment, CommentState
from participation.curation.models import Cluster, Filing
from participation.ideas import rotation
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState, Standing
from participation.ideas.search import index_ideas, to_index
from participation.ideas.standing import agreement, contested
from participation.insights.jobs import put_figures
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.principles.queries import districts_of, fields_of, principles_of
from participation.principles.service import import_framework, read_catalogue
from participation.processes.models import Capability, Participant, PhaseKind, ProcessState
from participation.processes.service import PhaseDraft, ProcessDraft, create_process, set_phases
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.voting.models import Stance, Tally, Vote
from tests.bench.words import prose, title

SLUG = "messung"
SECRET = "only-for-measuring-" + "0123456789" * 4
COMMENTS_PER_IDEA = 10
VOTES_PER_IDEA = 100
FEWEST_VOTES = 20
MOST_COMMENTS = 60
TALKED_ABOUT, LOUD_COMMENTS = 1, 2000
QUIET, QUIET_COMMENTS = 2, 20
CLUSTERS = 12
STATEMENTS = 6
BATCH = 20_000
# So many ideas have it, whatever the size.
RARE_WORD = "Wasserspielplatz"
RARE_IDEAS = 5
INDEX_BATCH = 500
# Losing a half-filled database costs nothing.
CARELESS = ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY")
OPEN = frozenset({Capability.PROPOSE, Capability.COMMENT, Capability.VOTE})
STANCES = (*[Stance.AGREE] * 6, *[Stance.DISAGREE] * 3, Stance.UNSURE)

Row = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """A database and what is in it."""

    path: Path
    ideas: int
    comments: int
    votes: int

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"


@dataclass(frozen=True)
class _Process:
    """Ids that the rows of a process point to."""

    id: int
    principles: tuple[int, ...]
    districts: tuple[int, ...]
    fields: tuple[int, ...]


def fill(folder: Path, ideas: int) -> Filled:
    """Return a new database below ``folder`` with ``ideas`` ideas and comments and votes in proportion."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{ideas}.sqlite"
    app = create_app({"DATABASE_URL": f"sqlite:///{path}", "DATA_DIR": folder / "build", "SECRET_KEY": SECRET})
    now = datetime.now(UTC).replace(microsecond=0)
    with app.app_context():
        upgrade()
        with transaction() as session:
            process = _create_process(session, now)
        db.engine.dispose()
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _careless)
    with engine.begin() as connection:
        _insert_all(connection, process, ideas, now)
        comments, votes = (connection.scalar(select(func.count()).select_from(table)) or 0 for table in (Comment, Vote))
    with Session(engine) as session:
        _index(session)
        put_figures(session, process.id, zone=clock.zone("Europe/Berlin"), now=now)
        session.commit()
    engine.dispose()
    return Filled(path, ideas, comments, votes)


def _create_process(session: Session, now: datetime) -> _Process:
    framework = import_framework(session, SYSTEM, catalogue=read_catalogue(BUNDLED))
    draft = ProcessDraft(
        slug=SLUG,
        title={"de": "Digitalstrategie", "en": "Digital strategy"},
        question={"de": "Was soll die Stadt digital besser machen?", "en": "What should the city do better digitally?"},
        summary={"de": "Vorschlagen, abstimmen, mitreden.", "en": "Propose, vote, discuss."},
        advice=ADVICE,
        next_step=NEXT_STEP,
        licence=LICENCE,
        state=ProcessState.PUBLISHED,
        hides_results=False,
    )
    process = create_process(session, SYSTEM, framework_id=framework.id, draft=draft, now=now)
    phases = [
        _phase(PhaseKind.PROPOSE, "Vorschlagen und abstimmen", now - timedelta(days=200), 230, OPEN),
        _phase(PhaseKind.EVALUATE, "Auswerten", now + timedelta(days=30), 60, frozenset()),
        _phase(PhaseKind.RESULTS, "Ergebnis", now + timedelta(days=90), 60, frozenset()),
    ]
    set_phases(session, SYSTEM, process_id=process.id, phases=phases, now=now)
    return _Process(
        process.id,
        tuple(entry.id for entry in principles_of(session, framework.id)),
        tuple(entry.id for entry in districts_of(session, framework.id)),
        tuple(entry.id for entry in fields_of(session, framework.id)),
    )


def _phase(kind: PhaseKind, name: str, start: datetime, days: int, allows: frozenset[Capability]) -> PhaseDraft:
    texts = {"de": name, "en": name}
    return PhaseDraft(kind, texts, texts, start, start + timedelta(days=days), allows, review_first=False)


def _careless(connection: Any, _record: object) -> None:
    # The product sets the file back to WAL when it opens it.
    for pragma in CARELESS:
        connection.execute(f"PRAGMA {pragma}")


def _insert_all(connection: Connection, process: _Process, ideas: int, now: datetime) -> None:
    people = max(ideas, 4 * VOTES_PER_IDEA)
    _send(connection, Participant, _participants(process.id, people, now))
    _send(connection, Idea, _ideas(process, ideas, people, now))
    _send(connection, IdeaPrinciple, _tags(process, ideas))
    _send(connection, Comment, _comments(process.id, ideas, people, now))
    _send(connection, Vote, _votes(ideas, people, now))
    _count_votes(connection)
    _send(connection, Standing, _standings(connection, process.id))
    _send(connection, Cluster, _clusters(process.id, now))
    _send(connection, Filing, _filings(ideas, now))
    _send(connection, Statement, _statements(process.id, now))
    _send(connection, StatementSource, ({"statement_id": 1 + n // 2, "cluster_id": 1 + n} for n in range(CLUSTERS)))


def _index(session: Session) -> None:
    ids = to_index(session, after=0, most=INDEX_BATCH)
    while ids:
        index_ideas(session, ids)
        ids = to_index(session, after=ids[-1], most=INDEX_BATCH)


def _send(connection: Connection, table: Any, rows: Iterable[Row]) -> None:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        connection.execute(insert(table), batch)


def _participants(process_id: int, people: int, now: datetime) -> Iterator[Row]:
    joined = now - timedelta(days=200)
    for number in range(1, people + 1):
        yield {
            "id": number,
            "process_id": process_id,
            "pseudonym": f"Lindenotter {number}",
            "external_key": f"p{number}",
            "joined_at": joined,
        }


def _moment(number: int, ideas: int, now: datetime) -> datetime:
    """Return when the idea ``number`` came in: spread over 180 days in the order of the ids."""
    return now - timedelta(seconds=int((ideas - number + 1) * 180 * 86400 / ideas))


def _ideas(process: _Process, ideas: int, people: int, now: datetime) -> Iterator[Row]:
    chance = Random(1)
    rare = set(range(ideas, 0, -max(ideas // RARE_IDEAS, 1)))
    for number in range(1, ideas + 1):
        moment = _moment(number, ideas, now)
        yield {
            "id": number,
            "process_id": process.id,
            "participant_id": chance.randint(1, people),
            "state": IdeaState.PUBLISHED,
            "source": IdeaSource.ONLINE,
            "title": title(chance)[:140],
            "text": prose(chance, typical=420, longest=4000) + (f" {RARE_WORD}!" if number in rare else ""),
            "language": "de" if chance.random() < 0.93 else "tr",
            "revision": 1,
            "district_id": chance.choice(process.districts) if chance.random() < 0.7 else None,
            "field_id": chance.choice(process.fields) if chance.random() < 0.7 else None,
            "submitted_at": moment,
            "published_at": moment,
        }


def _tags(process: _Process, ideas: int) -> Iterator[Row]:
    chance = Random(2)
    for number in range(1, ideas + 1):
        for principle_id in chance.sample(process.principles, chance.choice((0, 1, 1, 1, 2, 2, 3))):
            yield {"idea_id": number, "principle_id": principle_id}


def _comments(process_id: int, ideas: int, people: int, now: datetime) -> Iterator[Row]:
    """Yield comments: many ideas have few, few have many; a third of them answers another one."""
    chance = Random(3)
    drawn = [min(int(chance.expovariate(1 / COMMENTS_PER_IDEA)), MOST_COMMENTS) for _ in range(ideas)]
    counts = _exactly(ideas * COMMENTS_PER_IDEA, drawn)
    # Two ideas whatever the size: one that everybody talks about, and one with as many comments as fit on a page.
    counts[TALKED_ABOUT - 1], counts[QUIET - 1] = LOUD_COMMENTS, QUIET_COMMENTS
    number = 0
    for idea_id, count in enumerate(counts, start=1):
        threads: list[int] = []
        for _ in range(count):
            number += 1
            thread = chance.choice(threads) if threads and chance.random() < 0.35 else None
            if thread is None:
                threads.append(number)
            moment = _moment(idea_id, ideas, now) + timedelta(minutes=number % 4000)
            yield {
                "id": number,
                "process_id": process_id,
                "idea_id": idea_id,
                "participant_id": chance.randint(1, people),
                "parent_id": thread,
                "thread_id": thread or number,
                "state": CommentState.PUBLISHED,
                "text": prose(chance, typical=150, longest=1500),
                "language": "de",
                "submitted_at": moment,
                "published_at": moment,
            }


def _votes(ideas: int, people: int, now: datetime) -> Iterator[Row]:
    """Yield votes, each on one idea by another person."""
    chance = Random(4)
    drawn = [chance.randint(FEWEST_VOTES, 2 * VOTES_PER_IDEA - FEWEST_VOTES) for _ in range(ideas)]
    for idea_id, count in enumerate(_exactly(ideas * VOTES_PER_IDEA, drawn), start=1):
        first, step = chance.randrange(people), chance.choice((1, 3, 7))
        moment = _moment(idea_id, ideas, now)
        leaning = chance.random()
        for place in range(count):
            yield {
                "idea_id": idea_id,
                "participant_id": 1 + (first + place * step) % people,
                "stance": Stance.AGREE if chance.random() < leaning / 2 else chance.choice(STANCES),
                "revision": 1,
                "cast_at": moment,
            }


def _exactly(total: int, drawn: list[int]) -> list[int]:
    """Return the counts with as many ones added or taken away, evenly, that they sum up to ``total``."""
    missing = total - sum(drawn)
    places = cycle(range(len(drawn)))
    while missing:
        place, step = next(places), 1 if missing > 0 else -1
        if drawn[place] + step >= 0:
            drawn[place] += step
            missing -= step
    return drawn


def _count_votes(connection: Connection) -> None:
    counted = [func.sum(case((Vote.stance == stance, 1), else_=0)) for stance in Stance]
    counts = select(Vote.idea_id, *counted).group_by(Vote.idea_id)
    connection.execute(insert(Tally).from_select(["idea_id", *(stance.value for stance in Stance)], counts))


def _standings(connection: Connection, process_id: int) -> Iterator[Row]:
    """Yield where each idea stands: in places drawn by lot, and by the votes and comments that are there."""
    comments = select(Comment.idea_id, func.count().label("comments")).group_by(Comment.idea_id).subquery()
    rows = connection.execute(
        select(Tally.idea_id, Tally.agree, Tally.disagree, func.coalesce(comments.c.comments, 0))
        .outerjoin(comments, comments.c.idea_id == Tally.idea_id)
        .order_by(Tally.idea_id)
    ).all()
    for rank, place_ in enumerate(rotation.drawn_order("bench", list(range(len(rows))))):
        idea_id, agree, disagree, count = rows[place_]
        yield {
            "idea_id": idea_id,
            "process_id": process_id,
            "rotation": rotation.place(rank, len(rows)),
            "agreement": agreement(agree, disagree),
            "contested": contested(agree, disagree),
            "comments": count,
        }


def _clusters(process_id: int, now: datetime) -> Iterator[Row]:
    for number in range(1, CLUSTERS + 1):
        yield {
            "id": number,
            "process_id": process_id,
            "position": number,
            "title": {"de": f"Thema {number}", "en": f"Theme {number}"},
            "description": {"de": "Was zusammengehört.", "en": "What belongs together."},
            "created_at": now,
        }


def _filings(ideas: int, now: datetime) -> Iterator[Row]:
    chance = Random(5)
    for number in range(1, ideas + 1):
        if chance.random() < 0.6:
            yield {"cluster_id": chance.randint(1, CLUSTERS), "idea_id": number, "reason": "", "filed_at": now}


def _statements(process_id: int, now: datetime) -> Iterator[Row]:
    chance = Random(6)
    for number in range(1, STATEMENTS + 1):
        yield {
            "id": number,
            "process_id": process_id,
            "position": number,
            "state": StatementState.PUBLISHED,
            "text": {"de": prose(chance, typical=200, longest=400)},
            "reasoning": {"de": prose(chance, typical=400, longest=900)},
            "written_at": now,
            "published_at": now,
        }
