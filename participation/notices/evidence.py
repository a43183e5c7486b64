"""Evidence: a contribution as it stood, held for some time because a law was probably broken."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.activity.service import record
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentRevision
from participation.ideas.models import Idea, IdeaRevision
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.notices.events import EvidenceHeld, EvidenceOpened
from participation.notices.models import Evidence, EvidenceAccess
from participation.notices.policies import may_keep_evidence
from participation.notices.subjects import Contribution, noticed_text
from participation.processes.models import Participant

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class HeldView:
    """What is held, by whom, why and how long, without what it says."""

    id: int
    kind: SubjectKind
    subject_id: int
    reason: str
    digest: str
    held_at: datetime
    delete_at: datetime
    is_empty: bool
    held_by: str
    times_opened: int


@dataclass(frozen=True, slots=True)
class Access:
    """Who looked at evidence, and when."""

    name: str
    at: datetime


def hold_evidence(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    kind: SubjectKind,
    subject_id: int,
    reason: str,
    held_for: timedelta,
    now: datetime,
) -> Evidence:
    """Return a new copy of a contribution with all that it has said, held for so long, whatever becomes of it.

    Raises ``Missing`` for what is not there, and ``Refused`` without a reason.
    """
    require(may_keep_evidence(actor, process_id))
    if not reason.strip():
        raise Refused(_l("Please say why this is held."))
    thing = noticed_text(session, process_id, kind, subject_id).thing
    snapshot = _snapshot(session, thing)
    evidence = Evidence(
        process_id=process_id,
        subject_kind=kind,
        subject_id=subject_id,
        snapshot=snapshot,
        digest=digest_of(snapshot),
        reason=reason.strip(),
        held_by=actor.account_id,
        held_at=now,
        delete_at=now + held_for,
    )
    session.add(evidence)
    session.flush()
    record(session, EvidenceHeld(evidence.id), account_id=actor.account_id, now=now)
    return evidence


def open_evidence(session: Session, actor: Actor, *, process_id: int, evidence_id: int, now: datetime) -> Evidence:
    """Return evidence with what it says, and write down who looked at it; raises ``Missing``, also for emptied one."""
    require(may_keep_evidence(actor, process_id))
    evidence = session.get(Evidence, evidence_id)
    is_there = evidence is not None and evidence.process_id == process_id and evidence.deleted_at is None
    evidence = found(evidence if is_there else None)
    assert actor.account_id is not None, "moderators are signed in"
    session.add(EvidenceAccess(evidence_id=evidence.id, account_id=actor.account_id, at=now))
    record(session, EvidenceOpened(evidence.id), account_id=actor.account_id, now=now)
    return evidence


def held_evidence(session: Session, process_id: int) -> list[HeldView]:
    """Return what is and was held in a process, the latest first."""
    return _views(session, Evidence.process_id == process_id)


def one_held(session: Session, process_id: int, evidence_id: int) -> HeldView:
    """Return one piece of evidence without what it says; raises ``Missing``."""
    views = _views(session, (Evidence.process_id == process_id) & (Evidence.id == evidence_id))
    return found(views[0] if views else None)


def accesses_to(session: Session, evidence_id: int) -> list[Access]:
    """Return who looked at a piece of evidence, the latest first."""
    rows = session.execute(
        select(Account.email, EvidenceAccess.at)
        .join(Account, Account.id == EvidenceAccess.account_id)
        .where(EvidenceAccess.evidence_id == evidence_id)
        .order_by(EvidenceAccess.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Access(*row) for row in rows]


def digest_of(snapshot: dict[str, Any]) -> str:
    """Return the SHA-256 of a snapshot as it is ``written``, in hexadecimal."""
    return hashlib.sha256(written(snapshot).encode()).hexdigest()


def written(snapshot: dict[str, Any]) -> str:
    """Return a snapshot as JSON with sorted names and without spaces."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _views(session: Session, condition: Any) -> list[HeldView]:
    opened = select(func.count()).where(EvidenceAccess.evidence_id == Evidence.id).correlate(Evidence)
    rows = session.execute(
        select(Evidence.id, Evidence.subject_kind, Evidence.subject_id, Evidence.reason, Evidence.digest)
        .add_columns(Evidence.held_at, Evidence.delete_at, Evidence.deleted_at.is_not(None))
        .add_columns(func.coalesce(Account.email, ""), opened.scalar_subquery())
        .outerjoin(Account, Account.id == Evidence.held_by)
        .where(condition)
        .order_by(Evidence.id.desc())
        .limit(MOST_SHOWN)
    )
    return [HeldView(*row) for row in rows]


def _snapshot(session: Session, thing: Contribution) -> dict[str, Any]:
    """Return a contribution with its earlier wordings and the number and name of its author in the process.

    Never an address: whoever may ask for it by law gets it from the account, not from here.
    """
    idea = thing if isinstance(thing, Idea) else session.get_one(Idea, thing.idea_id)
    author = session.get_one(Participant, thing.participant_id if isinstance(thing, Comment) else idea.participant_id)
    return {
        "kind": thing.__tablename__,
        "number": thing.id,
        "idea": idea.id,
        "title": idea.title,
        "text": thing.text,
        "language": thing.language,
        "state": thing.state.value,
        "author": author.pseudonym,
        "participant": author.id,
        "submitted": thing.submitted_at.isoformat(),
        "published": thing.published_at.isoformat() if thing.published_at else None,
        "earlier": list(_earlier(session, thing)),
    }


def _earlier(session: Session, thing: Contribution) -> Iterable[dict[str, Any]]:
    if isinstance(thing, Idea):
        rows = select(IdeaRevision).where(IdeaRevision.idea_id == thing.id).order_by(IdeaRevision.revision)
        for row in session.scalars(rows):
            yield {"title": row.title, "text": row.text, "written": row.written_at.isoformat()}
    elif isinstance(thing, Comment):
        said = select(CommentRevision).where(CommentRevision.comment_id == thing.id).order_by(CommentRevision.id)
        for one in session.scalars(said):
            yield {"text": one.text, "written": one.written_at.isoformat()}
