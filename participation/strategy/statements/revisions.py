"""Finding the revisions of a statement: the latest, the last that was signed, and who wrote what is not signed yet."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.processes.models import RoleGrant
from participation.strategy.models import RevisionState, Statement, StatementRevision
from participation.strategy.statements.content import Content, content_from, content_in_force
from participation.strategy.statements.policies import Waiting


def latest_revision(session: Session, statement_id: int) -> StatementRevision | None:
    """Return the revision with the highest number; statements from before there were any have none."""
    own = StatementRevision.statement_id == statement_id
    return session.scalar(select(StatementRevision).where(own).order_by(StatementRevision.revision.desc()).limit(1))


def latest_and_signed(session: Session, statement_id: int) -> tuple[StatementRevision | None, StatementRevision | None]:
    """Return the revision with the highest number and the one that was signed off last, read together."""
    own = StatementRevision.statement_id == statement_id
    latest = select(func.max(StatementRevision.revision)).where(own)
    signed = latest.where(StatementRevision.state == RevisionState.SIGNED)
    wanted = StatementRevision.revision.in_([latest.scalar_subquery(), signed.scalar_subquery()])
    rows = session.scalars(select(StatementRevision).where(own, wanted).order_by(StatementRevision.revision)).all()
    return (rows[-1] if rows else None), (rows[0] if rows and rows[0].state is RevisionState.SIGNED else None)


def last_signed(session: Session, statement_id: int) -> StatementRevision | None:
    """Return the revision that was signed off last."""
    return session.scalar(
        select(StatementRevision)
        .where(StatementRevision.statement_id == statement_id, StatementRevision.state == RevisionState.SIGNED)
        .order_by(StatementRevision.revision.desc())
        .limit(1)
    )


def working_content(session: Session, statement: Statement, latest: StatementRevision | None) -> Content:
    """Return what the writers of a statement work on: its latest revision, or what holds where there is none."""
    return content_from(latest.content) if latest else content_in_force(session, statement)


def writers_of(session: Session, statement: Statement, signed: StatementRevision | None) -> frozenset[int]:
    """Return the accounts that wrote or submitted anything since the revision ``signed``, the last signed one."""
    rows = session.execute(
        select(StatementRevision.written_by, StatementRevision.submitted_by).where(
            StatementRevision.statement_id == statement.id,
            StatementRevision.revision > (signed.revision if signed else 0),
        )
    )
    people = {account for row in rows for account in row}
    if signed is None:
        people.add(statement.written_by)
    return frozenset(account for account in people if account is not None)


def waiting_of(
    session: Session, statement: Statement, latest: StatementRevision | None, signed: StatementRevision | None
) -> Waiting:
    """Return what the rules about the latest revision of a statement rest on."""
    writers = writers_of(session, statement, signed)
    return Waiting(
        process_id=statement.process_id,
        statement=statement.state,
        revision=latest.state if latest else RevisionState.WORKING,
        writers=writers,
        others=_team_besides(session, statement.process_id, writers),
        is_reopened=statement.reopened_at is not None,
    )


def _team_besides(session: Session, process_id: int, accounts: Iterable[int]) -> int:
    """Return how many people moderate a process or work there as staff, besides these."""
    return (
        session.scalar(
            select(func.count(RoleGrant.account_id.distinct())).where(
                RoleGrant.role.in_([Role.MODERATOR, Role.STAFF]),
                or_(RoleGrant.process_id.is_(None), RoleGrant.process_id == process_id),
                RoleGrant.ended_at.is_(None),
                RoleGrant.account_id.not_in(list(accounts)),
            )
        )
        or 0
    )
