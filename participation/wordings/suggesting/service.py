"""Suggesting a wording, and taking a suggestion back; what is suggested is never public before somebody has read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import CaseKind, SubjectKind
from participation.cases.service import close_cases, open_case
from participation.ideas.revisions import TextChanged
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import base_language
from participation.multilingual import lazy as _l
from participation.processes.models import Participant
from participation.processes.queries import process_by_slug
from participation.processes.service import join
from participation.wordings.events import WordingSuggested, WordingWithdrawn
from participation.wordings.models import Origin, Wording, WordingState
from participation.wordings.suggesting.policies import may_suggest, may_withdraw
from participation.wordings.suggesting.queries import (
    Original,
    facts_of,
    number_waiting,
    original,
    own_waiting,
    shown_for,
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What somebody suggests: ``title`` is empty where the text has none; ``revision`` is the one that was read."""

    language: str
    title: str
    text: str
    revision: int


def suggest_wording(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    kind: SubjectKind,
    number: int,
    suggested: Suggested,
    submission_key: str,
    now: datetime,
) -> Wording:
    """Return the new suggestion, which waits for moderators; an earlier one of the same person goes.

    The same ``submission_key`` again returns the one that it made the first time. Raises ``TextChanged`` where the text
    is not the one any more that was read, and ``Refused`` where nothing would be another.
    """
    process = process_by_slug(session, slug)
    text = original(session, process.id, kind, number)
    participant = join(session, actor, process_id=process.id, now=now)
    # One at a time per person: sent twice at once, the second finds what the first has made.
    session.execute(locked(select(Participant.id).where(Participant.id == participant.id), keeps_key=True))
    earlier = session.scalar(select(Wording).where(Wording.submission_key == submission_key))
    if earlier:
        if earlier.participant_id != participant.id:
            raise Refused(_l("This form has been used already."))
        return earlier
    before = own_waiting(session, actor, text, suggested.language)
    waiting = number_waiting(session, actor, process.id) - (before is not None)
    require(may_suggest(actor, process, is_public=text.is_public, waiting=waiting, now=now))
    _check(session, text, suggested)
    if before is not None:
        _take_back(session, actor, before, now=now)
    wording = Wording(
        process_id=process.id,
        idea_id=text.idea_id,
        subject_kind=kind,
        subject_id=number,
        revision=text.revision,
        source_language=base_language(text.language),
        language=suggested.language,
        origin=Origin.HUMAN,
        state=WordingState.WAITING,
        title=suggested.title,
        text=suggested.text,
        participant_id=participant.id,
        submission_key=submission_key,
        made_at=now,
    )
    session.add(wording)
    session.flush()
    due_at = process.review_due(now)
    open_case(session, CaseKind.WORDING, text.into(wording.language), due_at=due_at, about_id=wording.id, now=now)
    record(session, WordingSuggested(wording.id), account_id=actor.account_id, now=now)
    return wording


def withdraw_wording(session: Session, actor: Actor, *, wording_id: int, now: datetime) -> Wording:
    """Take a suggestion back that nobody has decided on; raises ``Missing``, also for one of somebody else."""
    wording = lock_wording(session, wording_id)
    facts = facts_of(session, actor, wording)
    found(wording if facts.is_own else None)
    require(may_withdraw(actor, facts))
    _take_back(session, actor, wording, now=now)
    return wording


def lock_wording(session: Session, wording_id: int) -> Wording:
    """Return a wording as it is now, locked until the transaction ends; raises ``Missing``."""
    statement = locked(select(Wording).where(Wording.id == wording_id)).execution_options(populate_existing=True)
    return found(session.scalar(statement))


def close_case(session: Session, wording: Wording, *, now: datetime) -> None:
    """Say that nobody has to look at a suggestion any more."""
    kind, number = wording.subject_kind, wording.subject_id
    close_cases(session, kind, [number], kinds=[CaseKind.WORDING], about_id=wording.id, now=now)


def _take_back(session: Session, actor: Actor, wording: Wording, *, now: datetime) -> None:
    wording.state = WordingState.WITHDRAWN
    close_case(session, wording, now=now)
    record(session, WordingWithdrawn(wording.id), account_id=actor.account_id, now=now)


def _check(session: Session, text: Original, suggested: Suggested) -> None:
    if suggested.revision != text.revision:
        raise TextChanged(_l("The author has changed this text since you read it. Please read it again."))
    if (suggested.title, suggested.text) == (text.title, text.text):
        raise Refused(_l("This is the original, unchanged. Please write it in the other language."))
    shown = shown_for(session, text, suggested.language)
    if shown is not None and (shown.title, shown.text) == (suggested.title, suggested.text):
        raise Refused(_l("This is the wording that is shown already. Please change what is to be better."))
