"""Where clusters are made, named, labelled, noted about, split and brought in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.accounts.guard import current_actor, moderators_only
from participation.curation.board.clash_pages import CONFLICT, ChosenIdea, ClashLine, chosen_ideas, clash_lines
from participation.curation.board.clusters import (
    create_cluster,
    label_cluster,
    move_cluster,
    note_on_cluster,
    remove_note,
    rename_cluster,
)
from participation.curation.board.conflicts import Conflict
from participation.curation.board.filing import file_ideas
from participation.curation.board.forms import Choice, ClusterForm, LabelForm, NoteForm, OrderForm, SplitForm
from participation.curation.board.places import Placing
from participation.curation.board.queries import BoardCluster, board_clusters, board_version, column
from participation.curation.board.reshaping import split_cluster
from participation.curation.board.views import Page, after_filing, blueprint
from participation.curation.queries import cluster_by_id
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.multilingual import Phrase, phrase, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

__all__ = ["blueprint"]

OFFERED = 50
"""How many ideas a split offers to choose from where none were chosen before."""


@dataclass(frozen=True, slots=True)
class ClusterFormPage:
    """The page on which a cluster is named; ``cluster_id`` is ``None`` for a new one.

    ``ideas`` come along or are offered; ``lines`` say what a colleague changed meanwhile.
    """

    workplace: Workplace
    cluster_id: int | None
    title: str
    ideas: tuple[ChosenIdea, ...] = ()
    lines: tuple[ClashLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The clusters in the order of the board."""

    workplace: Workplace
    version: int
    clusters: tuple[tuple[int, Phrase, str], ...]


@blueprint.route("/desk/processes/<slug>/clusters/new", methods=["GET", "POST"])
@moderators_only
def new(slug: str) -> Page:
    """Make a cluster, with the ideas that were chosen for it if any."""
    process = process_by_slug(db.session(), slug)
    form = _form(ClusterForm)
    ideas = chosen_ideas(db.session(), process.id, form.chosen)
    page = ClusterFormPage(_workplace(process), None, _("New theme"), ideas)
    if _begins() or not form.validate_on_submit():
        return _form_page(page, form)
    try:
        with transaction() as session:
            actor, now = current_actor(), clock.now()
            cluster = create_cluster(
                session,
                actor,
                process_id=process.id,
                title=form.translated("title"),
                description=form.translated("description"),
                now=now,
            )
            if ideas:
                file_ideas(
                    session,
                    actor,
                    process_id=process.id,
                    idea_ids=[idea.id for idea in ideas],
                    cluster_id=cluster.id,
                    placing=Placing.AUTO,
                    out_of=_columns(form),
                    seen=form.seen_version,
                    now=now,
                )
    except Conflict as conflict:
        return _clashing(page, form, conflict, process)
    flash(_("The theme “%(title)s” is on the board.", title=pick(cluster.title, g.language)), "success")
    return redirect(url_for("desk.board", slug=slug, _anchor=f"cluster-{cluster.id}"), 303)


@blueprint.route("/desk/processes/<slug>/clusters/<int:cluster_id>/edit", methods=["GET", "POST"])
@moderators_only
def edit(slug: str, cluster_id: int) -> Page:
    """Rename a cluster and describe it."""
    process = process_by_slug(db.session(), slug)
    version = board_version(db.session(), process.id)
    cluster = cluster_by_id(db.session(), process.id, cluster_id)
    form = _form(ClusterForm)
    page = ClusterFormPage(_workplace(process), cluster_id, _("Rename the theme"))
    if not form.is_submitted():
        form.fill("title", cluster.title)
        form.fill("description", cluster.description)
        form.seen.data = str(version)
    if not form.validate_on_submit():
        return _form_page(page, form)
    try:
        with transaction() as session:
            rename_cluster(
                session,
                current_actor(),
                cluster_id=cluster_id,
                title=form.translated("title"),
                description=form.translated("description"),
                seen=form.seen_version,
                now=clock.now(),
            )
    except Conflict as conflict:
        return _clashing(page, form, conflict, process)
    flash(_("Saved."), "success")
    return redirect(url_for("desk.cluster", slug=slug, cluster_id=cluster_id), 303)


@blueprint.route("/desk/processes/<slug>/clusters/<int:cluster_id>/split", methods=["GET", "POST"])
@moderators_only
def split(slug: str, cluster_id: int) -> Page:
    """Make a new cluster out of some of the ideas of this one."""
    process = process_by_slug(db.session(), slug)
    version = board_version(db.session(), process.id)
    cluster = cluster_by_id(db.session(), process.id, cluster_id)
    form = _form(SplitForm)
    offered = form.chosen or _first_of(db.session(), cluster_id)
    page = ClusterFormPage(
        _workplace(process),
        cluster_id,
        _("Split “%(title)s”", title=pick(cluster.title, g.language)),
        chosen_ideas(db.session(), process.id, offered),
    )
    if not form.is_submitted():
        form.seen.data = str(version)
    if _begins() or not form.validate_on_submit():
        return _form_page(page, form, "curation/split.html")
    try:
        with transaction() as session:
            fresh = split_cluster(
                session,
                current_actor(),
                cluster_id=cluster_id,
                title=form.translated("title"),
                description=form.translated("description"),
                idea_ids=[choice.idea_id for choice in form.chosen],
                seen=form.seen_version,
                now=clock.now(),
            )
    except Conflict as conflict:
        return _clashing(page, form, conflict, process, "curation/split.html")
    flash(_("The theme “%(title)s” is on the board.", title=pick(fresh.title, g.language)), "success")
    return redirect(url_for("desk.cluster", slug=slug, cluster_id=fresh.id), 303)


@blueprint.route("/desk/processes/<slug>/clusters/<int:cluster_id>/label", methods=["POST"])
@moderators_only
def label(slug: str, cluster_id: int) -> Page:
    """Set the short word of the team for a cluster; an empty one takes it away."""
    process = process_by_slug(db.session(), slug)
    cluster = cluster_by_id(db.session(), process.id, cluster_id)
    form, status = LabelForm(), UNPROCESSABLE
    lines: tuple[ClashLine, ...] = ()
    if form.validate():
        try:
            with transaction() as session:
                label_cluster(
                    session,
                    current_actor(),
                    cluster_id=cluster_id,
                    label=form.label.data or "",
                    seen=form.seen_version,
                    now=clock.now(),
                )
            return redirect(url_for("desk.cluster", slug=slug, cluster_id=cluster_id, _anchor="label"), 303)
        except Conflict as conflict:
            form.seen.data = str(conflict.version)
            lines, status = clash_lines(db.session(), process.id, conflict), CONFLICT
    page = ClusterFormPage(_workplace(process), cluster_id, pick(cluster.title, g.language), lines=lines)
    return render_template("curation/label.html", page=page, form=form), status


@blueprint.route("/desk/processes/<slug>/clusters/<int:cluster_id>/notes", methods=["POST"])
@moderators_only
def note(slug: str, cluster_id: int) -> Page:
    """Write a note about a cluster, for the team alone."""
    process = process_by_slug(db.session(), slug)
    cluster = cluster_by_id(db.session(), process.id, cluster_id)
    form = NoteForm()
    if not form.validate():
        page = ClusterFormPage(_workplace(process), cluster_id, pick(cluster.title, g.language))
        return render_template("curation/note.html", page=page, form=form), UNPROCESSABLE
    with transaction() as session:
        note_on_cluster(session, current_actor(), cluster_id=cluster_id, text=form.text.data or "", now=clock.now())
    return redirect(url_for("desk.cluster", slug=slug, cluster_id=cluster_id, _anchor="notes"), 303)


@blueprint.post("/desk/processes/<slug>/clusters/<int:cluster_id>/notes/<int:note_id>/remove")
@moderators_only
def unnote(slug: str, cluster_id: int, note_id: int) -> Page:
    """Take a note away; the history of the board can bring it back."""
    process = process_by_slug(db.session(), slug)
    with transaction() as session:
        remove_note(session, current_actor(), note_id=note_id, process_id=process.id, now=clock.now())
    return redirect(url_for("desk.cluster", slug=slug, cluster_id=cluster_id, _anchor="notes"), 303)


@blueprint.route("/desk/processes/<slug>/clusters/order", methods=["GET", "POST"])
@moderators_only
def order(slug: str) -> Page:
    """Show the clusters in their order, and move one of them."""
    process = process_by_slug(db.session(), slug)
    if request.method == "GET":
        return render_template("curation/order.html", page=_order_page(db.session(), process))
    form = OrderForm()
    if not form.validate() or form.step is None:
        raise BadRequest
    cluster_id, places = form.step
    cluster_by_id(db.session(), process.id, cluster_id)
    with transaction() as session:
        move_cluster(session, current_actor(), cluster_id=cluster_id, places=places, now=clock.now())
    if form.back.data == "order":
        return redirect(url_for(".order", slug=slug, _anchor=f"cluster-{cluster_id}"), 303)
    return redirect(after_filing(slug, form), 303)


def _order_page(session: Session, process: ProcessOutline) -> OrderPage:
    version = board_version(session, process.id)
    clusters: Sequence[BoardCluster] = board_clusters(session, process.id)
    lines = tuple((cluster.id, phrase(cluster.title, g.language), cluster.label) for cluster in clusters)
    return OrderPage(_workplace(process), version, lines)


def _begins() -> bool:
    # The board sends what was chosen; the name is asked for on the page that answers.
    return request.method == "POST" and bool(request.form.get("begin"))


def _first_of(session: Session, cluster_id: int) -> tuple[Choice, ...]:
    return tuple(Choice(idea.id, cluster_id) for idea in column(session, cluster_id, size=OFFERED).ideas)


def _columns(form: ClusterForm) -> dict[int, int]:
    return {choice.idea_id: choice.cluster_id for choice in form.chosen if choice.cluster_id is not None}


def _clashing(
    page: ClusterFormPage,
    form: ClusterForm,
    conflict: Conflict,
    process: ProcessOutline,
    template: str = "curation/cluster_form.html",
) -> Page:
    form.seen.data = str(conflict.version)
    lines = clash_lines(db.session(), process.id, conflict, choices=form.chosen)
    shown = ClusterFormPage(page.workplace, page.cluster_id, page.title, page.ideas, lines)
    return render_template(template, page=shown, form=form), CONFLICT


def _form(kind: Any) -> Any:
    return kind.speaking(current_app.config["LANGUAGES"])()


def _form_page(page: ClusterFormPage, form: ClusterForm, template: str = "curation/cluster_form.html") -> Page:
    answer = render_template(template, page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer


def _workplace(process: ProcessOutline) -> Workplace:
    return workplace(current_actor(), process, g.language)
