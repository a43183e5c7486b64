"""Contributions as signals look at them: what they say, when it was written and by whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.cases.models import SubjectKind
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea
from participation.processes.models import Participant

Key = tuple[SubjectKind, int]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one person wrote; ``registered_at`` is when the account was made, ``None`` for people without one."""

    process_id: int
    text: str
    language: str
    written_at: datetime
    submitted_at: datetime
    participant_id: int
    registered_at: datetime | None


def contribution_at(session: Session, key: Key) -> Contribution | None:
    """Return what a case is about; ``None`` when it is not there any more."""
    kind, subject_id = key
    columns = (Participant.process_id, Participant.id, Account.created_at)
    if kind is SubjectKind.COMMENT:
        comment = session.execute(
            select(Comment.text, Comment.language, Comment.edited_at, Comment.submitted_at, *columns)
            .join(Participant, Participant.id == Comment.participant_id)
            .outerjoin(Account, Account.id == Participant.account_id)
            .where(Comment.id == subject_id)
        ).one_or_none()
        return _contribution(comment) if comment else None
    if kind is SubjectKind.ADDENDUM:
        addendum = session.execute(
            select(Addendum.text, Addendum.language, Addendum.submitted_at, Addendum.submitted_at, *columns)
            .join(Idea, Idea.id == Addendum.idea_id)
            .join(Participant, Participant.id == Idea.participant_id)
            .outerjoin(Account, Account.id == Participant.account_id)
            .where(Addendum.id == subject_id)
        ).one_or_none()
        return _contribution(addendum) if addendum else None
    idea = session.execute(
        select(Idea.title + "\n" + Idea.text, Idea.language, Idea.revised_at, Idea.submitted_at, *columns)
        .join(Participant, Participant.id == Idea.participant_id)
        .outerjoin(Account, Account.id == Participant.account_id)
        .where(Idea.id == subject_id)
    ).one_or_none()
    return _contribution(idea) if idea else None


def written_between(session: Session, participant_id: int, *, after: datetime, until: datetime) -> list[datetime]:
    """Return when somebody contributed something in a span of time, the first moment left out, the last one not."""
    rows = (
        select(column.label("at")).where(who == participant_id, column > after, column <= until)
        for column, who in (
            (Idea.submitted_at, Idea.participant_id),
            (Comment.submitted_at, Comment.participant_id),
        )
    )
    added = (
        select(Addendum.submitted_at.label("at"))
        .join(Idea, Idea.id == Addendum.idea_id)
        .where(Idea.participant_id == participant_id, Addendum.submitted_at > after, Addendum.submitted_at <= until)
    )
    return sorted(session.scalars(union_all(*rows, added)))


def by_the_same(session: Session, participant_id: int, keys: Collection[Key]) -> int:
    """Return how many of these contributions one person wrote."""
    own: dict[SubjectKind, Select[int]] = {
        SubjectKind.IDEA: select(Idea.id).where(Idea.participant_id == participant_id),
        SubjectKind.COMMENT: select(Comment.id).where(Comment.participant_id == participant_id),
        SubjectKind.ADDENDUM: (
            select(Addendum.id).join(Idea, Idea.id == Addendum.idea_id).where(Idea.participant_id == participant_id)
        ),
    }
    count = 0
    for kind, statement in own.items():
        ids = [subject_id for of_kind, subject_id in keys if of_kind is kind]
        if ids:
            of_kind = statement.subquery()
            count += session.scalar(select(func.count()).select_from(of_kind).where(of_kind.c.id.in_(ids))) or 0
    return count


def _contribution(row: tuple[str, str, datetime | None, datetime, int, int, datetime | None]) -> Contribution:
    text, language, changed_at, submitted_at, process_id, participant_id, registered_at = row
    return Contribution(
        process_id=process_id,
        text=text,
        language=language,
        written_at=changed_at or submitted_at,
        submitted_at=submitted_at,
        participant_id=participant_id,
        registered_at=registered_at,
    )


def age_of_account(contribution: Contribution) -> timedelta | None:
    """Return how old the author's account was when the contribution came in."""
    if contribution.registered_at is None:
        return None
    return max(contribution.submitted_at - contribution.registered_at, timedelta(0))
