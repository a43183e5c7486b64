"""Lists of ideas: filtered, newest first, a page at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, func, select, tuple_
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment, CommentState
from participation.curation.models import Filing
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.ideas.queries import visible_to
from participation.kit.permissions import found
from participation.kit.schema import UtcDateTime
from participation.listings.names import Names, PrincipleLink
from participation.multilingual import direction
from participation.processes.models import Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.texts import excerpt
from participation.voting.models import Tally
from participation.voting.queries import VoteFigures

PAGE = 20
COUNT_STOPS_AT = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The year 3000, in microseconds.
LATEST = 32_503_680_000_000_000


@dataclass(frozen=True, slots=True)
class IdeaFilter:
    """Which ideas of a process are wanted; everything ``None`` means all."""

    principle_id: int | None = None
    not_sure: bool = False
    district_id: int | None = None
    field_id: int | None = None
    language: str | None = None
    cluster_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order "newest first"; ``backwards`` asks for the page before it."""

    published_at: datetime
    id: int
    backwards: bool = False

    def encode(self) -> str:
        """Return the cursor as it stands in an address: microseconds and id."""
        # In whole numbers: as a float the moment would lose its last microsecond now and then.
        return f"{(self.published_at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def decode(cls, text: str, *, backwards: bool) -> "Cursor":
        """Return the cursor behind ``text``; raises ``ValueError`` for anything that is none."""
        moment, _dash, number = text.partition("-")
        if not (moment.isascii() and moment.isdigit() and number.isascii() and number.isdigit() and len(text) < 40):
            raise ValueError("no cursor")
        if int(moment) > LATEST or int(number) > 2**62:
            raise ValueError("no cursor")
        return cls(EPOCH + timedelta(microseconds=int(moment)), int(number), backwards)


@dataclass(frozen=True, slots=True)
class IdeaCard:
    """One idea as it stands in a list."""

    id: int
    url: str
    title: str
    excerpt: str
    language: str
    dir: str
    pseudonym: str
    published: str
    principles: tuple[PrincipleLink, ...]
    district: str
    field: str
    agree: int
    unsure: int
    disagree: int
    results_hidden: bool
    comment_count: int
    state_label: str
    source_label: str
    too_few: bool = False


@dataclass(frozen=True, slots=True)
class IdeaList:
    """A page of a list with the cursors of its neighbours; ``count`` stops at ``COUNT_STOPS_AT`` + 1."""

    cards: tuple[IdeaCard, ...]
    count: int
    previous: Cursor | None
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Wording:
    """How a list says things; the caller knows the reader's language."""

    day: Callable[[datetime], str]
    imported: str


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An idea with its author and figures as one query reads them; figures are zero where nobody voted."""

    id: int
    title: str
    text: str
    language: str
    state: IdeaState
    source: IdeaSource
    revision: int
    external_id: str | None
    district_id: int | None
    field_id: int | None
    submitted_at: datetime
    published_at: datetime | None
    pseudonym: str
    account_id: int | None
    principle_ids: tuple[int, ...]
    comments: int
    figures: VoteFigures


def idea_list(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    wanted: IdeaFilter,
    cursor: Cursor | None,
    names: Names,
    wording: Wording,
    list_url: str,
    now: datetime,
    size: int = PAGE,
    with_count: bool = True,
) -> IdeaList:
    """Return a page of the published ideas that ``actor`` may see, newest first."""
    rows, previous, following = _page(session, partial(_statement, actor, process.id, wanted, size), cursor, size)
    count = count_ideas(session, actor, process.id, wanted) if with_count else len(rows)
    hidden = not may_see_results(process, now=now)
    cards = tuple(_card(row, hidden=hidden, names=names, wording=wording, list_url=list_url) for row in rows)
    return IdeaList(cards, count, previous, following)


def figures_shown(cards: Iterable[IdeaCard]) -> dict[int, VoteFigures]:
    """Return the figures that cards show, by idea; nothing for those that hide them."""
    return {card.id: VoteFigures(card.agree, card.disagree, card.unsure) for card in cards if not card.results_hidden}


def count_ideas(session: Session, actor: Actor, process_id: int, wanted: IdeaFilter) -> int:
    """Return how many published ideas are wanted, at most ``COUNT_STOPS_AT`` + 1."""
    conditions = _wanted(actor, process_id, wanted)
    some = select(Idea.id).where(*conditions).limit(COUNT_STOPS_AT + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def idea_row(session: Session, process_id: int, idea_id: int) -> IdeaRow:
    """Return the idea of this process, whoever asks; raises ``Missing``, also for an idea of another process."""
    return _row(found(session.execute(ONE, {"idea_id": idea_id, "process_id": process_id}).one_or_none()))


# The same for every list and idea: put together once.
_COMMENTS = (
    select(func.count())
    .where(Comment.idea_id == Idea.id, Comment.state == CommentState.PUBLISHED)
    .correlate(Idea)
    .scalar_subquery()
)
_TAGS = (
    select(func.aggregate_strings(cast(IdeaPrinciple.principle_id, String), ","))
    .where(IdeaPrinciple.idea_id == Idea.id)
    .correlate(Idea)
    .scalar_subquery()
)
FACTS = 14
"""How many columns at the beginning of ``ROW`` are taken over as they are."""
ROW: Any = (
    select(
        Idea.id,
        Idea.title,
        Idea.text,
        Idea.language,
        Idea.state,
        Idea.source,
        Idea.revision,
        Idea.external_id,
        Idea.district_id,
        Idea.field_id,
        Idea.submitted_at,
        Idea.published_at,
        Participant.pseudonym,
        Participant.account_id,
        _TAGS.label("tags"),
        _COMMENTS.label("comments"),
        func.coalesce(Tally.agree, 0),
        func.coalesce(Tally.disagree, 0),
        func.coalesce(Tally.unsure, 0),
    )
    .join(Participant, Participant.id == Idea.participant_id)
    .outerjoin(Tally, Tally.idea_id == Idea.id)
)


# Statements stand ready with places for their values: putting one together takes longer than running it.
ONE = ROW.where(Idea.id == bindparam("idea_id"), Idea.process_id == bindparam("process_id"))


def _row(values: Any) -> IdeaRow:
    facts: tuple[Any, ...] = tuple(values[:FACTS])
    tags, comments, agree, disagree, unsure = values[FACTS:]
    principle_ids = tuple(sorted(int(tag) for tag in tags.split(","))) if tags else ()
    return IdeaRow(*(*facts, principle_ids, comments, VoteFigures(agree, disagree, unsure)))


def _card(row: IdeaRow, *, hidden: bool, names: Names, wording: Wording, list_url: str) -> IdeaCard:
    votes = VoteFigures() if hidden else row.figures
    return IdeaCard(
        id=row.id,
        url=f"{list_url}/{row.id}",
        title=row.title,
        excerpt=excerpt(row.text),
        language=row.language,
        dir=direction(row.language),
        pseudonym=row.pseudonym,
        published=wording.day(row.published_at) if row.published_at else "",
        principles=tuple(names.principles[key] for key in row.principle_ids if key in names.principles),
        district=names.districts.get(row.district_id or 0, ""),
        field=names.fields.get(row.field_id or 0, ""),
        agree=votes.agree,
        unsure=votes.unsure,
        disagree=votes.disagree,
        results_hidden=hidden,
        comment_count=row.comments,
        state_label="",
        source_label=wording.imported if row.source is IdeaSource.IMPORTED else "",
    )


def _wanted(actor: Actor, process_id: int, wanted: IdeaFilter) -> list[ColumnElement[bool]]:
    return [visible_to(actor, process_id), Idea.state == IdeaState.PUBLISHED, *_conditions(wanted)]


def _conditions(wanted: IdeaFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.principle_id is not None:
        tagged = select(IdeaPrinciple.idea_id).where(
            IdeaPrinciple.idea_id == Idea.id, IdeaPrinciple.principle_id == wanted.principle_id
        )
        conditions.append(tagged.exists())
    if wanted.not_sure:
        conditions.append(~select(IdeaPrinciple.idea_id).where(IdeaPrinciple.idea_id == Idea.id).exists())
    if wanted.district_id is not None:
        conditions.append(Idea.district_id == wanted.district_id)
    if wanted.field_id is not None:
        conditions.append(Idea.field_id == wanted.field_id)
    if wanted.language is not None:
        conditions.append(Idea.language == wanted.language)
    if wanted.cluster_id is not None:
        filed = select(Filing.id).where(
            Filing.idea_id == Idea.id, Filing.cluster_id == wanted.cluster_id, Filing.ended_at.is_(None)
        )
        conditions.append(filed.exists())
    return conditions


class _From(Enum):
    """Which end of the list, or which side of a cursor, a page begins at."""

    START = "start"
    OLDER = "older"
    NEWER = "newer"


@lru_cache(maxsize=256)
def _statement(actor: Actor, process_id: int, wanted: IdeaFilter, size: int, place: _From) -> Select[Any]:
    statement: Select[Any] = ROW.where(*_wanted(actor, process_id, wanted)).limit(size + 1)
    order, at = tuple_(Idea.published_at, Idea.id), tuple_(bindparam("moment", type_=UtcDateTime()), bindparam("id"))
    if place is _From.NEWER:
        return statement.where(order > at).order_by(Idea.published_at, Idea.id)
    newest_first = statement.order_by(Idea.published_at.desc(), Idea.id.desc())
    return newest_first.where(order < at) if place is _From.OLDER else newest_first


def _page(
    session: Session, statement: Callable[[_From], Select[Any]], cursor: Cursor | None, size: int
) -> tuple[list[IdeaRow], Cursor | None, Cursor | None]:
    if cursor is None:
        rows = _rows(session, statement(_From.START), {})
        return rows[:size], None, _cursor(rows[size - 1]) if len(rows) > size else None
    at = {"moment": cursor.published_at, "id": cursor.id}
    if cursor.backwards:
        rows = _rows(session, statement(_From.NEWER), at)
        more = len(rows) > size
        rows = rows[:size][::-1]
        previous = _cursor(rows[0], backwards=True) if more and rows else None
        return rows, previous, _cursor(rows[-1]) if rows else None
    rows = _rows(session, statement(_From.OLDER), at)
    following = _cursor(rows[size - 1]) if len(rows) > size else None
    return rows[:size], _cursor(rows[0], backwards=True) if rows else None, following


def _rows(session: Session, statement: Select[Any], values: dict[str, Any]) -> list[IdeaRow]:
    return [_row(row) for row in session.execute(statement, values)]


def _cursor(row: IdeaRow, *, backwards: bool = False) -> Cursor:
    if row.published_at is None:
        raise ValueError("an idea that is not published has no place in the list")
    return Cursor(row.published_at, row.id, backwards)
