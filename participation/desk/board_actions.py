"""What is done on the board with an eye on statements or on proposals: undoing, merging, accepting what is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, HiddenField, SelectField

from participation.accounts.guard import current_actor, moderators_only
from participation.curation.board.clash_pages import CONFLICT, ClashLine, clash_lines
from participation.curation.board.conflicts import Conflict
from participation.curation.board.filing import file_each
from participation.curation.board.forms import SeenForm, shown_again
from participation.curation.board.history import History, HistoryLine, history, line_of
from participation.curation.board.queries import board_version
from participation.curation.board.reshaping import merge_clusters
from participation.curation.board.undo import undo_change
from participation.curation.board.views import Page, after_filing, cluster_choices
from participation.curation.board.wording import sentence
from participation.curation.models import FilingOrigin
from participation.curation.queries import cluster_by_id
from participation.desk.board_views import blueprint
from participation.desk.queries.board_proposals import THRESHOLDS, places_above, proposals_page
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE, options
from participation.kit.numbers import whole_number
from participation.kit.permissions import Refused
from participation.multilingual import Phrase, ngettext, phrase
from participation.multilingual import gettext as _
from participation.multilingual import lazy as _l
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.strategy.statements.queries import StatementLine, statements_from
from participation.strategy.statements.sources import clusters_in_use
from participation.suggestions.queries import newest_run

__all__ = ["blueprint"]


class UndoForm(SeenForm):
    """Take a step back; ``partly`` leaves what a colleague changed since as it is."""

    partly = BooleanField()


class MergeForm(SeenForm):
    """Put all ideas of a cluster into another one and take it off the board."""

    into = SelectField(_l("Theme that takes the ideas in"))


class AcceptForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Accept what a run proposes at or above a threshold."""

    run = HiddenField(filters=[shown_again])
    threshold = HiddenField(filters=[shown_again])
    seen = HiddenField(filters=[shown_again])


@dataclass(frozen=True, slots=True)
class UndoPage:
    """A step that cannot be taken back as a whole, and why; ``known`` names what it was about."""

    workplace: Workplace
    line: HistoryLine
    known: History
    reason: str
    lines: tuple[ClashLine, ...]


@dataclass(frozen=True, slots=True)
class MergePage:
    """A cluster that is to go into another one; statements that rest on it stand in the way."""

    workplace: Workplace
    cluster_id: int
    title: Phrase
    statements: tuple[StatementLine, ...]
    has_others: bool
    lines: tuple[ClashLine, ...] = ()


@blueprint.post("/desk/processes/<slug>/board/changes/<int:number>/undo")
@moderators_only
def undo_step(slug: str, number: int) -> Page:
    """Take back any step; what a colleague changed since is named, and left as it is where that is wanted."""
    process = process_by_slug(db.session(), slug)
    form = UndoForm()
    if not form.validate():
        raise BadRequest
    try:
        with transaction() as session:
            done = undo_change(
                session,
                current_actor(),
                process_id=process.id,
                number=number,
                in_use=clusters_in_use,
                partly=form.partly.data,
                now=clock.now(),
            )
    except Conflict as conflict:
        lines = clash_lines(db.session(), process.id, conflict)
        return _undo_page(process, number, lines=lines), CONFLICT
    except Refused as problem:
        return _undo_page(process, number, reason=str(problem.reason)), CONFLICT
    line = line_of(db.session(), current_actor(), process.id, number)
    flash(_("Undone.") if done.number else _("There was nothing left to undo."), "success" if done.number else "info")
    if form.back.data == "changes":
        return redirect(url_for(".changes", slug=slug), 303)
    return redirect(after_filing(slug, form, {*line.into, *line.out_of, *line.clusters}), 303)


@blueprint.route("/desk/processes/<slug>/clusters/<int:cluster_id>/merge", methods=["GET", "POST"])
@moderators_only
def merge(slug: str, cluster_id: int) -> Page:
    """Put a cluster into another one."""
    session = db.session()
    process = process_by_slug(session, slug)
    version = board_version(session, process.id)
    title = phrase(cluster_by_id(session, process.id, cluster_id).title, g.language)
    form = MergeForm()
    others = [(str(id_), name) for id_, name in cluster_choices(session, process) if id_ != cluster_id]
    form.into.choices = options(others)
    if not form.is_submitted():
        form.seen.data = str(version)
    if not form.validate_on_submit():
        page = _merge_page(session, process, cluster_id, title, others)
        answer = render_template("desk/board_merge.html", page=page, form=form)
        return (answer, UNPROCESSABLE) if form.errors else answer
    into = int(form.into.data)
    lines: tuple[ClashLine, ...] = ()
    try:
        with transaction() as writing:
            merge_clusters(
                writing,
                current_actor(),
                process_id=process.id,
                cluster_ids=[cluster_id],
                into=into,
                in_use=clusters_in_use,
                seen=form.seen_version,
                now=clock.now(),
            )
    except Conflict as conflict:
        form.seen.data = str(conflict.version)
        lines = clash_lines(db.session(), process.id, conflict)
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
    else:
        flash(_("“%(title)s” is now part of “%(into)s”.", title=title.text, into=dict(others)[str(into)]), "success")
        return redirect(url_for(".cluster", slug=slug, cluster_id=into), 303)
    page = _merge_page(db.session(), process, cluster_id, title, others, lines)
    return render_template("desk/board_merge.html", page=page, form=form), CONFLICT


@blueprint.post("/desk/processes/<slug>/board/suggestions")
@moderators_only
def accept(slug: str) -> Page:
    """File every idea where it is proposed at or above a threshold, in one step.

    Where a newer run proposes other things than the page showed, the page is shown anew instead.
    """
    session = db.session()
    process = process_by_slug(session, slug)
    form = AcceptForm()
    threshold = whole_number(form.threshold.data)
    if not form.validate() or threshold not in THRESHOLDS:
        raise BadRequest
    run = newest_run(session, process.id)
    wanted = places_above(session, process.id, run, threshold) if run else {}
    if run is None or run.number != whole_number(form.run.data):
        return _proposals_anew(process, threshold)
    try:
        with transaction() as writing:
            done = file_each(
                writing,
                current_actor(),
                process_id=process.id,
                wanted=wanted,
                origin=FilingOrigin.SUGGESTED,
                seen=whole_number(form.seen.data),
                now=clock.now(),
            )
    except Conflict:
        return _proposals_anew(process, threshold)
    number = len(done.moved)
    flash(ngettext("%(num)s idea is filed.", "%(num)s ideas are filed.", number), "success" if number else "info")
    return redirect(url_for(".board", slug=slug), 303)


def _undo_page(process: ProcessOutline, number: int, *, reason: str = "", lines: tuple[ClashLine, ...] = ()) -> str:
    session, actor = db.session(), current_actor()
    known = history(session, actor, process.id, before=number + 1, size=1)
    page = UndoPage(_workplace(process), line_of(session, actor, process.id, number), known, reason, lines)
    told = sentence(page.line, known.names, known.titles, g.language)
    return render_template("desk/board_undo.html", page=page, told=told)


def _merge_page(
    session: Session,
    process: ProcessOutline,
    cluster_id: int,
    title: Phrase,
    others: Sequence[tuple[str, str]],
    lines: tuple[ClashLine, ...] = (),
) -> MergePage:
    statements = tuple(statements_from(session, cluster_id, g.language))
    return MergePage(_workplace(process), cluster_id, title, statements, bool(others), lines)


def _proposals_anew(process: ProcessOutline, threshold: int) -> tuple[str, int]:
    page = proposals_page(db.session(), current_actor(), process, threshold=threshold, language=g.language)
    return render_template("desk/board_suggestions.html", page=page, changed=True), CONFLICT


def _workplace(process: ProcessOutline) -> Workplace:
    return workplace(current_actor(), process, g.language)
