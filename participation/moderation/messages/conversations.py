"""Reading what the team and authors wrote to each other: whom a contribution is by, one conversation, one's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.models import Account
from participation.cases.models import SubjectKind
from participation.cases.service import CaseSubject
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit.permissions import found
from participation.moderation.models import Message
from participation.processes.models import Participant, Process

PAGE = 20


@dataclass(frozen=True, slots=True)
class About:
    """The contribution that a conversation is about, with its author.

    ``title`` is that of the idea on whose page it stands. ``account_id`` is ``None`` where nobody could read a message:
    the contribution came by a file.
    """

    process_id: int
    kind: SubjectKind
    id: int
    idea_id: int
    title: str
    idea_language: str
    idea_state: IdeaState
    text: str
    language: str
    participant_id: int
    pseudonym: str
    account_id: int | None

    @property
    def subject(self) -> CaseSubject:
        """The contribution as cases know it."""
        return CaseSubject(self.process_id, self.kind, self.id, self.idea_id, self.language)


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message; ``colleague`` is the address of whoever of the team wrote it, for the team only."""

    id: int
    from_team: bool
    text: str
    language: str
    written_at: datetime
    colleague: str


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A conversation in the list of its author: where it begins, what it is about in own words, its latest message."""

    first_id: int
    messages: int
    slug: str
    process_title: dict[str, str]
    kind: SubjectKind
    own_text: str
    own_language: str
    latest_id: int
    latest_text: str
    latest_language: str
    latest_at: datetime
    from_team: bool


def contribution(session: Session, process_id: int, kind: SubjectKind, number: int) -> About:
    """Return a contribution of this process with its author, whatever its state; raises ``Missing``."""
    thing, statement = _with_author(kind)
    row = session.execute(statement.where(thing.id == number, thing.process_id == process_id)).one_or_none()
    contributed, idea, author = found(row)
    return About(
        process_id=process_id,
        kind=kind,
        id=contributed.id,
        idea_id=idea.id,
        title=idea.title,
        idea_language=idea.language,
        idea_state=idea.state,
        text=contributed.text,
        language=contributed.language,
        participant_id=author.id,
        pseudonym=author.pseudonym,
        account_id=author.account_id,
    )


def _with_author(kind: SubjectKind) -> tuple[Any, Any]:
    if kind is SubjectKind.IDEA:
        same: Any = aliased(Idea)
        whole = select(Idea, same, Participant).join(same, same.id == Idea.id)
        return Idea, whole.join(Participant, Participant.id == Idea.participant_id)
    if kind is SubjectKind.COMMENT:
        below = select(Comment, Idea, Participant).join(Idea, Idea.id == Comment.idea_id)
        return Comment, below.join(Participant, Participant.id == Comment.participant_id)
    added = select(Addendum, Idea, Participant).join(Idea, Idea.id == Addendum.idea_id)
    return Addendum, added.join(Participant, Participant.id == Idea.participant_id)


def conversation(session: Session, about: About) -> tuple[MessageView, ...]:
    """Return all that the team and the author of a contribution wrote to each other about it, in order."""
    rows = session.execute(
        select(Message, Account.email)
        .outerjoin(Account, and_(Account.id == Message.written_by, Message.from_team))
        .where(*in_thread(about))
        .order_by(Message.id)
    )
    return tuple(
        MessageView(row.id, row.from_team, row.text, row.language, row.written_at, email or "") for row, email in rows
    )


def in_thread(about: About) -> tuple[Any, ...]:
    """Return the conditions on ``Message`` for the conversation about a contribution."""
    return (
        Message.subject_kind == about.kind,
        Message.subject_id == about.id,
        Message.participant_id == about.participant_id,
    )


@dataclass(frozen=True, slots=True)
class OwnConversation:
    """What an own conversation is about, and in which process."""

    about: About
    slug: str
    process_title: dict[str, str]


def own_conversation(session: Session, account_id: int, message_id: int) -> OwnConversation:
    """Return the conversation of this account that a message belongs to; raises ``Missing`` for those of others."""
    row = session.execute(
        select(Message.process_id, Message.subject_kind, Message.subject_id, Process.slug, Process.title)
        .join(Participant, Participant.id == Message.participant_id)
        .join(Process, Process.id == Message.process_id)
        .where(Message.id == message_id, Participant.account_id == account_id)
    ).one_or_none()
    process_id, kind, subject_id, slug, title = found(row)
    return OwnConversation(contribution(session, process_id, kind, subject_id), slug, title)


def own_conversations(session: Session, account_id: int, *, before: int | None = None) -> list[ThreadLine]:
    """Return up to 21 conversations of an account, the one with the latest message first, from below ``before``."""
    threads = (
        select(
            func.min(Message.id).label("first_id"),
            func.max(Message.id).label("latest_id"),
            func.count().label("messages"),
        )
        .join(Participant, Participant.id == Message.participant_id)
        .where(Participant.account_id == account_id)
        .group_by(Message.subject_kind, Message.subject_id, Message.participant_id)
        .subquery()
    )
    statement = (
        select(
            threads.c.first_id,
            threads.c.messages,
            Process.slug,
            Process.title,
            Message.subject_kind,
            func.coalesce(Idea.title, Comment.text, Addendum.text, ""),
            func.coalesce(Idea.language, Comment.language, Addendum.language, Message.language),
            Message.id,
            Message.text,
            Message.language,
            Message.written_at,
            Message.from_team,
        )
        .join(Message, Message.id == threads.c.latest_id)
        .join(Process, Process.id == Message.process_id)
        .outerjoin(Idea, _is(SubjectKind.IDEA, Idea))
        .outerjoin(Comment, _is(SubjectKind.COMMENT, Comment))
        .outerjoin(Addendum, _is(SubjectKind.ADDENDUM, Addendum))
        .order_by(threads.c.latest_id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        statement = statement.where(threads.c.latest_id < before)
    return [ThreadLine(*row) for row in session.execute(statement)]


def _is(kind: SubjectKind, table: Any) -> Any:
    return and_(Message.subject_kind == kind, table.id == Message.subject_id)
