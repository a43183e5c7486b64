"""The board of clusters: what is filed where, what is not filed yet, and what is proposed for it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.curation.board.history import History, HistoryLine, history
from participation.curation.board.places import Position, positions_of
from participation.curation.board.queries import (
    BoardCluster,
    FiledIdea,
    RestCounts,
    Window,
    board_clusters,
    board_version,
    column,
    columns,
    languages_of,
    rest_counts,
    unfiled,
)
from participation.curation.models import BoardChangeKind
from participation.desk.keys import Place, decode, encode
from participation.desk.queries.board_filter import BoardFilter
from participation.desk.queries.offers import Offer, offers_for
from participation.desk.queries.queue import PrincipleChoice
from participation.ideas.queries import principle_ids_of
from participation.listings.translated import ShownWordings, wordings_for, written_idea
from participation.multilingual import Phrase, base_language, phrase
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.suggestions.queries import Outcome, newest_run
from participation.wordings.queries import ShownWording

_LOOKED_AT = 10
UNDOABLE_FOR = timedelta(hours=1)
"""How long the board itself offers to undo somebody's latest step; the history offers it for ever."""


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One idea on the board; ``also`` are the clusters it stands in besides the one whose column it is shown in.

    ``shown`` is what readers are shown instead of it.
    """

    idea: FiledIdea
    principles: tuple[PrincipleChoice, ...] = ()
    also: tuple[Phrase, ...] = ()
    offer: Offer | None = None
    shown: ShownWording | None = None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A cluster with a window of its ideas; ``count`` is how many it holds, ``main`` for how many it is the main one.

    ``next_after`` is the idea behind which the next window begins.
    """

    id: int
    title: Phrase
    description: Phrase
    label: str
    notes: int
    count: int
    main: int
    cards: tuple[BoardCard, ...] = ()
    next_after: int | None = None


@dataclass(frozen=True, slots=True)
class LatestStep:
    """The step that the reader took last and may take back."""

    line: HistoryLine
    known: History


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What is filed where and what is not filed yet; ``version`` is the board's step that the page knows of.

    ``only`` are the clusters whose columns were asked for; ``None`` stands for all of them.
    """

    workplace: Workplace
    version: int
    counts: RestCounts
    themes: tuple[BoardColumn, ...]
    columns: tuple[BoardColumn, ...]
    cards: tuple[BoardCard, ...]
    wanted: BoardFilter
    principles: tuple[PrincipleChoice, ...]
    languages: tuple[str, ...]
    latest: LatestStep | None
    has_run: bool
    fresh: int
    outliers: int
    only: tuple[int, ...] | None
    before: str | None
    next_before: str | None

    @property
    def percent(self) -> int:
        """How much is filed, rounded down: all but one are not everything."""
        return 100 * self.counts.filed // self.counts.ideas if self.counts.ideas else 0


def board_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    wanted: BoardFilter,
    principles: tuple[PrincipleChoice, ...],
    before: str | None,
    only: tuple[int, ...] | None,
    after: int | None,
    language: str,
    now: datetime,
) -> BoardPage:
    """Return the board of ``process`` with a page of the unfiled ideas that are ``wanted``, from behind ``before``.

    ``only`` narrows the columns; a single one is shown from behind the idea ``after``.
    """
    version = board_version(session, process.id)
    themes = theme_columns(session, process.id, language)
    run = newest_run(session, process.id)
    place = decode(before)
    sought = wanted.search(_proposed(run, wanted.theme_id), reader=base_language(language))
    rest = unfiled(session, process.id, search=sought, before=place)
    shown = [theme.id for theme in themes if only is None or theme.id in only]
    windows = columns(session, shown) if after is None else {one: column(session, one, before=after) for one in shown}
    everything = [*rest.ideas, *(idea for window in windows.values() for idea in window.ideas)]
    worded = wordings_for(session, language, (written_idea(idea.id, idea.language) for idea in everything))
    return BoardPage(
        workplace=workplace(actor, process, language),
        version=version,
        counts=rest_counts(session, process.id),
        themes=themes,
        columns=tuple(_filled(theme, windows[theme.id], worded) for theme in themes if theme.id in windows),
        cards=worded_cards(_rest_cards(session, rest.ideas, run, themes, principles), worded),
        wanted=wanted,
        principles=principles,
        languages=languages_of(session, process.id),
        latest=_latest(session, actor, process.id, now),
        has_run=run is not None,
        fresh=len(run.fresh) if run else 0,
        outliers=len(run.outliers) if run else 0,
        only=only,
        before=encode(place),
        next_before=following(rest),
    )


def theme_columns(session: Session, process_id: int, language: str) -> tuple[BoardColumn, ...]:
    """Return the clusters of a process in the order of the board, without their ideas."""
    return tuple(_column(cluster, language) for cluster in board_clusters(session, process_id))


def tagged(
    session: Session, ideas: Sequence[FiledIdea], principles: tuple[PrincipleChoice, ...]
) -> dict[int, tuple[PrincipleChoice, ...]]:
    """Return the principles that each idea is tagged with."""
    by_id = {choice.id: choice for choice in principles}
    tags = principle_ids_of(session, [idea.id for idea in ideas])
    return {idea.id: tuple(by_id[tag] for tag in tags[idea.id] if tag in by_id) for idea in ideas}


def elsewhere(
    positions: Collection[Position], titles: Mapping[int, Phrase], here: int | None = None
) -> tuple[Phrase, ...]:
    """Return the clusters that an idea stands in besides ``here``."""
    others = (position.cluster_id for position in positions if position.cluster_id != here)
    return tuple(titles[cluster_id] for cluster_id in others if cluster_id in titles)


def following(window: Window) -> str | None:
    """Return where the next window of unfiled ideas begins; ``None`` behind the last one."""
    if not window.has_more or not window.ideas:
        return None
    last = window.ideas[-1]
    place: Place = (last.published_at, last.id)
    return encode(place)


def _rest_cards(
    session: Session,
    ideas: Sequence[FiledIdea],
    run: Outcome | None,
    themes: Sequence[BoardColumn],
    principles: tuple[PrincipleChoice, ...],
) -> tuple[BoardCard, ...]:
    titles = {theme.id: theme.title for theme in themes}
    ids = [idea.id for idea in ideas]
    tags = tagged(session, ideas, principles)
    positions = positions_of(session, ids)
    offers = offers_for(session, run, ids, titles)
    return tuple(
        BoardCard(idea, tags[idea.id], elsewhere(positions[idea.id], titles), offers.get(idea.id)) for idea in ideas
    )


def _proposed(run: Outcome | None, theme_id: int | None) -> tuple[int, ...] | None:
    if theme_id is None:
        return None
    return tuple(idea_id for idea_id, ranked in run.best() if ranked.cluster_id == theme_id) if run else ()


def _latest(session: Session, actor: Actor, process_id: int, now: datetime) -> LatestStep | None:
    if actor.account_id is None:
        return None
    known = history(session, actor, process_id, by=actor.account_id, size=_LOOKED_AT)
    # Undoing again and again goes further back; the history brings back what was undone.
    steps = (line for line in known.lines if line.may_undo and line.kind is not BoardChangeKind.UNDO)
    line = next(steps, None)
    return LatestStep(line, known) if line and now - line.at < UNDOABLE_FOR else None


def _column(cluster: BoardCluster, language: str) -> BoardColumn:
    return BoardColumn(
        id=cluster.id,
        title=phrase(cluster.title, language),
        description=phrase(cluster.description, language),
        label=cluster.label,
        notes=cluster.notes,
        count=cluster.ideas,
        main=cluster.main,
    )


def worded_cards(cards: Iterable[BoardCard], shown: ShownWordings) -> tuple[BoardCard, ...]:
    """Return cards with the wordings of their ideas among ``shown``."""
    return tuple(replace(card, shown=shown.get((SubjectKind.IDEA, card.idea.id))) for card in cards)


def _filled(theme: BoardColumn, window: Window, shown: ShownWordings) -> BoardColumn:
    last = window.ideas[-1].id if window.ideas and window.has_more else None
    return replace(theme, cards=worded_cards(map(BoardCard, window.ideas), shown), next_after=last)
