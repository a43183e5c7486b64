"""What the board shows: its themes with counts, windows into their ideas, and windows into what is not filed yet."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.curation.board.places import MAIN, TOUCHES
from participation.curation.models import Board, Cluster, ClusterNote, Filing, FilingOrigin
from participation.curation.queries import Coverage
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.ideas.search import matching
from participation.kit.db import in_batches, read_rows
from participation.kit.schema import Translated

UNFILED_PAGE = 30
CLUSTER_PAGE = 50
COLUMN_SHOWS = 10
# SQLite takes 500 parts of a UNION.
_LOOKS_AT_ONCE = 100

_CURRENT = Filing.ended_at.is_(None)
_PUBLIC = Idea.state == IdeaState.PUBLISHED


class Rest(enum.Enum):
    """Which of the unfiled ideas: all without a main theme, those in no theme at all, or those that only touch some."""

    ALL = "all"
    NOWHERE = "nowhere"
    WITHOUT_MAIN = "without_main"


@dataclass(frozen=True, slots=True)
class Search:
    """Which ideas are wanted: with all of the words, a principle or ``not_sure``, a language, only certain ones.

    ``only`` are ids, for instance of the ideas for which one theme is suggested. Words are also looked for in what
    readers of the language ``reader`` are shown instead of an original.
    """

    words: str = ""
    reader: str = ""
    principle_id: int | None = None
    not_sure: bool = False
    language: str | None = None
    only: tuple[int, ...] | None = None
    rest: Rest = Rest.ALL


@dataclass(frozen=True, slots=True)
class FiledIdea:
    """An idea as it stands on the board; ``origin`` is ``None`` for one that is not filed."""

    id: int
    title: str
    text: str
    language: str
    published_at: datetime
    is_main: bool = False
    origin: FilingOrigin | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Some ideas of a list, and whether more of it follow."""

    ideas: tuple[FiledIdea, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class BoardCluster:
    """A theme on the board; ``ideas`` counts the visible ones in it, ``main`` those of which it is the main theme."""

    id: int
    title: Translated
    description: Translated
    label: str
    version: int
    ideas: int
    main: int
    notes: int


@dataclass(frozen=True, slots=True)
class RestCounts:
    """How many visible ideas there are, how many have a main theme, and how many of the others touch a theme."""

    ideas: int
    filed: int
    without_main: int

    @property
    def unfiled(self) -> int:
        """How many have no main theme."""
        return self.ideas - self.filed

    @property
    def nowhere(self) -> int:
        """How many are in no theme at all."""
        return self.unfiled - self.without_main

    @property
    def coverage(self) -> Coverage:
        """What is filed of all."""
        return Coverage(self.filed, self.ideas)


@dataclass(frozen=True, slots=True)
class NoteView:
    """What somebody of the team noted about a theme; ``by`` is the address, empty for the installation."""

    id: int
    text: str
    by: str
    at: datetime


def board_version(session: Session, process_id: int) -> int:
    """Return the number of the board's latest step, 0 before the first one; to be read before anything else of it."""
    return session.scalar(select(Board.version).where(Board.process_id == process_id)) or 0


def board_clusters(session: Session, process_id: int) -> tuple[BoardCluster, ...]:
    """Return the themes of a process in the order of the board."""
    counted = (
        select(Filing.cluster_id, func.count().label("ideas"), _mains().label("main"))
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .join(Idea, and_(Idea.id == Filing.idea_id, _PUBLIC))
        .where(Cluster.process_id == process_id, Cluster.removed_at.is_(None), _CURRENT)
        .group_by(Filing.cluster_id)
        .subquery()
    )
    notes = (
        select(func.count())
        .where(ClusterNote.cluster_id == Cluster.id, ClusterNote.removed_at.is_(None))
        .scalar_subquery()
    )
    rows = read_rows(
        session,
        select(
            Cluster.id,
            Cluster.title,
            Cluster.description,
            Cluster.label,
            Cluster.version,
            func.coalesce(counted.c.ideas, 0),
            func.coalesce(counted.c.main, 0),
            notes,
        )
        .outerjoin(counted, counted.c.cluster_id == Cluster.id)
        .where(Cluster.process_id == process_id, Cluster.removed_at.is_(None))
        .order_by(Cluster.position, Cluster.id),
    )
    return tuple(BoardCluster(*row) for row in rows)


def rest_counts(session: Session, process_id: int) -> RestCounts:
    """Return how much of a process is filed."""
    best = (
        select(Filing.idea_id, func.max(_strength()).label("strength"))
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Cluster.process_id == process_id, _CURRENT)
        .group_by(Filing.idea_id)
        .subquery()
    )
    row = read_rows(
        session,
        select(
            func.count(),
            func.count().filter(best.c.strength == MAIN),
            func.count().filter(best.c.strength == TOUCHES),
        )
        .select_from(Idea)
        .outerjoin(best, best.c.idea_id == Idea.id)
        .where(Idea.process_id == process_id, _PUBLIC),
    ).one()
    return RestCounts(*row)


def unfiled(
    session: Session,
    process_id: int,
    *,
    search: Search | None = None,
    before: tuple[datetime, int] | None = None,
    size: int = UNFILED_PAGE,
) -> Window:
    """Return visible ideas of a process without a main theme, the newest first, from behind ``before``."""
    wanted = search or Search()
    conditions = [Idea.process_id == process_id, _PUBLIC, *_rest(wanted.rest), *_matches(wanted)]
    if before is not None:
        conditions.append(tuple_(Idea.published_at, Idea.id) < tuple_(*before))
    ordered = _ideas().where(*conditions).order_by(Idea.published_at.desc(), Idea.id.desc()).limit(size + 1)
    return _window([FiledIdea(*row) for row in read_rows(session, ordered)], size)


def column(
    session: Session,
    cluster_id: int,
    *,
    search: Search | None = None,
    before: int | None = None,
    size: int = CLUSTER_PAGE,
) -> Window:
    """Return visible ideas of a theme, the ones that came last first, from behind the idea ``before``."""
    conditions = [Filing.cluster_id == cluster_id, _CURRENT, _PUBLIC, *_matches(search or Search())]
    if before is not None:
        conditions.append(Filing.idea_id < before)
    statement = _ideas(Filing.is_main, Filing.origin).join(Filing, Filing.idea_id == Idea.id).where(*conditions)
    ordered = statement.order_by(Filing.idea_id.desc()).limit(size + 1)
    return _window([FiledIdea(*row) for row in read_rows(session, ordered)], size)


def columns(session: Session, cluster_ids: Sequence[int], *, size: int = COLUMN_SHOWS) -> dict[int, Window]:
    """Return the beginning of the columns of these themes, each as ``column`` does."""
    found: dict[int, list[FiledIdea]] = {cluster_id: [] for cluster_id in cluster_ids}
    for batch in in_batches(cluster_ids, _LOOKS_AT_ONCE):
        looks = union_all(*(select(_look(cluster_id, size)) for cluster_id in batch))
        for cluster_id, *idea in read_rows(session, looks):
            found[cluster_id].append(FiledIdea(*idea))
    # No database promises an order across a UNION.
    newest = {cluster_id: sorted(ideas, key=lambda idea: -idea.id) for cluster_id, ideas in found.items()}
    return {cluster_id: _window(ideas, size) for cluster_id, ideas in newest.items()}


def languages_of(session: Session, process_id: int) -> tuple[str, ...]:
    """Return the languages in which the visible ideas of a process are written."""
    inside = (Idea.process_id == process_id, _PUBLIC)
    return tuple(session.scalars(select(Idea.language).where(*inside).distinct().order_by(Idea.language)))


def cluster_names(session: Session, process_id: int, cluster_ids: Iterable[int]) -> dict[int, Translated]:
    """Return what themes of a process are called, also those that were removed."""
    wanted = sorted(set(cluster_ids))
    if not wanted:
        return {}
    inside = (Cluster.process_id == process_id, Cluster.id.in_(wanted))
    return dict(read_rows(session, select(Cluster.id, Cluster.title).where(*inside)).all())


def notes_on(session: Session, cluster_id: int) -> tuple[NoteView, ...]:
    """Return what the team noted about a theme, the latest first."""
    rows = session.execute(
        select(ClusterNote.id, ClusterNote.text, func.coalesce(Account.email, ""), ClusterNote.written_at)
        .outerjoin(Account, Account.id == ClusterNote.written_by)
        .where(ClusterNote.cluster_id == cluster_id, ClusterNote.removed_at.is_(None))
        .order_by(ClusterNote.id.desc())
    )
    return tuple(NoteView(*row) for row in rows)


def _ideas(*more: Any) -> Select[*tuple[Any, ...]]:
    published_at = func.coalesce(Idea.published_at, Idea.submitted_at).label("published_at")
    return select(Idea.id, Idea.title, Idea.text, Idea.language, published_at, *more)


def _look(cluster_id: int, size: int) -> Subquery:
    """Return one short, indexed look into a column: how many ideas it holds makes no difference."""
    return (
        select(literal(cluster_id).label("cluster_id"), *_ideas(Filing.is_main, Filing.origin).selected_columns)
        .select_from(Filing)
        .join(Idea, Idea.id == Filing.idea_id)
        .where(Filing.cluster_id == cluster_id, _CURRENT, _PUBLIC)
        .order_by(Filing.idea_id.desc())
        .limit(size + 1)
        .subquery()
    )


def _window(found: list[FiledIdea], size: int) -> Window:
    return Window(tuple(found[:size]), len(found) > size)


def _rest(rest: Rest) -> list[ColumnElement[bool]]:
    filed = select(Filing.id).where(Filing.idea_id == Idea.id, _CURRENT)
    if rest is Rest.NOWHERE:
        return [~filed.exists()]
    has_main = filed.where(Filing.is_main).exists()
    return [~has_main, filed.exists()] if rest is Rest.WITHOUT_MAIN else [~has_main]


def _matches(wanted: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [matching(wanted.words, wanted.reader)] if wanted.words.strip() else []
    tags = select(IdeaPrinciple.idea_id).where(IdeaPrinciple.idea_id == Idea.id)
    if wanted.not_sure:
        conditions.append(~tags.exists())
    elif wanted.principle_id is not None:
        conditions.append(tags.where(IdeaPrinciple.principle_id == wanted.principle_id).exists())
    if wanted.language is not None:
        conditions.append(Idea.language == wanted.language)
    if wanted.only is not None:
        conditions.append(Idea.id.in_(wanted.only))
    return conditions


def _strength() -> ColumnElement[int]:
    return case((Filing.is_main, MAIN), else_=TOUCHES)


def _mains() -> ColumnElement[int]:
    return func.count().filter(Filing.is_main)
