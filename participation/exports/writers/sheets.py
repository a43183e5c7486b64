"""The tables of a document in the order in which every tabular format has them."""

from collections.abc import Callable
from typing import Any

from participation.exports.document import Rows, StrategyInput
from participation.exports.writers import columns as those
from participation.exports.writers.cells import Column, Sheet

READS = (
    "ideas",
    "votes",
    "comments",
    "translations",
    "decisions",
    "filings",
    "bundles",
    "answers",
    "measures",
    "ideas",
)
"""The streamed parts of a document that a pass over all its sheets reads; the sources read the ideas once more."""


def sheets(document: StrategyInput, *, for_machines: bool = False) -> tuple[Sheet[Any], ...]:
    """Return all tables but the notes, in their order; for machines with codes in place of words.

    Their rows are those of the document, so each call of ``rows`` reads them anew.
    """
    coded = {"for_machines": for_machines}

    def sheet(kind: str, made: list[Column[Any]], rows: Rows[Any], *, is_short: bool = False) -> Sheet[Any]:
        term = document.labels.legend.sheets[kind]
        return Sheet(kind=kind, title=term.heading, note=term.note, columns=made, rows=rows, is_short=is_short)

    def few(rows: tuple[Any, ...]) -> Callable[[], tuple[Any, ...]]:
        return lambda: rows

    return (
        sheet("ideas", those.idea_columns(document), document.ideas),
        sheet("votes", those.vote_columns(document, **coded), document.votes),
        sheet("comments", those.comment_columns(document), document.comments),
        sheet("translations", those.translation_columns(document, **coded), document.translations),
        sheet("decisions", those.decision_columns(document, **coded), document.decisions),
        sheet("clusters", those.cluster_columns(document), few(document.clusters), is_short=True),
        sheet("filings", those.filing_columns(document, **coded), document.filings),
        sheet("bundles", those.bundle_columns(document), document.bundles),
        sheet("statements", those.statement_columns(document), few(document.statements), is_short=True),
        sheet("assessments", those.assessment_columns(document, **coded), few(document.assessments), is_short=True),
        sheet("answers", those.answer_columns(document, **coded), document.answers),
        sheet("measures", those.measure_columns(document, **coded), document.measures),
        sheet("sources", those.source_columns(document), document.edges),
    )
