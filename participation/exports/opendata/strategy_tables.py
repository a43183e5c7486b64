"""The open tables of statements, of how they are assessed, and of what the city answers and does."""

from collections.abc import Iterator
from typing import Any

from participation.exports.document import (
    AnswerRow,
    AssessmentRow,
    Edge,
    MeasureRow,
    ReferralRow,
    StatementRow,
    StepRow,
)
from participation.exports.opendata.columns import Columns, Published, Table


def strategy(make: Columns) -> tuple[Table[Any], ...]:
    """Return the tables of statements, and of what the city says and does about them."""
    return (
        _statements(make),
        _assessments(make),
        _answers(make),
        _referrals(make),
        _measures(make),
        _measure_steps(make),
        _provenance(make),
    )


def _statements(make: Columns) -> Table[StatementRow]:
    return Table(
        name="statements",
        rows=lambda published: published.document.statements,
        columns=(
            make.id("statement_id", lambda row: row.id),
            make.number("number", lambda row: row.number, required=True),
            *make.texts("text", lambda row: row.text_in),
            *make.texts("reasoning", lambda row: row.reasoning_in),
            make.ids("principle_ids", lambda row: row.principle_ids),
            make.ids("field_ids", lambda row: row.field_ids),
            make.ids("theme_ids", lambda row: row.cluster_ids),
            make.number("ideas", lambda row: row.ideas, required=True),
            make.number("people", lambda row: None if row.people is None else row.people.people),
            make.number("agree", lambda row: None if row.people is None else row.people.agree),
            make.number("unsure", lambda row: None if row.people is None else row.people.unsure),
            make.number("disagree", lambda row: None if row.people is None else row.people.disagree),
            make.text("department", lambda row: row.department),
            make.day("published_on", lambda row: row.published_at),
            make.number("lost_sources", lambda row: len(row.lost), required=True),
            make.address("url", lambda row: row.url),
        ),
        key=("statement_id",),
    )


def _assessments(make: Columns) -> Table[AssessmentRow]:
    return Table(
        name="assessments",
        rows=lambda published: published.document.assessments,
        columns=(
            make.id("statement_id", lambda row: row.statement_id),
            make.text("kind", lambda row: row.kind),
            make.number("number", lambda row: row.number, required=True),
            *make.texts("about", lambda row: row.about_in),
            make.text("verdict", lambda row: row.verdict_code),
            *make.texts("reason", lambda row: row.reason_in),
            make.day("assessed_on", lambda row: row.assessed_at, required=True),
            make.flag("is_outdated", lambda row: row.is_outdated),
        ),
        links={"statement_id": "statements"},
    )


def _answers(make: Columns) -> Table[AnswerRow]:
    return Table(
        name="answers",
        rows=lambda published: published.document.answers(),
        columns=(
            make.id("answer_id", lambda row: row.id),
            make.text("target_kind", lambda row: row.kind),
            make.id("target_id", lambda row: row.target_id),
            make.text("department", lambda row: row.department),
            make.text("outcome", lambda row: row.outcome_code),
            *make.texts("text", lambda row: row.text_in),
            make.day("answered_on", lambda row: row.answered_at, required=True),
            make.day("due_on", lambda row: row.due_on),
            make.flag("is_overdue", lambda row: row.is_overdue),
            make.flag("is_latest", lambda row: row.is_latest),
        ),
        key=("answer_id",),
    )


def _referrals(make: Columns) -> Table[ReferralRow]:
    return Table(
        name="referrals",
        rows=lambda published: published.document.referrals(),
        columns=(
            make.id("referral_id", lambda row: row.id),
            make.text("target_kind", lambda row: row.kind),
            make.id("target_id", lambda row: row.target_id),
            make.text("department", lambda row: row.department),
            make.day("referred_on", lambda row: row.referred_at, required=True),
            make.day("due_on", lambda row: row.due_on, required=True),
            make.day("first_due_on", lambda row: row.first_due_on, required=True),
            make.flag("is_overdue", lambda row: row.is_overdue),
        ),
        key=("referral_id",),
    )


def _measures(make: Columns) -> Table[MeasureRow]:
    return Table(
        name="measures",
        rows=lambda published: published.document.measures(),
        columns=(
            make.id("measure_id", lambda row: row.id),
            make.id("answer_id", lambda row: row.answer_id),
            *make.texts("title", lambda row: row.title_in),
            make.text("department", lambda row: row.department),
            make.text("state", lambda row: row.state_code),
            make.day("due_on", lambda row: row.due_on, required=True),
            make.day("first_due_on", lambda row: row.first_due_on, required=True),
            make.flag("is_overdue", lambda row: row.is_overdue),
        ),
        key=("measure_id",),
        links={"answer_id": "answers"},
    )


def _measure_steps(make: Columns) -> Table[tuple[str, int, StepRow]]:
    def steps(published: Published) -> Iterator[tuple[str, int, StepRow]]:
        for measure in published.document.measures():
            for number, step in enumerate(measure.steps, start=1):
                yield measure.id, number, step

    return Table(
        name="measure-steps",
        rows=steps,
        columns=(
            make.id("measure_id", lambda row: row[0]),
            make.number("number", lambda row: row[1], required=True),
            make.text("state", lambda row: row[2].state_code),
            *make.texts("text", lambda row: row[2].text_in),
            make.day("reported_on", lambda row: row[2].reported_at, required=True),
            make.day("due_on", lambda row: row[2].due_on),
        ),
        key=("measure_id", "number"),
        links={"measure_id": "measures"},
    )


def _provenance(make: Columns) -> Table[Edge]:
    return Table(
        name="provenance",
        rows=lambda published: published.document.edges(),
        columns=(
            make.id("statement_id", lambda row: row.statement.id if row.statement else "", required=False),
            make.id("theme_id", lambda row: row.cluster.id if row.cluster else "", required=False),
            make.id("idea_id", lambda row: row.idea.id if row.idea else "", required=False),
        ),
        links={"statement_id": "statements", "theme_id": "themes", "idea_id": "ideas"},
    )
