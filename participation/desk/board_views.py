"""The cluster board: the board itself, one cluster, the history, what is proposed, and how the board stands now."""

from flask import Response, abort, g, jsonify, render_template, request

from participation.accounts.guard import current_actor, moderators_only
from participation.curation.board.forms import shown_again
from participation.curation.board.state import as_json, board_state
from participation.curation.board.wording import sentence
from participation.desk.queries.board import BoardPage, board_page
from participation.desk.queries.board_cluster import cluster_page
from participation.desk.queries.board_filter import WORDS_LONGEST, board_filter
from participation.desk.queries.board_history import changes_page
from participation.desk.queries.board_proposals import (
    DEFAULT_THRESHOLD,
    THRESHOLDS,
    outliers_page,
    proposals_page,
)
from participation.desk.queries.queue import principle_choices
from participation.desk.queue_views import blueprint
from participation.kit import clock
from participation.kit.db import db
from participation.kit.numbers import asked_number, whole_number
from participation.processes.queries import process_by_slug

__all__ = ["blueprint"]

MOST_COLUMNS = 300


@blueprint.get("/desk/processes/<slug>/board")
@moderators_only
def board(slug: str) -> str:
    """Show the clusters with their ideas, and the ideas that are in none."""
    session = db.session()
    process = process_by_slug(session, slug)
    principles = principle_choices(session, process, g.language)
    only = _only()
    page = board_page(
        session,
        current_actor(),
        process,
        wanted=board_filter(request.args, principle_ids={choice.id for choice in principles}),
        principles=principles,
        before=request.args.get("before"),
        only=only,
        after=whole_number(request.args.get("after")) if only and len(only) == 1 else None,
        language=g.language,
        now=clock.now(),
    )
    return render_template("desk/board.html", page=page, sentence=_latest(page))


@blueprint.get("/desk/processes/<slug>/board/state.json")
@moderators_only
def board_state_now(slug: str) -> Response:
    """Say what was done on the board since the step that the page knows of."""
    session = db.session()
    since = asked_number("since")
    if since is None:
        abort(400)
    process = process_by_slug(session, slug)
    state = board_state(session, current_actor(), process.id, since=since)
    return jsonify(as_json(state, g.language))


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
        words=(shown_again(request.args.get("q")) or "").strip()[:WORDS_LONGEST],
        after=whole_number(request.args.get("after")),
        language=g.language,
    )
    return render_template("desk/cluster.html", page=page)


@blueprint.get("/desk/processes/<slug>/board/changes")
@moderators_only
def changes(slug: str) -> str:
    """Show every step on the board, the latest first, each with its way back."""
    session = db.session()
    page = changes_page(
        session,
        current_actor(),
        process_by_slug(session, slug),
        before=asked_number("before"),
        cluster_id=asked_number("cluster"),
        idea_id=asked_number("idea"),
        language=g.language,
    )
    known = page.history
    told = {line.number: sentence(line, known.names, known.titles, g.language) for line in known.lines}
    return render_template("desk/board_changes.html", page=page, told=told)


@blueprint.get("/desk/processes/<slug>/board/suggestions")
@moderators_only
def suggestions(slug: str) -> str:
    """Show what is proposed for the ideas that are not filed yet."""
    session = db.session()
    threshold = asked_number("threshold")
    if threshold not in (None, *THRESHOLDS):
        abort(400)
    page = proposals_page(
        session,
        current_actor(),
        process_by_slug(session, slug),
        threshold=threshold or DEFAULT_THRESHOLD,
        language=g.language,
    )
    return render_template("desk/board_suggestions.html", page=page, changed=False)


@blueprint.get("/desk/processes/<slug>/board/outliers")
@moderators_only
def outliers(slug: str) -> str:
    """Show the ideas that seem out of place where they are filed."""
    session = db.session()
    page = outliers_page(session, current_actor(), process_by_slug(session, slug), language=g.language)
    return render_template("desk/board_outliers.html", page=page)


def _latest(page: BoardPage) -> str:
    if page.latest is None:
        return ""
    known = page.latest.known
    return sentence(page.latest.line, known.names, known.titles, g.language)


def _only() -> tuple[int, ...] | None:
    asked = request.args.get("only")
    if asked is None:
        return None
    numbers = [whole_number(part) for part in asked.split(",")[:MOST_COLUMNS]]
    return tuple(number for number in numbers if number is not None)
