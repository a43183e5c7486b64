"""Pages on which statements are written and published, and on which a cluster is removed if no statement needs it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only, moderators_only
from participation.curation.queries import cluster_by_id
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.multilingual import Phrase, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.strategy.forms import ConfirmForm, StatementForm
from participation.strategy.models import Statement, StatementState
from participation.strategy.queries import (
    Provenance,
    StatementLine,
    cluster_sources,
    provenance,
    source_ids_of,
    statement_of,
    statements_from,
)
from participation.strategy.service import publish_statement, remove_unused_cluster, rewrite_statement, write_statement

blueprint = Blueprint("strategy", __name__)
Page = str | tuple[str, int] | Response
CONFLICT = 409


@dataclass(frozen=True, slots=True)
class StatementPage:
    """The form for a statement; ``id`` and everything after it is empty for a new one."""

    workplace: Workplace
    has_clusters: bool
    id: int | None = None
    number: int = 0
    state: StatementState = StatementState.DRAFT
    text: Phrase | None = None
    written_at: datetime | None = None
    published_at: datetime | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class RemovalPage:
    """Asks whether a cluster shall go; statements that rest on it stand in the way."""

    workplace: Workplace
    cluster_id: int
    title: Phrase
    statements: tuple[StatementLine, ...]


@blueprint.route("/desk/processes/<slug>/statements/new", methods=["GET", "POST"])
@desk_only
def new(slug: str) -> Page:
    """Write a statement."""
    process = process_by_slug(db.session(), slug)
    form = _statement_form(db.session(), process)
    if not form.is_submitted():
        form.clusters.data = request.args.getlist("cluster")
    if not form.validate_on_submit():
        page = StatementPage(workplace(current_actor(), process, g.language), bool(form.clusters.choices))
        return _answer(page, form)
    with transaction() as session:
        statement = write_statement(
            session,
            current_actor(),
            process_id=process.id,
            text=form.translated("text"),
            reasoning=form.translated("reasoning"),
            cluster_ids=form.cluster_ids,
            now=clock.now(),
        )
    flash(_("The draft is saved."), "success")
    return redirect(url_for(".statement", slug=slug, statement_id=statement.id), 303)


@blueprint.route("/desk/processes/<slug>/statements/<int:statement_id>", methods=["GET", "POST"])
@desk_only
def statement(slug: str, statement_id: int) -> Page:
    """Show a statement with what it rests on, and rewrite it."""
    process = process_by_slug(db.session(), slug)
    row = statement_of(db.session(), process.id, statement_id)
    form = _statement_form(db.session(), process)
    if not form.is_submitted():
        form.fill("text", row.text)
        form.fill("reasoning", row.reasoning)
        form.clusters.data = [str(cluster_id) for cluster_id in source_ids_of(db.session(), statement_id)]
    if not form.validate_on_submit():
        return _answer(_statement_page(db.session(), process, row, form), form)
    with transaction() as session:
        rewrite_statement(
            session,
            current_actor(),
            statement_id=statement_id,
            text=form.translated("text"),
            reasoning=form.translated("reasoning"),
            cluster_ids=form.cluster_ids,
            now=clock.now(),
        )
    flash(_("Saved."), "success")
    return redirect(url_for(".statement", slug=slug, statement_id=statement_id), 303)


@blueprint.post("/desk/processes/<slug>/statements/<int:statement_id>/publish")
@desk_only
def publish(slug: str, statement_id: int) -> Page:
    """Make a statement public as it is saved."""
    process = process_by_slug(db.session(), slug)
    statement_of(db.session(), process.id, statement_id)
    with transaction() as session:
        publish_statement(session, current_actor(), statement_id=statement_id, now=clock.now())
    flash(_("The statement is public."), "success")
    return redirect(url_for(".statement", slug=slug, statement_id=statement_id), 303)


@blueprint.route("/desk/processes/<slug>/clusters/<int:cluster_id>/remove", methods=["GET", "POST"])
@moderators_only
def remove_cluster(slug: str, cluster_id: int) -> Page:
    """Ask, then take a cluster off the board."""
    process = process_by_slug(db.session(), slug)
    cluster = cluster_by_id(db.session(), process.id, cluster_id)
    page = RemovalPage(
        workplace=workplace(current_actor(), process, g.language),
        cluster_id=cluster_id,
        title=phrase(cluster.title, g.language),
        statements=tuple(statements_from(db.session(), cluster_id, g.language)),
    )
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("strategy/remove_cluster.html", page=page, form=form)
    try:
        with transaction() as session:
            remove_unused_cluster(session, current_actor(), cluster_id=cluster_id, now=clock.now())
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return render_template("strategy/remove_cluster.html", page=page, form=form), CONFLICT
    flash(_("The theme “%(title)s” is removed; its ideas wait to be filed again.", title=page.title.text), "success")
    return redirect(url_for("desk.board", slug=slug), 303)


def _statement_page(session: Session, process: ProcessOutline, row: Statement, form: StatementForm) -> StatementPage:
    return StatementPage(
        workplace=workplace(current_actor(), process, g.language),
        has_clusters=bool(form.clusters.choices),
        id=row.id,
        number=row.position,
        state=row.state,
        text=phrase(row.text, g.language),
        written_at=row.written_at,
        published_at=row.published_at,
        provenance=provenance(session, process, row.id, language=g.language, now=clock.now()),
    )


def _statement_form(session: Session, process: ProcessOutline) -> StatementForm:
    form: StatementForm = StatementForm.speaking(current_app.config["LANGUAGES"])()
    sources = cluster_sources(session, process.id, g.language)
    return form.offer(
        [
            (source.id, f"{source.title.text} ({ngettext('%(num)s idea', '%(num)s ideas', source.ideas)})")
            for source in sources
        ]
    )


def _answer(page: StatementPage, form: StatementForm) -> Page:
    answer = render_template("strategy/statement.html", page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer
