"""The columns of every table: what stands in them, how wide they are, and what the legend says of them."""

from participation.exports.writers.columns.contributions import (
    comment_columns,
    decision_columns,
    idea_columns,
    translation_columns,
    vote_columns,
)
from participation.exports.writers.columns.strategy import (
    answer_columns,
    assessment_columns,
    measure_columns,
    statement_columns,
)
from participation.exports.writers.columns.themes import (
    bundle_columns,
    cluster_columns,
    filing_columns,
    provenance_columns,
    source_columns,
)

__all__ = [
    "answer_columns",
    "assessment_columns",
    "bundle_columns",
    "cluster_columns",
    "comment_columns",
    "decision_columns",
    "filing_columns",
    "idea_columns",
    "measure_columns",
    "provenance_columns",
    "source_columns",
    "statement_columns",
    "translation_columns",
    "vote_columns",
]
