"""The public log of decisions: what, when, on what ground and how quickly; no text, no reason, nobody's name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.kit.db import read_rows
from participation.moderation.appeals.queries import decided_before
from participation.moderation.models import Appeal, AppealOutcome, Automation, Decision, DecisionKind

PAGE = 50
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One decision as everybody may know it.

    ``waited_seconds`` is how long the contribution had waited for it; ``has_appeal`` that its author objected, with the
    ``outcome`` once there is one. ``digest`` shows only to whoever has the decision's salt which text it was about.
    """

    number: int
    decided_at: datetime
    subject: SubjectKind
    kind: DecisionKind
    ground: str
    automation: Automation
    waited_seconds: int | None
    has_appeal: bool
    outcome: AppealOutcome | None
    digest: str


def log_lines(
    session: Session, process_id: int, *, settled_before: datetime, before: int | None = None, most: int = PAGE
) -> list[LogLine]:
    """Return up to ``most`` decisions of a process, the latest first, from behind the one with the number ``before``.

    Those that may still be taken back (later than ``settled_before``) or were taken back are left out. Raises
    ``Missing`` when ``before`` is none of them.
    """
    public = _public(process_id, settled_before)
    # Columns alone: neither texts nor reasons ever leave the database for it.
    statement = (
        select(
            Decision.id,
            Decision.decided_at,
            Decision.comment_id,
            Decision.addendum_id,
            Decision.kind,
            Decision.ground,
            Decision.automation,
            Decision.waited_seconds,
            Appeal.id.is_not(None),
            Appeal.outcome,
            Decision.content_digest,
        )
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(*public)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(most)
    )
    if before is not None:
        statement = statement.where(decided_before(session, before, *public))
    return [
        LogLine(number, decided_at, _subject(comment_id, addendum_id), *others)
        for number, decided_at, comment_id, addendum_id, *others in read_rows(session, statement)
    ]


def whole_log(session: Session, process_id: int, *, settled_before: datetime) -> Iterator[list[LogLine]]:
    """Yield all decisions of a process, the latest first, a thousand at a time."""
    before = None
    while lines := log_lines(session, process_id, settled_before=settled_before, before=before, most=AT_ONCE):
        # Whoever reads slowly must keep no transaction open; what is settled does not change in between.
        session.rollback()
        yield lines
        before = lines[-1].number


def _public(process_id: int, settled_before: datetime) -> tuple[ColumnElement[bool], ...]:
    return Decision.process_id == process_id, Decision.undone_at.is_(None), Decision.decided_at <= settled_before


def _subject(comment_id: int | None, addendum_id: int | None) -> SubjectKind:
    if comment_id is not None:
        return SubjectKind.COMMENT
    return SubjectKind.IDEA if addendum_id is None else SubjectKind.ADDENDUM
