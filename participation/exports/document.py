"""What an export says: rows and the document that holds them, which know neither a file format nor a database."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar

from participation.exports.council.document import Council
from participation.exports.document_rows import (
    TOP_IDEAS,
    AnswerKind,
    AnswerRow,
    AssessmentRow,
    BundledRow,
    ClusterRow,
    CommentRow,
    DecisionRow,
    FieldRow,
    Figures,
    FilingRow,
    IdeaRow,
    InLanguage,
    MeasureRow,
    People,
    PhaseRow,
    Points,
    PrincipleRow,
    ReferralRow,
    StatementRow,
    StepRow,
    Texts,
    TogetherFigures,
    TranslationRow,
    VoteRow,
    Votes,
)
from participation.exports.labels import Labels
from participation.exports.options import Options

__all__ = [
    "TOP_IDEAS",
    "AnswerKind",
    "AnswerRow",
    "AssessmentRow",
    "BundledRow",
    "ClusterRow",
    "CommentRow",
    "DecisionRow",
    "Edge",
    "FieldRow",
    "Figures",
    "FilingRow",
    "IdeaRow",
    "InLanguage",
    "Links",
    "MeasureRow",
    "People",
    "PhaseRow",
    "Points",
    "PrincipleRow",
    "ReferralRow",
    "Rows",
    "StatementRow",
    "StepRow",
    "StrategyInput",
    "Texts",
    "TogetherFigures",
    "TranslationRow",
    "VoteRow",
    "Votes",
    "no_rows",
    "rows",
]

Row = TypeVar("Row")

Rows: TypeAlias = Callable[[], Iterable[Row]]
"""A large part of the document: called once per pass, each call begins again at the first row.

A function rather than an iterable, because a generator handed over by mistake would be empty on the second pass.
"""


def rows(*items: Row) -> Rows[Row]:
    """Return a `Rows` over items already in memory, for small documents and tests."""
    return lambda: items


def no_rows() -> Iterable[Row]:
    """Return no row at all: the `Rows` of a part that is empty."""
    return ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One step of provenance, statement ← cluster ← idea; a missing end is None, never all three."""

    statement: StatementRow | None
    cluster: ClusterRow | None
    idea: IdeaRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyInput:
    """The whole export. What grows with the number of ideas is called for its rows, so that 100,000 of them stream.

    `language` is the ISO code of headings and labels, `timezone` the IANA zone in which people read the dates;
    `languages` are those in which editorial texts may stand, by what they are called in the document's language;
    `spoken` says in which of them those of one part really do, by its name and column, where that was looked at.
    All datetimes are aware. Ids are text, unique within their kind. `has_points` says that people give points to ideas,
    `has_translations` that ideas in other languages have wordings in the document's, `shows_results` that votes are not
    hidden any more. `counts` is how many rows each streamed part has, by its name,
    where they were counted. `council` is what only the paper for the council needs.
    """

    process_title: str
    question: str
    city: str
    language: str
    generated_at: datetime
    source_note: str
    method_note: str
    figures: Figures
    ideas: Rows[IdeaRow] = no_rows
    comments: Rows[CommentRow] = no_rows
    votes: Rows[VoteRow] = no_rows
    filings: Rows[FilingRow] = no_rows
    decisions: Rows[DecisionRow] = no_rows
    bundles: Rows[BundledRow] = no_rows
    answers: Rows[AnswerRow] = no_rows
    measures: Rows[MeasureRow] = no_rows
    referrals: Rows[ReferralRow] = no_rows
    translations: Rows[TranslationRow] = no_rows
    phases: tuple[PhaseRow, ...] = ()
    principles: tuple[PrincipleRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    statements: tuple[StatementRow, ...] = ()
    clusters: tuple[ClusterRow, ...] = ()
    assessments: tuple[AssessmentRow, ...] = ()
    council: Council | None = None
    process_id: str = ""
    slug: str = ""
    url: str = ""
    title_in: Texts = field(default_factory=dict)
    question_in: Texts = field(default_factory=dict)
    languages: Texts = field(default_factory=dict)
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dir: Literal["ltr", "rtl"] = "ltr"
    timezone: str = "Europe/Berlin"
    number: str = ""
    has_points: bool = False
    has_translations: bool = False
    shows_results: bool = True
    counts: Mapping[str, int] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    labels: Labels = field(default_factory=Labels)

    def clusters_by_id(self) -> Mapping[str, ClusterRow]:
        """Return the clusters by their id."""
        return {cluster.id: cluster for cluster in self.clusters}

    def statements_by_id(self) -> Mapping[str, StatementRow]:
        """Return the statements by their id."""
        return {statement.id: statement for statement in self.statements}

    def edges(self) -> Iterator[Edge]:
        """Yield every step of provenance, by idea; then statements and clusters that no idea leads to.

        An idea with n ways to a statement yields n edges; filed without a statement, one per cluster; in no cluster
        and behind no statement, one with the idea alone. Nothing in the document is without an edge.
        """
        links = Links(self)
        for idea in self.ideas():
            yield from links.of(idea)
        yield from links.unused()


class Links:
    """The edges of a document, idea by idea, for writers that read the ideas in one pass of their own."""

    def __init__(self, document: StrategyInput) -> None:
        self._document = document
        self._clusters = document.clusters_by_id()
        self._statements = document.statements_by_id()
        self._met: set[tuple[str, str]] = set()

    def of(self, idea: IdeaRow) -> Iterator[Edge]:
        """Yield the idea's edges; raises KeyError when it names a cluster or statement the document lacks."""
        filed = set(idea.cluster_ids)
        explained: set[str] = set()
        for statement_id in idea.statement_ids:
            statement = self._statements[statement_id]
            shared = [cluster_id for cluster_id in statement.cluster_ids if cluster_id in filed]
            explained.update(shared)
            for cluster_id in shared:
                yield self._edge(statement, self._clusters[cluster_id], idea)
            if not shared:
                yield self._edge(statement, None, idea)
        for cluster_id in idea.cluster_ids:
            if cluster_id not in explained:
                yield self._edge(None, self._clusters[cluster_id], idea)
        if not idea.cluster_ids and not idea.statement_ids:
            yield Edge(None, None, idea)

    def unused(self) -> Iterator[Edge]:
        """Yield what no idea passed to `of` has led to: statement and cluster, statement alone, cluster alone."""
        met_statements = {statement_id for statement_id, _ in self._met}
        met_clusters = {cluster_id for _, cluster_id in self._met}
        for statement in self._document.statements:
            for cluster_id in statement.cluster_ids:
                met_clusters.add(cluster_id)
                if (statement.id, cluster_id) not in self._met:
                    yield Edge(statement, self._clusters[cluster_id], None)
            if not statement.cluster_ids and statement.id not in met_statements:
                yield Edge(statement, None, None)
        for cluster in self._document.clusters:
            if cluster.id not in met_clusters:
                yield Edge(None, cluster, None)

    def _edge(self, statement: StatementRow | None, cluster: ClusterRow | None, idea: IdeaRow) -> Edge:
        self._met.add((statement.id if statement else "", cluster.id if cluster else ""))
        return Edge(statement, cluster, idea)
