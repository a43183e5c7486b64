"""Reading a process as the input for its strategy, and the page on which staff ask for it as a file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.activity.models import Job
from participation.curation.queries import ClusterView, clusters_of, idea_ids_in
from participation.exports import figures as counted
from participation.exports.assessments import assessment_rows
from participation.exports.bundles import bundled_rows
from participation.exports.document import (
    ClusterRow,
    People,
    PhaseRow,
    PrincipleRow,
    StatementRow,
    StrategyInput,
    Votes,
)
from participation.exports.models import Export, ExportState
from participation.exports.policies import is_kept, may_cancel_export, may_download
from participation.exports.rows import Surroundings, answer_in_words, comment_rows, idea_rows
from participation.exports.statements import around_statements
from participation.exports.wording import Words, labels, words
from participation.kit.permissions import require
from participation.multilingual import direction, pick
from participation.principles.queries import (
    AspectView,
    EntryView,
    FrameworkView,
    aspects_of,
    districts_of,
    fields_of,
    framework,
)
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.workplace import Workplace, workplace
from participation.strategy.answering.answers import answers_to_statements
from participation.strategy.behind import PeopleBehind, ideas_behind, people_behind
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.strategy.policies import may_export
from participation.voting.queries import VoteFigures, tallies

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a document says about the installation it comes from: the city, its time zone, the address of an idea."""

    city: str
    timezone: str
    idea_url: Callable[[int], str]


def strategy_input(
    session: Session, actor: Actor, process: ProcessOutline, *, language: str, now: datetime, place: Place
) -> StrategyInput:
    """Return everything public about a process as one document in ``language``.

    The long lists are read from ``session`` while they are written, so it must stay open and, for figures that agree
    with each other, see one moment throughout. Needs an application context for the words; raises ``Refused`` when
    ``actor`` may not export.
    """
    require(may_export(actor, process.id))
    said = words(language)
    shows_results = bool(may_see_results(process, now=now))
    given = process.phase_for(Capability.PRIORITISE, now)
    rules = framework(session, process.framework_id)
    titles = {principle.id: pick(principle.title, language) for principle in rules.principles}
    clusters = clusters_of(session, process.id)
    sources = _published_sources(session, process.id, {cluster.id for cluster in clusters})
    around = Surroundings(
        process_id=process.id,
        words=said,
        principles=titles,
        districts=_titles(districts_of(session, process.framework_id), language),
        fields=_titles(fields_of(session, process.framework_id), language),
        aspects=_titles(aspects_of(session, process.framework_id), language),
        language=language,
        statements_on=_reversed(sources, clusters),
        shows_results=shows_results,
        points_phase=given.id if given and shows_results else None,
        idea_url=place.idea_url,
    )
    return StrategyInput(
        process_title=pick(process.title, language),
        question=pick(process.question, language),
        city=place.city,
        language=language,
        dir="rtl" if direction(language) == "rtl" else "ltr",
        timezone=place.timezone,
        # Seconds are enough for people, and the typesetter takes nothing finer.
        generated_at=now.replace(microsecond=0),
        source_note=_source_note(process, rules, said, language),
        method_note=_method_note(said, shows_results=shows_results, has_points=given is not None),
        figures=counted.totals(session, process.id),
        phases=tuple(
            PhaseRow(title=pick(phase.title, language), starts_at=phase.starts_at, ends_at=phase.ends_at)
            for phase in process.phases
        ),
        principles=_principle_rows(session, process.id, rules, language),
        statements=_statement_rows(session, sources, titles, language, said, shows_results=shows_results),
        clusters=tuple(_cluster_rows(session, clusters, language, shows_results=shows_results)),
        assessments=assessment_rows(session, process, said, language),
        bundles=bundled_rows(session, process.id, said, language, shows_results=shows_results),
        ideas=lambda: idea_rows(session, around),
        comments=lambda: comment_rows(session, around),
        has_points=given is not None,
        labels=labels(language),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportItem:
    """One export on the list; ``rows`` is how many have been written so far, ``failure`` names what went wrong."""

    public_id: str
    format: str
    language: str
    state: str
    failure: str
    rows: int
    requested_by: str
    is_own: bool
    requested_at: datetime
    size_bytes: int
    sha256: str
    expires_at: datetime | None
    may_download: bool
    may_cancel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportsPage:
    """The page on which staff ask for files of one process and fetch them; the newest exports come first."""

    workplace: Workplace
    items: tuple[ExportItem, ...]
    is_running: bool
    has_older: bool
    hides_results: bool


def exports_page(
    session: Session, actor: Actor, process: ProcessOutline, *, language: str, now: datetime
) -> ExportsPage:
    """Return the page in ``language``; raises ``Refused`` when ``actor`` may not export."""
    require(may_export(actor, process.id))
    rows = session.execute(
        select(Export, Account.email, Job.progress)
        .join(Account, Account.id == Export.requested_by)
        .outerjoin(Job, Job.id == Export.job_id)
        .where(Export.process_id == process.id)
        .order_by(Export.requested_at.desc(), Export.id.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    items = tuple(_item(actor, export, email, progress, now) for export, email, progress in rows[:MOST_SHOWN])
    return ExportsPage(
        workplace=workplace(actor, process, language),
        items=items,
        is_running=any(item.state == ExportState.WAITING.value for item in items),
        has_older=len(rows) > MOST_SHOWN,
        hides_results=not may_see_results(process, now=now),
    )


def _item(actor: Actor, export: Export, email: str, progress: int | None, now: datetime) -> ExportItem:
    is_over = export.state is ExportState.DONE and not is_kept(export, now=now)
    return ExportItem(
        public_id=export.public_id,
        format=export.format,
        language=export.language,
        state="expired" if is_over else export.state.value,
        failure=export.failure or "",
        rows=progress or 0,
        requested_by=email,
        is_own=export.requested_by == actor.account_id,
        requested_at=export.requested_at,
        size_bytes=export.size_bytes or 0,
        sha256=export.sha256 or "",
        expires_at=export.expires_at,
        may_download=bool(may_download(actor, export, now=now)),
        may_cancel=bool(may_cancel_export(actor, export)),
    )


@dataclass(frozen=True, slots=True)
class _Sources:
    """A published statement and the clusters on the board that it rests on."""

    statement: Statement
    cluster_ids: tuple[int, ...]


def _published_sources(session: Session, process_id: int, on_board: set[int]) -> list[_Sources]:
    statements = session.scalars(
        select(Statement)
        .where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
        .order_by(Statement.position, Statement.id)
    ).all()
    rests_on: dict[int, list[int]] = {statement.id: [] for statement in statements}
    rows = session.execute(
        select(StatementSource.statement_id, StatementSource.cluster_id)
        .join(Statement, Statement.id == StatementSource.statement_id)
        .where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
        .order_by(StatementSource.cluster_id)
    )
    for statement_id, cluster_id in rows:
        if cluster_id in on_board:
            rests_on[statement_id].append(cluster_id)
    return [_Sources(statement, tuple(rests_on[statement.id])) for statement in statements]


def _reversed(sources: list[_Sources], clusters: list[ClusterView]) -> dict[int, tuple[int, ...]]:
    """Return the statements that rest on each cluster of the board, in their order."""
    found_on: dict[int, list[int]] = {cluster.id: [] for cluster in clusters}
    for source in sources:
        for cluster_id in source.cluster_ids:
            found_on[cluster_id].append(source.statement.id)
    return {cluster_id: tuple(statement_ids) for cluster_id, statement_ids in found_on.items()}


def _titles(entries: Iterable[EntryView | AspectView], language: str) -> dict[int, str]:
    return {entry.id: pick(entry.title, language) for entry in entries}


def _source_note(process: ProcessOutline, rules: FrameworkView, said: Words, language: str) -> str:
    principles = f"{said.principles_from} {pick(rules.title, language)}"
    if reference := rules.source.get("reference"):
        principles += f" ({reference})"
    own = (pick(text, language) for text in (process.licence, process.advice, process.next_step))
    return "\n".join(line for line in (*own, principles) if line)


def _method_note(said: Words, *, shows_results: bool, has_points: bool) -> str:
    points = (said.points,) if has_points else ()
    counted = (said.published_only, said.participants, said.stances, *points, said.statements, said.bundles)
    sentences = (*counted, said.order, said.one_moment)
    return "\n".join(sentences if shows_results else (*sentences, said.hidden))


def _principle_rows(session: Session, process_id: int, rules: FrameworkView, language: str) -> tuple[PrincipleRow, ...]:
    named = counted.ideas_by_principle(session, process_id)
    return tuple(
        PrincipleRow(
            id=str(principle.id), number=number, title=pick(principle.title, language), ideas=named.get(principle.id, 0)
        )
        for number, principle in enumerate(rules.principles, start=1)
    )


def _statement_rows(
    session: Session,
    sources: list[_Sources],
    titles: dict[int, str],
    language: str,
    said: Words,
    *,
    shows_results: bool,
) -> tuple[StatementRow, ...]:
    ids = [source.statement.id for source in sources]
    ideas = ideas_behind(session, ids)
    principles = counted.principles_behind(session, ids)
    answers = answers_to_statements(session, ids, language)
    people = people_behind(session, ids) if shows_results else {}
    around = around_statements(session, [source.statement for source in sources], language, said)
    return tuple(
        StatementRow(
            id=str(source.statement.id),
            # The place on the list of all statements, so that a number once quoted never moves to another sentence.
            number=source.statement.position,
            text=pick(source.statement.text, language),
            reasoning=pick(source.statement.reasoning, language),
            principles=around[source.statement.id].principles
            or tuple(titles[key] for key in principles.get(source.statement.id, ()) if key in titles),
            cluster_ids=tuple(map(str, source.cluster_ids)),
            people=_people(people.get(source.statement.id)),
            ideas=ideas.get(source.statement.id, 0),
            answer=answer_in_words(answers.get(source.statement.id, ()), said),
            department=source.statement.department,
            fields=around[source.statement.id].fields,
            quotes=around[source.statement.id].quotes,
            objections=around[source.statement.id].objections,
            signed=around[source.statement.id].signed,
            lost=around[source.statement.id].lost,
        )
        for source in sources
    )


def _people(behind: PeopleBehind | None) -> People | None:
    if behind is None:
        return None
    return People(agree=behind.agree, unsure=behind.unsure, disagree=behind.disagree, people=behind.people)


def _cluster_rows(
    session: Session, clusters: list[ClusterView], language: str, *, shows_results: bool
) -> Iterator[ClusterRow]:
    filed = idea_ids_in(session, [cluster.id for cluster in clusters])
    for cluster in clusters:
        idea_ids, votes = filed[cluster.id], None
        if shows_results:
            figures = tallies(session, idea_ids)
            idea_ids = sorted(idea_ids, key=lambda idea_id: (-figures[idea_id].agree, idea_id))
            votes = _sum(figures.values())
        yield ClusterRow(
            id=str(cluster.id),
            title=pick(cluster.title, language),
            description=pick(cluster.description, language),
            idea_ids=tuple(map(str, idea_ids)),
            votes=votes,
        )


def _sum(figures: Iterable[VoteFigures]) -> Votes:
    all_of_them = list(figures)
    return Votes(
        agree=sum(one.agree for one in all_of_them),
        unsure=sum(one.unsure for one in all_of_them),
        disagree=sum(one.disagree for one in all_of_them),
    )
