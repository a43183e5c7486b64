"""Opening and closing cases, in the transaction in which what they are about changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from participation.activity.service import record
from participation.cases.events import CaseOpened
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.kit.dialect import insert_new, locked

READING = frozenset({CaseKind.REVIEW, CaseKind.HINT})
"""Cases that are over when nobody needs to read a text any more."""


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """The contribution that a case is about, and the idea on whose page it stands."""

    process_id: int
    kind: SubjectKind
    id: int
    idea_id: int
    language: str


def open_case(
    session: Session,
    kind: CaseKind,
    subject: CaseSubject,
    *,
    due_at: datetime,
    now: datetime,
    urgent: bool = False,
    about_id: int = 0,
) -> Case:
    """Return the open case of this kind about ``subject``, made if there is none, locked until the transaction ends.

    One that is open already keeps its place and promise, is looked at anew, and becomes urgent if this one is.
    """
    session.flush()
    row = {
        "process_id": subject.process_id,
        "kind": kind,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "idea_id": subject.idea_id,
        "about_id": about_id,
        "language": subject.language,
        "urgent": urgent,
        "opened_at": now,
        "due_at": due_at,
        "place_at": due_at,
    }
    # Without naming a key: the unique index holds for open cases only.
    insert_new(session.connection(), Case, row, key=())
    about = (Case.kind == kind) & (Case.about_id == about_id) & Case.closed_at.is_(None)
    case = session.scalars(
        locked(
            select(Case).where(about, Case.subject_kind == subject.kind, Case.subject_id == subject.id)
        ).execution_options(populate_existing=True)
    ).one()
    case.group_id = case.group_id or case.id
    if case.decision_id is not None:
        # Its author was asked for another text, and here it is: it waits anew, and is promised anew.
        case.opened_at, case.due_at, case.place_at = now, due_at, due_at
        case.decision_id = case.escalated_at = None
    case.language = subject.language
    case.urgent = case.urgent or urgent
    case.resumes_at = case.looked_at = None
    record(session, CaseOpened(case.id), account_id=None, now=now)
    return case


def open_cases(
    session: Session, kind: CaseKind, subjects: Sequence[CaseSubject], *, due_at: datetime, now: datetime
) -> list[int]:
    """Open a case about each of many contributions that have none of this kind yet, and return their ids, in order."""
    if not subjects:
        return []
    rows = [
        {
            "process_id": subject.process_id,
            "kind": kind,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "idea_id": subject.idea_id,
            "language": subject.language,
            "opened_at": now,
            "due_at": due_at,
            "place_at": due_at,
        }
        for subject in subjects
    ]
    session.flush()
    ids = session.scalars(insert(Case).returning(Case.id, sort_by_parameter_order=True), rows).all()
    own = update(Case).where(Case.id.in_(ids)).values(group_id=Case.id)
    session.execute(own.execution_options(synchronize_session=False))
    for case_id in ids:
        record(session, CaseOpened(case_id), account_id=None, now=now)
    return list(ids)


def close_cases(
    session: Session,
    subject_kind: SubjectKind,
    subject_ids: Collection[int],
    *,
    kinds: Collection[CaseKind] = tuple(CaseKind),
    about_id: int | None = None,
    decision_id: int | None = None,
    now: datetime,
) -> list[int]:
    """Close the open cases of these kinds about some contributions and return their ids, in order.

    ``about_id`` leaves those alone that are about another appealed decision or message.
    """
    about = () if about_id is None else (Case.about_id == about_id,)
    closed = session.scalars(
        update(Case)
        .where(
            Case.subject_kind == subject_kind,
            Case.subject_id.in_(list(subject_ids)),
            Case.kind.in_(list(kinds)),
            Case.closed_at.is_(None),
            *about,
        )
        .values(closed_at=now, decision_id=decision_id, held_by=None, held_since=None, held_until=None)
        .returning(Case.id)
        .execution_options(synchronize_session="fetch")
    )
    return sorted(closed)
