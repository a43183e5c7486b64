"""Reading drafts: everything starts from "own", so that nobody, whatever the role, reads the drafts of others."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea
from participation.kit.permissions import Missing, found
from participation.kit.schema import Translated
from participation.processes.models import Participant, Process
from participation.proposing.models import Draft
from participation.proposing.steps import Step, first_gap

PRINCIPLES, NOT_SURE, ASPECTS = "principles", "not_sure", "aspects"
"""What ``Draft.choices`` holds: two lists of ids and a yes or no."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its author sees it."""

    key: str
    title: str
    text: str
    language: str
    language_chosen: bool
    district_id: int | None
    field_id: int | None
    principle_ids: tuple[int, ...]
    not_sure: bool
    aspect_ids: tuple[int, ...]
    opened_at: datetime
    changed_at: datetime

    @property
    def gap(self) -> Step | None:
        """The step that lacks something before the draft can be submitted."""
        return first_gap(title=self.title, text=self.text, has_answer=bool(self.principle_ids or self.not_sure))


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list; ``step`` is where its author goes on: ``url_for(f"proposing.{step.value}", …)``."""

    key: str
    slug: str
    process_title: Translated
    title: str
    text: str
    language: str
    step: Step
    changed_at: datetime


def drafts_of(session: Session, account_id: int, *, process_id: int | None = None) -> tuple[DraftLine, ...]:
    """Return the drafts of an account, in one process or in all, the one changed last first."""
    statement = (
        select(Draft, Process.slug, Process.title)
        .join(Process, Process.id == Draft.process_id)
        .where(Draft.account_id == account_id)
        .order_by(Draft.changed_at.desc(), Draft.id.desc())
    )
    if process_id is not None:
        statement = statement.where(Draft.process_id == process_id)
    return tuple(_line(draft, slug, title) for draft, slug, title in session.execute(statement))


def draft_of(session: Session, actor: Actor, *, process_id: int, key: str) -> DraftView:
    """Return the draft of ``actor`` with this key; raises ``Missing``, also for the draft of somebody else."""
    return view(
        found(session.scalar(select(Draft).where(own(actor), Draft.process_id == process_id, Draft.key == key)))
    )


def count_drafts(session: Session, actor: Actor, *, process_id: int) -> int:
    """Return how many drafts ``actor`` has in a process."""
    return (
        session.scalar(select(func.count()).select_from(Draft).where(own(actor), Draft.process_id == process_id)) or 0
    )


def idea_made_from(session: Session, actor: Actor, *, process_id: int, key: str) -> Idea | None:
    """Return the idea of ``actor`` that a draft with this key became, if it did."""
    return session.scalar(
        select(Idea)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Idea.submission_key == key, Idea.process_id == process_id, Participant.account_id == _account_id(actor))
    )


def own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``Draft`` for the drafts of ``actor``; raises ``Missing`` for nobody in particular."""
    return Draft.account_id == _account_id(actor)


def view(draft: Draft) -> DraftView:
    """Return a row as pages read it."""
    choices = draft.choices
    return DraftView(
        key=draft.key,
        title=draft.title,
        text=draft.text,
        language=draft.language,
        language_chosen=draft.language_chosen,
        district_id=draft.district_id,
        field_id=draft.field_id,
        principle_ids=tuple(choices.get(PRINCIPLES, ())),
        not_sure=bool(choices.get(NOT_SURE)),
        aspect_ids=tuple(choices.get(ASPECTS, ())),
        opened_at=draft.opened_at,
        changed_at=draft.changed_at,
    )


def text_mark(title: str, text: str) -> str:
    """Return a short mark of a text, the same as long as nobody changes it."""
    return hashlib.blake2b(f"{title}\0{text}".encode(), digest_size=12).hexdigest()


def _line(draft: Draft, slug: str, process_title: Translated) -> DraftLine:
    return DraftLine(
        key=draft.key,
        slug=slug,
        process_title=process_title,
        title=draft.title,
        text=draft.text,
        language=draft.language,
        step=view(draft).gap or Step.PREVIEW,
        changed_at=draft.changed_at,
    )


def _account_id(actor: Actor) -> int:
    if actor.account_id is None:
        raise Missing
    return actor.account_id
