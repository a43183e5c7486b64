"""Pages on which statements are written, published and answered; a cluster is removed here if no statement needs it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only, moderators_only, staff_only
from participation.curation.queries import cluster_by_id
from participation.ideas.policies import may_see_idea
from participation.ideas.queries import idea_in
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Refused
from participation.multilingual import Phrase, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.strategy.answers import OUTCOMES, AnswerView, answers_to_idea, answers_to_statements
from participation.strategy.forms import AnswerForm, ConfirmForm, StatementForm
from participation.strategy.models import Statement, StatementState
from participation.strategy.policies import may_answer_idea, may_answer_statement
from participation.strategy.queries import (
    Provenance,
    StatementLine,
    cluster_sources,
    provenance,
    source_ids_of,
    statement_of,
    statements_from,
)
from participation.strategy.service import (
    AnswerDraft,
    answer_idea,
    answer_statement,
    publish_statement,
    remove_unused_cluster,
    rewrite_statement,
    write_statement,
)

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


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The form for the city's answer to an idea or a statement; ``closed`` says why there can be none."""

    workplace: Workplace
    number: int
    subject: Phrase
    about_idea: bool
    url: str
    answers: tuple[AnswerView, ...]
    closed: str


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


@blueprint.route("/desk/processes/<slug>/ideas/<int:idea_id>/answer", methods=["GET", "POST"])
@staff_only
def answer_to_idea(slug: str, idea_id: int) -> Page:
    """Answer an idea for the city."""
    process = process_by_slug(db.session(), slug)
    idea = idea_in(db.session(), process.id, idea_id)
    # Who answers for the city need not moderate: what is not public stays between its author and the moderators.
    is_shown = may_see_idea(current_actor(), state=idea.state, process_id=process.id, is_author=False)
    permission = may_answer_idea(current_actor(), process.id, idea.state)
    page = AnswerPage(
        workplace=workplace(current_actor(), process, g.language),
        number=idea.id,
        subject=Phrase(idea.title, idea.language) if is_shown else Phrase(_("An idea that is not public"), g.language),
        about_idea=True,
        url=url_for("browse.idea", slug=slug, idea_id=idea_id),
        answers=answers_to_idea(db.session(), idea_id, g.language),
        closed="" if permission else str(permission.reason),
    )
    form = _answer_form()
    if not permission or not form.validate_on_submit():
        return _answer_page(page, form)
    with transaction() as session:
        answer_idea(session, current_actor(), idea_id=idea_id, draft=_answer_draft(form), now=clock.now())
    flash(_("The answer is public."), "success")
    return redirect(url_for("browse.idea", slug=slug, idea_id=idea_id, _anchor="outcome"), 303)


@blueprint.route("/desk/processes/<slug>/statements/<int:statement_id>/answer", methods=["GET", "POST"])
@staff_only
def answer_to_statement(slug: str, statement_id: int) -> Page:
    """Answer a statement for the city."""
    process = process_by_slug(db.session(), slug)
    row = statement_of(db.session(), process.id, statement_id)
    permission = may_answer_statement(current_actor(), process.id, row.state)
    page = AnswerPage(
        workplace=workplace(current_actor(), process, g.language),
        number=row.position,
        subject=phrase(row.text, g.language),
        about_idea=False,
        url=url_for(".statement", slug=slug, statement_id=statement_id),
        answers=answers_to_statements(db.session(), [statement_id], g.language).get(statement_id, ()),
        closed="" if permission else str(permission.reason),
    )
    form = _answer_form()
    if not permission or not form.validate_on_submit():
        return _answer_page(page, form)
    with transaction() as session:
        answer_statement(
            session, current_actor(), statement_id=statement_id, draft=_answer_draft(form), now=clock.now()
        )
    flash(_("The answer is public."), "success")
    return redirect(url_for("browse.statement", slug=slug, statement_id=statement_id, _anchor="answers"), 303)


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


def _answer_form() -> AnswerForm:
    form: AnswerForm = AnswerForm.speaking(current_app.config["LANGUAGES"])()
    return form


def _answer_draft(form: AnswerForm) -> AnswerDraft:
    return AnswerDraft(form.chosen, form.department.data or "", form.translated("text"))


def _answer_page(page: AnswerPage, form: AnswerForm) -> Page:
    if page.closed and form.is_submitted():
        form.form_errors.append(page.closed)
        return render_template("strategy/answer.html", page=page, form=form, outcomes=OUTCOMES), CONFLICT
    answer = render_template("strategy/answer.html", page=page, form=form, outcomes=OUTCOMES)
    return (answer, UNPROCESSABLE) if form.errors else answer
