"""Notes that moderators write for each other; they stay with the contribution, whatever becomes of its cases."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import Case
from participation.ideas.policies import may_moderate
from participation.kit.permissions import Refused, found, require
from participation.moderation.models import CaseNote
from participation.multilingual import lazy as _l

NOTE_LONGEST = 2000


def write_note(session: Session, actor: Actor, *, process_id: int, case_id: int, text: str, now: datetime) -> CaseNote:
    """Add a note to the contribution that a case is about; raises ``Missing`` for one of another process."""
    require(may_moderate(actor, process_id))
    case = found(session.scalar(select(Case).where(Case.id == case_id, Case.process_id == process_id)))
    if not text.strip() or len(text) > NOTE_LONGEST:
        raise Refused(_l("Please write a note of at most 2,000 characters."))
    note = CaseNote(
        process_id=process_id,
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        text=text.strip(),
        written_by=actor.account_id,
        written_at=now,
    )
    session.add(note)
    session.flush()
    return note
