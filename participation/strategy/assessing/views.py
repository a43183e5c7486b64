"""Pages of the desk on which statements are held against the criteria and values of the framework."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.multilingual import Phrase, ngettext, phrase
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.workplace import Workplace, workplace
from participation.strategy.assessing.forms import AssessmentForm, YardstickFields, assessment_form
from participation.strategy.assessing.policies import may_assess
from participation.strategy.assessing.queries import (
    AssessmentLine,
    Tally,
    assessment_of,
    matrix,
    tally_of,
    what_holds,
)
from participation.strategy.assessing.service import Outpaced, assess_statement
from participation.strategy.assessing.shown import MatrixShown, matrix_shown
from participation.strategy.assessing.yardsticks import VERDICTS
from participation.strategy.models import Statement, StatementState
from participation.strategy.statements.queries import statement_of

blueprint = Blueprint("assessing", __name__)
Page = str | tuple[str, int] | Response
CONFLICT = 409


@dataclass(frozen=True, slots=True)
class AssessedRow:
    """One criterion or value: its fields and what holds; ``is_outpaced`` where a colleague said so meanwhile."""

    fields: YardstickFields
    line: AssessmentLine
    is_outpaced: bool


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """The form with which a statement is held against everything; ``closed`` says why that is over."""

    workplace: Workplace
    id: int
    number: int
    text: Phrase
    state: StatementState
    rows: tuple[AssessedRow, ...]
    tally: Tally
    closed: str


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The matrix as those see it who work on it: drafts too."""

    workplace: Workplace
    shown: MatrixShown


@blueprint.get("/desk/processes/<slug>/matrix")
@desk_only
def overview(slug: str) -> str:
    """Show all statements, drafts too, held against the criteria and values."""
    process = process_by_slug(db.session(), slug)
    shown = matrix_shown(
        matrix(db.session(), process.id, process.framework_id, g.language, with_drafts=True),
        line_url=lambda id_: url_for(".assessment", slug=slug, statement_id=id_),
    )
    page = MatrixPage(workplace(current_actor(), process, g.language), shown)
    return render_template("strategy/matrix.html", page=page)


@blueprint.route("/desk/processes/<slug>/statements/<int:statement_id>/assessment", methods=["GET", "POST"])
@desk_only
def assessment(slug: str, statement_id: int) -> Page:
    """Hold a statement against every criterion and value."""
    session = db.session()
    process = process_by_slug(session, slug)
    statement = statement_of(session, process.id, statement_id)
    lines = _lines(session, process, statement)
    form = _form(lines)
    permission = may_assess(current_actor(), process.id, statement.state)
    if not form.is_submitted():
        form.show(lines, what_holds(session, statement_id))
    if not permission or not form.validate_on_submit():
        return _answer(process, statement, lines, form, closed="" if permission else str(permission.reason))
    try:
        with transaction() as writing:
            changed = assess_statement(
                writing,
                current_actor(),
                statement_id=statement_id,
                judgements=form.judgements,
                seen=form.seen_number,
                confirmed=form.confirmed,
                now=clock.now(),
            )
    except Outpaced as problem:
        return _outpaced(process, statement_id, form, problem)
    if changed:
        said = ngettext("%(num)s assessment is saved.", "%(num)s assessments are saved.", changed)
        flash(said, "success")
    else:
        flash(_("Nothing was changed."), "info")
    return redirect(url_for(".assessment", slug=slug, statement_id=statement_id), 303)


def _outpaced(process: ProcessOutline, statement_id: int, form: AssessmentForm, problem: Outpaced) -> Page:
    """Show the form anew: what a colleague changed alone is taken over, what both changed stands there twice."""
    session = db.session()
    statement = statement_of(session, process.id, statement_id)
    lines = _lines(session, process, statement)
    mine = form.judgements
    form.show(lines, what_holds(session, statement_id))
    for name in problem.own:
        form.put(name, mine[name].verdict, mine[name].reason)
    form.form_errors.append(
        _("A colleague has assessed this meanwhile. Compare what is marked, then save again; nothing of yours is lost.")
    )
    return _shown(process, statement, lines, form, outpaced=problem.names), CONFLICT


def _lines(session: Session, process: ProcessOutline, statement: Statement) -> tuple[AssessmentLine, ...]:
    return assessment_of(session, process.framework_id, statement, g.language, for_everybody=False)


def _form(lines: Iterable[AssessmentLine]) -> AssessmentForm:
    return assessment_form([line.yardstick for line in lines], current_app.config["LANGUAGES"], g.language)


def _answer(
    process: ProcessOutline,
    statement: Statement,
    lines: tuple[AssessmentLine, ...],
    form: AssessmentForm,
    *,
    closed: str,
) -> Page:
    is_late = bool(closed) and form.is_submitted()
    if is_late:
        form.form_errors.append(closed)
    answer = _shown(process, statement, lines, form, closed=closed)
    if is_late:
        return answer, CONFLICT
    return (answer, UNPROCESSABLE) if form.errors else answer


def _shown(
    process: ProcessOutline,
    statement: Statement,
    lines: tuple[AssessmentLine, ...],
    form: AssessmentForm,
    *,
    closed: str = "",
    outpaced: frozenset[str] = frozenset(),
) -> str:
    page = AssessmentPage(
        workplace=workplace(current_actor(), process, g.language),
        id=statement.id,
        number=statement.position,
        text=phrase(statement.text, g.language),
        state=statement.state,
        rows=tuple(
            AssessedRow(fields, line, line.yardstick.name in outpaced)
            for fields, line in zip(form.rows(g.language), lines, strict=True)
        ),
        tally=tally_of(line.current for line in lines),
        closed=closed,
    )
    return render_template("strategy/assessment.html", page=page, form=form, verdicts=VERDICTS)
