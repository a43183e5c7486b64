"""Putting a wording in front of readers and taking it away again: the only place that does either."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.processes.service import take_back, touch
from participation.wordings.models import Origin, Wording, WordingState
from participation.wordings.searching import find_by, find_no_more_by


def show(session: Session, wording: Wording, *, now: datetime) -> bool:
    """Show ``wording`` in place of the one that is shown; ``False`` for a machine's where people's is shown.

    To be called in the transaction that makes or accepts it; the process is seen anew.
    """
    # First: whoever else shows a wording in this process waits, so that there never are two of the same.
    touch(session, wording.process_id)
    before = session.scalar(
        select(Wording).where(
            Wording.subject_kind == wording.subject_kind,
            Wording.subject_id == wording.subject_id,
            Wording.revision == wording.revision,
            Wording.language == wording.language,
            Wording.state == WordingState.SHOWN,
        )
    )
    if before is wording:
        return True
    if before is not None:
        if wording.origin is Origin.MACHINE and before.origin is Origin.HUMAN:
            return False
        before.state = WordingState.REPLACED
        # The index allows one that is shown, and the order of what is written at once is not given.
        session.flush()
        find_no_more_by(session, [before])
    wording.state, wording.shown_at = WordingState.SHOWN, wording.shown_at or now
    session.add(wording)
    session.flush()
    find_by(session, [wording])
    return True


def take_down(session: Session, wordings: Collection[Wording], state: WordingState) -> None:
    """Give shown ``wordings`` another ``state``: readers see the originals again, and no copy is handed out."""
    shown = [wording for wording in wordings if wording.state is WordingState.SHOWN]
    for wording in shown:
        wording.state = state
    session.flush()
    find_no_more_by(session, shown)
    for process_id in sorted({wording.process_id for wording in shown}):
        take_back(session, process_id)


def delete(session: Session, wordings: Collection[Wording]) -> None:
    """Delete ``wordings`` for good; the processes in which one was shown are seen anew."""
    shown = [wording for wording in wordings if wording.state is WordingState.SHOWN]
    find_no_more_by(session, shown)
    for wording in wordings:
        session.delete(wording)
    session.flush()
    for process_id in sorted({wording.process_id for wording in shown}):
        touch(session, process_id)
