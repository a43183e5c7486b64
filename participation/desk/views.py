"""Work places of moderators and staff: overview, decisions, one idea, board, cluster, statements."""

from flask import Blueprint, g, render_template, request

from participation.accounts.guard import current_actor, desk_only, moderators_only, staff_only
from participation.desk.queries.board import board_page, cluster_page
from participation.desk.queries.ideas import idea_page
from participation.desk.queries.overview import overview_page
from participation.desk.queries.queue import decisions_page
from participation.desk.queries.votes import votes_page
from participation.desk.words import DeskWords
from participation.kit import clock
from participation.kit.db import db
from participation.processes.queries import process_by_slug
from participation.strategy.queries import statement_list
from participation.texts import without_controls

blueprint = Blueprint("desk", __name__)
QUERY_LONGEST = 200
LARGEST_ID = 2**62


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
        session, current_actor(), process, before=_number("before"), language=g.language, now=clock.now()
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
        after=_number("after") or 0,
        language=g.language,
        now=clock.now(),
    )
    return render_template("desk/idea.html", page=page, words=DeskWords(g.language))


@blueprint.get("/desk/processes/<slug>/board")
@moderators_only
def board(slug: str) -> str:
    """Show the clusters with their ideas, and the ideas that are in none."""
    session = db.session()
    page = board_page(
        session,
        current_actor(),
        process_by_slug(session, slug),
        query=_words(),
        principle=request.args.get("principle", ""),
        before=request.args.get("before"),
        language=g.language,
    )
    return render_template("desk/board.html", page=page)


@blueprint.get("/desk/processes/<slug>/clusters/<int:cluster_id>")
@moderators_only
def cluster(slug: str, cluster_id: int) -> str:
    """Show one cluster with all its ideas."""
    session = db.session()
    page = cluster_page(
        session,
        current_actor(),
        process_by_slug(session, slug),
        cluster_id=cluster_id,
        before=request.args.get("before"),
        language=g.language,
    )
    return render_template("desk/cluster.html", page=page)


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


def _number(name: str) -> int | None:
    value = request.args.get(name, type=int)
    return value if value is not None and 0 < value < LARGEST_ID else None


def _words() -> str:
    return without_controls(request.args.get("q", "")).strip()[:QUERY_LONGEST]
