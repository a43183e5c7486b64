"""Pages on which statements are written, submitted and withdrawn; a cluster is removed here if none needs it."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only, moderators_only
from participation.curation.board.clusters import remove_cluster as take_off_board
from participation.curation.queries import cluster_by_id
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import workplace
from participation.strategy.answering.departments import departments_used
from participation.strategy.models import Statement, StatementState
from participation.strategy.statements.content import Content
from participation.strategy.statements.forms import ConfirmForm, Offer, StatementForm, WithdrawalForm
from participation.strategy.statements.pages import RemovalPage, StatementPage, offered, seen_of, statement_page
from participation.strategy.statements.policies import may_rewrite, may_withdraw
from participation.strategy.statements.queries import statement_of, statements_from
from participation.strategy.statements.service import (
    Overtaken,
    StatementDraft,
    rewrite_statement,
    submit_statement,
    withdraw_statement,
    write_statement,
)
from participation.strategy.statements.sources import clusters_in_use

blueprint = Blueprint("strategy", __name__)
Page = str | tuple[str, int] | Response
CONFLICT = 409


@blueprint.route("/desk/processes/<slug>/statements/new", methods=["GET", "POST"])
@desk_only
def new(slug: str) -> Page:
    """Write a statement."""
    process = process_by_slug(db.session(), slug)
    form = _statement_form(db.session(), process)
    if not form.is_submitted():
        form.clusters.data = request.args.getlist("cluster")
    if not form.validate_on_submit():
        page = StatementPage(
            workplace=workplace(current_actor(), process, g.language),
            departments=departments_used(db.session(), process.id),
            has_clusters=bool(form.clusters.choices),
        )
        return _answer(page, form)
    with transaction() as session:
        statement = write_statement(
            session, current_actor(), process_id=process.id, draft=_draft(form), now=clock.now()
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
    content, seen = seen_of(db.session(), row)
    if not form.is_submitted():
        _fill(form, content, seen)
    if not may_rewrite(current_actor(), process.id, row.state) or not form.validate_on_submit():
        return _answer(_statement_page(db.session(), process, row, form), form)
    was_public = row.state is StatementState.PUBLISHED
    try:
        with transaction() as session:
            rewrite_statement(
                session,
                current_actor(),
                statement_id=statement_id,
                draft=_draft(form),
                now=clock.now(),
                seen=form.seen.data or "",
            )
    except Overtaken:
        return _overtaken(process, statement_id, form)
    flash(_("Saved. It becomes public when it is signed off.") if was_public else _("Saved."), "success")
    return redirect(url_for(".statement", slug=slug, statement_id=statement_id), 303)


@blueprint.post("/desk/processes/<slug>/statements/<int:statement_id>/submit")
@desk_only
def submit(slug: str, statement_id: int) -> Page:
    """Ask a second person to sign off what is saved."""
    process = process_by_slug(db.session(), slug)
    statement_of(db.session(), process.id, statement_id)
    with transaction() as session:
        submit_statement(session, current_actor(), statement_id=statement_id, now=clock.now())
    flash(_("Somebody else of the team can sign this off now."), "success")
    return redirect(url_for(".statement", slug=slug, statement_id=statement_id), 303)


@blueprint.route("/desk/processes/<slug>/statements/<int:statement_id>/withdraw", methods=["GET", "POST"])
@desk_only
def withdraw(slug: str, statement_id: int) -> Page:
    """Ask for the reason, then take a statement back."""
    process = process_by_slug(db.session(), slug)
    row = statement_of(db.session(), process.id, statement_id)
    form: WithdrawalForm = WithdrawalForm.speaking(current_app.config["LANGUAGES"])()
    permission = may_withdraw(current_actor(), process.id, row.state)
    if permission and form.validate_on_submit():
        with transaction() as session:
            withdraw_statement(
                session,
                current_actor(),
                statement_id=statement_id,
                reason=form.translated("reason"),
                now=clock.now(),
            )
        flash(_("The statement is withdrawn."), "success")
        return redirect(url_for("desk.statements", slug=slug), 303)
    page = StatementPage(
        workplace=workplace(current_actor(), process, g.language),
        departments=(),
        has_clusters=False,
        id=row.id,
        number=row.position,
        state=row.state,
        text=phrase(row.text, g.language),
    )
    answer = render_template("strategy/withdraw.html", page=page, form=form, permission=permission)
    return (answer, UNPROCESSABLE) if form.errors else answer


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
            take_off_board(session, current_actor(), cluster_id=cluster_id, in_use=clusters_in_use, now=clock.now())
    except Refused as problem:
        form.form_errors.append(str(problem.reason))
        return render_template("strategy/remove_cluster.html", page=page, form=form), CONFLICT
    flash(_("The theme “%(title)s” is removed; its ideas wait to be filed again.", title=page.title.text), "success")
    return redirect(url_for("desk.board", slug=slug), 303)


def _overtaken(process: ProcessOutline, statement_id: int, form: StatementForm) -> Page:
    """Show what a colleague saved meanwhile beside what was typed; saving once more puts this in its place."""
    row = statement_of(db.session(), process.id, statement_id)
    content, form.seen.data = seen_of(db.session(), row)
    form.form_errors.append(
        _("Somebody else changed this statement meanwhile. Their words are shown below; yours are still in the form.")
    )
    page = _statement_page(db.session(), process, row, form)
    return render_template("strategy/statement.html", page=page, form=form, theirs=content), CONFLICT


def _statement_page(session: Session, process: ProcessOutline, row: Statement, form: StatementForm) -> StatementPage:
    return statement_page(
        session,
        current_actor(),
        process,
        row,
        departments=departments_used(session, process.id),
        has_clusters=bool(form.clusters.choices),
        language=g.language,
        now=clock.now(),
    )


def _statement_form(session: Session, process: ProcessOutline) -> StatementForm:
    form: StatementForm = StatementForm.speaking(current_app.config["LANGUAGES"])()
    clusters, principles, fields = offered(session, process, g.language)
    named = [
        (id_, f"{title.text} ({ngettext('%(num)s idea', '%(num)s ideas', ideas)})") for id_, title, ideas in clusters
    ]
    return form.offer(Offer(named, principles, fields))


def _fill(form: StatementForm, content: Content, seen: str) -> None:
    form.fill("text", content.text)
    form.fill("reasoning", content.reasoning)
    form.seen.data, form.department.data = seen, content.department
    form.clusters.data = [str(id_) for id_ in content.clusters]
    form.principles.data = [str(id_) for id_ in content.principles]
    form.fields.data = [str(id_) for id_ in content.fields]


def _draft(form: StatementForm) -> StatementDraft:
    return StatementDraft(
        text=form.translated("text"),
        reasoning=form.translated("reasoning"),
        cluster_ids=form.chosen("clusters"),
        department=form.department.data or "",
        principle_ids=form.chosen("principles"),
        field_ids=form.chosen("fields"),
    )


def _answer(page: StatementPage, form: StatementForm) -> Page:
    answer = render_template("strategy/statement.html", page=page, form=form)
    return (answer, UNPROCESSABLE) if form.errors else answer
