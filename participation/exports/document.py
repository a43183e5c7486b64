"""What an export of the strategy input says: plain frozen rows that know neither a file format nor a database."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar

from participation.exports.labels import Labels

Row = TypeVar("Row")

Rows: TypeAlias = Callable[[], Iterable[Row]]
"""A large part of the document: called once per pass, each call begins again at the first row.

A function rather than an iterable, because a generator handed over by mistake would be empty on the second pass.
"""


def rows(*items: Row) -> Rows[Row]:
    """Return a `Rows` over items already in memory, for small documents and tests."""
    return lambda: items


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """Votes on one idea, or summed over a cluster's ideas."""

    agree: int
    unsure: int
    disagree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Distinct people behind a statement; one person may stand in several of the three stances."""

    agree: int
    unsure: int
    disagree: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What an idea got where people give points: all of them, and how many people gave any."""

    points: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Totals of the process; `coverage` is the share of ideas that a statement rests on, 0 to 1."""

    participants: int
    ideas: int
    votes: int
    comments: int
    filed_ideas: int
    coverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRow:
    """One phase of the process; without an end it is open."""

    title: str
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipleRow:
    """One principle of the framework and how many ideas name it."""

    id: str
    number: int
    title: str
    ideas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One sentence of input for the strategy; `people` is None where results are hidden.

    `signed` says when a second person signed it off, `lost` what it rested on and is not public any more.
    """

    id: str
    number: int
    text: str
    reasoning: str = ""
    principles: tuple[str, ...] = ()
    cluster_ids: tuple[str, ...] = ()
    people: People | None = None
    ideas: int = 0
    answer: str = ""
    department: str = ""
    fields: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    signed: str = ""
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """What holds of a statement and one criterion or value; `kind` is "criterion" or "value"."""

    statement_id: str
    number: int
    kind: str
    about: str
    verdict: str
    reason: str
    assessed_at: datetime
    is_outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """One theme cluster; `idea_ids` in the order they shall be read, `votes` None where results are hidden."""

    id: str
    title: str
    description: str = ""
    idea_ids: tuple[str, ...] = ()
    votes: Votes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherFigures:
    """Distinct people behind ideas that say the same; `both` is None where so few hold both views."""

    people: int
    agree: int
    disagree: int
    both: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledRow:
    """One idea of a bundle in its own language; the figures are those of the whole bundle.

    `figures` is None where results are hidden or too few people voted.
    """

    bundle_id: str
    idea_id: str
    title: str
    text: str
    language: str
    ideas: int
    made_at: datetime
    figures: TogetherFigures | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaRow:
    """One idea as anybody may read it; `votes` and `points` are None where results are hidden.

    `statement_ids` is authoritative: an idea filed after a statement was written is in the statement's cluster,
    but the statement does not rest on it. Of `cluster_ids` at most one is the main one. `aspects` says whom it serves,
    which service and which goal; `answer` is the latest one of the city, with its day and department.
    """

    id: str
    title: str
    text: str
    language: str
    state: str
    submitted_at: datetime
    external_id: str = ""
    pseudonym: str = ""
    principles: tuple[str, ...] = ()
    district: str = ""
    field: str = ""
    votes: Votes | None = None
    points: Points | None = None
    comments: int = 0
    cluster_ids: tuple[str, ...] = ()
    main_cluster_id: str = ""
    bundle_id: str = ""
    statement_ids: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    aspects: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRow:
    """One contribution to the discussion of an idea; `parent_id` is the comment it replies to."""

    id: str
    idea_id: str
    text: str
    language: str
    submitted_at: datetime
    parent_id: str = ""
    pseudonym: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One step of provenance, statement ← cluster ← idea; a missing end is None, never all three."""

    statement: StatementRow | None
    cluster: ClusterRow | None
    idea: IdeaRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyInput:
    """The whole export. `ideas` and `comments` are called for their rows, so that 100,000 of them stream.

    `language` is the ISO code of headings and labels, `timezone` the IANA zone in which people read the dates.
    All datetimes are aware. Ids are text, unique within their kind. `has_points` says that people give points to ideas.
    """

    process_title: str
    question: str
    city: str
    language: str
    generated_at: datetime
    source_note: str
    method_note: str
    figures: Figures
    ideas: Rows[IdeaRow]
    comments: Rows[CommentRow]
    phases: tuple[PhaseRow, ...] = ()
    principles: tuple[PrincipleRow, ...] = ()
    statements: tuple[StatementRow, ...] = ()
    clusters: tuple[ClusterRow, ...] = ()
    assessments: tuple[AssessmentRow, ...] = ()
    bundles: tuple[BundledRow, ...] = ()
    dir: Literal["ltr", "rtl"] = "ltr"
    timezone: str = "Europe/Berlin"
    has_points: bool = False
    labels: Labels = field(default_factory=Labels)

    def clusters_by_id(self) -> Mapping[str, ClusterRow]:
        """Return the clusters by their id."""
        return {cluster.id: cluster for cluster in self.clusters}

    def statements_by_id(self) -> Mapping[str, StatementRow]:
        """Return the statements by their id."""
        return {statement.id: statement for statement in self.statements}

    def bundles_by_id(self) -> Mapping[str, BundledRow]:
        """Return one row of each bundle, for what holds of the whole of it."""
        return {row.bundle_id: row for row in self.bundles}

    def unfiled_ids(self) -> Iterator[str]:
        """Yield the ids of the ideas that are in no cluster, in the order of `ideas`."""
        return (idea.id for idea in self.ideas() if not idea.cluster_ids)

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
