"""Keeping drafts, and turning one into an idea."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.ideas.models import Idea
from participation.ideas.service import MOST_PRINCIPLES, IdeaDraft, submit_idea
from participation.kit.dialect import insert_missing, locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.queries import process_by_id
from participation.proposing.models import Draft
from participation.proposing.policies import counts_as_opened, may_begin_draft, may_submit_draft
from participation.proposing.queries import (
    ASPECTS,
    NOT_SURE,
    PRINCIPLES,
    count_drafts,
    idea_made_from,
    own,
    text_mark,
    view,
)
from participation.proposing.steps import Step

KEPT = timedelta(days=90)
BATCH = 500


@dataclass(frozen=True, slots=True)
class DraftText:
    """What somebody wrote; ``chosen`` says that the author named the language, not the machine."""

    title: str
    text: str
    language: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """The form that a text comes from: its own key, the mark of the text that it showed, and when it was opened."""

    form_key: str
    seen: str
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preset:
    """What a link chose beforehand."""

    principle_ids: tuple[int, ...] = ()
    field_id: int | None = None


class ChangedElsewhere(Refused):
    """Another window wrote a different text meanwhile; ``title`` and ``text`` are what it wrote."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(_l("This draft was changed in another window meanwhile. Both texts are kept: see below."))
        self.title = title
        self.text = text


class KeyTaken(Refused):
    """The key of the form is somebody else's."""

    def __init__(self) -> None:
        super().__init__(_l("This form has been used already."))


class SubmittedAlready(Refused):
    """The draft has become an idea, ``idea_id``."""

    def __init__(self, idea_id: int) -> None:
        super().__init__(_l("You have submitted this draft already. Send it once more if this is to be another idea."))
        self.idea_id = idea_id


class Incomplete(Refused):
    """The draft lacks something in ``step``."""

    def __init__(self, step: Step) -> None:
        super().__init__(_l("Something is still missing here before you can submit your idea."))
        self.step = step


def keep_text(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    key: str,
    written: DraftText,
    writing: Writing,
    preset: Preset,
    now: datetime,
) -> Draft:
    """Return the draft with this key after writing the text into it; it is begun when there is none yet.

    Raises ``ChangedElsewhere`` rather than overwrite what another window wrote, ``SubmittedAlready`` once it is an
    idea, ``KeyTaken`` for the draft of somebody else, and ``Refused`` when proposing is closed for new drafts.
    """
    draft = session.scalar(locked(select(Draft).where(Draft.key == key)))
    if draft is None:
        draft = _begin(session, actor, process_id=process_id, key=key, writing=writing, preset=preset, now=now)
    elif (draft.account_id, draft.process_id) != (actor.account_id, process_id):
        raise KeyTaken
    elif _is_older(draft, written, writing):
        raise ChangedElsewhere(draft.title, draft.text)
    draft.title, draft.text = written.title, written.text
    draft.language, draft.language_chosen = written.language, written.chosen
    draft.form_key = writing.form_key
    draft.changed_at = now
    return draft


def choose_principles(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    key: str,
    principle_ids: tuple[int, ...],
    not_sure: bool,
    now: datetime,
) -> None:
    """Keep which principles the author chose, or that the author is not sure."""
    if len(principle_ids) > MOST_PRINCIPLES:
        raise Refused(_l("Please choose at most three principles."))
    draft = _own(session, actor, process_id=process_id, key=key)
    _choose(draft, {PRINCIPLES: list(principle_ids), NOT_SURE: not_sure}, now)


def keep_details(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    key: str,
    district_id: int | None,
    field_id: int | None,
    aspect_ids: tuple[int, ...],
    now: datetime,
) -> None:
    """Keep what else the author said about the idea."""
    draft = _own(session, actor, process_id=process_id, key=key)
    draft.district_id, draft.field_id = district_id, field_id
    _choose(draft, {ASPECTS: list(aspect_ids)}, now)


def choose_language(session: Session, actor: Actor, *, process_id: int, key: str, language: str, now: datetime) -> None:
    """Keep the language that the author says the text is in."""
    draft = _own(session, actor, process_id=process_id, key=key)
    draft.language, draft.language_chosen, draft.changed_at = language, True, now


def submit_draft(session: Session, actor: Actor, *, process_id: int, key: str, now: datetime) -> Idea:
    """Return the idea that the draft has become, the same one when it is sent again; the draft is deleted.

    Raises ``Missing`` when there is no such draft, ``Incomplete`` when it lacks something and ``Refused`` when
    proposing is closed; the draft stays then.
    """
    draft = session.scalar(locked(select(Draft).where(own(actor), Draft.process_id == process_id, Draft.key == key)))
    if draft is None:
        return found(idea_made_from(session, actor, process_id=process_id, key=key))
    process, seen = process_by_id(session, process_id), view(draft)
    require(may_submit_draft(actor, process, opened_at=draft.opened_at, now=now))
    if seen.gap is not None:
        raise Incomplete(seen.gap)
    idea = submit_idea(
        session,
        actor,
        process_id=process_id,
        draft=IdeaDraft(
            title=seen.title,
            text=seen.text,
            language=seen.language,
            principle_ids=seen.principle_ids,
            district_id=seen.district_id,
            field_id=seen.field_id,
            aspect_ids=seen.aspect_ids,
        ),
        submission_key=key,
        opened_at=counts_as_opened(process, draft.opened_at, now),
        now=now,
    )
    session.delete(draft)
    return idea


def delete_draft(session: Session, actor: Actor, *, process_id: int, key: str) -> None:
    """Delete a draft for good; raises ``Missing`` when there is none."""
    session.delete(_own(session, actor, process_id=process_id, key=key))


def expire_drafts(session: Session, *, now: datetime, batch: int = BATCH) -> int:
    """Delete at most ``batch`` drafts that nobody has changed for 90 days and return how many; 0 means all are gone."""
    old = session.scalars(select(Draft.id).where(Draft.changed_at < now - KEPT).limit(batch)).all()
    # Asked again: somebody may just have gone on writing.
    session.execute(delete(Draft).where(Draft.id.in_(old), Draft.changed_at < now - KEPT))
    return len(old)


def _begin(
    session: Session, actor: Actor, *, process_id: int, key: str, writing: Writing, preset: Preset, now: datetime
) -> Draft:
    made = idea_made_from(session, actor, process_id=process_id, key=key)
    if made is not None:
        raise SubmittedAlready(made.id)
    process = process_by_id(session, process_id)
    # Locked, so that many windows together cannot go over the limit.
    session.execute(locked(select(Account.id).where(Account.id == actor.account_id), keeps_key=True))
    drafts = count_drafts(session, actor, process_id=process_id)
    require(may_begin_draft(actor, process, drafts=drafts, now=now, opened_at=writing.opened_at))
    values = {
        "key": key,
        "process_id": process_id,
        "account_id": actor.account_id,
        "title": "",
        "text": "",
        "language": "",
        "language_chosen": False,
        "field_id": preset.field_id,
        "choices": {PRINCIPLES: list(preset.principle_ids), NOT_SURE: False, ASPECTS: []},
        "form_key": writing.form_key,
        "opened_at": min(writing.opened_at or now, now),
        "changed_at": now,
    }
    # Saving by itself and the button may arrive together: the second one finds what the first one made.
    insert_missing(session, Draft, values, key=["key"])
    return _own(session, actor, process_id=process_id, key=key)


def _own(session: Session, actor: Actor, *, process_id: int, key: str) -> Draft:
    statement = select(Draft).where(own(actor), Draft.process_id == process_id, Draft.key == key)
    return found(session.scalar(locked(statement)))


def _is_older(draft: Draft, written: DraftText, writing: Writing) -> bool:
    """Return whether a form would overwrite a text that it never showed and did not write itself."""
    stored = text_mark(draft.title, draft.text)
    known = {writing.seen, text_mark(written.title, written.text)}
    return draft.form_key != writing.form_key and stored not in known


def _choose(draft: Draft, choices: dict[str, Any], now: datetime) -> None:
    # A new dictionary: changes inside the old one would go unnoticed.
    draft.choices = {**draft.choices, **choices}
    draft.changed_at = now
