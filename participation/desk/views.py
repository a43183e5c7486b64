"""Work places of moderators and staff: overview, decisions, one idea, statements, votes."""

from flask import Blueprint, g, render_template

from participation.accounts.guard import current_actor, desk_only, moderators_only, staff_only
from participation.desk.queries.ideas import idea_page
from participation.desk.queries.overview import overview_page
from participation.desk.queries.queue import decisions_page
from participation.desk.queries.votes import votes_page
from participation.desk.words import DeskWords
from participation.kit import clock
from participation.kit.db import db
from participation.kit.numbers import asked_number
from participation.processes.queries import process_by_slug
from participation.strategy.statements.queries import statement_list

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk")
@desk_only
def overview() -> str:
    """Show what waits where."""
    page = overview_page(db.session(), current_actor(), language=g.language, now=clock.now())
    return render_template("desk/overview.html", page=page)


@blueprint.get("/desk/processes/<slug>/decisions")
@moderators_only
def decisions(slug: str) -> str:
    """Show what was decided, the latest first."""
    session = db.session()
    process = process_by_slug(session, slug)
    page = decisions_page(
        session, current_actor(), process, before=asked_number("before"), language=g.language, now=clock.now()
    )
    return render_template("desk/decisions.html", page=page, words=DeskWords(g.language))


@blueprint.get("/desk/processes/<slug>/ideas/<int:idea_id>")
@moderators_only
def idea(slug: str, idea_id: int) -> str:
    """Show one idea in any state with everything that can be done about it."""
    session = db.session()
    page = idea_page(
        session,
        current_actor(),
        process_by_slug(session, slug),
        idea_id=idea_id,
        after=asked_number("after") or 0,
        language=g.language,
        now=clock.now(),
    )
    return render_template("desk/idea.html", page=page, words=DeskWords(g.language))


@blueprint.get("/desk/processes/<slug>/statements")
@desk_only
def statements(slug: str) -> str:
    """Show all statements, drafts too."""
    session = db.session()
    process = process_by_slug(session, slug)
    page = statement_list(session, current_actor(), process, language=g.language, now=clock.now())
    return render_template("desk/statements.html", page=page)


@blueprint.get("/desk/processes/<slug>/votes")
@staff_only
def votes(slug: str) -> str:
    """Show bursts, people who vote nearly the same, and the runs of the opinion groups."""
    session = db.session()
    page = votes_page(session, current_actor(), process_by_slug(session, slug), language=g.language, now=clock.now())
    return render_template("desk/votes.html", page=page)
