"""Deciding about wordings: accepting and refusing what is suggested, correcting what is shown, taking it down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.service import lock_comment
from participation.ideas.addenda import lock_addendum
from participation.ideas.service import lock_idea
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.wordings import showing
from participation.wordings.events import (
    WordingAccepted,
    WordingCorrected,
    WordingRefused,
    WordingTakenDown,
    WordingUndone,
)
from participation.wordings.models import Origin, Wording, WordingState
from participation.wordings.suggesting.policies import may_accept, may_correct, may_refuse, may_take_down, may_undo
from participation.wordings.suggesting.queries import facts_of, shown_before
from participation.wordings.suggesting.service import close_case, lock_wording


@dataclass(frozen=True, slots=True)
class Corrected:
    """What moderators put in the place of a wording; ``title`` is empty where the text has none."""

    title: str
    text: str


def accept_wording(
    session: Session, actor: Actor, *, wording_id: int, delay: timedelta = timedelta(0), now: datetime
) -> Wording:
    """Show a suggested wording instead of the one before; who suggested it hears of it after ``delay``."""
    wording = lock_with_text(session, wording_id)
    require(may_accept(actor, facts_of(session, actor, wording)))
    _decide(wording, actor, now=now)
    showing.show(session, wording, now=now)
    close_case(session, wording, now=now)
    record(session, WordingAccepted(wording.id), account_id=actor.account_id, now=now, delay=delay)
    return wording


def refuse_wording(
    session: Session, actor: Actor, *, wording_id: int, reason: str, delay: timedelta = timedelta(0), now: datetime
) -> Wording:
    """Refuse a suggested wording; who suggested it reads the ``reason``, after ``delay``."""
    wording = lock_with_text(session, wording_id)
    require(may_refuse(actor, facts_of(session, actor, wording)))
    if not reason.strip():
        raise Refused(_l("Please give the reason; whoever suggested it will read it."))
    _decide(wording, actor, now=now)
    wording.state, wording.reason = WordingState.REFUSED, reason.strip()
    close_case(session, wording, now=now)
    record(session, WordingRefused(wording.id), account_id=actor.account_id, now=now, delay=delay)
    return wording


def undo_wording(session: Session, actor: Actor, *, wording_id: int, window: timedelta, now: datetime) -> Wording:
    """Take back what was decided about a suggestion: it waits again, and readers see what they saw before."""
    wording = lock_with_text(session, wording_id)
    facts = facts_of(session, actor, wording)
    # What was taken down was no suggestion any more: there is nothing that could wait again.
    found(wording if wording.participant_id is not None else None)
    require(may_undo(actor, facts, window=window, now=now))
    if wording.state is WordingState.REFUSED and wording.shown_at is not None:
        raise Refused(_l("Something has happened since, so this cannot be taken back. You can decide anew."))
    if wording.state is WordingState.SHOWN:
        before = shown_before(session, wording)
        showing.take_down(session, [wording], WordingState.WAITING)
        wording.shown_at = None
        if before is not None:
            showing.show(session, before, now=now)
    wording.state, wording.reason = WordingState.WAITING, ""
    wording.decided_by = wording.decided_at = None
    _reopen(session, wording)
    record(session, WordingUndone(wording.id), account_id=actor.account_id, now=now)
    return wording


def correct_wording(session: Session, actor: Actor, *, wording_id: int, corrected: Corrected, now: datetime) -> Wording:
    """Put another wording in the place of one that is shown, whoever made that, and return it."""
    wording = lock_with_text(session, wording_id)
    require(may_correct(actor, facts_of(session, actor, wording)))
    if (wording.title, wording.text) == (corrected.title, corrected.text):
        raise Refused(_l("This is the wording that is shown already. Please change what is to be better."))
    better = Wording(
        process_id=wording.process_id,
        idea_id=wording.idea_id,
        subject_kind=wording.subject_kind,
        subject_id=wording.subject_id,
        revision=wording.revision,
        source_language=wording.source_language,
        language=wording.language,
        origin=Origin.HUMAN,
        state=WordingState.WAITING,
        title=corrected.title,
        text=corrected.text,
        made_at=now,
    )
    _decide(better, actor, now=now)
    showing.show(session, better, now=now)
    record(session, WordingCorrected(better.id), account_id=actor.account_id, now=now)
    return better


def take_down_wording(session: Session, actor: Actor, *, wording_id: int, reason: str, now: datetime) -> Wording:
    """Take a wording down: readers see the original, and in its history the ``reason``."""
    wording = lock_with_text(session, wording_id)
    require(may_take_down(actor, facts_of(session, actor, wording)))
    if not reason.strip():
        raise Refused(_l("Please give the reason; everybody will read it."))
    _decide(wording, actor, now=now)
    wording.reason = reason.strip()
    showing.take_down(session, [wording], WordingState.REFUSED)
    record(session, WordingTakenDown(wording.id), account_id=actor.account_id, now=now)
    return wording


def lock_with_text(session: Session, wording_id: int) -> Wording:
    """Lock what a wording belongs to, and then the wording: nothing is shown of a text that is just being hidden.

    As everywhere it is locked before its cases are. Raises ``Missing``.
    """
    about = select(Wording.subject_kind, Wording.subject_id).where(Wording.id == wording_id)
    kind, number = found(session.execute(about).one_or_none())
    if kind is SubjectKind.IDEA:
        lock_idea(session, number)
    elif kind is SubjectKind.COMMENT:
        lock_comment(session, number)
    else:
        lock_addendum(session, number)
    return lock_wording(session, wording_id)


def _decide(wording: Wording, actor: Actor, *, now: datetime) -> None:
    wording.decided_by, wording.decided_at = actor.account_id, now


def _reopen(session: Session, wording: Wording) -> None:
    session.flush()
    closed = update(Case).where(
        Case.kind == CaseKind.WORDING,
        Case.subject_kind == wording.subject_kind,
        Case.subject_id == wording.subject_id,
        Case.about_id == wording.id,
    )
    session.execute(closed.values(closed_at=None).execution_options(synchronize_session="fetch"))
