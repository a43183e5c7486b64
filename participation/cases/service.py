"""Opening and closing cases, in the transaction in which what they are about changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
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
    case.language = subject.language
    case.urgent = case.urgent or urgent
    case.resumes_at = None
    record(session, CaseOpened(case.id), account_id=None, now=now)
    return case


def close_cases(
    session: Session,
    subject_kind: SubjectKind,
    subject_ids: Collection[int],
    *,
    kinds: Collection[CaseKind] = tuple(CaseKind),
    decision_id: int | None = None,
    now: datetime,
) -> list[int]:
    """Close the open cases of these kinds about some contributions and return their ids, in order."""
    closed = session.scalars(
        update(Case)
        .where(
            Case.subject_kind == subject_kind,
            Case.subject_id.in_(list(subject_ids)),
            Case.kind.in_(list(kinds)),
            Case.closed_at.is_(None),
        )
        .values(closed_at=now, decision_id=decision_id, held_by=None, held_until=None)
        .returning(Case.id)
        .execution_options(synchronize_session="fetch")
    )
    return sorted(closed)
