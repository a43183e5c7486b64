"""Writing down a version of the living document whenever what it says has changed."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from participation.processes.service import touch
from participation.strategy.models import DocumentVersion, RevisionState, Statement, StatementRevision, StatementState


def note_version(session: Session, process_id: int, now: datetime) -> int | None:
    """Write a new version where what holds is not what the newest one says; return its number, or ``None``.

    Tells caches, too. To be called last in every transaction that signs off, withdraws or reorders statements. What
    was public before anybody had to sign is in no version until somebody does.
    """
    # Also a lock on the process: of two who sign at once the second one waits here, and then finds the first one's.
    touch(session, process_id)
    holds = [
        {"id": statement_id, "revision": revision}
        for statement_id, revision in session.execute(
            select(Statement.id, Statement.revision)
            .join(
                StatementRevision,
                and_(
                    StatementRevision.statement_id == Statement.id,
                    StatementRevision.revision == Statement.revision,
                    StatementRevision.state == RevisionState.SIGNED,
                ),
            )
            .where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
            .order_by(Statement.place, Statement.id)
        )
    ]
    last = session.scalar(
        select(DocumentVersion)
        .where(DocumentVersion.process_id == process_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    )
    content = {"statements": holds}
    if content == (last.content if last else {"statements": []}):
        return None
    number, made_at = (last.number + 1, max(now, last.made_at)) if last else (1, now)
    session.add(DocumentVersion(process_id=process_id, number=number, content=content, made_at=made_at))
    session.flush()
    return number
