"""The open tables of what people contributed and how it was put in order."""

from collections.abc import Callable
from typing import Any

from participation.exports.document import (
    BundledRow,
    ClusterRow,
    CommentRow,
    DecisionRow,
    FilingRow,
    IdeaRow,
    TogetherFigures,
    TranslationRow,
    VoteRow,
    Votes,
)
from participation.exports.opendata.columns import Column, Columns, Table, Type


def contributions(make: Columns) -> tuple[Table[Any], ...]:
    """Return the tables of what people contributed, and of what was decided about it."""
    return (_ideas(make), _votes(make), _comments(make), _translations(make), _decisions(make))


def _ideas(make: Columns) -> Table[IdeaRow]:
    return Table(
        name="ideas",
        rows=lambda published: published.document.ideas(),
        columns=(
            make.id("idea_id", lambda row: row.id),
            make.text("title", lambda row: row.title),
            make.text("text", lambda row: row.text),
            make.text("language", lambda row: row.language),
            make.day("submitted_on", lambda row: row.submitted_at, required=True),
            make.text("source", lambda row: row.source_code),
            make.ids("principle_ids", lambda row: row.principle_ids),
            make.id("field_id", lambda row: row.field_id, required=False),
            make.text("district", lambda row: row.district),
            make.number("comments", lambda row: row.comments, required=True),
            make.id("main_theme_id", lambda row: row.main_cluster_id, required=False),
            make.id("bundle_id", lambda row: row.bundle_id, required=False),
            make.ids("statement_ids", lambda row: row.statement_ids),
            make.address("url", lambda row: row.url),
        ),
        key=("idea_id",),
        links={"field_id": "fields", "main_theme_id": "themes"},
    )


def _votes(make: Columns) -> Table[VoteRow]:
    return Table(
        name="votes",
        rows=lambda published: published.document.votes(),
        columns=(
            make.id("idea_id", lambda row: row.idea_id),
            make.number("agree", lambda row: row.agree),
            make.number("unsure", lambda row: row.unsure),
            make.number("disagree", lambda row: row.disagree),
            make.number("people", lambda row: row.people),
            make.number("points", lambda row: row.points),
            make.number("points_people", lambda row: row.points_people),
            make.text("withheld", lambda row: row.withheld),
        ),
        key=("idea_id",),
        links={"idea_id": "ideas"},
    )


def _comments(make: Columns) -> Table[CommentRow]:
    return Table(
        name="comments",
        rows=lambda published: published.document.comments(),
        columns=(
            make.id("comment_id", lambda row: row.id),
            make.id("idea_id", lambda row: row.idea_id),
            make.id("parent_id", lambda row: row.parent_id, required=False),
            make.text("voice", lambda row: row.voice_code),
            make.text("text", lambda row: row.text),
            make.text("language", lambda row: row.language),
            make.day("submitted_on", lambda row: row.submitted_at, required=True),
        ),
        key=("comment_id",),
        links={"idea_id": "ideas", "parent_id": "comments"},
    )


def _translations(make: Columns) -> Table[TranslationRow]:
    return Table(
        name="translations",
        rows=lambda published: published.document.translations(),
        columns=(
            make.text("subject", lambda row: row.kind_code),
            make.id("subject_id", lambda row: row.about_id),
            make.id("idea_id", lambda row: row.idea_id),
            make.text("language", lambda row: row.language),
            make.text("from_language", lambda row: row.from_language),
            make.text("translated_by", lambda row: row.origin_code),
            make.text("provider", lambda row: row.provider),
            make.number("revision", lambda row: row.revision, required=True),
            make.text("title", lambda row: row.title),
            make.text("text", lambda row: row.text),
        ),
        key=("subject", "subject_id", "language"),
        links={"idea_id": "ideas"},
    )


def _decisions(make: Columns) -> Table[DecisionRow]:
    return Table(
        name="decisions",
        rows=lambda published: published.document.decisions(),
        columns=(
            make.id("decision_id", lambda row: row.id),
            make.text("subject", lambda row: row.subject_code),
            make.text("decision", lambda row: row.decision_code),
            make.text("ground", lambda row: row.ground_code),
            make.text("automation", lambda row: row.automation_code),
            make.day("decided_on", lambda row: row.decided_on, required=True),
            Column(
                name="hours_waited",
                about="hours_waited",
                type=Type.NUMBER,
                value=lambda row: None if row.hours_waited is None else round(row.hours_waited, 1),
            ),
            make.text("appeal", lambda row: row.appeal_code),
            make.text("digest", lambda row: row.digest),
        ),
        key=("decision_id",),
    )


def curated(make: Columns) -> tuple[Table[Any], ...]:
    """Return the tables of themes, what is filed in them, and bundles."""
    return (_themes(make), _filings(make), _bundles(make))


def _themes(make: Columns) -> Table[ClusterRow]:
    def votes(figure: Callable[[Votes], int]) -> Callable[[ClusterRow], int | None]:
        return lambda row: None if row.votes is None else figure(row.votes)

    return Table(
        name="themes",
        rows=lambda published: published.document.clusters,
        columns=(
            make.id("theme_id", lambda row: row.id),
            *make.texts("title", lambda row: row.title_in),
            *make.texts("description", lambda row: row.description_in),
            make.number("ideas", lambda row: row.ideas, required=True),
            make.number("agree", votes(lambda sums: sums.agree)),
            make.number("unsure", votes(lambda sums: sums.unsure)),
            make.number("disagree", votes(lambda sums: sums.disagree)),
        ),
        key=("theme_id",),
    )


def _filings(make: Columns) -> Table[FilingRow]:
    return Table(
        name="filings",
        rows=lambda published: published.document.filings(),
        columns=(
            make.id("idea_id", lambda row: row.idea_id),
            make.id("theme_id", lambda row: row.cluster_id),
            make.flag("is_main", lambda row: row.is_main),
            make.text("origin", lambda row: row.origin_code),
            make.day("filed_on", lambda row: row.filed_at, required=True),
        ),
        key=("idea_id", "theme_id"),
        links={"idea_id": "ideas", "theme_id": "themes"},
    )


def _bundles(make: Columns) -> Table[BundledRow]:
    def together(figure: Callable[[TogetherFigures], int | None]) -> Callable[[BundledRow], int | None]:
        return lambda row: None if row.figures is None else figure(row.figures)

    return Table(
        name="bundles",
        rows=lambda published: published.document.bundles(),
        columns=(
            make.id("bundle_id", lambda row: row.bundle_id),
            make.id("idea_id", lambda row: row.idea_id),
            make.number("ideas", lambda row: row.ideas, required=True),
            make.number("people", together(lambda figures: figures.people)),
            make.number("agree", together(lambda figures: figures.agree)),
            make.number("disagree", together(lambda figures: figures.disagree)),
            make.number("both", together(lambda figures: figures.both)),
            make.day("bundled_on", lambda row: row.made_at, required=True),
        ),
        key=("bundle_id", "idea_id"),
        links={"idea_id": "ideas"},
    )
