"""Lists of ideas: filtered, newest first, a page at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.queries import comment_counts
from participation.curation.models import Filing
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.ideas.queries import principle_ids_of, visible_to
from participation.listings.names import Names, PrincipleLink
from participation.multilingual import direction
from participation.processes.models import Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.texts import excerpt
from participation.voting.queries import VoteFigures, tallies

PAGE = 20
COUNT_STOPS_AT = 1000


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
        return f"{int(self.published_at.timestamp() * 1_000_000)}-{self.id}"

    @classmethod
    def decode(cls, text: str, *, backwards: bool) -> "Cursor":
        """Return the cursor behind ``text``; raises ``ValueError`` for anything that is none."""
        moment, _dash, number = text.partition("-")
        if not (moment.isascii() and moment.isdigit() and number.isascii() and number.isdigit() and len(text) < 40):
            raise ValueError("no cursor")
        seconds, micros = divmod(int(moment), 1_000_000)
        if seconds > 32_503_680_000 or int(number) > 2**62:
            raise ValueError("no cursor")
        return cls(datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), int(number), backwards)


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
    conditions = [visible_to(actor, process.id), Idea.state == IdeaState.PUBLISHED, *_conditions(wanted)]
    ideas, previous, following = _page(session, conditions, cursor, size)
    count = _count(session, conditions) if with_count else len(ideas)
    cards = idea_cards(session, process, ideas, names=names, wording=wording, list_url=list_url, now=now)
    return IdeaList(cards, count, previous, following)


def idea_cards(
    session: Session,
    process: ProcessOutline,
    ideas: Sequence[Idea],
    *,
    names: Names,
    wording: Wording,
    list_url: str,
    now: datetime,
) -> tuple[IdeaCard, ...]:
    """Return the cards of ``ideas`` in their order, with four queries however many they are."""
    ids = [idea.id for idea in ideas]
    tags = principle_ids_of(session, ids)
    comments = comment_counts(session, ids)
    hidden = not may_see_results(process, now=now)
    figures = {} if hidden else tallies(session, ids)
    pseudonyms = _pseudonyms(session, {idea.participant_id for idea in ideas})
    cards = []
    for idea in ideas:
        votes = figures.get(idea.id, VoteFigures())
        cards.append(
            IdeaCard(
                id=idea.id,
                url=f"{list_url}/{idea.id}",
                title=idea.title,
                excerpt=excerpt(idea.text),
                language=idea.language,
                dir=direction(idea.language),
                pseudonym=pseudonyms.get(idea.participant_id, ""),
                published=wording.day(idea.published_at) if idea.published_at else "",
                principles=tuple(names.principles[key] for key in tags[idea.id] if key in names.principles),
                district=names.districts.get(idea.district_id or 0, ""),
                field=names.fields.get(idea.field_id or 0, ""),
                agree=votes.agree,
                unsure=votes.unsure,
                disagree=votes.disagree,
                results_hidden=hidden,
                comment_count=comments[idea.id],
                state_label="",
                source_label=wording.imported if idea.source is IdeaSource.IMPORTED else "",
            )
        )
    return tuple(cards)


def _pseudonyms(session: Session, participant_ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(
        select(Participant.id, Participant.pseudonym).where(Participant.id.in_(list(participant_ids)))
    )
    return dict(rows.all())


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


def _page(
    session: Session, conditions: list[ColumnElement[bool]], cursor: Cursor | None, size: int
) -> tuple[list[Idea], Cursor | None, Cursor | None]:
    order = tuple_(Idea.published_at, Idea.id)
    statement: Select[Any] = select(Idea).where(*conditions).limit(size + 1)
    if cursor is None:
        ideas = list(session.scalars(statement.order_by(Idea.published_at.desc(), Idea.id.desc())))
        return ideas[:size], None, _cursor(ideas[size - 1]) if len(ideas) > size else None
    at = tuple_(cursor.published_at, cursor.id)
    if cursor.backwards:
        newer = statement.where(order > at).order_by(Idea.published_at, Idea.id)
        ideas = list(session.scalars(newer))
        more = len(ideas) > size
        ideas = ideas[:size][::-1]
        previous = _cursor(ideas[0], backwards=True) if more and ideas else None
        return ideas, previous, _cursor(ideas[-1]) if ideas else None
    older = statement.where(order < at).order_by(Idea.published_at.desc(), Idea.id.desc())
    ideas = list(session.scalars(older))
    following = _cursor(ideas[size - 1]) if len(ideas) > size else None
    return ideas[:size], _cursor(ideas[0], backwards=True) if ideas else None, following


def _cursor(idea: Idea, *, backwards: bool = False) -> Cursor:
    if idea.published_at is None:
        raise ValueError("an idea that is not published has no place in the list")
    return Cursor(idea.published_at, idea.id, backwards)


def _count(session: Session, conditions: list[ColumnElement[bool]]) -> int:
    some = select(Idea.id).where(*conditions).limit(COUNT_STOPS_AT + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
