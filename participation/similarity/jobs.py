"""What the worker does so that similar ideas are found: vectors and neighbours of new, changed and imported ideas."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from participation.activity.models import Job, JobState
from participation.activity.service import enqueue
from participation.activity.worker import Progress
from participation.ideas.models import Idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.processes.models import Process
from participation.similarity.memory import memories
from participation.similarity.models import IdeaVector, Neighbourhood
from participation.similarity.queries import by_meaning, candidates
from participation.similarity.service import MOST_NEIGHBOURS, Found, MadeVector, Neighbour, put_neighbours, put_vectors
from participation.similarity.snapshot import Snapshot
from participation.similarity.words import bag_of, shared_words
from participation.texts.vectors import Encoder, encoder, pack

SIMILARITY_JOB = "similarity"
WORDS_ONLY = "stems"
VERSION = 1
"""Raised whenever other ideas would be found, so that everything is worked out again."""
VECTORS_AT_ONCE = 25
NEIGHBOURS_AT_ONCE = 50

Report = Callable[[int], None]


def look_at_idea(event: Any) -> None:
    """Make the vector of an idea that is new or has changed, and find its neighbours; both only where missing."""
    process_id = db.session.scalar(select(Idea.process_id).where(Idea.id == event.idea_id))
    db.session.rollback()
    if process_id is not None:
        _fill(process_id, Idea.id == event.idea_id, lambda _done: None)


def look_at_import(event: Any) -> None:
    """Queue the long job for a process that ideas were imported into."""
    with transaction() as session:
        queue_similarity(session, event.process_id)


def run_similarity(payload: dict[str, Any], progress: Progress) -> None:
    """Make what is missing in a process, until nothing is: an import may still be running."""
    fill_process(int(payload["process_id"]), progress)


def queue_missing(beat: Callable[[], None]) -> None:
    """Queue the long job for every process in which something is missing, whatever the reason."""
    for process_id in db.session.scalars(select(Process.id).order_by(Process.id)).all():
        beat()
        complete = _is_complete(process_id)
        db.session.rollback()
        if not complete:
            with transaction() as session:
                queue_similarity(session, process_id)


def queue_similarity(session: Session, process_id: int) -> None:
    """Queue the long job for a process, unless it is waiting already."""
    waiting = select(Job.payload).where(Job.kind == SIMILARITY_JOB, Job.state == JobState.WAITING, Job.attempts == 0)
    if {"process_id": process_id} not in session.scalars(waiting).all():
        enqueue(session, SIMILARITY_JOB, {"process_id": process_id}, now=clock.now())


def fill_process(process_id: int, report: Report) -> int:
    """Make the vectors and neighbours that are missing in a process and return for how many ideas.

    ``report`` is told again and again how many are done. Needs an application context.
    """
    return _fill(process_id, Idea.process_id == process_id, report)


def fill_vectors(process_id: int, report: Report) -> int:
    """Make the vectors that are missing in a process and return how many; none without the encoder.

    ``report`` is told again and again how many are done. Needs an application context.
    """
    used, done = encoder(), 0
    while used and (made := _make_vectors(process_id, Idea.process_id == process_id, used)):
        report(done := done + made)
    return done


def method_now() -> str:
    """Return what neighbours are kept under: those found by another method are worked out again."""
    used = encoder()
    return f"{used.method if used else WORDS_ONLY}, {VERSION}"


def _fill(process_id: int, which: ColumnElement[bool], report: Report) -> int:
    used, done = encoder(), 0
    # All vectors come first: neighbours found without them would be the wrong ones.
    while used and (made := _make_vectors(process_id, which, used)):
        report(done := done + made)
    vectors, done = done, 0
    while found := _find_neighbours(process_id, which):
        report(vectors + (done := done + found))
    return max(vectors, done)


def _make_vectors(process_id: int, which: ColumnElement[bool], used: Encoder) -> int:
    session = db.session()
    ideas = session.execute(_without_vector(which, used.method).limit(VECTORS_AT_ONCE)).all()
    session.rollback()
    if not ideas:
        return 0
    vectors = [MadeVector(idea.id, idea.revision, pack(used.encode(idea.title, idea.text))) for idea in ideas]
    with transaction() as writing:
        put_vectors(writing, process_id, vectors, method=used.method, now=clock.now())
    return len(ideas)


def _find_neighbours(process_id: int, which: ColumnElement[bool]) -> int:
    session, method = db.session(), method_now()
    ideas = session.execute(_without_neighbours(which, method).limit(NEIGHBOURS_AT_ONCE)).all()
    if not ideas:
        session.rollback()
        return 0
    snapshot = memories.of(session, process_id).snapshot_at_last()
    found = [_found(session, snapshot, idea) for idea in ideas]
    session.rollback()
    with transaction() as writing:
        put_neighbours(writing, process_id, found, method=method, now=clock.now())
    return len(ideas)


def _found(session: Session, snapshot: Snapshot, idea: Any) -> Found:
    """Return the neighbours of an idea, seen from both sides."""
    bag = bag_of(idea.title, idea.text, idea.language)
    near = candidates(snapshot, bag, snapshot.vector(idea.id), most=MOST_NEIGHBOURS, without={idea.id})
    texts = {
        row.id: row
        for row in session.execute(
            select(Idea.id, Idea.title, Idea.text, Idea.language, Idea.revision).where(
                Idea.id.in_([one.idea_id for one in near])
            )
        )
    }
    neighbours: list[Neighbour] = []
    back: list[Neighbour] = []
    for one in near:
        other = texts.get(one.idea_id)
        if other is None or other.revision != one.revision:
            continue
        other_bag = bag_of(other.title, other.text, other.language)
        for place, shown, wanted in ((neighbours, other, bag), (back, idea, other_bag)):
            words = shared_words(shown.title, shown.text, shown.language, wanted, snapshot.weight)
            place.append(Neighbour(shown.id, shown.revision, one.score, by_meaning(one, words), words))
    return Found(idea.id, idea.revision, tuple(neighbours), tuple(back))


def _is_complete(process_id: int) -> bool:
    used, which = encoder(), Idea.process_id == process_id
    if used and db.session.execute(_without_vector(which, used.method).limit(1)).first():
        return False
    return db.session.execute(_without_neighbours(which, method_now()).limit(1)).first() is None


def _without_vector(which: ColumnElement[bool], method: str) -> Select[int, int, str, str]:
    made = aliased(IdeaVector)
    return (
        select(Idea.id, Idea.revision, Idea.title, Idea.text)
        .outerjoin(made, and_(made.idea_id == Idea.id, made.method == method, made.revision == Idea.revision))
        .where(which, made.id.is_(None))
        .order_by(Idea.id)
    )


def _without_neighbours(which: ColumnElement[bool], method: str) -> Select[int, int, str, str, str]:
    made = aliased(Neighbourhood)
    return (
        select(Idea.id, Idea.revision, Idea.title, Idea.text, Idea.language)
        .outerjoin(made, made.idea_id == Idea.id)
        .where(which, or_(made.idea_id.is_(None), made.revision != Idea.revision, made.method != method))
        .order_by(Idea.id)
    )
