"""The board of clusters, and one cluster with all its ideas."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.queries import (
    CLUSTER_PAGE,
    UNFILED_PAGE,
    Coverage,
    FiledIdea,
    Search,
    cluster_by_id,
    clusters_of,
    coverage,
    ideas_in,
    latest_in,
    unfiled,
)
from participation.desk.keys import Place, decode, encode
from participation.desk.queries.queue import PrincipleChoice, principle_choices
from participation.ideas.queries import principle_ids_of
from participation.multilingual import Phrase, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.strategy.queries import StatementLine, statements_from

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One idea on the board."""

    idea: FiledIdea
    principles: tuple[PrincipleChoice, ...]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A cluster with its newest ideas; ``count`` is how many it holds."""

    id: int
    title: Phrase
    description: Phrase
    count: int
    cards: tuple[BoardCard, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What is filed where and what is not filed yet; ``principle`` is an id, "not-sure" or empty."""

    workplace: Workplace
    coverage: Coverage
    columns: tuple[BoardColumn, ...]
    cards: tuple[BoardCard, ...]
    principles: tuple[PrincipleChoice, ...]
    query: str
    principle: str
    before: str | None
    next_before: str | None


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """One cluster with a page of its ideas, newest first, and the statements that rest on it."""

    workplace: Workplace
    id: int
    title: Phrase
    description: Phrase
    count: int
    cards: tuple[BoardCard, ...]
    others: tuple[BoardColumn, ...]
    statements: tuple[StatementLine, ...]
    before: str | None
    next_before: str | None


def board_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    query: str,
    principle: str,
    before: str | None,
    language: str,
) -> BoardPage:
    """Return the board of ``process`` with a page of the unfiled ideas that match ``query`` and ``principle``."""
    principles = principle_choices(session, process, language)
    known = {str(choice.id) for choice in principles} | {"not-sure"}
    principle = principle if principle in known else ""
    search = Search(
        words=tuple(query.split()[:MOST_WORDS]),
        principle_id=int(principle) if principle.isdecimal() else None,
        not_sure=principle == "not-sure",
    )
    place = decode(before)
    found = unfiled(session, process.id, search=search, before=place)
    clusters = clusters_of(session, process.id)
    latest = latest_in(session, [cluster.id for cluster in clusters])
    shown = found[:UNFILED_PAGE]
    tagged = _cards(session, [*shown, *(idea for ideas in latest.values() for idea in ideas)], principles)
    return BoardPage(
        workplace=workplace(actor, process, language),
        coverage=coverage(session, process.id),
        columns=tuple(
            BoardColumn(
                id=cluster.id,
                title=phrase(cluster.title, language),
                description=phrase(cluster.description, language),
                count=cluster.ideas,
                cards=tuple(tagged[idea.id] for idea in latest[cluster.id]),
            )
            for cluster in clusters
        ),
        cards=tuple(tagged[idea.id] for idea in shown),
        principles=principles,
        query=query,
        principle=principle,
        before=encode(place),
        next_before=_following(found, UNFILED_PAGE),
    )


def cluster_page(
    session: Session, actor: Actor, process: ProcessOutline, *, cluster_id: int, before: str | None, language: str
) -> ClusterPage:
    """Return one cluster of ``process`` with a page of its ideas; raises ``Missing``."""
    cluster = cluster_by_id(session, process.id, cluster_id)
    place = decode(before)
    found = ideas_in(session, cluster_id, before=place)
    shown = found[:CLUSTER_PAGE]
    tagged = _cards(session, shown, principle_choices(session, process, language))
    clusters = clusters_of(session, process.id)
    return ClusterPage(
        workplace=workplace(actor, process, language),
        id=cluster.id,
        title=phrase(cluster.title, language),
        description=phrase(cluster.description, language),
        count=sum(entry.ideas for entry in clusters if entry.id == cluster_id),
        cards=tuple(tagged[idea.id] for idea in shown),
        others=tuple(
            BoardColumn(entry.id, phrase(entry.title, language), phrase(entry.description, language), entry.ideas, ())
            for entry in clusters
            if entry.id != cluster_id
        ),
        statements=tuple(statements_from(session, cluster_id, language)),
        before=encode(place),
        next_before=_following(found, CLUSTER_PAGE),
    )


def _following(found: list[FiledIdea], size: int) -> str | None:
    if len(found) <= size:
        return None
    last = found[size - 1]
    place: Place = (last.published_at, last.id)
    return encode(place)


def _cards(session: Session, ideas: list[FiledIdea], principles: tuple[PrincipleChoice, ...]) -> dict[int, BoardCard]:
    by_id = {choice.id: choice for choice in principles}
    tags = principle_ids_of(session, [idea.id for idea in ideas])
    return {idea.id: BoardCard(idea, tuple(by_id[tag] for tag in tags[idea.id] if tag in by_id)) for idea in ideas}
