"""Which cases wait, in which order, and how a filter narrows them down."""

from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_

from participation.accounts.actor import Actor
from participation.cases.models import Case, SubjectKind
from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea, IdeaPrinciple
from participation.moderation.queue.filters import Assigned, QueueFilter
from participation.processes.models import Participant
from participation.signals.models import Signal

Columns = TypeVarTuple("Columns")
MOST_WORDS = 8
IN_ORDER = (Case.urgent.desc(), Case.place_at, Case.group_id, Case.due_at, Case.id)
"""Urgent first, then the oldest promise; similar cases follow the first of them. An index has this order."""


def waits(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a case is open, and that it is not its author's turn."""
    return and_(Case.closed_at.is_(None), or_(Case.resumes_at.is_(None), Case.resumes_at <= now))


def is_free(actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody else is working on a case."""
    return or_(Case.held_until.is_(None), Case.held_until <= now, Case.held_by == actor.account_id)


def filtered(statement: Select[*Columns], actor: Actor, wanted: QueueFilter, *, now: datetime) -> Select[*Columns]:
    """Return a statement about cases, with only those that are ``wanted``."""
    simple: tuple[tuple[bool, ColumnElement[bool]], ...] = (
        (wanted.kind is not None, Case.kind == wanted.kind),
        (wanted.subject is not None, Case.subject_kind == wanted.subject),
        (bool(wanted.language), Case.language == wanted.language),
        (wanted.assigned is Assigned.ME, Case.assigned_to == actor.account_id),
        (wanted.assigned is Assigned.NOBODY, Case.assigned_to.is_(None)),
        (wanted.overdue, Case.due_at < now),
        (wanted.urgent, Case.urgent.is_(True)),
        (wanted.principle_id is not None, _has_principle(wanted.principle_id)),
        (wanted.signal is not None, _has_signal(wanted)),
    )
    statement = statement.where(*(condition for asked, condition in simple if asked))
    return _saying(statement, wanted.words.split()[:MOST_WORDS]) if wanted.words else statement


def _has_principle(principle_id: int | None) -> ColumnElement[bool]:
    return exists().where(IdeaPrinciple.idea_id == Case.idea_id, IdeaPrinciple.principle_id == principle_id)


def _has_signal(wanted: QueueFilter) -> ColumnElement[bool]:
    about = and_(Signal.subject_kind == Case.subject_kind, Signal.subject_id == Case.subject_id)
    return exists().where(about, Signal.kind == wanted.signal, Signal.settled_at.is_(None))


def _saying(statement: Select[*Columns], words: list[str]) -> Select[*Columns]:
    """Narrow down to cases that have each of ``words`` in the text, the title of the idea, or the pseudonym."""
    text = func.coalesce(Comment.text, Addendum.text, Idea.text)
    statement = (
        statement.outerjoin(Comment, (Case.subject_kind == SubjectKind.COMMENT) & (Comment.id == Case.subject_id))
        .outerjoin(Addendum, (Case.subject_kind == SubjectKind.ADDENDUM) & (Addendum.id == Case.subject_id))
        .outerjoin(Idea, Idea.id == Case.idea_id)
        .outerjoin(Participant, Participant.id == func.coalesce(Comment.participant_id, Idea.participant_id))
    )
    return statement.where(*(_has_word(word, (text, Idea.title, Participant.pseudonym)) for word in words))


def _has_word(word: str, columns: tuple[Any, ...]) -> ColumnElement[bool]:
    # Databases fold the case of ASCII only, or of whatever their locale knows.
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(spelling, autoescape=True) for column in columns for spelling in sorted(spellings)))
