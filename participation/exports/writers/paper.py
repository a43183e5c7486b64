"""What the paper formats print: the document cut to a readable length, with every figure and date put into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from participation.exports.document import (
    ClusterRow,
    IdeaRow,
    Links,
    StatementRow,
    StrategyInput,
    Votes,
)
from participation.exports.labels import Labels
from participation.exports.writers.text import excerpt, for_print, language_tag, locale
from participation.multilingual import direction

ANNEX_LIMIT = 1_000
"""How many ideas the annex of a paper lists; the workbook holds all."""

CLUSTER_LIMIT = 50
"""How many ideas a paper lists below one cluster, and names below one statement."""

EXCERPT_LIMIT = 320
TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class PaperIdea:
    """An idea as a table row; `url` is "" unless it is a web address, `used_in` index and number of statements."""

    number: str
    title: str
    excerpt: str
    language: str
    dir: str
    state: str
    url: str
    clusters: str
    used_in: tuple[tuple[int, str], ...]
    figures: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PaperSource:
    """What a statement takes from one cluster (`cluster` is its index), or from ideas in none (None)."""

    cluster: int | None
    title: str
    ideas: str
    numbers: tuple[str, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class PaperStatement:
    """A statement with its sources; `stances` are three counts for a bar, or None where hidden or nobody voted.

    `facts` are lines with a label each; `voices` are quotes, objections and what is said about criteria and values,
    each kind below its heading.
    """

    number: int
    text: tuple[str, ...]
    reasoning: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    stances: tuple[int, int, int] | None
    voices: tuple[tuple[str, tuple[str, ...]], ...]
    sources: tuple[PaperSource, ...]


@dataclass(frozen=True, slots=True)
class PaperCluster:
    """A cluster with the ideas listed below it; `rest` says when some are left out."""

    title: str
    description: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    stances: tuple[int, int, int] | None
    ideas: tuple[PaperIdea, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper in the order of reading; `facts`, `figures`, `phases` and `principles` are table rows."""

    title: str
    question: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    source_note: tuple[str, ...]
    method_note: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    phases: tuple[tuple[str, str, str], ...]
    principles: tuple[tuple[str, str, str], ...]
    statements: tuple[PaperStatement, ...]
    clusters: tuple[PaperCluster, ...]
    annex: tuple[PaperIdea, ...]
    annex_rest: str


def lay_out(document: StrategyInput, ideas: Iterable[IdeaRow]) -> Paper:
    """Return the paper of a document, reading `ideas` (all of them) once and keeping only what is printed."""
    return _Layout(document).of(ideas)


class _Layout:
    """Chooses the ideas to print in one pass, then words everything."""

    def __init__(self, document: StrategyInput) -> None:
        self._document = document
        self._locale = locale(document.language)
        self._zone = ZoneInfo(document.timezone)
        self._statement_index = {
            statement.id: (index, str(statement.number)) for index, statement in enumerate(document.statements)
        }
        self._cluster_index = {cluster.id: index for index, cluster in enumerate(document.clusters)}
        self._titles = {cluster.id: _line(cluster.title) for cluster in document.clusters}
        self._criteria: dict[str, list[str]] = {}
        for row in document.assessments:
            self._criteria.setdefault(row.statement_id, []).append(f"{row.verdict} · {row.about} {row.reason}")
        self._sources: dict[tuple[str, str], list[str]] = {}
        self._source_counts: dict[tuple[str, str], int] = {}
        self._filed: dict[str, PaperIdea] = {}
        self._annex: list[PaperIdea] = []
        self._total = 0

    def of(self, ideas: Iterable[IdeaRow]) -> Paper:
        """Return the paper."""
        document, labels = self._document, self._document.labels
        self._choose(ideas)
        return Paper(
            title=_line(document.process_title),
            question=_paragraphs(document.question),
            facts=(
                (labels.city, _line(document.city)),
                (labels.generated_at, self._moment(document.generated_at)),
            ),
            source_note=_paragraphs(document.source_note),
            method_note=_paragraphs(document.method_note),
            figures=self._figures(),
            phases=tuple(
                (_line(phase.title), self._day(phase.starts_at), self._last_day(phase.ends_at))
                for phase in document.phases
            ),
            principles=tuple(
                (str(principle.number), _line(principle.title), self._count(principle.ideas))
                for principle in document.principles
            ),
            statements=tuple(self._statement(statement) for statement in document.statements),
            clusters=tuple(self._cluster(cluster) for cluster in document.clusters),
            annex=tuple(self._annex),
            annex_rest=self._rest(labels.annex_rest, len(self._annex), self._total),
        )

    def _choose(self, ideas: Iterable[IdeaRow]) -> None:
        wanted = {idea_id for cluster in self._document.clusters for idea_id in cluster.idea_ids[:CLUSTER_LIMIT]}
        links = Links(self._document)
        for idea in ideas:
            self._total += 1
            in_annex = len(self._annex) < ANNEX_LIMIT
            if in_annex or idea.id in wanted:
                printed = self._idea(idea)
                if in_annex:
                    self._annex.append(printed)
                if idea.id in wanted:
                    self._filed[idea.id] = printed
            for edge in links.of(idea):
                if edge.statement:
                    key = (edge.statement.id, edge.cluster.id if edge.cluster else "")
                    self._source_counts[key] = self._source_counts.get(key, 0) + 1
                    listed = self._sources.setdefault(key, [])
                    if len(listed) < CLUSTER_LIMIT:
                        listed.append(_line(idea.id))

    def _statement(self, statement: StatementRow) -> PaperStatement:
        people, labels = statement.people, self._document.labels
        figures = [(labels.ideas_count, self._count(statement.ideas))]
        if people is None:
            figures.append((labels.people, labels.hidden))
        else:
            figures += [
                (labels.people, self._count(people.people)),
                (labels.agree, self._count(people.agree)),
                (labels.unsure, self._count(people.unsure)),
                (labels.disagree, self._count(people.disagree)),
            ]
        stances = (people.agree, people.unsure, people.disagree) if people else None
        return PaperStatement(
            number=statement.number,
            text=_paragraphs(statement.text),
            reasoning=_paragraphs(statement.reasoning),
            facts=tuple(_facts(statement, labels)),
            figures=tuple(figures),
            stances=stances if stances and any(stances) else None,
            voices=tuple(
                (heading, tuple(_line(one) for one in some))
                for heading, some in (
                    (labels.quotes, statement.quotes),
                    (labels.objections, statement.objections),
                    (labels.criteria, self._criteria.get(statement.id, ())),
                )
                if some
            ),
            sources=tuple(self._sources_of(statement)),
        )

    def _sources_of(self, statement: StatementRow) -> Iterable[PaperSource]:
        for cluster_id in (*statement.cluster_ids, ""):
            key = (statement.id, cluster_id)
            count = self._source_counts.get(key, 0)
            if cluster_id or count:
                yield PaperSource(
                    cluster=self._cluster_index[cluster_id] if cluster_id else None,
                    title=self._titles[cluster_id] if cluster_id else self._document.labels.single_ideas,
                    ideas=self._count(count),
                    numbers=tuple(self._sources.get(key, ())),
                    more=count > CLUSTER_LIMIT,
                )

    def _cluster(self, cluster: ClusterRow) -> PaperCluster:
        labels = self._document.labels
        ideas = tuple(self._filed[idea_id] for idea_id in cluster.idea_ids[:CLUSTER_LIMIT] if idea_id in self._filed)
        stances = _stances(cluster.votes)
        return PaperCluster(
            title=_line(cluster.title),
            description=_paragraphs(cluster.description),
            figures=(
                (labels.ideas_count, self._count(len(cluster.idea_ids))),
                *zip((labels.agree, labels.unsure, labels.disagree), self._votes(cluster.votes), strict=True),
            ),
            stances=stances if stances and any(stances) else None,
            ideas=ideas,
            rest=self._rest(labels.cluster_rest, len(ideas), len(cluster.idea_ids)),
        )

    def _idea(self, idea: IdeaRow) -> PaperIdea:
        language = language_tag(idea.language)
        return PaperIdea(
            number=_line(idea.id),
            title=excerpt(_line(idea.title), TITLE_LIMIT),
            excerpt=excerpt(for_print(idea.text), EXCERPT_LIMIT),
            language=language or language_tag(self._document.language),
            dir=direction(language) if language else self._document.dir,
            state=_line(idea.state),
            url=_line(idea.url) if idea.url.startswith(("https://", "http://")) else "",
            clusters=", ".join(self._titles[cluster_id] for cluster_id in idea.cluster_ids),
            used_in=tuple(sorted(self._statement_index[statement_id] for statement_id in idea.statement_ids)),
            figures=self._votes(idea.votes),
        )

    def _figures(self) -> tuple[tuple[str, str], ...]:
        labels, figures = self._document.labels, self._document.figures
        return (
            (labels.participants, self._count(figures.participants)),
            (labels.ideas, self._count(figures.ideas)),
            (labels.votes, self._count(figures.votes)),
            (labels.comments, self._count(figures.comments)),
            (labels.filed_ideas, self._count(figures.filed_ideas)),
            (labels.coverage, format_percent(round(figures.coverage, 2), locale=self._locale)),
        )

    def _votes(self, votes: Votes | None) -> tuple[str, str, str]:
        if votes is None:
            hidden = self._document.labels.hidden
            return hidden, hidden, hidden
        return self._count(votes.agree), self._count(votes.unsure), self._count(votes.disagree)

    def _rest(self, sentence: str, shown: int, total: int) -> str:
        if shown == total:
            return ""
        return sentence.format(shown=self._count(shown), total=self._count(total))

    def _count(self, number: int) -> str:
        return format_decimal(number, locale=self._locale)

    def _day(self, moment: datetime | None) -> str:
        if moment is None:
            return self._document.labels.open_end
        return format_date(moment.astimezone(self._zone), format="medium", locale=self._locale)

    def _last_day(self, end: datetime | None) -> str:
        # The end itself no longer belongs to it: what ends at midnight ends with the day before.
        return self._day(end and end - timedelta(microseconds=1))

    def _moment(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        day = format_date(local, format="long", locale=self._locale)
        return f"{day}, {format_time(local, format='short', tzinfo=self._zone, locale=self._locale)}"


def _stances(votes: Votes | None) -> tuple[int, int, int] | None:
    return (votes.agree, votes.unsure, votes.disagree) if votes else None


def _line(text: str) -> str:
    return " ".join(for_print(text).split())


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in for_print(text).split("\n") if line.strip())


def _facts(statement: StatementRow, labels: Labels) -> Iterable[tuple[str, str]]:
    for label, some in (
        (labels.department, (statement.department,)),
        (labels.principles, statement.principles),
        (labels.field, statement.fields),
        (labels.signed, (statement.signed,)),
        (labels.lost, statement.lost),
    ):
        if text := " · ".join(_line(one) for one in some if one):
            yield label, text
