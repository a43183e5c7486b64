"""Cases about texts that say nearly the same: found by their sketches, and put together in the queue."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, union_all, update
from sqlalchemy.orm import Session

from participation.cases.models import Case, CaseKind, SubjectKind
from participation.kit.db import read_rows
from participation.signals.findings import REPEATED_DAYS
from participation.signals.models import CaseSketch
from participation.signals.sketches import NEARLY, SIZE, likeness, sketch

NEWEST = 50
"""So many cases with the same hash are compared, the newest ones: a flood of one text must not slow the queue down."""
GROUPED = (CaseKind.REVIEW, CaseKind.HINT)


@dataclass(frozen=True, slots=True)
class Alike:
    """Another case whose text says nearly the same."""

    case_id: int
    key: tuple[SubjectKind, int]
    group_id: int
    place_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Likenesses:
    """The cases that are alike, the most similar first; with ``more`` there are others that were not compared."""

    cases: tuple[Alike, ...]
    more: bool


def find_alike(session: Session, case: Case, text: str, *, now: datetime) -> Likenesses:
    """Keep the sketch of what a case is about, and return the cases of the last days that say nearly the same."""
    hashes = sketch(text, case.language)
    known = frozenset(session.scalars(select(CaseSketch.hash).where(CaseSketch.case_id == case.id)))
    if hashes != known:
        session.execute(delete(CaseSketch).where(CaseSketch.case_id == case.id))
        rows = [{"case_id": case.id, "hash": one, "process_id": case.process_id} for one in sorted(hashes)]
        if rows:
            session.execute(insert(CaseSketch), rows)
    if not hashes:
        return Likenesses((), more=False)
    shared, more = _sharing(session, case, hashes)
    fewest = ceil(NEARLY * len(hashes))
    candidates = [case_id for case_id, count in shared.most_common() if count >= fewest][:NEWEST]
    if not candidates:
        return Likenesses((), more=False)
    return Likenesses(_compared(session, case, hashes, candidates, now), more=more)


def place(session: Session, case: Case, alike: Likenesses) -> None:
    """Put a case where the first of those stands that say nearly the same; alone where there are none."""
    if case.kind not in GROUPED:
        return
    waiting = next((one for one in alike.cases if one.is_open), None)
    if waiting is not None and waiting.group_id == case.group_id:
        return
    _leave(session, case)
    case.group_id, case.place_at = case.id, case.due_at
    if waiting is None:
        return
    case.group_id, case.place_at = waiting.group_id, min(waiting.place_at, case.due_at)
    if case.place_at < waiting.place_at:
        together = (Case.group_id == waiting.group_id) & Case.closed_at.is_(None)
        session.execute(update(Case).where(together).values(place_at=case.place_at))


def _sharing(session: Session, case: Case, hashes: frozenset[int]) -> tuple[Counter[int], bool]:
    """Return how many hashes other cases share with this one, and whether some hash has more cases than are read."""
    values = {f"hash_{number}": one for number, one in enumerate(sorted(hashes))}
    here = {"in_process": case.process_id, "this_case": case.id}
    shared: Counter[int] = Counter(dict(read_rows(session, _newest(len(hashes)), values | here).all()))
    return shared, len(shared) >= NEWEST


@lru_cache(maxsize=SIZE)
def _newest(hashes: int) -> Any:
    """Return the statement that counts which other cases have which of so many hashes; it takes a while to make."""
    newest = (
        select(CaseSketch.case_id)
        .where(
            CaseSketch.process_id == bindparam("in_process"),
            CaseSketch.hash == bindparam(f"hash_{number}"),
            CaseSketch.case_id != bindparam("this_case"),
        )
        .order_by(CaseSketch.case_id.desc())
        .limit(NEWEST)
        .subquery()
        for number in range(hashes)
    )
    every = union_all(*(select(part.c.case_id) for part in newest)).subquery()
    return select(every.c.case_id, func.count()).group_by(every.c.case_id)


def _compared(
    session: Session, case: Case, hashes: frozenset[int], candidates: list[int], now: datetime
) -> tuple[Alike, ...]:
    sketches: dict[int, set[int]] = {}
    for case_id, one in session.execute(
        select(CaseSketch.case_id, CaseSketch.hash).where(CaseSketch.case_id.in_(candidates))
    ):
        sketches.setdefault(case_id, set()).add(one)
    degrees = {case_id: likeness(hashes, sketches.get(case_id, ())) for case_id in candidates}
    near = [case_id for case_id in candidates if degrees[case_id] >= NEARLY]
    rows = session.execute(
        select(Case.id, Case.subject_kind, Case.subject_id, Case.group_id, Case.place_at, Case.closed_at).where(
            Case.id.in_(near), Case.opened_at > now - timedelta(days=REPEATED_DAYS)
        )
    )
    # One contribution can have had several cases, this one too.
    others = [
        Alike(row.id, (row.subject_kind, row.subject_id), row.group_id, row.place_at, row.closed_at is None)
        for row in rows
        if (row.subject_kind, row.subject_id) != (case.subject_kind, case.subject_id)
    ]
    return tuple(sorted(others, key=lambda one: (-degrees[one.case_id], one.case_id)))


def _leave(session: Session, case: Case) -> None:
    """Let those that stand with a case stand together without it."""
    others = session.scalars(
        select(Case.id).where(Case.group_id == case.id, Case.id != case.id).order_by(Case.id)
    ).all()
    if others:
        session.execute(update(Case).where(Case.id.in_(others)).values(group_id=others[0]))


def forget_sketches(session: Session, *, before: datetime, most: int) -> int:
    """Delete sketches of cases that were closed before a moment, of ``most`` cases at a time; return of how many."""
    old = (
        select(CaseSketch.case_id)
        .join(Case, Case.id == CaseSketch.case_id)
        .where(Case.closed_at < before)
        .distinct()
        .limit(most)
    )
    ids = session.scalars(old).all()
    session.execute(delete(CaseSketch).where(CaseSketch.case_id.in_(ids)))
    return len(ids)
