"""What the pages around a comment form show: the idea, and the comment that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, url_for
from markupsafe import Markup

from participation.accounts.guard import current_actor
from participation.cases.models import SubjectKind
from participation.cases.worded import Asked, Worded, worded_here
from participation.comments.models import Comment, CommentState, Voice
from participation.comments.policies import may_comment, voices_of
from participation.ideas.models import Idea
from participation.ideas.policies import may_see_idea
from participation.ideas.queries import idea_in
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing, Permission
from participation.multilingual import direction, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_slug
from participation.processes.reading import RULES, reading_of, what_happens_to_it
from participation.texts import render_markup


@dataclass(frozen=True, slots=True)
class CommentPage:
    """A page with a comment form or a question about a comment; ``permission`` is that for writing a new one."""

    idea_title: str
    idea_language: str
    idea_url: str
    process_title: str
    process_url: str
    action: str
    licence: str
    reading: str
    rules_url: str
    permission: Permission
    voices: tuple[Voice, ...]
    text_html: Markup
    language: str
    dir: str


def new_page(slug: str, idea_id: int, parent_id: int | None) -> CommentPage:
    """Return the page for a comment, or for an answer to ``parent_id``; raises ``Missing``."""
    session = db.session()
    process = process_by_slug(session, slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    idea = idea_in(session, process.id, idea_id)
    if not may_see_idea(current_actor(), state=idea.state, process_id=process.id, is_author=False):
        raise Missing
    parent = session.get(Comment, parent_id) if parent_id else None
    if parent and (parent.idea_id != idea_id or parent.state is not CommentState.PUBLISHED):
        parent = None
    action = url_for("comments.write", slug=slug, idea_id=idea_id, answer_to=parent_id)
    answered = [(SubjectKind.COMMENT, parent.id, parent.language)] if parent else []
    return _page(process, idea, parent, action, answered)


def page_about(slug: str, comment: Comment, endpoint: str) -> CommentPage:
    """Return the page about an own comment whose form goes to ``endpoint``."""
    session = db.session()
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, comment.idea_id)
    action = url_for(endpoint, slug=slug, idea_id=idea.id, comment_id=comment.id)
    return _page(process, idea, comment, action)


def _page(
    process: ProcessOutline, idea: Idea, comment: Comment | None, action: str, others: Sequence[Asked] = ()
) -> CommentPage:
    """Return the page; what ``others`` wrote is shown in the reader's language, one's own comment as it was written."""
    actor, now = current_actor(), clock.now()
    worded = worded_here(db.session(), [(SubjectKind.IDEA, idea.id, idea.language), *others])
    about: Worded = worded.get((SubjectKind.IDEA, idea.id), idea)
    text: Worded | None = worded.get((SubjectKind.COMMENT, comment.id)) if comment else None
    says = text or comment
    # One may delete what one wrote about an idea that is hidden by now, but not read its title again.
    is_shown = may_see_idea(actor, state=idea.state, process_id=process.id, is_author=False)
    return CommentPage(
        idea_title=about.title if is_shown else _("An idea that is not public"),
        idea_language=about.language if is_shown else g.language,
        idea_url=url_for("browse.idea", slug=process.slug, idea_id=idea.id),
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        action=action,
        licence=pick(process.licence, g.language),
        reading=what_happens_to_it(reading_of(process, g.language, now)),
        rules_url=url_for("browse.process", slug=process.slug, _anchor=RULES),
        permission=may_comment(actor, process, idea.state, now=now),
        voices=voices_of(actor, process.id),
        text_html=render_markup(says.text) if says else Markup(),
        language=says.language if says else "",
        dir=direction(says.language) if says else "",
    )
