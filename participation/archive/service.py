"""Noting that a process left the house as an archive, or came in as one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.archive.events import ArchiveRead, ArchiveWritten
from participation.archive.models import ArchiveNote, ArchiveStep

_EVENTS = {ArchiveStep.WRITTEN: ArchiveWritten, ArchiveStep.READ: ArchiveRead}


@dataclass(frozen=True, slots=True)
class Noted:
    """What is kept about an archive; ``sha256`` is that of its manifest."""

    sha256: str
    format_version: int
    has_addresses: bool
    reason: str = ""


def note_archive(
    session: Session, actor: Actor, step: ArchiveStep, archive: Noted, *, process_id: int, now: datetime
) -> ArchiveNote:
    """Write down that a process was archived or came from an archive, and return the note."""
    note = ArchiveNote(
        process_id=process_id,
        step=step,
        sha256=archive.sha256,
        format_version=archive.format_version,
        has_addresses=archive.has_addresses,
        reason=archive.reason.strip(),
        account_id=actor.account_id,
        noted_at=now,
    )
    session.add(note)
    session.flush()
    record(session, _EVENTS[step](process_id, note.id), account_id=actor.account_id, now=now)
    return note
