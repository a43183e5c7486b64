"""What somebody has contributed to a process, for themselves alone: ideas, comments and votes, a page at a time."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.cases.queries import waits_for_author
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.processes.models import Participant, Process, ProcessState
from participation.receipts.models import ReceiptKind
from participation.receipts.queries import numbers_with_receipt
from participation.texts import excerpt
from participation.voting.models import Stance, Vote
from participation.wordings.models import Wording

PAGE = 20
EXCERPT = 160
# Hidden ideas and those in review are not for others, not even for those who voted or commented before.
SHOWN_TO_OTHERS = frozenset({IdeaState.PUBLISHED, IdeaState.WITHDRAWN})


class Shelf(enum.Enum):
    """What is listed."""

    IDEAS = "ideas"
    COMMENTS = "comments"
    VOTES = "votes"
    WORDINGS = "wordings"


@dataclass(frozen=True, slots=True)
class OwnProcess:
    """A process that somebody takes part in, and as whom."""

    slug: str
    title: Translated
    participant_id: int
    pseudonym: str


@dataclass(frozen=True, slots=True)
class OwnAddendum:
    """An addendum to an own idea."""

    id: int
    text: str
    language: str
    state: IdeaState
    submitted_at: datetime
    has_receipt: bool


@dataclass(frozen=True, slots=True)
class OwnIdea:
    """An own idea with everything added to it; ``is_asked`` says that moderators wait for another text."""

    id: int
    title: str
    language: str
    state: IdeaState
    submitted_at: datetime
    frozen: bool
    has_receipt: bool
    addenda: tuple[OwnAddendum, ...]
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class OwnReaction:
    """An own comment or vote; ``title`` is empty where the idea is not public any more.

    ``number`` is that of the comment, and for a vote that of the idea; ``text`` belongs to a comment, ``stance`` to a
    vote. ``changed_since`` says that the vote was cast on an earlier revision.
    """

    key: int
    number: int
    idea_id: int
    title: str
    language: str
    idea_state: IdeaState
    at: datetime
    has_receipt: bool
    text: str = ""
    text_language: str = ""
    state: CommentState | None = None
    stance: Stance | None = None
    changed_since: bool = False
    on_own_idea: bool = False


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of one shelf, the latest first, and the key of the page behind it."""

    ideas: tuple[OwnIdea, ...] = ()
    reactions: tuple[OwnReaction, ...] = ()
    next_before: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a receipt of one's own is about; ``text`` is empty where the idea is not public any more.

    ``stance`` is what a vote says now.
    """

    text: str
    language: str
    slug: str
    idea_id: int
    stance: Stance | None


def own_processes(session: Session, account_id: int) -> list[OwnProcess]:
    """Return the processes that an account takes part in, the latest joined first."""
    rows = session.execute(
        select(Process.slug, Process.title, Participant.id, Participant.pseudonym)
        .join(Participant, Participant.process_id == Process.id)
        .where(Participant.account_id == account_id, Process.state != ProcessState.DRAFT)
        .order_by(Participant.joined_at.desc(), Participant.id.desc())
    )
    return [OwnProcess(*row) for row in rows]


def own_counts(session: Session, participant_id: int) -> dict[Shelf, int]:
    """Return how many contributions of each kind a participant has."""
    owners = {
        Shelf.IDEAS: Idea.participant_id,
        Shelf.COMMENTS: Comment.participant_id,
        Shelf.VOTES: Vote.participant_id,
        Shelf.WORDINGS: Wording.participant_id,
    }
    counts = [select(func.count()).where(owner == participant_id).scalar_subquery() for owner in owners.values()]
    return dict(zip(owners, session.execute(select(*counts)).one(), strict=True))


def own_page(session: Session, participant_id: int, shelf: Shelf, *, before: int | None = None) -> OwnPage:
    """Return the contributions of a participant from behind the one with the key ``before``.

    Suggested wordings are no contributions of their own: ``own_wordings`` has them.
    """
    return {Shelf.IDEAS: _ideas, Shelf.COMMENTS: _comments, Shelf.VOTES: _votes}[shelf](session, participant_id, before)


def own_subject(session: Session, kind: ReceiptKind, number: int, *, subject_id: int | None = None) -> Subject:
    """Return what the receipt of ``subject_id`` is about; ``kind`` and ``number`` are those of ``own_receipts``."""
    if kind in (ReceiptKind.IDEA, ReceiptKind.VOTE):
        idea_id, text, language = number, "", ""
    else:
        table = Addendum if kind is ReceiptKind.ADDENDUM else Comment
        one = found(
            session.execute(select(table.idea_id, table.text, table.language).where(table.id == number)).first()
        )
        idea_id, text, language = one.idea_id, excerpt(one.text, EXCERPT), one.language
    own_vote = (Vote.idea_id == Idea.id) & (Vote.id == subject_id) & (kind is ReceiptKind.VOTE)
    around = (
        select(Idea.title, Idea.language, Idea.state, Process.slug, Vote.stance)
        .join(Process, Process.id == Idea.process_id)
        .outerjoin(Vote, own_vote)
    )
    idea = session.execute(around.where(Idea.id == idea_id)).one()
    if not text and (kind is ReceiptKind.IDEA or idea.state in SHOWN_TO_OTHERS):
        text, language = idea.title, idea.language
    return Subject(text, language or idea.language, idea.slug, idea_id, idea.stance)


def _ideas(session: Session, participant_id: int, before: int | None) -> OwnPage:
    asked = waits_for_author(SubjectKind.IDEA, Idea.id)
    statement = select(Idea, asked).where(Idea.participant_id == participant_id).order_by(Idea.id.desc())
    statement = statement.limit(PAGE + 1)
    if before is not None:
        statement = statement.where(Idea.id < before)
    rows = session.execute(statement).all()
    page = rows[:PAGE]
    ids = [idea.id for idea, _is_asked in page]
    addenda = _addenda(session, ids)
    receipts = numbers_with_receipt(session, ReceiptKind.IDEA, ids)
    ideas = tuple(
        OwnIdea(
            idea.id,
            idea.title,
            idea.language,
            idea.state,
            idea.submitted_at,
            idea.frozen_at is not None,
            idea.id in receipts,
            tuple(addenda.get(idea.id, ())),
            is_asked,
        )
        for idea, is_asked in page
    )
    return OwnPage(ideas=ideas, next_before=ids[-1] if len(rows) > PAGE else None)


def _addenda(session: Session, idea_ids: Iterable[int]) -> dict[int, list[OwnAddendum]]:
    rows = list(session.scalars(select(Addendum).where(Addendum.idea_id.in_(idea_ids)).order_by(Addendum.id)))
    receipts = numbers_with_receipt(session, ReceiptKind.ADDENDUM, [row.id for row in rows])
    found_: dict[int, list[OwnAddendum]] = {}
    for row in rows:
        text = excerpt(row.text, EXCERPT)
        entry = OwnAddendum(row.id, text, row.language, row.state, row.submitted_at, row.id in receipts)
        found_.setdefault(row.idea_id, []).append(entry)
    return found_


def _comments(session: Session, participant_id: int, before: int | None) -> OwnPage:
    page, next_before = _reactions(session, Comment, participant_id, before)
    receipts = numbers_with_receipt(session, ReceiptKind.COMMENT, [comment.id for comment, _idea in page])
    reactions = tuple(
        OwnReaction(
            key=comment.id,
            number=comment.id,
            idea_id=idea.id,
            title=_title(idea, participant_id),
            language=idea.language,
            idea_state=idea.state,
            at=comment.submitted_at,
            has_receipt=comment.id in receipts,
            text=excerpt(comment.text, EXCERPT),
            text_language=comment.language,
            state=comment.state,
            on_own_idea=idea.participant_id == participant_id,
        )
        for comment, idea in page
    )
    return OwnPage(reactions=reactions, next_before=next_before)


def _votes(session: Session, participant_id: int, before: int | None) -> OwnPage:
    page, next_before = _reactions(session, Vote, participant_id, before)
    reactions = tuple(
        OwnReaction(
            key=vote.id,
            number=idea.id,
            idea_id=idea.id,
            title=_title(idea, participant_id),
            language=idea.language,
            idea_state=idea.state,
            at=vote.cast_at,
            # Whoever has voted gets one, when asking for it.
            has_receipt=True,
            stance=vote.stance,
            changed_since=vote.revision < idea.revision,
            on_own_idea=idea.participant_id == participant_id,
        )
        for vote, idea in page
    )
    return OwnPage(reactions=reactions, next_before=next_before)


def _reactions(
    session: Session, table: type[Comment] | type[Vote], participant_id: int, before: int | None
) -> tuple[Sequence[Any], int | None]:
    """Return a page of comments or votes with their ideas, and behind which one the next page begins."""
    statement = (
        select(table, Idea)
        .join(Idea, Idea.id == table.idea_id)
        .where(table.participant_id == participant_id)
        .order_by(table.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        statement = statement.where(table.id < before)
    rows = session.execute(statement).all()
    page: Sequence[Any] = rows[:PAGE]
    return page, page[-1][0].id if len(rows) > PAGE else None


def _title(idea: Idea, participant_id: int) -> str:
    return idea.title if idea.state in SHOWN_TO_OTHERS or idea.participant_id == participant_id else ""
