"""One function per step, each returning everything its template shows besides the form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.policies import may_submit
from participation.multilingual import Phrase, direction, ngettext, phrase
from participation.multilingual.moments import moment
from participation.principles.queries import EntryView
from participation.processes.outline import ProcessOutline
from participation.processes.reading import RULES, reading_of, what_happens_to_it
from participation.proposing.frame import Frame, frame_of, step_url
from participation.proposing.queries import DraftLine, DraftView, drafts_of
from participation.proposing.steps import Step
from participation.similarity.suggestions import PrincipleSuggestion, suggest_principles
from participation.texts import excerpt


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A draft that somebody can go on with."""

    title: str
    excerpt: str
    language: str
    dir: str
    changed: str
    url: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """The first step before there is a draft, or why there is none."""

    frame: Frame
    question: Phrase
    licence: Phrase
    advice: Phrase
    reading: str
    rules_url: str
    may_write: bool
    action: str
    sign_in_url: str
    drafts: tuple[OwnDraft, ...]
    chosen_before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextPage:
    """The first step of a draft that exists."""

    frame: Frame
    question: Phrase


@dataclass(frozen=True, slots=True)
class PrincipleChoice:
    """A principle as it is explained beside its box."""

    title: Phrase
    explanation: Phrase
    pictogram: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A principle that might fit, with the reasons."""

    title: Phrase
    pictogram: str
    anchor: str
    words: tuple[str, ...]
    similar: str


@dataclass(frozen=True, slots=True)
class PrinciplesPage:
    """The principles with their explanations, and what might fit."""

    frame: Frame
    principles: tuple[PrincipleChoice, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """What else can be said."""

    frame: Frame


def new_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    preset: dict[str, Any],
    titles: tuple[str, ...],
    now: datetime,
) -> NewPage:
    """Return the page on which a proposal begins; ``preset`` is what its address chose and ``titles`` say so."""
    drafts = drafts_of(session, actor.account_id, process_id=process.id) if actor.account_id is not None else ()
    here = url_for("proposing.new", slug=process.slug, **preset)
    return NewPage(
        frame=frame_of(actor, process, None, Step.TEXT, now, preset=preset),
        question=phrase(process.question, g.language),
        licence=phrase(process.licence, g.language),
        advice=phrase(process.advice, g.language),
        reading=what_happens_to_it(reading_of(process, g.language, now)),
        rules_url=url_for("browse.process", slug=process.slug, _anchor=RULES),
        may_write=bool(may_submit(actor, process, now=now)),
        action=here,
        sign_in_url="" if actor.is_signed_in else url_for("accounts.sign_in", next=here),
        drafts=tuple(own_draft(line) for line in drafts),
        chosen_before=titles,
    )


def own_draft(line: DraftLine) -> OwnDraft:
    """Return a draft as it stands in a list of its author."""
    return OwnDraft(
        title=line.title,
        excerpt=excerpt(line.text, 120),
        language=line.language or g.language,
        dir=direction(line.language or g.language),
        changed=moment(line.changed_at),
        url=step_url(line.slug, line.key, line.step),
    )


def text_page(actor: Actor, process: ProcessOutline, draft: DraftView, now: datetime) -> TextPage:
    """Return the text step of a draft."""
    frame = frame_of(actor, process, draft, Step.TEXT, now)
    return TextPage(frame, phrase(process.question, g.language))


def principles_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    draft: DraftView,
    principles: tuple[EntryView, ...],
    now: datetime,
) -> PrinciplesPage:
    """Return the principles step of a draft."""
    found = suggest_principles(
        session,
        actor,
        process_id=process.id,
        framework_id=process.framework_id,
        title=draft.title,
        text=draft.text,
        language=draft.language,
    )
    places = {entry.id: (number, entry) for number, entry in enumerate(principles)}
    return PrinciplesPage(
        frame=frame_of(actor, process, draft, Step.PRINCIPLES, now),
        principles=tuple(
            PrincipleChoice(phrase(entry.title, g.language), phrase(entry.explanation, g.language), entry.pictogram)
            for entry in principles
        ),
        suggestions=tuple(_suggestion(one, *places[one.principle_id]) for one in found if one.principle_id in places),
    )


def details_page(actor: Actor, process: ProcessOutline, draft: DraftView, now: datetime) -> DetailsPage:
    """Return the details step of a draft."""
    return DetailsPage(frame_of(actor, process, draft, Step.DETAILS, now))


def _suggestion(found: PrincipleSuggestion, number: int, entry: EntryView) -> Suggestion:
    similar = len(found.similar_idea_ids)
    return Suggestion(
        title=phrase(entry.title, g.language),
        pictogram=entry.pictogram,
        anchor=f"#principles-{number}",
        words=found.reasons,
        similar=ngettext("%(num)s similar idea stands under it", "%(num)s similar ideas stand under it", similar)
        if similar
        else "",
    )
