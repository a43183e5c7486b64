"""Routes of the public pages."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, public
from participation.browse import pages
from participation.browse.answers import statement_answers, statement_referral
from participation.browse.assessment_part import statement_assessment
from participation.browse.discussion import discussion_request
from participation.browse.editorial import editorial_page
from participation.browse.framework_pages import framework_maps
from participation.browse.idea_page import idea_marks, idea_page
from participation.browse.ideas import ideas_page
from participation.browse.legal_views import general_text
from participation.browse.passing_on import statement_passing_on
from participation.browse.shared import holds_until, marked_page, outline_of, shared_page
from participation.browse.statement_page import statement_page
from participation.browse.unseen import unseen_page
from participation.browse.withdrawn import WithdrawnPage
from participation.comments.forms import CommentForm
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.legal.placeholders import settings_of
from participation.listings.statements import published_statements, withdrawn_statements
from participation.multilingual import pick
from participation.principles.queries import framework_id_by_key
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import all_processes

blueprint = Blueprint("browse", __name__)
GONE = 410


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Where a page of a process hangs."""

    slug: str
    title: str
    url: str
    advice: str
    next_step: str


@blueprint.get("/")
@public
@shared_page
def front() -> str:
    """Show what the city asks, which phase it is and how to take part."""
    page = pages.front_page(db.session(), current_actor(), clock.now())
    return render_template("browse/front.html", page=page)


@blueprint.get("/processes")
@public
@shared_page
def processes() -> str:
    """List all processes."""
    now = clock.now()
    outlines = all_processes(db.session())
    for process in outlines:
        holds_until(process.next_change(now))
    lines = [pages.process_line(process, now) for process in outlines]
    return render_template("browse/processes.html", processes=lines)


@blueprint.get("/processes/<slug>")
@public
@shared_page
def process(slug: str) -> str:
    """Show one process with its phases."""
    now = clock.now()
    outline, page = pages.process_page_by_slug(db.session(), current_actor(), slug, now)
    if not may_see_process(current_actor(), outline):
        raise Missing
    holds_until(outline.next_change(now))
    return render_template("browse/process.html", page=page)


@blueprint.get("/processes/<slug>/ideas")
@public
@shared_page
def ideas(slug: str) -> str:
    """List the ideas of a process, filtered and paged."""
    outline = _visible_process(slug)
    page = ideas_page(db.session(), current_actor(), outline, now=clock.now())
    return render_template("browse/ideas.html", page=page)


@blueprint.get("/processes/<slug>/ideas/unseen")
@public
def unseen(slug: str) -> str | Response:
    """Lead to an idea that the reader has not seen, or say that there is none left."""
    outline = _visible_process(slug)
    page = unseen_page(db.session(), current_actor(), outline, now=clock.now())
    return redirect(page) if isinstance(page, str) else render_template("browse/unseen.html", page=page)


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>")
@public
@marked_page(idea_marks)
def idea(slug: str, idea_id: int) -> str | tuple[str, int]:
    """Show one idea with its votes and discussion, or say that its author withdrew it."""
    outline = _visible_process(slug)
    asked = discussion_request(request.args)
    page = idea_page(db.session(), current_actor(), outline, idea_id, asked=asked, now=clock.now())
    if isinstance(page, WithdrawnPage):
        return render_template("browse/withdrawn.html", page=page), GONE
    form = CommentForm().offer(page.discussion.voices).prepare() if page.discussion.may_comment else None
    return render_template("browse/idea.html", page=page, form=form)


@blueprint.get("/processes/<slug>/statements")
@public
@shared_page
def statements(slug: str) -> str:
    """List the statements that go to the council."""
    outline = _visible_process(slug)
    base_url = url_for("browse.statements", slug=slug)
    lines = published_statements(db.session(), outline.id, g.language, base_url=base_url)
    gone = withdrawn_statements(db.session(), outline.id, g.language, base_url=base_url)
    return render_template("browse/statements.html", place=_place(outline), statements=lines, withdrawn=gone)


@blueprint.get("/processes/<slug>/statements/<int:statement_id>")
@public
@shared_page
def statement(slug: str, statement_id: int) -> str:
    """Show a statement with everything it rests on."""
    outline = _visible_process(slug)
    page = statement_page(db.session(), outline, statement_id, now=clock.now())
    answers, asked = statement_answers(db.session(), statement_id), statement_referral(db.session(), statement_id)
    assessed = None if page.view.withdrawn_at else statement_assessment(db.session(), outline, statement_id)
    passing_on = statement_passing_on(outline, statement_id, page.view.text.text)
    parts = {"answers": answers, "asked": asked, "assessed": assessed, "passing_on": passing_on}
    return render_template("browse/statement.html", place=_place(outline), page=page, **parts)


@blueprint.get("/principles")
@public
@shared_page
def principles() -> str:
    """Show the framework: principles, criteria, values."""
    framework = pages.framework_page(db.session(), framework_id_by_key(db.session()))
    maps = framework_maps(db.session(), framework.id)
    return render_template("browse/principles.html", framework=framework, maps=maps)


@blueprint.get("/imprint")
@public
def imprint() -> Any:
    """Show who is responsible."""
    return general_text(legal_kind="imprint")


@blueprint.get("/privacy")
@public
def privacy() -> Any:
    """Show what happens to personal data."""
    return general_text(legal_kind="privacy")


@blueprint.get("/how-it-works")
@public
def how_it_works() -> str:
    """Explain the way of an idea."""
    return _editorial("how-it-works", "browse/how_it_works.html")


@blueprint.get("/rules")
@public
def rules() -> Any:
    """Show the rules of conduct."""
    return general_text(legal_kind="rules")


def _editorial(name: str, template: str = "browse/editorial.html") -> str:
    return render_template(template, page=editorial_page(name, g.language, settings_of(current_app.config)))


def _visible_process(slug: str) -> ProcessOutline:
    outline = outline_of(slug)
    if not may_see_process(current_actor(), outline):
        raise Missing
    holds_until(outline.next_change(clock.now()))
    return outline


def _place(outline: ProcessOutline) -> PlacePage:
    return PlacePage(
        outline.slug,
        pick(outline.title, g.language),
        url_for("browse.process", slug=outline.slug),
        pick(outline.advice, g.language),
        pick(outline.next_step, g.language),
    )
