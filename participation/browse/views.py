"""Routes of the public pages."""

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, current_app, g, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from participation.accounts.guard import current_actor, public
from participation.browse import pages
from participation.browse.editorial import editorial_page
from participation.browse.filters import ListRequest, address, list_request
from participation.browse.idea_page import idea_marks, idea_page
from participation.browse.shared import holds_until, holds_while, marked_page, outline_of, remembered, shared_page
from participation.browse.surroundings import names_around, names_mark
from participation.comments.forms import CommentForm
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.listings.ideas import COUNT_STOPS_AT, IdeaList, count_ideas, figures_shown, idea_list
from participation.listings.statements import published_statements, statement_view
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import number
from participation.principles.queries import framework_id_by_key
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import all_processes
from participation.voting.queries import VoteFigures, tallies

blueprint = Blueprint("browse", __name__)


@dataclass(frozen=True, slots=True)
class IdeasPage:
    """A page of the idea list with its filter bar."""

    process_title: str
    process_url: str
    title: str
    lead: str
    propose_url: str
    list_url: str
    asked: ListRequest
    ideas: IdeaList
    summary: str
    previous_url: str
    next_url: str


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
    now = clock.now()
    page = pages.front_page(db.session(), current_actor(), now)
    for process in all_processes(db.session()):
        holds_until(process.next_change(now))
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
    session, now = db.session(), clock.now()
    outline = _visible_process(slug)
    list_url = url_for("browse.ideas", slug=slug)
    asked = list_request(outline, list_url)
    actor = current_actor()
    count = remembered(
        ("count", slug, outline.version, asked.wanted), lambda: count_ideas(session, actor, outline.id, asked.wanted)
    )
    listed = idea_list(
        session,
        actor,
        outline,
        wanted=asked.wanted,
        cursor=asked.cursor,
        names=names_around(outline),
        wording=pages.wording(),
        list_url=list_url,
        now=now,
        with_count=False,
    )
    holds_while(partial(_shows_truth, outline, names_mark(outline), figures_shown(listed.cards)))
    page = IdeasPage(
        process_title=pick(outline.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        title=pick(asked.cluster.title, g.language) if asked.cluster else _("Ideas"),
        lead=pick(asked.cluster.description, g.language) if asked.cluster else pick(outline.question, g.language),
        propose_url=url_for("ideas.new", slug=slug),
        list_url=list_url,
        asked=asked,
        ideas=listed,
        summary=_count(count),
        previous_url=_page_url(list_url, asked, "before", listed.previous.encode() if listed.previous else ""),
        next_url=_page_url(list_url, asked, "after", listed.next.encode() if listed.next else ""),
    )
    return render_template("browse/ideas.html", page=page)


@blueprint.get("/processes/<slug>/ideas/<int:idea_id>")
@public
@marked_page(idea_marks)
def idea(slug: str, idea_id: int) -> str:
    """Show one idea with its votes and discussion."""
    outline = _visible_process(slug)
    after = request.args.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise BadRequest
    page = idea_page(db.session(), current_actor(), outline, idea_id, after=int(after), now=clock.now())
    form = CommentForm().prepare() if page.may_comment else None
    return render_template("browse/idea.html", page=page, form=form)


@blueprint.get("/processes/<slug>/statements")
@public
@shared_page
def statements(slug: str) -> str:
    """List the statements that go to the council."""
    outline = _visible_process(slug)
    lines = published_statements(db.session(), outline.id, g.language, base_url=url_for("browse.statements", slug=slug))
    return render_template("browse/statements.html", place=_place(outline), statements=lines)


@blueprint.get("/processes/<slug>/statements/<int:statement_id>")
@public
@shared_page
def statement(slug: str, statement_id: int) -> str:
    """Show a statement with everything it rests on."""
    outline = _visible_process(slug)
    view = statement_view(
        db.session(),
        outline,
        statement_id,
        g.language,
        statements_url=url_for("browse.statements", slug=slug),
        now=clock.now(),
    )
    return render_template("browse/statement.html", place=_place(outline), statement=view)


@blueprint.get("/principles")
@public
@shared_page
def principles() -> str:
    """Show the framework: principles, criteria, values."""
    framework = pages.framework_page(db.session(), framework_id_by_key(db.session()))
    return render_template("browse/principles.html", framework=framework)


@blueprint.get("/imprint")
@public
def imprint() -> str:
    """Show who is responsible."""
    return _editorial("imprint")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """Show what happens to personal data."""
    return _editorial("privacy")


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """Show the accessibility statement."""
    return _editorial("accessibility")


@blueprint.get("/how-it-works")
@public
def how_it_works() -> str:
    """Explain the way of an idea."""
    return _editorial("how-it-works")


@blueprint.get("/rules")
@public
def rules() -> str:
    """Show the rules of conduct."""
    return _editorial("rules")


def _editorial(name: str) -> str:
    config = current_app.config
    settings = {
        "city": config["CITY_NAME"],
        "operator": config["OPERATOR_NAME"],
        "contact_email": config["CONTACT_EMAIL"],
        "contact_phone": config["CONTACT_PHONE"],
        "postal_address": config["POSTAL_ADDRESS"],
    }
    return render_template("browse/editorial.html", page=editorial_page(name, g.language, settings))


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


def _shows_truth(process: ProcessOutline, names: str, figures: dict[int, VoteFigures]) -> bool:
    return names_mark(process) == names and tallies(db.session(), figures) == figures


def _page_url(list_url: str, asked: ListRequest, name: str, cursor: str) -> str:
    return address(list_url, {**asked.query, name: cursor}) if cursor else ""


def _count(count: int) -> str:
    if count > COUNT_STOPS_AT:
        return _("More than %(number)s ideas", number=number(COUNT_STOPS_AT))
    return ngettext("%(num)s idea", "%(num)s ideas", count)
