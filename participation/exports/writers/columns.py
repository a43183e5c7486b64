"""The columns of the tabular formats: heading, width and how a row becomes a cell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from participation.exports.document import (
    AssessmentRow,
    BundledRow,
    ClusterRow,
    CommentRow,
    Edge,
    IdeaRow,
    People,
    StatementRow,
    StrategyInput,
    TogetherFigures,
    Votes,
)
from participation.exports.labels import Labels

Row = TypeVar("Row")
Cell: TypeAlias = str | int | float | datetime | None

NARROW, MIDDLE, WIDE, TEXT = 10, 18, 36, 70


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column; `value` returns None for a cell that is empty, `width` is in characters."""

    heading: str
    value: Callable[[Row], Cell]
    width: int = MIDDLE


def statement_columns(document: StrategyInput) -> list[Column[StatementRow]]:
    """Return the columns of the list of statements."""
    labels = document.labels
    return [
        Column(labels.number, lambda row: row.number, NARROW),
        Column(labels.id, lambda row: row.id, NARROW),
        Column(labels.statement, lambda row: row.text, TEXT),
        Column(labels.reasoning, lambda row: row.reasoning, TEXT),
        Column(labels.principles, lambda row: _lines(row.principles), WIDE),
        Column(labels.clusters, lambda row: _lines(row.cluster_ids), MIDDLE),
        Column(labels.ideas_count, lambda row: row.ideas),
        *_people_columns(labels),
        Column(labels.answer, lambda row: row.answer, TEXT),
        Column(labels.department, lambda row: row.department, WIDE),
        Column(labels.field, lambda row: _lines(row.fields), WIDE),
        Column(labels.quotes, lambda row: _lines(row.quotes), TEXT),
        Column(labels.objections, lambda row: _lines(row.objections), TEXT),
        Column(labels.signed, lambda row: row.signed, WIDE),
        Column(labels.lost, lambda row: _lines(row.lost), WIDE),
    ]


def assessment_columns(document: StrategyInput) -> list[Column[AssessmentRow]]:
    """Return the columns of what is said about statements, criteria and values."""
    labels = document.labels
    return [
        Column(labels.number, lambda row: row.number, NARROW),
        Column(labels.id, lambda row: row.statement_id, NARROW),
        Column(labels.criterion, lambda row: row.about, WIDE),
        Column(labels.verdict, lambda row: row.verdict),
        Column(labels.reason, lambda row: row.reason, TEXT),
        Column(labels.assessed_at, lambda row: row.assessed_at),
        Column(labels.earlier_wording, lambda row: labels.yes if row.is_outdated else None),
    ]


def cluster_columns(document: StrategyInput) -> list[Column[ClusterRow]]:
    """Return the columns of the list of clusters."""
    labels = document.labels
    return [
        Column(labels.id, lambda row: row.id, NARROW),
        Column(labels.cluster, lambda row: row.title, WIDE),
        Column(labels.description, lambda row: row.description, TEXT),
        Column(labels.ideas_count, lambda row: len(row.idea_ids)),
        *_vote_columns(labels, lambda row: row.votes),
    ]


def bundle_columns(document: StrategyInput) -> list[Column[BundledRow]]:
    """Return the columns of the list of ideas that say the same, one row for each idea."""
    labels = document.labels
    return [
        Column(f"{labels.bundle}: {labels.id}", lambda row: row.bundle_id, NARROW),
        Column(f"{labels.idea}: {labels.id}", lambda row: row.idea_id, NARROW),
        Column(labels.title, lambda row: row.title, WIDE),
        Column(labels.text, lambda row: row.text, TEXT),
        Column(labels.language, lambda row: row.language, NARROW),
        Column(labels.ideas_count, lambda row: row.ideas),
        *_together_columns(labels, _itself),
        Column(labels.answer, lambda row: row.answer, TEXT),
        Column(labels.bundled_at, lambda row: row.made_at),
    ]


def idea_columns(document: StrategyInput) -> list[Column[IdeaRow]]:
    """Return the columns of the list of ideas."""
    labels = document.labels
    return [
        Column(labels.id, lambda row: row.id, NARROW),
        Column(labels.external_id, lambda row: row.external_id, MIDDLE),
        Column(labels.title, lambda row: row.title, WIDE),
        Column(labels.text, lambda row: row.text, TEXT),
        Column(labels.language, lambda row: row.language, NARROW),
        Column(labels.state, lambda row: row.state),
        Column(labels.author, lambda row: row.pseudonym),
        Column(labels.submitted_at, lambda row: row.submitted_at),
        Column(labels.principles, lambda row: _lines(row.principles), WIDE),
        Column(labels.district, lambda row: row.district),
        Column(labels.field, lambda row: row.field, WIDE),
        *_vote_columns(labels, lambda row: row.votes),
        *(_point_columns(labels) if document.has_points else ()),
        Column(labels.comments_count, lambda row: row.comments),
        Column(labels.clusters, lambda row: _lines(row.cluster_ids), MIDDLE),
        Column(labels.main_cluster, lambda row: row.main_cluster_id, NARROW),
        Column(labels.bundle, lambda row: row.bundle_id, NARROW),
        Column(labels.statements, lambda row: _lines(row.statement_ids), MIDDLE),
        Column(labels.url, lambda row: row.url, WIDE),
        Column(labels.source, lambda row: row.source),
        Column(labels.aspects, lambda row: _lines(row.aspects), WIDE),
        Column(labels.answer, lambda row: row.answer, TEXT),
    ]


def comment_columns(document: StrategyInput) -> list[Column[CommentRow]]:
    """Return the columns of the list of comments."""
    labels = document.labels
    return [
        Column(labels.id, lambda row: row.id, NARROW),
        Column(labels.idea, lambda row: row.idea_id, NARROW),
        Column(labels.reply_to, lambda row: row.parent_id, NARROW),
        Column(labels.author, lambda row: row.pseudonym),
        Column(labels.text, lambda row: row.text, TEXT),
        Column(labels.language, lambda row: row.language, NARROW),
        Column(labels.submitted_at, lambda row: row.submitted_at),
    ]


def source_columns(document: StrategyInput) -> list[Column[Edge]]:
    """Return the columns of the list of sources, statement ← cluster ← idea, in short."""
    labels = document.labels
    return [
        *_statement_end(labels),
        *_cluster_end(labels),
        Column(f"{labels.idea}: {labels.id}", lambda edge: edge.idea.id if edge.idea else None, NARROW),
        Column(f"{labels.idea}: {labels.title}", lambda edge: edge.idea.title if edge.idea else None, TEXT),
    ]


def provenance_columns(document: StrategyInput) -> list[Column[Edge]]:
    """Return the columns of the flat provenance table: both ends of `source_columns` and the whole idea."""
    labels = document.labels
    skipped = {labels.clusters, labels.statements}
    return [
        *_statement_end(labels),
        *_cluster_end(labels),
        *(
            Column(f"{labels.idea}: {column.heading}", _of_idea(column), column.width)
            for column in idea_columns(document)
            if column.heading not in skipped
        ),
        *_together_columns(labels, _bundle_of(document)),
    ]


def _itself(row: BundledRow) -> BundledRow | None:
    return row


def _bundle_of(document: StrategyInput) -> Callable[[Edge], BundledRow | None]:
    bundles = document.bundles_by_id()
    return lambda edge: bundles.get(edge.idea.bundle_id) if edge.idea else None


def _of_idea(column: Column[IdeaRow]) -> Callable[[Edge], Cell]:
    return lambda edge: column.value(edge.idea) if edge.idea else None


def _statement_end(labels: Labels) -> list[Column[Edge]]:
    name = labels.statement
    return [
        Column(f"{name}: {labels.number}", lambda edge: edge.statement.number if edge.statement else None, NARROW),
        Column(f"{name}: {labels.id}", lambda edge: edge.statement.id if edge.statement else None, NARROW),
        Column(f"{name}: {labels.text}", lambda edge: edge.statement.text if edge.statement else None, TEXT),
    ]


def _cluster_end(labels: Labels) -> list[Column[Edge]]:
    name = labels.cluster
    return [
        Column(f"{name}: {labels.id}", lambda edge: edge.cluster.id if edge.cluster else None, NARROW),
        Column(f"{name}: {labels.title}", lambda edge: edge.cluster.title if edge.cluster else None, WIDE),
    ]


def _vote_columns(labels: Labels, votes: Callable[[Row], Votes | None]) -> list[Column[Row]]:
    def shown(figure: Callable[[Votes], int]) -> Callable[[Row], Cell]:
        def cell(row: Row) -> Cell:
            known = votes(row)
            return labels.hidden if known is None else figure(known)

        return cell

    return [
        Column(labels.agree, shown(lambda known: known.agree), NARROW),
        Column(labels.unsure, shown(lambda known: known.unsure), NARROW),
        Column(labels.disagree, shown(lambda known: known.disagree), NARROW),
    ]


def _together_columns(labels: Labels, bundle: Callable[[Row], BundledRow | None]) -> list[Column[Row]]:
    """Return the columns of the people behind a bundle; hidden where they may not be said, empty without a bundle."""

    def shown(figure: Callable[[TogetherFigures], int | None]) -> Callable[[Row], Cell]:
        def cell(row: Row) -> Cell:
            known = bundle(row)
            if known is None:
                return None
            number = figure(known.figures) if known.figures else None
            return labels.hidden if number is None else number

        return cell

    return [
        Column(f"{labels.bundle}: {labels.people}", shown(lambda known: known.people)),
        Column(f"{labels.bundle}: {labels.agree}", shown(lambda known: known.agree)),
        Column(f"{labels.bundle}: {labels.disagree}", shown(lambda known: known.disagree)),
        Column(f"{labels.bundle}: {labels.both}", shown(lambda known: known.both)),
    ]


def _point_columns(labels: Labels) -> list[Column[IdeaRow]]:
    return [
        Column(labels.points, lambda row: labels.hidden if row.points is None else row.points.points, NARROW),
        Column(labels.points_people, lambda row: labels.hidden if row.points is None else row.points.people),
    ]


def _people_columns(labels: Labels) -> list[Column[StatementRow]]:
    def shown(figure: Callable[[People], int]) -> Callable[[StatementRow], Cell]:
        return lambda row: labels.hidden if row.people is None else figure(row.people)

    return [
        Column(f"{labels.people}: {labels.agree}", shown(lambda known: known.agree)),
        Column(f"{labels.people}: {labels.unsure}", shown(lambda known: known.unsure)),
        Column(f"{labels.people}: {labels.disagree}", shown(lambda known: known.disagree)),
        Column(labels.people, shown(lambda known: known.people), NARROW),
    ]


def _lines(values: tuple[str, ...]) -> str:
    return "\n".join(values)
