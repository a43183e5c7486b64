"""Where clusters are made, renamed and removed, and where ideas are filed; the board itself is the desk's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, moderators_only
from participation.curation.forms import BOARD, CLUSTER, ClusterForm, FilingForm, IdeaClustersForm
from participation.curation.queries import cluster_by_id, clusters_of, clusters_with
from participation.curation.service import create_cluster, file_idea, rename_cluster, unfile_idea
from participation.ideas.models import Idea
from participation.ideas.queries import idea_in
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.multilingual import pick
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("curation", __name__)
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class ClusterFormPage:
    """The page on which a cluster is named; ``cluster_id`` is ``None`` for a new one."""

    workplace: Workplace
    cluster_id: int | None
    title: str


@dataclass(frozen=True, slots=True)
class ChosenIdea:
    """An idea that was chosen for filing."""

    id: int
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class FilingPage:
    """What was chosen when filing could not be done."""

    workplace: Workplace
    ideas: tuple[ChosenIdea, ...]


@blueprint.route("/desk/processes/<slug>/clusters/new", methods=["GET", "POST"])
@moderators_only
def new(slug: str) -> Page:
    """Make a cluster."""
    process = process_by_slug(db.session(), slug)
    form = _cluster_form()
    if not form.validate_on_submit():
        return _form_page(ClusterFormPage(_workplace(process), None, _("New theme")), form)
    with transaction() as session:
        cluster = create_cluster(
            session,
            current_actor(),
            process_id=process.id,
            title=form.translated("title"),
            description=form.translated("description"),
            now=clock.now(),
        )
    flash(_("The theme “%(title)s” is on the board.", title=pick(cluster.title, g.language)), "success")
    return redirect(url_for("desk.board", slug=slug, _anchor=f"cluster-{cluster.id}"), 303)


@blueprint.route("/desk/processes/<slug>/clusters/<int:cluster_id>/edit", methods=["GET", "POST"])
@moderators_only
def edit(slug: str, cluster_id: int) -> Page:
    """Rename a cluster and describe it."""
    process = process_by_slug(db.session(), slug)
    cluster = cluster_by_id(db.session(), process.id, cluster_id)
    form = _cluster_form()
    if not form.is_submitted():
        form.fill("title", cluster.title)
        form.fill("description", cluster.description)
    if not form.validate_on_submit():
        return _form_page(ClusterFormPage(_workplace(process), cluster_id, _("Rename the theme")), form)
    with transaction() as session:
        rename_cluster(
            session,
            current_actor(),
            cluster_id=cluster_id,
            title=form.translated("title"),
            description=form.translated("description"),
            now=clock.now(),
        )
    flash(_("Saved."), "success")
    return redirect(url_for("desk.cluster", slug=slug, cluster_id=cluster_id), 303)


@blueprint.post("/desk/processes/<slug>/filings")
@moderators_only
def file(slug: str) -> Page:
    """File the chosen ideas in a cluster, take them out of one, or both; repeating changes nothing."""
    process = process_by_slug(db.session(), slug)
    form = FilingForm().offer(_choices(db.session(), process))
    if not form.validate():
        page = FilingPage(_workplace(process), _chosen(db.session(), process, form))
        return render_template("curation/filing.html", page=page, form=form), UNPROCESSABLE
    with transaction() as session:
        for idea_id in form.idea_ids:
            if form.target is not None:
                file_idea(session, current_actor(), idea_id=idea_id, cluster_id=form.target, now=clock.now())
            if form.source not in (None, form.target):
                unfile_idea(session, current_actor(), idea_id=idea_id, cluster_id=form.source, now=clock.now())
    flash(_filed(form, dict(_choices(db.session(), process))), "success")
    return redirect(_after_filing(slug, form), 303)


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/clusters")
@moderators_only
def set_clusters(slug: str, idea_id: int) -> Page:
    """Set all the clusters that one idea belongs to."""
    process = process_by_slug(db.session(), slug)
    idea = idea_in(db.session(), process.id, idea_id)
    form = IdeaClustersForm().offer(_choices(db.session(), process))
    if not form.validate():
        page = FilingPage(_workplace(process), (ChosenIdea(idea.id, idea.title, idea.language),))
        return render_template("curation/idea_clusters.html", page=page, form=form), UNPROCESSABLE
    with transaction() as session:
        before = {cluster.id for cluster in clusters_with(session, idea_id)}
        after = set(form.cluster_ids)
        for cluster_id in sorted(after - before):
            file_idea(session, current_actor(), idea_id=idea_id, cluster_id=cluster_id, now=clock.now())
        for cluster_id in sorted(before - after):
            unfile_idea(session, current_actor(), idea_id=idea_id, cluster_id=cluster_id, now=clock.now())
    flash(_("The themes of this idea are saved."), "success")
    return redirect(url_for("desk.idea", slug=slug, idea_id=idea_id, _anchor="themes"), 303)


def _filed(form: FilingForm, titles: dict[int, str]) -> str:
    number = len(form.idea_ids)
    if form.target is None:
        return str(ngettext("%(num)s idea is taken out.", "%(num)s ideas are taken out.", number))
    title = titles.get(form.target, "")
    sentence = ngettext(
        "%(num)s idea is filed under “%(title)s”.", "%(num)s ideas are filed under “%(title)s”.", number, title=title
    )
    return str(sentence)


def _after_filing(slug: str, form: FilingForm) -> str:
    if form.back.data == CLUSTER and form.source is not None:
        return url_for("desk.cluster", slug=slug, cluster_id=form.source)
    kept: dict[str, Any] = {}
    if form.back.data == BOARD:
        kept = {name: value for name, value in parse_qsl(form.query.data or "") if name in ("q", "principle")}
    return url_for("desk.board", slug=slug, **kept)


def _chosen(session: Session, process: ProcessOutline, form: FilingForm) -> tuple[ChosenIdea, ...]:
    ids = [int(value) for value in form.ideas.data or () if value.isdecimal() and len(value) < 19]
    rows = session.scalars(select(Idea).where(Idea.process_id == process.id, Idea.id.in_(ids)).order_by(Idea.id))
    return tuple(ChosenIdea(idea.id, idea.title, idea.language) for idea in rows)


def _choices(session: Session, process: ProcessOutline) -> Sequence[tuple[int, str]]:
    return [(cluster.id, pick(cluster.title, g.language)) for cluster in clusters_of(session, process.id)]


def _cluster_form() -> ClusterForm:
    form: ClusterForm = ClusterForm.speaking(current_app.config["LANGUAGES"])()
    return form


def _form_page(page: ClusterFormPage, form: ClusterForm) -> Page:
    answer = render_template("curation/cluster_form.html", page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer


def _workplace(process: ProcessOutline) -> Workplace:
    return workplace(current_actor(), process, g.language)
