"""Where ideas are filed and taken out; the board itself is the desk's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.actor import Actor
from participation.accounts.guard import current_actor, moderators_only
from participation.curation.board.clash_pages import (
    CONFLICT,
    ChosenIdea,
    FilingConflictPage,
    chosen_ideas,
    clash_lines,
)
from participation.curation.board.conflicts import Conflict
from participation.curation.board.filing import file_ideas, set_clusters, unfile_ideas
from participation.curation.board.forms import CLUSTER, IDEA, Choice, FilingForm, IdeaClustersForm, SeenForm
from participation.curation.board.places import Placing, positions_of
from participation.curation.board.steps import Done
from participation.curation.bundling.queries import mates_of
from participation.curation.models import FilingOrigin
from participation.curation.queries import clusters_of
from participation.ideas.queries import idea_in
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.numbers import whole_number
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, phrase, pick
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace

blueprint = Blueprint("curation", __name__)
Page = str | tuple[str, int] | Response
KEPT = ("q", "principle", "language", "theme", "rest")
"""What narrows the unfiled ideas stays after something was done."""
PLACES = {"suggestions": "desk.suggestions", "outliers": "desk.outliers"}


@dataclass(frozen=True, slots=True)
class FilingPage:
    """What was chosen when filing could not be done."""

    workplace: Workplace
    ideas: tuple[ChosenIdea, ...]


@blueprint.post("/desk/processes/<slug>/filings")
@moderators_only
def file(slug: str) -> Page:
    """File the chosen ideas in a cluster or take them out of their columns; repeating changes nothing."""
    process = process_by_slug(db.session(), slug)
    choices = cluster_choices(db.session(), process)
    form = FilingForm().offer(choices)
    if not form.validate():
        page = FilingPage(_workplace(process), chosen_ideas(db.session(), process.id, form.chosen))
        return render_template("curation/filing.html", page=page, form=form), UNPROCESSABLE
    if form.brings_bundles:
        form.bring(mates_of(db.session(), [choice.idea_id for choice in form.chosen]))
    touched = _touched(db.session(), form)
    try:
        with transaction() as session:
            done = _file(session, current_actor(), process, form)
    except Conflict as conflict:
        return _conflict_page(process, form, conflict, dict(choices)), CONFLICT
    flash(_filed(form, done, dict(choices)), "success" if done.moved else "info")
    return redirect(after_filing(slug, form, touched), 303)


@blueprint.post("/desk/processes/<slug>/ideas/<int:idea_id>/clusters", endpoint="set_clusters")
@moderators_only
def set_all(slug: str, idea_id: int) -> Page:
    """Set all the clusters that one idea belongs to, and the main one of them."""
    process = process_by_slug(db.session(), slug)
    idea = idea_in(db.session(), process.id, idea_id)
    chosen = (Choice(idea.id, None),)
    form = IdeaClustersForm().offer(cluster_choices(db.session(), process))
    page = FilingPage(_workplace(process), chosen_ideas(db.session(), process.id, chosen))
    if not form.validate():
        return render_template("curation/idea_clusters.html", page=page, form=form, lines=()), UNPROCESSABLE
    try:
        with transaction() as session:
            set_clusters(
                session,
                current_actor(),
                process_id=process.id,
                idea_id=idea_id,
                cluster_ids=form.cluster_ids,
                main_id=form.main_id,
                seen=form.seen_version,
                now=clock.now(),
            )
    except Conflict as conflict:
        form.seen.data = str(conflict.version)
        lines = clash_lines(db.session(), process.id, conflict, choices=chosen)
        return render_template("curation/idea_clusters.html", page=page, form=form, lines=lines), CONFLICT
    flash(_("The themes of this idea are saved."), "success")
    return redirect(url_for("desk.idea", slug=slug, idea_id=idea_id, _anchor="themes"), 303)


def cluster_choices(session: Session, process: ProcessOutline) -> Sequence[tuple[int, str]]:
    """Return the clusters of a process with what they are called."""
    return [(cluster.id, pick(cluster.title, g.language)) for cluster in clusters_of(session, process.id)]


def after_filing(slug: str, form: SeenForm, touched: Collection[int] = ()) -> str:
    """Return where to go on after something was done on the board.

    A script that wants nothing but the columns that changed is sent to just these, the ``touched`` ones.
    """
    asked = dict(parse_qsl(form.query.data or ""))
    cluster_id = whole_number(asked.get("cluster"))
    idea_id = whole_number(asked.get("idea"))
    if form.back.data == CLUSTER and cluster_id:
        return url_for("desk.cluster", slug=slug, cluster_id=cluster_id)
    if form.back.data == IDEA and idea_id:
        return url_for("desk.idea", slug=slug, idea_id=idea_id, _anchor="themes")
    if form.back.data in PLACES:
        return url_for(PLACES[form.back.data], slug=slug)
    kept: dict[str, Any] = {name: asked[name] for name in KEPT if name in asked}
    if form.parts.data:
        kept["only"] = ",".join(map(str, sorted(touched))) or "0"
    return url_for("desk.board", slug=slug, **kept)


def _file(session: Session, actor: Actor, process: ProcessOutline, form: FilingForm) -> Done:
    ids, now = [choice.idea_id for choice in form.chosen], clock.now()
    if form.target is None:
        return unfile_ideas(
            session,
            actor,
            process_id=process.id,
            idea_ids=list(form.sources),
            cluster_id=form.sources,
            seen=form.seen_version,
            now=now,
        )
    return file_ideas(
        session,
        actor,
        process_id=process.id,
        idea_ids=ids,
        cluster_id=form.target,
        placing=form.how,
        # What only touches another theme stays where it is.
        out_of=None if form.how is Placing.ALSO else form.sources,
        origin=FilingOrigin.SUGGESTED if form.is_accepting else FilingOrigin.HAND,
        seen=form.seen_version,
        now=now,
    )


def _touched(session: Session, form: FilingForm) -> set[int]:
    clusters = {*form.sources.values(), *([form.target] if form.target else [])}
    if form.how is Placing.MAIN:
        # Where another theme was the main one, that column changes, too.
        positions = positions_of(session, [choice.idea_id for choice in form.chosen])
        clusters |= {position.cluster_id for several in positions.values() for position in several}
    return clusters


def _filed(form: FilingForm, done: Done, titles: dict[int, str]) -> str:
    number = len(done.moved)
    if not number:
        return _("Nothing to change: the board says so already.")
    if form.target is None:
        return str(ngettext("%(num)s idea is taken out.", "%(num)s ideas are taken out.", number))
    title = titles.get(form.target, "")
    sentence = ngettext(
        "%(num)s idea is filed under “%(title)s”.", "%(num)s ideas are filed under “%(title)s”.", number, title=title
    )
    return str(sentence)


def _conflict_page(process: ProcessOutline, form: FilingForm, conflict: Conflict, titles: dict[int, str]) -> str:
    session = db.session()
    clashing = set(conflict.idea_ids)
    others = [choice for choice in form.chosen if choice.idea_id not in clashing]
    page = FilingConflictPage(
        workplace=_workplace(process),
        version=conflict.version,
        target=phrase({g.language: titles[form.target]}, g.language) if form.target in titles else None,
        lines=clash_lines(session, process.id, conflict, choices=form.chosen),
        others=chosen_ideas(session, process.id, others),
    )
    return render_template("curation/filing_conflict.html", page=page, form=form)


def _workplace(process: ProcessOutline) -> Workplace:
    return workplace(current_actor(), process, g.language)
