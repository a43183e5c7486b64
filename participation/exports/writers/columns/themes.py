"""The columns of what was put together: themes, filings, bundles, and the way from statements to ideas."""

from collections.abc import Callable

from participation.exports.document import (
    BundledRow,
    ClusterRow,
    Edge,
    FilingRow,
    IdeaRow,
    StrategyInput,
    TogetherFigures,
)
from participation.exports.writers.cells import (
    HIDDEN,
    MIDDLE,
    NARROW,
    TEXT,
    WIDE,
    Cell,
    Column,
    Headings,
    Kind,
    Row,
    lines,
)
from participation.exports.writers.columns.contributions import idea_columns, stance_columns

_NOT_OF_IDEA = frozenset({"cluster_ids", "statement_ids"})


def cluster_columns(document: StrategyInput) -> list[Column[ClusterRow]]:
    """Return the columns of the list of themes."""
    headings = Headings[ClusterRow](document, "clusters")
    column = headings.column
    return [
        column("id", Kind.ID, lambda row: row.id, NARROW),
        column("title", Kind.TEXT, lambda row: row.title, WIDE),
        *headings.translations("title", lambda row: row.title_in, WIDE),
        column("description", Kind.TEXT, lambda row: row.description, TEXT),
        *headings.translations("description", lambda row: row.description_in),
        column("ideas", Kind.NUMBER, lambda row: row.ideas),
        *stance_columns(headings, lambda row: row.votes),
        column("top_idea_ids", Kind.IDS, lambda row: lines(row.top_idea_ids)),
    ]


def filing_columns(document: StrategyInput, *, for_machines: bool = False) -> list[Column[FilingRow]]:
    """Return the columns of the list that says which idea is filed under which theme."""
    column = Headings[FilingRow](document, "filings").column
    return [
        column("idea_id", Kind.ID, lambda row: row.idea_id, NARROW),
        column("cluster_id", Kind.ID, lambda row: row.cluster_id, NARROW),
        column("is_main", Kind.FLAG, lambda row: row.is_main, NARROW),
        column("origin", Kind.TEXT, lambda row: row.origin_code if for_machines else row.origin, WIDE),
        column("filed_at", Kind.MOMENT, lambda row: row.filed_at),
    ]


def bundle_columns(document: StrategyInput) -> list[Column[BundledRow]]:
    """Return the columns of the list of ideas that say the same, one row for each idea."""
    headings = Headings[BundledRow](document, "bundles")
    column = headings.column
    return [
        column("bundle_id", Kind.ID, lambda row: row.bundle_id, NARROW),
        column("idea_id", Kind.ID, lambda row: row.idea_id, NARROW),
        column("title", Kind.TEXT, lambda row: row.title, WIDE),
        column("text", Kind.TEXT, lambda row: row.text, TEXT),
        column("language", Kind.LANGUAGE, lambda row: row.language, NARROW),
        column("ideas", Kind.NUMBER, lambda row: row.ideas),
        *_together_columns(headings, lambda row: row.bundle_id, lambda row: row.figures),
        column("answer", Kind.TEXT, lambda row: row.answer, TEXT),
        column("made_at", Kind.MOMENT, lambda row: row.made_at),
    ]


def source_columns(document: StrategyInput) -> list[Column[Edge]]:
    """Return the columns of the list of sources, statement ← theme ← idea, in short."""
    column = Headings[Edge](document, "sources").column
    return [
        *_ends(document),
        column("idea_id", Kind.ID, lambda edge: edge.idea.id if edge.idea else None, NARROW),
        column("idea_title", Kind.TEXT, lambda edge: edge.idea.title if edge.idea else None, TEXT),
    ]


def provenance_columns(document: StrategyInput) -> list[Column[Edge]]:
    """Return the columns of the flat provenance table: both ends of ``source_columns`` and the whole idea."""
    whole = (column for column in idea_columns(document) if column.key not in _NOT_OF_IDEA)
    return [
        *_ends(document),
        *(_of_idea(column, document.labels.idea) for column in whole),
        *_together_columns(
            Headings[Edge](document, "bundles"),
            lambda edge: edge.idea.bundle_id if edge.idea else "",
            lambda edge: edge.idea.together if edge.idea else None,
            prefix="bundle_",
        ),
    ]


def _ends(document: StrategyInput) -> list[Column[Edge]]:
    column = Headings[Edge](document, "sources").column
    return [
        column("statement_number", Kind.NUMBER, lambda edge: edge.statement.number if edge.statement else None, NARROW),
        column("statement_id", Kind.ID, lambda edge: edge.statement.id if edge.statement else None, NARROW),
        column("statement_text", Kind.TEXT, lambda edge: edge.statement.text if edge.statement else None, TEXT),
        column("cluster_id", Kind.ID, lambda edge: edge.cluster.id if edge.cluster else None, NARROW),
        column("cluster_title", Kind.TEXT, lambda edge: edge.cluster.title if edge.cluster else None, WIDE),
    ]


def _of_idea(column: Column[IdeaRow], idea: str) -> Column[Edge]:
    return Column(
        key=f"idea_{column.key}",
        heading=f"{idea}: {column.heading}",
        note=column.note,
        kind=column.kind,
        value=lambda edge: column.value(edge.idea) if edge.idea else None,
        width=column.width,
    )


def _together_columns(
    headings: Headings[Row],
    bundle_id: Callable[[Row], str],
    figures: Callable[[Row], TogetherFigures | None],
    *,
    prefix: str = "",
) -> list[Column[Row]]:
    """Return the columns of the people behind a bundle; hidden where they may not be said, empty without a bundle."""

    def shown(figure: Callable[[TogetherFigures], int | None]) -> Callable[[Row], Cell]:
        def cell(row: Row) -> Cell:
            if not bundle_id(row):
                return None
            known = figures(row)
            number = figure(known) if known else None
            return HIDDEN if number is None else number

        return cell

    told: tuple[tuple[str, Callable[[TogetherFigures], int | None]], ...] = (
        ("people", lambda known: known.people),
        ("agree", lambda known: known.agree),
        ("disagree", lambda known: known.disagree),
        ("both", lambda known: known.both),
    )
    return [headings.column(key, Kind.NUMBER, shown(figure), MIDDLE, prefix=prefix) for key, figure in told]
