"""Atom feeds about a whole process: its discussion, what the city answers and does, what moderators decided."""

from collections.abc import Collection
from datetime import UTC, datetime, time

from flask import Response, current_app, g
from sqlalchemy.orm import Session

from participation.accounts.guard import public
from participation.browse.comment_item import author_of
from participation.browse.feeds import (
    MOST,
    Entry,
    blueprint,
    comment_content,
    feed_of,
    followed_process,
    tag_of,
    text_of,
)
from participation.browse.moderation_page import about_label
from participation.browse.shared import shared_page
from participation.browse.translations import shown_here
from participation.kit import clock
from participation.kit.db import db
from participation.kit.links import page_url
from participation.listings.recent import RecentAnswer, RecentStep, recent_answers, recent_discussion, recent_steps
from participation.listings.translated import title_in, written_idea
from participation.moderation.openness.log import LogLine, log_lines
from participation.moderation.terms import terms
from participation.moderation.words import ground_label, kind_label, outcome_label
from participation.multilingual import gettext as _
from participation.multilingual import phrase, pick
from participation.processes.outline import ProcessOutline
from participation.strategy.answering.answers import OUTCOMES
from participation.strategy.answering.desk_pages import subject_label as named_by_number
from participation.strategy.answering.following import MEASURE_STATES
from participation.strategy.answering.lines_here import lines_here
from participation.strategy.answering.subjects import Subject, SubjectKind, SubjectLine
from participation.texts import excerpt, render

PAGES = {
    SubjectKind.IDEA: ("browse.idea", "idea_id"),
    SubjectKind.BUNDLE: ("together.bundle", "bundle_id"),
    SubjectKind.STATEMENT: ("browse.statement", "statement_id"),
}
"""The public page of each thing that the city can answer, and what its number is called in the address."""

__all__ = ["blueprint"]


@blueprint.get("/processes/<slug>/discussion.atom")
@public
@shared_page
def discussion(slug: str) -> Response:
    """Answer with the newest comments on all ideas."""
    process = followed_process(slug)
    rows = recent_discussion(db.session(), process.id, most=MOST)
    written = [one for said in rows for one in (said.comment.written, written_idea(said.idea_id, said.idea_language))]
    shown = shown_here(db.session(), written, announces=False)
    entries = [
        Entry(
            id=tag_of(f"comment/{said.comment.id}"),
            url=page_url(
                "discussion.comment", language=g.language, slug=slug, idea_id=said.idea_id, comment_id=said.comment.id
            ),
            title=_(
                "Comment on “%(idea)s”",
                idea=title_in(shown, said.idea_id, said.idea_title, said.idea_language).text,
            ),
            language=text_of(shown, said.comment).language,
            author=author_of(said.comment.voice, said.comment.pseudonym),
            published=said.comment.published_at,
            updated=said.comment.edited_at or said.comment.published_at,
            content=comment_content(shown, said.comment),
        )
        for said in rows
    ]
    title = _("Discussion: %(process)s", process=pick(process.title, g.language))
    return feed_of(title, "", "browse.process", entries, process=process)


@blueprint.get("/processes/<slug>/follow-up.atom")
@public
@shared_page
def follow_up(slug: str) -> Response:
    """Answer with what the city answered and did last."""
    process, session = followed_process(slug), db.session()
    answers = recent_answers(session, process.id, most=MOST)
    steps = recent_steps(session, process.id, most=MOST)
    lines = _lines(session, {one.subject for one in answers} | {one.subject for one in steps})
    entries = [
        *(_answer(process, one, lines[one.subject]) for one in answers),
        *(_step(process, one, lines[one.subject]) for one in steps),
    ]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    title = _("What becomes of it: %(process)s", process=pick(process.title, g.language))
    return feed_of(title, "", "outcomes.follow_up", entries[:MOST], process=process)


@blueprint.get("/processes/<slug>/moderation.atom")
@public
@shared_page
def moderation(slug: str) -> Response:
    """Answer with the latest decisions of moderators: what and why, never about which words or whose."""
    process, settled = followed_process(slug), clock.now() - terms().undo
    lines = log_lines(db.session(), process.id, settled_before=settled, most=MOST)
    title = _("Moderation: %(process)s", process=pick(process.title, g.language))
    return feed_of(title, "", "transparency.process", [_decision(process, line) for line in lines], process=process)


def _lines(session: Session, subjects: Collection[Subject]) -> dict[Subject, SubjectLine]:
    return lines_here(session, subjects) if subjects else {}


def _answer(process: ProcessOutline, one: RecentAnswer, line: SubjectLine) -> Entry:
    text = phrase(one.text, g.language)
    return Entry(
        id=tag_of(f"answer/{one.id}"),
        url=_page(process, one.subject),
        title=f"{OUTCOMES[one.outcome]}: {_named(line)}",
        language=text.language,
        author=one.department,
        published=one.answered_at,
        updated=one.answered_at,
        content=render(text.text),
    )


def _step(process: ProcessOutline, one: RecentStep, line: SubjectLine) -> Entry:
    text = phrase(one.text, g.language)
    named = pick(one.title, g.language) or _named(line)
    return Entry(
        id=tag_of(f"measure-step/{one.id}"),
        url=_page(process, one.subject),
        title=f"{MEASURE_STATES[one.state]}: {named}",
        language=text.language,
        author=one.department,
        published=one.reported_at,
        updated=one.reported_at,
        content=render(text.text),
    )


def _decision(process: ProcessOutline, line: LogLine) -> Entry:
    ground = ground_label(line.ground, g.language) or ("" if line.language else _("No ground was given"))
    if line.has_appeal:
        ground += f"\n\n{outcome_label(line.outcome) if line.outcome else _('objection not answered yet')}"
    decided = _day(line.decided_at)
    return Entry(
        id=tag_of(f"decision/{line.key}"),
        url=page_url("transparency.process", language=g.language, slug=process.slug),
        title=f"{kind_label(line.kind)}: {about_label(line)}",
        language=g.language,
        author=current_app.config["OPERATOR_NAME"],
        published=decided,
        updated=decided,
        content=render(ground),
    )


def _day(moment: datetime) -> datetime:
    """Return when the day of ``moment`` began: with the minute somebody who was online then could be recognised."""
    zone = clock.zone(current_app.config["TIMEZONE"])
    return datetime.combine(moment.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _page(process: ProcessOutline, subject: Subject) -> str:
    endpoint, name = PAGES[subject.kind]
    return page_url(endpoint, language=g.language, slug=process.slug, **{name: subject.id})


def _named(line: SubjectLine) -> str:
    return excerpt(line.words.text) if line.words else named_by_number(line)
