"""Deciding about a suggested wording as a case of the queue: one at a time, not in own matters, with a way back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.ideas.models import Idea
from participation.kit.dialect import locked
from participation.kit.permissions import require
from participation.kit.schema import Translated
from participation.moderation.appeals.queries import others_than
from participation.moderation.policies import may_judge
from participation.moderation.queue.holds import Taken, is_held_by_other
from participation.moderation.terms import terms
from participation.multilingual import lazy as _l
from participation.multilingual import pick
from participation.processes.models import Participant
from participation.wordings.models import Wording, WordingState
from participation.wordings.suggesting.deciding import accept_wording, lock_with_text, refuse_wording, undo_wording
from participation.wordings.suggesting.queries import wording_in


@dataclass(frozen=True, slots=True)
class UndoableWording:
    """A decision about a suggestion that can still be taken back."""

    id: int
    is_accepted: bool
    subject_kind: SubjectKind
    title: str
    language: str
    seconds_left: int


def accept(session: Session, actor: Actor, *, process_id: int, wording_id: int, now: datetime) -> Wording:
    """Show a suggestion of this process to readers; raises ``Taken`` while a colleague works on its case."""
    wording = wording_in(session, process_id, wording_id)
    _require_turn(session, actor, wording, now=now)
    return accept_wording(session, actor, wording_id=wording_id, delay=terms().undo, now=now)


def refuse(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    wording_id: int,
    reason: str,
    block_texts: Translated,
    now: datetime,
) -> Wording:
    """Refuse a suggestion of this process; text blocks reach whoever made it in that person's language.

    Raises ``Taken`` while a colleague works on its case.
    """
    wording = wording_in(session, process_id, wording_id)
    _require_turn(session, actor, wording, now=now)
    maker = _account(session, wording)
    blocks = pick(block_texts, maker.language if maker else wording.language)
    said = "\n\n".join(part for part in (blocks, reason.strip()) if part)
    return refuse_wording(session, actor, wording_id=wording_id, reason=said, delay=terms().undo, now=now)


def undo(session: Session, actor: Actor, *, process_id: int, wording_id: int, now: datetime) -> Wording:
    """Take back what was decided about a suggestion of this process."""
    wording_in(session, process_id, wording_id)
    return undo_wording(session, actor, wording_id=wording_id, window=terms().undo, now=now)


def undoable_wording(
    session: Session, actor: Actor, *, process_id: int, wording_id: int, now: datetime
) -> UndoableWording | None:
    """Return what ``actor`` decided about a suggestion, as long as it can be taken back."""
    window = terms().undo
    row = session.execute(
        select(Wording, Idea.title, Idea.language)
        .join(Idea, Idea.id == Wording.idea_id)
        .where(
            Wording.id == wording_id,
            Wording.process_id == process_id,
            Wording.participant_id.is_not(None),
            Wording.decided_by == actor.account_id,
            Wording.decided_at > now - window,
            Wording.state.in_((WordingState.SHOWN, WordingState.REFUSED)),
        )
    ).one_or_none()
    if row is None or row.Wording.decided_at is None:
        return None
    wording = row.Wording
    return UndoableWording(
        id=wording.id,
        is_accepted=wording.state is WordingState.SHOWN,
        subject_kind=wording.subject_kind,
        title=row.title,
        language=row.language,
        seconds_left=int((wording.decided_at + window - now).total_seconds()),
    )


def _require_turn(session: Session, actor: Actor, wording: Wording, *, now: datetime) -> None:
    lock_with_text(session, wording.id)
    about = (Case.kind == CaseKind.WORDING) & (Case.about_id == wording.id) & Case.closed_at.is_(None)
    same = (Case.subject_kind == wording.subject_kind) & (Case.subject_id == wording.subject_id)
    case = session.scalar(locked(select(Case).where(same, about)).execution_options(populate_existing=True))
    if case is not None and is_held_by_other(case, actor, now):
        raise Taken(_l("A colleague is working on this at the moment."))
    maker = _account(session, wording)
    if actor.account_id is None or maker is None or maker.id != actor.account_id:
        return
    others = others_than(session, wording.process_id, {actor.account_id})
    require(may_judge(is_own=True, has_colleagues=bool(others.moderators or others.admins)))


def _account(session: Session, wording: Wording) -> Account | None:
    """Return the account of whoever suggested a wording."""
    if wording.participant_id is None:
        return None
    own = select(Account).join(Participant, Participant.account_id == Account.id)
    return session.scalar(own.where(Participant.id == wording.participant_id))
