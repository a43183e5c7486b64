"""Which ideas of a process a list holds: the filters as conditions, and counting what they leave."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment
from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.ideas.queries import visible_to
from participation.ideas.search import matching
from participation.processes.models import Participant
from participation.strategy.models import Statement, StatementSource, StatementState
from participation.strategy.queries import answered
from participation.voting.models import Vote

COUNT_STOPS_AT = 1000


class Stage(enum.Enum):
    """How far an idea has come; one that is a source is filed as well."""

    OPEN = "open"
    FILED = "filed"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class IdeaFilter:
    """Which ideas of a process are wanted; everything ``None`` means all."""

    principle_id: int | None = None
    not_sure: bool = False
    district_id: int | None = None
    field_id: int | None = None
    no_field: bool = False
    language: str | None = None
    cluster_id: int | None = None
    stage: Stage | None = None
    is_answered: bool | None = None
    query: str = ""
    reader: str = ""
    """The language of whoever searches: what they are shown in it instead of an original is searched as well."""
    since: datetime | None = None
    """Only what was published or changed from that moment on."""
    untouched_by: int | None = None
    """The account of somebody who neither wrote nor voted on nor commented on these ideas."""


def count_ideas(session: Session, actor: Actor, process_id: int, wanted: IdeaFilter) -> int:
    """Return how many published ideas are wanted, at most ``COUNT_STOPS_AT`` + 1."""
    conditions = conditions_of(actor, process_id, wanted)
    some = select(Idea.id).where(*conditions).limit(COUNT_STOPS_AT + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def conditions_of(actor: Actor, process_id: int, wanted: IdeaFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on ``Idea`` for the published ideas that are wanted and that ``actor`` may see."""
    conditions = [visible_to(actor, process_id), Idea.state == IdeaState.PUBLISHED]
    for column, value in (
        (Idea.district_id, wanted.district_id),
        (Idea.field_id, wanted.field_id),
        (Idea.language, wanted.language),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.no_field:
        conditions.append(Idea.field_id.is_(None))
    conditions += _tags(wanted)
    conditions += _outcome(wanted)
    if wanted.query:
        conditions.append(matching(wanted.query, wanted.reader))
    if wanted.since is not None:
        conditions.append(or_(Idea.published_at >= wanted.since, Idea.revised_at >= wanted.since))
    if wanted.untouched_by is not None:
        conditions += _untouched(process_id, wanted.untouched_by)
    return conditions


def _untouched(process_id: int, account_id: int) -> list[ColumnElement[bool]]:
    own = select(Participant.id).where(Participant.process_id == process_id, Participant.account_id == account_id)
    voted = select(Vote.id).where(Vote.idea_id == Idea.id, Vote.participant_id.in_(own))
    commented = select(Comment.id).where(Comment.idea_id == Idea.id, Comment.participant_id.in_(own))
    return [Idea.participant_id.not_in(own), ~voted.exists(), ~commented.exists()]


def _tags(wanted: IdeaFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    tags = select(IdeaPrinciple.idea_id).where(IdeaPrinciple.idea_id == Idea.id)
    if wanted.principle_id is not None:
        conditions.append(tags.where(IdeaPrinciple.principle_id == wanted.principle_id).exists())
    if wanted.not_sure:
        conditions.append(~tags.exists())
    return conditions


def _outcome(wanted: IdeaFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    filed = (
        select(Filing.id)
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Filing.idea_id == Idea.id, Filing.ended_at.is_(None), Cluster.removed_at.is_(None))
    )
    if wanted.cluster_id is not None:
        conditions.append(filed.where(Filing.cluster_id == wanted.cluster_id).exists())
    if wanted.stage is Stage.OPEN:
        conditions.append(~filed.exists())
    if wanted.stage is Stage.FILED:
        conditions.append(filed.exists())
    if wanted.stage is Stage.SOURCE:
        resting = (
            filed.join(StatementSource, StatementSource.cluster_id == Filing.cluster_id)
            .join(Statement, Statement.id == StatementSource.statement_id)
            .where(Statement.state == StatementState.PUBLISHED)
        )
        conditions.append(resting.exists())
    if wanted.is_answered is not None:
        conditions.append(answered() if wanted.is_answered else ~answered())
    return conditions
