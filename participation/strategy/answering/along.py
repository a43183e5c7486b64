"""Whom an answer goes back to: the ideas that a subject consists of or rests on, and the people behind these."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from participation.curation.models import Bundle, BundleMember
from participation.ideas.models import Idea, IdeaState
from participation.processes.models import Participant
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.behind import rests_on
from participation.voting.models import Stance, Vote


def ideas_along(kind: SubjectKind, ids: Collection[int]) -> Any:
    """Return the statement of pairs: a subject of this kind, and each public idea that it goes back to."""
    if kind is SubjectKind.STATEMENT:
        return rests_on(ids)
    if kind is SubjectKind.IDEA:
        idea = (Idea.id.label("subject_id"), Idea.id.label("idea_id"))
        return select(*idea).where(Idea.id.in_(list(ids)), Idea.state == IdeaState.PUBLISHED)
    return (
        select(BundleMember.bundle_id, BundleMember.idea_id)
        .join(Bundle, Bundle.id == BundleMember.bundle_id)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(BundleMember.bundle_id.in_(list(ids)), BundleMember.ended_at.is_(None), Bundle.ended_at.is_(None))
        .where(Idea.state == IdeaState.PUBLISHED)
    )


def authors_among(
    session: Session, kind: SubjectKind, ids: Collection[int], account_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Return which of these accounts wrote an idea that a subject goes back to, as pairs of subject and account."""
    if not ids:
        return set()
    pairs = ideas_along(kind, ids).subquery()
    subject_id, idea_id = pairs.c
    rows = session.execute(
        select(subject_id, Participant.account_id)
        .join(Idea, Idea.id == idea_id)
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Participant.account_id.in_(list(account_ids)))
        .distinct()
    )
    return {(row[0], row[1]) for row in rows}


def next_person(session: Session, subject: Subject, *, after: int) -> int | None:
    """Return the first participant behind the number ``after`` who wrote or agrees with an idea of the subject."""
    first: int | None = session.scalar(select(func.min(_people(subject, after).subquery().c.participant_id)))
    return first


def accounts_along(session: Session, subject: Subject, *, after: int, through: int) -> list[int]:
    """Return the accounts of those who wrote or agree with an idea of the subject, with numbers up to ``through``."""
    people = _people(subject, after, through).subquery()
    wanted = select(Participant.account_id).join(people, people.c.participant_id == Participant.id)
    rows = session.scalars(wanted.where(Participant.account_id.is_not(None)).order_by(Participant.account_id))
    return [account_id for account_id in rows if account_id is not None]


def _people(subject: Subject, after: int, through: int | None = None) -> Any:
    idea_id = ideas_along(subject.kind, [subject.id]).subquery().c[1]

    def between(column: Any) -> Any:
        return (column > after) if through is None else column.between(after + 1, through)

    wrote = select(Idea.participant_id).where(Idea.id.in_(select(idea_id)), between(Idea.participant_id))
    agree = select(Vote.participant_id).where(
        Vote.idea_id.in_(select(idea_id)), Vote.stance == Stance.AGREE, between(Vote.participant_id)
    )
    return union(wrote, agree)
