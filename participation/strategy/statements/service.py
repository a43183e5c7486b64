"""Writing statements, submitting them, sending them back, signing them off and withdrawing them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.processes.models import Process
from participation.processes.service import take_back
from participation.strategy.assessing.queries import what_is_said
from participation.strategy.document.versions import note_version
from participation.strategy.events import (
    StatementSentBack,
    StatementSigned,
    StatementSubmitted,
    StatementWithdrawn,
    StatementWritten,
)
from participation.strategy.models import (
    LostSource,
    RevisionState,
    SignOff,
    SourceKind,
    Statement,
    StatementRevision,
    StatementState,
)
from participation.strategy.policies import may_write_statement
from participation.strategy.statements.basis import basis_of, ideas_of_basis
from participation.strategy.statements.checking import require_quotes, require_sources
from participation.strategy.statements.content import (
    NOTHING_SIGNED,
    Content,
    content_from,
    content_json,
    digest_of,
    put_in_force,
    signed_digest,
)
from participation.strategy.statements.policies import (
    may_rewrite,
    may_send_back,
    may_sign_off,
    may_submit,
    may_withdraw,
)
from participation.strategy.statements.revisions import (
    latest_and_signed,
    latest_revision,
    waiting_of,
    working_content,
)


class Overtaken(Exception):
    """Somebody else changed a statement since the page was made that a change was sent from."""


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """What its writers enter about a statement; quotes are added apart from it."""

    text: Translated
    reasoning: Translated
    cluster_ids: Sequence[int]
    department: str = ""
    principle_ids: Sequence[int] = ()
    field_ids: Sequence[int] = ()


def write_statement(
    session: Session, actor: Actor, *, process_id: int, draft: StatementDraft, now: datetime
) -> Statement:
    """Return a new draft of a statement at the end of the list."""
    require(may_write_statement(actor, process_id))
    content = _merged(Content({}, {}), draft)
    require_sources(session, process_id, content)
    # Of two who write at once the second one waits here, so that both do not get the same number.
    session.execute(locked(select(Process.id).where(Process.id == process_id), keeps_key=True))
    last = session.scalar(select(func.max(Statement.position)).where(Statement.process_id == process_id)) or 0
    statement = Statement(
        process_id=process_id,
        position=last + 1,
        text=content.text,
        reasoning=content.reasoning,
        written_by=actor.account_id,
        written_at=now,
    )
    session.add(statement)
    session.flush()
    save_content(session, actor, statement, content, now=now)
    return statement


def rewrite_statement(
    session: Session,
    actor: Actor,
    *,
    statement_id: int,
    draft: StatementDraft,
    now: datetime,
    seen: str = "",
) -> StatementRevision:
    """Change what a statement says and rests on; languages not given stay, empty ones go, and so do quotes not.

    What is public stays as it is until the change is signed off. ``seen`` is ``digest_of`` the content that the form
    was made with; raises ``Overtaken`` where it is another one by now.
    """
    statement = lock_statement(session, statement_id)
    require(may_rewrite(actor, statement.process_id, statement.state))
    before = working_content(session, statement, latest_revision(session, statement_id))
    if seen and seen != digest_of(content_json(before)):
        raise Overtaken
    content = _merged(before, draft)
    require_sources(session, statement.process_id, content)
    return save_content(session, actor, statement, content, now=now)


def save_content(
    session: Session, actor: Actor, statement: Statement, content: Content, *, now: datetime
) -> StatementRevision:
    """Return the revision that says ``content`` now: the latest one as long as one person works on it, or a new one.

    Ask the rules before; a statement that was never signed off says it at once.
    """
    latest = latest_revision(session, statement.id)
    kept = content_json(content)
    if latest and latest.content == kept and latest.state is not RevisionState.SENT_BACK:
        return latest
    if latest and latest.state is RevisionState.WORKING and latest.written_by == actor.account_id:
        latest.content, latest.written_at = kept, now
    else:
        latest = _new_revision(session, statement, content, after=latest, by=actor.account_id, now=now)
    if statement.state is StatementState.DRAFT:
        put_in_force(session, statement, content)
    record(session, StatementWritten(statement.id), account_id=actor.account_id, now=now)
    return latest


def submit_statement(session: Session, actor: Actor, *, statement_id: int, now: datetime) -> StatementRevision:
    """Ask a second person to sign off the latest revision; refuses one without sources or with a quote that fails."""
    statement = lock_statement(session, statement_id)
    latest, signed = latest_and_signed(session, statement_id)
    require(may_submit(actor, waiting_of(session, statement, latest, signed)))
    content = working_content(session, statement, latest)
    require_sources(session, statement.process_id, content)
    require_quotes(session, content)
    if latest is None or latest.state is not RevisionState.WORKING:
        # One that was signed or sent back stays as it was; what is asked for now is another one.
        by = latest.written_by if latest else statement.written_by
        latest = _new_revision(session, statement, content, after=latest, by=by, now=now)
    latest.state, latest.submitted_by, latest.submitted_at = RevisionState.SUBMITTED, actor.account_id, now
    record(session, StatementSubmitted(statement.id, latest.revision), account_id=actor.account_id, now=now)
    return latest


def send_back(session: Session, actor: Actor, *, statement_id: int, remark: str, now: datetime) -> StatementRevision:
    """Return the submitted revision to its writers with a remark."""
    statement = lock_statement(session, statement_id)
    latest, signed = latest_and_signed(session, statement_id)
    require(may_send_back(actor, waiting_of(session, statement, latest, signed)))
    revision = found(latest)
    if not remark.strip():
        raise Refused(_l("Please say what should change."))
    revision.state, revision.remark = RevisionState.SENT_BACK, remark.strip()
    revision.sent_back_by, revision.sent_back_at = actor.account_id, now
    record(session, StatementSentBack(statement.id, revision.revision), account_id=actor.account_id, now=now)
    return revision


def sign_off(
    session: Session, actor: Actor, *, statement_id: int, now: datetime, note: str = "", seen: str = ""
) -> SignOff:
    """Sign off the submitted revision as the second person, which makes it public; return the sign-off.

    ``seen`` is ``digest_of`` the content that the signer read; raises ``Overtaken`` where it is another one by now.
    Refused are content without any public idea behind it, and quotes that are not what their original says.
    """
    statement = lock_statement(session, statement_id)
    latest, before = latest_and_signed(session, statement_id)
    require(may_sign_off(actor, waiting_of(session, statement, latest, before)))
    revision = found(latest)
    if seen and seen != digest_of(revision.content):
        raise Overtaken
    content = content_from(revision.content)
    require_sources(session, statement.process_id, content)
    require_quotes(session, content)
    basis = basis_of(session, content.clusters)
    if not ideas_of_basis(basis):
        raise Refused(_l("No public idea is filed under these themes, so the statement would rest on nothing."))
    put_in_force(session, statement, content)
    if said := what_is_said(session, statement_id):
        basis["criteria_sha256"] = digest_of(said)
    revision.basis = basis
    revision.digest = signed_digest(before.digest if before else NOTHING_SIGNED, revision.content, basis)
    revision.state = RevisionState.SIGNED
    statement.state, statement.revision = StatementState.PUBLISHED, revision.revision
    statement.published_at, statement.reopened_at = statement.published_at or now, None
    _bring_back(session, statement_id, content, ideas_of_basis(basis), now)
    signed = SignOff(
        statement_id=statement_id,
        revision=revision.revision,
        note=note.strip(),
        signed_by=actor.account_id,
        signed_at=now,
    )
    session.add(signed)
    session.flush()
    record(session, StatementSigned(statement_id, revision.revision), account_id=actor.account_id, now=now)
    note_version(session, statement.process_id, now)
    return signed


def withdraw_statement(
    session: Session, actor: Actor, *, statement_id: int, reason: Translated, now: datetime
) -> Statement:
    """Take a statement back, with a reason that everybody can read if it was public; its trace stays."""
    statement = lock_statement(session, statement_id)
    require(may_withdraw(actor, statement.process_id, statement.state))
    said = reworded({}, reason)
    if not said:
        raise Refused(_l("Please give a reason in at least one language."))
    statement.state, statement.withdrawn_at, statement.withdrawn_for = StatementState.WITHDRAWN, now, said
    take_back(session, statement.process_id)
    record(session, StatementWithdrawn(statement_id), account_id=actor.account_id, now=now)
    note_version(session, statement.process_id, now)
    return statement


def lock_statement(session: Session, statement_id: int) -> Statement:
    """Return a statement, locked until the transaction ends; raises ``Missing``."""
    statement: Statement | None = session.scalar(locked(select(Statement).where(Statement.id == statement_id)))
    return found(statement)


def _merged(before: Content, draft: StatementDraft) -> Content:
    return replace(
        before,
        text=reworded(before.text, draft.text),
        reasoning=reworded(before.reasoning, draft.reasoning),
        department=draft.department.strip(),
        principles=tuple(sorted(set(draft.principle_ids))),
        fields=tuple(sorted(set(draft.field_ids))),
        clusters=tuple(sorted(set(draft.cluster_ids))),
    )


def _new_revision(
    session: Session,
    statement: Statement,
    content: Content,
    *,
    after: StatementRevision | None,
    by: int | None,
    now: datetime,
) -> StatementRevision:
    revision = StatementRevision(
        statement_id=statement.id,
        revision=after.revision + 1 if after else 1,
        state=RevisionState.WORKING,
        content=content_json(content),
        written_by=by,
        written_at=now,
    )
    session.add(revision)
    session.flush()
    return revision


def _bring_back(session: Session, statement_id: int, content: Content, ideas: dict[int, int], now: datetime) -> None:
    """Close the traces of sources that the statement rests on again, as they are now."""
    comments = [quote.source_id for quote in content.quotes if quote.kind is SourceKind.COMMENT]
    for kind, ids in ((SourceKind.IDEA, list(ideas)), (SourceKind.COMMENT, comments)):
        session.execute(
            update(LostSource)
            .where(
                LostSource.statement_id == statement_id,
                LostSource.source_kind == kind,
                LostSource.source_id.in_(ids),
                LostSource.returned_at.is_(None),
            )
            .values(returned_at=now)
        )
