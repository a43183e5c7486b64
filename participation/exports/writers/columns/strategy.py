"""The columns of the input for the strategy and of what the city makes of it."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from participation.exports.document import (
    AnswerRow,
    AssessmentRow,
    MeasureRow,
    People,
    StatementRow,
    StrategyInput,
)
from participation.exports.writers.cells import (
    HIDDEN,
    NARROW,
    TEXT,
    WIDE,
    Cell,
    Column,
    Headings,
    Kind,
    lines,
)


def statement_columns(document: StrategyInput) -> list[Column[StatementRow]]:
    """Return the columns of the list of statements."""
    headings = Headings[StatementRow](document, "statements")
    column = headings.column
    return [
        column("number", Kind.NUMBER, lambda row: row.number, NARROW),
        column("id", Kind.ID, lambda row: row.id, NARROW),
        column("text", Kind.TEXT, lambda row: row.text, TEXT),
        *headings.translations("text", lambda row: row.text_in),
        column("reasoning", Kind.TEXT, lambda row: row.reasoning, TEXT),
        *headings.translations("reasoning", lambda row: row.reasoning_in),
        column("principles", Kind.LIST, lambda row: lines(row.principles), WIDE),
        column("cluster_ids", Kind.IDS, lambda row: lines(row.cluster_ids)),
        column("ideas", Kind.NUMBER, lambda row: row.ideas),
        *_people_columns(headings),
        column("answer", Kind.TEXT, lambda row: row.answer, TEXT),
        column("department", Kind.TEXT, lambda row: row.department, WIDE),
        column("fields", Kind.LIST, lambda row: lines(row.fields), WIDE),
        column("quotes", Kind.LIST, lambda row: lines(row.quotes), TEXT),
        column("objections", Kind.LIST, lambda row: lines(row.objections), TEXT),
        column("signed", Kind.TEXT, lambda row: row.signed, WIDE),
        column("lost", Kind.LIST, lambda row: lines(row.lost), WIDE),
        column("published_at", Kind.MOMENT, lambda row: row.published_at),
        column("url", Kind.URL, lambda row: row.url, WIDE),
    ]


def assessment_columns(document: StrategyInput, *, for_machines: bool = False) -> list[Column[AssessmentRow]]:
    """Return the columns of what is said about statements, criteria and values; machines get codes for words."""
    headings = Headings[AssessmentRow](document, "assessments")
    column = headings.column
    kinds = _words(document, for_machines=for_machines)
    return [
        column("number", Kind.NUMBER, lambda row: row.number, NARROW),
        column("statement_id", Kind.ID, lambda row: row.statement_id, NARROW),
        column("kind", Kind.TEXT, lambda row: kinds.get(row.kind, row.kind)),
        column("about", Kind.TEXT, lambda row: row.about, WIDE),
        *headings.translations("about", lambda row: row.about_in, WIDE),
        column("verdict", Kind.TEXT, lambda row: row.verdict_code if for_machines else row.verdict),
        column("reason", Kind.TEXT, lambda row: row.reason, TEXT),
        *headings.translations("reason", lambda row: row.reason_in),
        column("assessed_at", Kind.MOMENT, lambda row: row.assessed_at),
        column("is_outdated", Kind.FLAG, lambda row: row.is_outdated),
    ]


def answer_columns(document: StrategyInput, *, for_machines: bool = False) -> list[Column[AnswerRow]]:
    """Return the columns of what the city answered; machines get codes for words."""
    headings = Headings[AnswerRow](document, "answers")
    column = headings.column
    kinds = _words(document, for_machines=for_machines)
    return [
        column("id", Kind.ID, lambda row: row.id, NARROW),
        column("kind", Kind.TEXT, lambda row: kinds.get(row.kind, row.kind)),
        column("target_id", Kind.ID, lambda row: row.target_id, NARROW),
        column("department", Kind.TEXT, lambda row: row.department, WIDE),
        column("outcome", Kind.TEXT, lambda row: row.outcome_code if for_machines else row.outcome, WIDE),
        column("text", Kind.TEXT, lambda row: row.text, TEXT),
        *headings.translations("text", lambda row: row.text_in),
        column("answered_at", Kind.MOMENT, lambda row: row.answered_at),
        column("due_on", Kind.DATE, lambda row: row.due_on),
        column("is_overdue", Kind.FLAG, lambda row: row.is_overdue, NARROW),
        column("is_latest", Kind.FLAG, lambda row: row.is_latest, NARROW),
    ]


def measure_columns(document: StrategyInput, *, for_machines: bool = False) -> list[Column[MeasureRow]]:
    """Return the columns of what the city does; machines get codes for words."""
    headings = Headings[MeasureRow](document, "measures")
    column = headings.column
    zone = ZoneInfo(document.timezone)

    def steps(row: MeasureRow) -> str:
        said = (
            (
                f"{step.reported_at.astimezone(zone):%Y-%m-%d}",
                step.state_code if for_machines else step.state,
                step.text,
            )
            for step in row.steps
        )
        return lines(" · ".join(part for part in step if part) for step in said)

    return [
        column("id", Kind.ID, lambda row: row.id, NARROW),
        column("answer_id", Kind.ID, lambda row: row.answer_id, NARROW),
        column("title", Kind.TEXT, lambda row: row.title, TEXT),
        *headings.translations("title", lambda row: row.title_in),
        column("department", Kind.TEXT, lambda row: row.department, WIDE),
        column("state", Kind.TEXT, lambda row: row.state_code if for_machines else row.state),
        column("due_on", Kind.DATE, lambda row: row.due_on),
        column("first_due_on", Kind.DATE, lambda row: row.first_due_on),
        column("is_overdue", Kind.FLAG, lambda row: row.is_overdue, NARROW),
        column("steps", Kind.LIST, steps, TEXT),
    ]


def _words(document: StrategyInput, *, for_machines: bool) -> Mapping[str, str]:
    return {} if for_machines else document.labels.legend.codes


def _people_columns(headings: Headings[StatementRow]) -> list[Column[StatementRow]]:
    def shown(figure: Callable[[People], int]) -> Callable[[StatementRow], Cell]:
        return lambda row: HIDDEN if row.people is None else figure(row.people)

    return [
        headings.column("agree", Kind.NUMBER, shown(lambda known: known.agree)),
        headings.column("unsure", Kind.NUMBER, shown(lambda known: known.unsure)),
        headings.column("disagree", Kind.NUMBER, shown(lambda known: known.disagree)),
        headings.column("people", Kind.NUMBER, shown(lambda known: known.people), NARROW),
    ]
