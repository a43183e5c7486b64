"""What the page with the form for a notice shows: the contribution that it is about."""

from dataclasses import dataclass

from flask import current_app, g, url_for
from markupsafe import Markup

from participation.accounts.guard import current_actor
from participation.cases.models import SubjectKind
from participation.cases.service import CaseSubject
from participation.cases.worded import worded_here
from participation.comments.models import Comment
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.legal.models import LegalKind
from participation.legal.pages import page_url
from participation.multilingual import direction, pick
from participation.notices.policies import may_give_notice
from participation.notices.subjects import NoticedText, noticed_text
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug
from participation.texts import render, render_markup


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The form for a notice: what it is about, and whom to call instead where it cannot wait."""

    kind: str
    idea_title: str
    idea_language: str
    text_html: Markup
    language: str
    dir: str
    url: str
    process_title: str
    process_url: str
    rules_url: str
    emergency_number: str
    answered_within: int
    is_signed_in: bool


def noticed_place(slug: str, kind: SubjectKind, number: int) -> tuple[ProcessOutline, NoticedText]:
    """Return a contribution that somebody wants to point at, and its process; raises ``Missing`` if not public."""
    session = db.session()
    process = process_by_slug(session, slug)
    noticed = noticed_text(session, process.id, kind, number)
    is_public = noticed.is_public and bool(may_see_process(current_actor(), process))
    if not may_give_notice(process, is_public=is_public):
        raise Missing
    return process, noticed


def notice_page(process: ProcessOutline, noticed: NoticedText) -> NoticePage:
    """Return the page with the form for a notice about a public contribution."""
    thing, subject = noticed.thing, noticed.subject
    asked = [(SubjectKind.IDEA, subject.idea_id, noticed.title_language), (subject.kind, subject.id, thing.language)]
    worded = worded_here(db.session(), asked)
    idea, said = worded.get((SubjectKind.IDEA, subject.idea_id)), worded.get((subject.kind, subject.id)) or thing
    return NoticePage(
        kind=subject.kind.value,
        idea_title=idea.title if idea else noticed.title,
        idea_language=idea.language if idea else noticed.title_language,
        text_html=render_markup(said.text) if isinstance(thing, Comment) else render(said.text),
        language=said.language,
        dir=direction(said.language),
        url=address_of(process.slug, subject),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        rules_url=page_url(LegalKind.RULES, process.slug),
        emergency_number=current_app.config["EMERGENCY_NUMBER"],
        answered_within=current_app.config["NOTICE_ANSWER_DAYS"],
        is_signed_in=current_actor().is_signed_in,
    )


def address_of(slug: str, subject: CaseSubject) -> str:
    """Return where a contribution stands."""
    anchor = f"{subject.kind.value}-{subject.id}"
    if subject.kind is SubjectKind.COMMENT:
        return url_for("discussion.comment", slug=slug, idea_id=subject.idea_id, comment_id=subject.id, _anchor=anchor)
    below = None if subject.kind is SubjectKind.IDEA else anchor
    return url_for("browse.idea", slug=slug, idea_id=subject.idea_id, _anchor=below)
