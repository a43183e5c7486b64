"""Reading versions of the living document: which statements held in which wording, and what was last read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.strategy.models import (
    DocumentVersion,
    LastSeen,
    RevisionState,
    SignOff,
    Statement,
    StatementRevision,
    StatementState,
)


@dataclass(frozen=True, slots=True)
class Ref:
    """A statement in the wording of one revision."""

    id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version: the statements that held, in order. Number 0 is before the first one, with nothing in it."""

    number: int
    made_at: datetime | None
    refs: tuple[Ref, ...]


BEFORE_THE_FIRST = Version(0, None, ())


@dataclass(frozen=True, slots=True)
class Signed:
    """A revision of a statement that was signed off, with what it says, and the figures as they were then.

    ``number`` is the one by which the statement is quoted; everything from ``state`` on is about it as it is now.
    """

    ref: Ref
    number: int
    text: Translated
    reasoning: Translated
    department: str
    principles: tuple[int, ...]
    fields: tuple[int, ...]
    clusters: tuple[int, ...]
    quotes: int
    figures: dict[str, Any]
    signed_at: datetime | None
    state: StatementState
    withdrawn_at: datetime | None
    withdrawn_for: Translated
    is_reopened: bool


@dataclass(frozen=True, slots=True)
class OrderedStatement:
    """A statement in the list that is brought into order."""

    id: int
    number: int
    text: Translated
    state: StatementState


def newest_number(session: Session, process_id: int) -> int:
    """Return the number of the newest version, 0 where there is none."""
    statement = select(func.max(DocumentVersion.number)).where(DocumentVersion.process_id == process_id)
    return session.scalar(statement) or 0


def version_numbered(session: Session, process_id: int, number: int) -> Version:
    """Return a version, number 0 being before the first; raises ``Missing``."""
    if not number:
        return BEFORE_THE_FIRST
    row = session.scalar(
        select(DocumentVersion).where(DocumentVersion.process_id == process_id, DocumentVersion.number == number)
    )
    return _version(found(row))


def latest_versions(session: Session, process_id: int, *, before: int | None, most: int) -> list[Version]:
    """Return the latest versions, or those before one, the newest first."""
    statement = select(DocumentVersion).where(DocumentVersion.process_id == process_id)
    if before is not None:
        statement = statement.where(DocumentVersion.number < before)
    return [_version(row) for row in session.scalars(statement.order_by(DocumentVersion.number.desc()).limit(most))]


def signed_revisions(session: Session, refs: Iterable[Ref]) -> dict[Ref, Signed]:
    """Return what signed revisions say, by statement and revision."""
    wanted = set(refs)
    if not wanted:
        return {}
    # All the revisions of these statements that any of the refs could mean; the rest is left out below.
    numbers: dict[int, list[int]] = {}
    for ref in wanted:
        numbers.setdefault(ref.revision, []).append(ref.id)
    statement = (
        select(StatementRevision, Statement, SignOff.signed_at)
        .join(Statement, Statement.id == StatementRevision.statement_id)
        .outerjoin(
            SignOff,
            and_(
                SignOff.statement_id == StatementRevision.statement_id, SignOff.revision == StatementRevision.revision
            ),
        )
        .where(
            StatementRevision.state == RevisionState.SIGNED,
            or_(
                *(
                    and_(StatementRevision.revision == revision, StatementRevision.statement_id.in_(ids))
                    for revision, ids in sorted(numbers.items())
                )
            ),
        )
    )
    return {
        (ref := Ref(row.statement_id, row.revision)): _signed(ref, row, about, signed_at)
        for row, about, signed_at in session.execute(statement)
    }


def last_seen(session: Session, actor: Actor, process_id: int) -> tuple[int, datetime] | None:
    """Return which version ``actor`` has read last, and when; ``None`` where nothing is known about that."""
    if actor.account_id is None:
        return None
    row = session.get(LastSeen, (actor.account_id, process_id))
    return (row.number, row.seen_at) if row else None


def unsigned_count(session: Session, process_id: int) -> int:
    """Return how many public statements nobody has signed off: those from before that was asked for."""
    signed = select(SignOff.statement_id).where(SignOff.statement_id == Statement.id).exists()
    statement = select(func.count()).select_from(Statement)
    return (
        session.scalar(
            statement.where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED, ~signed)
        )
        or 0
    )


def statements_in_order(session: Session, process_id: int) -> tuple[OrderedStatement, ...]:
    """Return the statements of a process as they stand in the document, drafts too."""
    rows = session.scalars(
        select(Statement)
        .where(Statement.process_id == process_id, Statement.state != StatementState.WITHDRAWN)
        .order_by(Statement.place, Statement.id)
    )
    return tuple(OrderedStatement(row.id, row.position, row.text, row.state) for row in rows)


def _version(row: DocumentVersion) -> Version:
    refs = tuple(Ref(entry["id"], entry["revision"]) for entry in row.content["statements"])
    return Version(row.number, row.made_at, refs)


def _signed(ref: Ref, row: StatementRevision, about: Statement, signed_at: datetime | None) -> Signed:
    content = row.content
    return Signed(
        ref=ref,
        number=about.position,
        text=content["text"],
        reasoning=content["reasoning"],
        department=content["department"],
        principles=tuple(content["principles"]),
        fields=tuple(content["fields"]),
        clusters=tuple(content["clusters"]),
        quotes=len(content["quotes"]),
        figures=row.basis.get("figures", {}),
        signed_at=signed_at,
        state=about.state,
        withdrawn_at=about.withdrawn_at,
        withdrawn_for=about.withdrawn_for,
        is_reopened=about.reopened_at is not None,
    )
