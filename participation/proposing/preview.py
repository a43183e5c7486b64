"""The last step: the idea as it will look, and everything worth knowing before sending it."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.multilingual import Phrase, direction, language_name, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import deadline
from participation.principles.models import AspectKind
from participation.principles.queries import EntryView, aspects_of, districts_of, fields_of, principles_of
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.queries import participant_of
from participation.processes.reading import RULES, reading_of, what_happens_to_it
from participation.proposing.frame import Frame, frame_of, step_url
from participation.proposing.hints import Hint, hints_at
from participation.proposing.policies import may_submit_draft
from participation.proposing.queries import DraftView
from participation.proposing.steps import Step
from participation.texts import render


@dataclass(frozen=True, slots=True)
class Tag:
    """A principle as it stands under the idea."""

    title: str
    pictogram: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The idea as it will look, and everything worth knowing before sending it."""

    frame: Frame
    title: str
    text_html: Markup
    language: str
    language_name: str
    language_chosen: bool
    dir: str
    pseudonym: str
    principles: tuple[Tag, ...]
    not_sure: bool
    facts: tuple[tuple[str, str], ...]
    hints: tuple[Hint, ...]
    gap: str
    gap_url: str
    review_first: bool
    reading: str
    rules_url: str
    vote_until: str
    next_step: Phrase
    advice: Phrase
    licence: Phrase
    may_submit: bool
    submit_url: str
    language_url: str


def preview_page(
    session: Session, actor: Actor, process: ProcessOutline, draft: DraftView, now: datetime
) -> PreviewPage:
    """Return the preview of a draft."""
    chosen = {entry.id: entry for entry in principles_of(session, process.framework_id)}
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    vote_until = process.open_until(Capability.VOTE, now)
    gaps = {
        Step.TEXT: _("Your text is not complete yet."),
        Step.PRINCIPLES: _("You have not chosen any principle yet. “Not sure” is fine, too."),
    }
    return PreviewPage(
        frame=frame_of(actor, process, draft, Step.PREVIEW, now),
        title=draft.title or _("No title yet"),
        text_html=render(draft.text),
        language=draft.language,
        language_name=language_name(draft.language, shown_in=g.language),
        language_chosen=draft.language_chosen,
        dir=direction(draft.language),
        pseudonym=participant.pseudonym if participant else "",
        principles=tuple(
            Tag(pick(chosen[key].title, g.language), chosen[key].pictogram)
            for key in sorted(draft.principle_ids)
            if key in chosen
        ),
        not_sure=draft.not_sure,
        facts=_facts(session, process, draft),
        hints=hints_at(draft.title, draft.text, draft.language),
        gap=gaps[draft.gap] if draft.gap else "",
        gap_url=step_url(process.slug, draft.key, draft.gap) if draft.gap else "",
        review_first=process.reviews_first(now),
        reading=what_happens_to_it(reading_of(process, g.language, now)),
        rules_url=url_for("browse.process", slug=process.slug, _anchor=RULES),
        vote_until=deadline(vote_until) if vote_until else "",
        next_step=phrase(process.next_step, g.language),
        advice=phrase(process.advice, g.language),
        licence=phrase(process.licence, g.language),
        may_submit=bool(may_submit_draft(actor, process, opened_at=draft.opened_at, now=now)),
        submit_url=url_for("proposing.submit", slug=process.slug, key=draft.key),
        language_url=url_for("proposing.choose_language", slug=process.slug, key=draft.key),
    )


def _facts(session: Session, process: ProcessOutline, draft: DraftView) -> tuple[tuple[str, str], ...]:
    """Return what stands beside the idea: term and text."""
    rows: list[tuple[str, str]] = []
    if draft.district_id:
        rows += [(_("District"), _title(districts_of(session, process.framework_id), draft.district_id))]
    if draft.field_id:
        rows += [(_("Field of action"), _title(fields_of(session, process.framework_id), draft.field_id))]
    if draft.aspect_ids:
        rows += _aspect_facts(session, process, draft)
    return tuple(rows)


def _aspect_facts(session: Session, process: ProcessOutline, draft: DraftView) -> list[tuple[str, str]]:
    terms = {
        AspectKind.BENEFICIARY: _("Who benefits"),
        AspectKind.BASIC_SERVICE: _("Basic services"),
        AspectKind.GOAL: _("Sustainability goals"),
    }
    chosen = [aspect for aspect in aspects_of(session, process.framework_id) if aspect.id in draft.aspect_ids]
    rows = []
    for kind, term in terms.items():
        titles = [pick(aspect.title, g.language) for aspect in chosen if aspect.kind is kind]
        if titles:
            rows.append((term, " · ".join(titles)))
    return rows


def _title(entries: tuple[EntryView, ...], wanted: int) -> str:
    return next((pick(entry.title, g.language) for entry in entries if entry.id == wanted), "")
