"""Telling the team of statements: what waits to be signed off, what came back, and what has to be signed off anew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.processes.models import RoleGrant
from participation.strategy.events import StatementReopened, StatementSentBack, StatementSigned, StatementSubmitted
from participation.strategy.models import SignOff, Statement, StatementRevision
from participation.strategy.statements.revisions import last_signed, writers_of


def of_submission(event: StatementSubmitted) -> None:
    """Tell those who may sign a statement off; where nobody else is in the team, the admins."""
    with transaction() as session:
        revision = _revision(session, event.statement_id, event.revision)
        statement = session.get(Statement, event.statement_id)
        if revision is None or statement is None:
            return
        writers = writers_of(session, statement, last_signed(session, statement.id))
        team = _holders(session, statement.process_id, Role.MODERATOR, Role.STAFF) - writers
        signers = team or _holders(session, statement.process_id, Role.ADMIN) - writers
        _tell(session, signers, EntryKind.SIGN_OFF, revision.id, statement.process_id)


def of_outcome(event: StatementSentBack | StatementSigned) -> None:
    """Tell whoever wrote and submitted a revision that it came back, or that it was signed off."""
    with transaction() as session:
        revision = _revision(session, event.statement_id, event.revision)
        statement = session.get(Statement, event.statement_id)
        if revision is None or statement is None:
            return
        people = {revision.written_by, revision.submitted_by} - {revision.sent_back_by, None}
        _tell(session, people, EntryKind.SIGN_OFF, revision.id, statement.process_id)


def of_loss(event: StatementReopened) -> None:
    """Tell whoever wrote, submitted and signed a statement that it lost a source since."""
    with transaction() as session:
        statement = session.get(Statement, event.statement_id)
        latest = select(SignOff).where(SignOff.statement_id == event.statement_id).order_by(SignOff.id.desc()).limit(1)
        signed = session.scalar(latest)
        if statement is None or signed is None or signed.reopened_at is None:
            return
        revision = _revision(session, statement.id, signed.revision)
        people = {signed.signed_by}
        if revision is not None:
            people |= {revision.written_by, revision.submitted_by}
        _tell(session, people, EntryKind.REOPENED, signed.id, statement.process_id)


def _revision(session: Session, statement_id: int, number: int) -> StatementRevision | None:
    return session.scalar(
        select(StatementRevision).where(
            StatementRevision.statement_id == statement_id, StatementRevision.revision == number
        )
    )


def _holders(session: Session, process_id: int, *roles: Role) -> set[int]:
    here = RoleGrant.process_id.is_(None) | (RoleGrant.process_id == process_id)
    held = select(RoleGrant.account_id).where(RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None), here)
    return set(session.scalars(held))


def _tell(
    session: Session, people: set[int] | set[int | None], kind: EntryKind, subject_id: int, process_id: int
) -> None:
    accounts = sorted(account_id for account_id in people if account_id is not None)
    if accounts:
        tell(session, accounts, kind, subject_id, process_id=process_id, now=clock.now())
