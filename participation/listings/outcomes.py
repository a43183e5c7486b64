"""What became of the ideas that somebody wrote, commented on or agreed with, for themselves alone: the latest first."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from participation.comments.models import Comment, CommentState
from participation.curation.models import Bundle, BundleMember, Cluster, Filing
from participation.ideas.models import Idea, IdeaState
from participation.kit.schema import Translated
from participation.processes.models import Participant, Process, ProcessState
from participation.strategy.answering.answers import AnswerView, answers_to
from participation.strategy.answering.following import MeasureView, ReferralView, measures_after, referrals_of
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.models import (
    Answer,
    Measure,
    MeasureStep,
    Referral,
    Statement,
    StatementSource,
    StatementState,
)
from participation.voting.models import Stance, Vote

PAGE = 20


class Tie(enum.Enum):
    """How somebody belongs to an idea."""

    OWN = "own"
    COMMENTED = "commented"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class FiledUnder:
    """A theme that an idea belongs to."""

    id: int
    title: Translated
    is_main: bool


@dataclass(frozen=True, slots=True)
class RestingStatement:
    """A public statement that rests on an idea."""

    id: int
    number: int
    text: Translated


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """An idea with all that became of it; ``at`` is when the latest of that happened.

    ``answers`` and ``referrals`` are those about the idea, its bundle and the statements that rest on it, each latest
    only; ``others`` is how many other public ideas stand together with it.
    """

    idea_id: int
    title: str
    language: str
    state: IdeaState
    slug: str
    process_title: Translated
    ties: frozenset[Tie]
    at: datetime
    others: int = 0
    clusters: tuple[FiledUnder, ...] = ()
    statements: tuple[RestingStatement, ...] = ()
    answers: tuple[tuple[Subject, AnswerView, tuple[MeasureView, ...]], ...] = ()
    referrals: tuple[ReferralView, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """A page of outcomes, and the idea from behind which the next one goes on."""

    outcomes: tuple[OwnOutcome, ...]
    next_before: int | None


def own_outcomes(
    session: Session, account_id: int, language: str, *, tie: Tie | None = None, before: int | None = None
) -> OutcomesPage:
    """Return what became of somebody's ideas and of those they took part in, from behind the idea ``before``.

    Own ideas are there from the start; others as soon as anything became of them.
    """
    ranked = _ranked(account_id, tie).cte("ranked")
    statement = (
        select(ranked, Idea.title, Idea.language, Idea.state, Process.slug, Process.title.label("process_title"))
        .join(Idea, Idea.id == ranked.c.idea_id)
        .join(Process, Process.id == Idea.process_id)
        .order_by(ranked.c.at.desc(), ranked.c.idea_id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        other = aliased(ranked)
        moment = select(other.c.at).where(other.c.idea_id == before).scalar_subquery()
        statement = statement.where(or_(ranked.c.at < moment, and_(ranked.c.at == moment, ranked.c.idea_id < before)))
    rows = session.execute(statement).all()
    page = rows[:PAGE]
    outcomes = _with_details(session, [_bare(row) for row in page], language)
    return OutcomesPage(tuple(outcomes), page[-1].idea_id if len(rows) > PAGE else None)


def without_outcome(session: Session, account_id: int) -> int:
    """Return of how many ideas that somebody commented on or agreed with nothing has become yet."""
    ties = _ties(account_id).subquery()
    happened = _happened(select(ties.c.idea_id)).subquery()
    statement = (
        select(func.count(ties.c.idea_id.distinct()))
        .join(Idea, Idea.id == ties.c.idea_id)
        .join(Process, Process.id == Idea.process_id)
        .where(Idea.state == IdeaState.PUBLISHED, Process.state != ProcessState.DRAFT)
        .where(Idea.participant_id.not_in(_people(account_id)), ties.c.idea_id.not_in(select(happened.c.idea_id)))
    )
    return session.scalar(statement) or 0


def _people(account_id: int) -> Select[int]:
    return select(Participant.id).where(Participant.account_id == account_id)


def _ties(account_id: int) -> Any:
    """Return the statement of ideas that somebody belongs to, with how and since when."""
    people = _people(account_id)

    def flags(tie: Tie) -> list[Any]:
        return [literal(int(tie is one)).label(one.value) for one in Tie]

    own = select(Idea.id.label("idea_id"), *flags(Tie.OWN), Idea.submitted_at.label("since")).where(
        Idea.participant_id.in_(people), Idea.state != IdeaState.WITHDRAWN
    )
    commented = select(Comment.idea_id, *flags(Tie.COMMENTED), Comment.submitted_at).where(
        Comment.participant_id.in_(people), Comment.state == CommentState.PUBLISHED
    )
    agreed = select(Vote.idea_id, *flags(Tie.AGREED), Vote.cast_at).where(
        Vote.participant_id.in_(people), Vote.stance == Stance.AGREE
    )
    return union_all(own, commented, agreed)


def _ranked(account_id: int, tie: Tie | None) -> Any:
    ties = _ties(account_id).cte("ties")
    belongs = (
        select(
            ties.c.idea_id,
            *(func.max(ties.c[one.value]).label(one.value) for one in Tie),
            func.min(ties.c.since).label("since"),
        )
        .group_by(ties.c.idea_id)
        .cte("belongs")
    )
    happened = _happened(select(belongs.c.idea_id)).cte("happened")
    latest = select(happened.c.idea_id, func.max(happened.c.at).label("at")).group_by(happened.c.idea_id).cte("latest")
    is_own = belongs.c.own == 1
    statement = (
        select(
            belongs.c.idea_id,
            *(belongs.c[one.value] for one in Tie),
            case((latest.c.at.is_(None), belongs.c.since), else_=latest.c.at).label("at"),
        )
        .join(Idea, Idea.id == belongs.c.idea_id)
        .join(Process, Process.id == Idea.process_id)
        .outerjoin(latest, latest.c.idea_id == belongs.c.idea_id)
        .where(Process.state != ProcessState.DRAFT)
        .where(or_(is_own, and_(Idea.state == IdeaState.PUBLISHED, latest.c.at.is_not(None))))
    )
    return statement.where(belongs.c[tie.value] == 1) if tie else statement


def _happened(ideas: Any) -> Any:
    """Return the statement of what happened to each of the ``ideas`` and when, along everything it leads to."""
    through = (
        select(Filing.idea_id, StatementSource.statement_id)
        .join(StatementSource, StatementSource.cluster_id == Filing.cluster_id)
        .join(Statement, Statement.id == StatementSource.statement_id)
        .where(Filing.idea_id.in_(ideas), Filing.ended_at.is_(None), Statement.state == StatementState.PUBLISHED)
        .distinct()
        .cte("through")
    )
    together = (
        select(BundleMember.idea_id, BundleMember.bundle_id, BundleMember.added_at)
        .join(Bundle, Bundle.id == BundleMember.bundle_id)
        .where(BundleMember.idea_id.in_(ideas), BundleMember.ended_at.is_(None), Bundle.ended_at.is_(None))
        .cte("together")
    )
    answered = union_all(
        select(Answer.idea_id.label("idea_id"), Answer.id.label("answer_id"), Answer.answered_at.label("at")).where(
            Answer.idea_id.in_(ideas)
        ),
        select(together.c.idea_id, Answer.id, Answer.answered_at).join(
            Answer, Answer.bundle_id == together.c.bundle_id
        ),
        select(through.c.idea_id, Answer.id, Answer.answered_at).join(
            Answer, Answer.statement_id == through.c.statement_id
        ),
    ).cte("answered")
    waits = Referral.closed_at.is_(None)
    return union_all(
        select(Filing.idea_id.label("idea_id"), Filing.filed_at.label("at"))
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Filing.idea_id.in_(ideas), Filing.ended_at.is_(None), Cluster.removed_at.is_(None)),
        select(together.c.idea_id, together.c.added_at),
        select(through.c.idea_id, Statement.published_at).join(Statement, Statement.id == through.c.statement_id),
        select(Referral.idea_id, Referral.referred_at).where(Referral.idea_id.in_(ideas), waits),
        select(together.c.idea_id, Referral.referred_at).join(
            Referral, and_(Referral.bundle_id == together.c.bundle_id, waits)
        ),
        select(through.c.idea_id, Referral.referred_at).join(
            Referral, and_(Referral.statement_id == through.c.statement_id, waits)
        ),
        select(answered.c.idea_id, answered.c.at),
        select(answered.c.idea_id, MeasureStep.reported_at)
        .join(Measure, Measure.answer_id == answered.c.answer_id)
        .join(MeasureStep, MeasureStep.measure_id == Measure.id),
    )


def _bare(row: Any) -> OwnOutcome:
    return OwnOutcome(
        idea_id=row.idea_id,
        title=row.title,
        language=row.language,
        state=row.state,
        slug=row.slug,
        process_title=row.process_title,
        ties=frozenset(one for one in Tie if getattr(row, one.value)),
        at=row.at,
    )


def _with_details(session: Session, bare: list[OwnOutcome], language: str) -> list[OwnOutcome]:
    """Return the outcomes with everything in them; the number of statements does not depend on theirs."""
    ids = [one.idea_id for one in bare]
    clusters, statements = _filed(session, ids)
    bundles, others = _together(session, ids)
    around: dict[int, list[Subject]] = {
        id_: [
            Subject(SubjectKind.IDEA, id_),
            *([Subject(SubjectKind.BUNDLE, bundles[id_])] if id_ in bundles else []),
            *(Subject(SubjectKind.STATEMENT, one.id) for one in statements.get(id_, ())),
        ]
        for id_ in ids
    }
    subjects = {subject for some in around.values() for subject in some}
    answers = {subject: views[0] for subject, views in answers_to(session, subjects, language).items()}
    measures = measures_after(session, [view.id for view in answers.values()], language)
    referrals = referrals_of(session, subjects)

    def detailed(one: OwnOutcome) -> OwnOutcome:
        mine = around[one.idea_id]
        return OwnOutcome(
            idea_id=one.idea_id,
            title=one.title,
            language=one.language,
            state=one.state,
            slug=one.slug,
            process_title=one.process_title,
            ties=one.ties,
            at=one.at,
            others=others.get(one.idea_id, 0),
            clusters=tuple(clusters.get(one.idea_id, ())),
            statements=tuple(statements.get(one.idea_id, ())),
            answers=tuple(
                (subject, answers[subject], measures.get(answers[subject].id, ()))
                for subject in mine
                if subject in answers
            ),
            referrals=tuple(referrals[subject] for subject in mine if subject in referrals),
        )

    return [detailed(one) for one in bare]


def _filed(
    session: Session, idea_ids: Iterable[int]
) -> tuple[dict[int, list[FiledUnder]], dict[int, list[RestingStatement]]]:
    public = and_(Statement.id == StatementSource.statement_id, Statement.state == StatementState.PUBLISHED)
    rows = session.execute(
        select(Filing.idea_id, Cluster.id, Cluster.title, Filing.is_main)
        .add_columns(Statement.id.label("statement_id"), Statement.position, Statement.text)
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .outerjoin(StatementSource, StatementSource.cluster_id == Cluster.id)
        .outerjoin(Statement, public)
        .where(Filing.idea_id.in_(list(idea_ids)), Filing.ended_at.is_(None), Cluster.removed_at.is_(None))
        .order_by(Filing.is_main.desc(), Cluster.position, Cluster.id, Statement.position)
    )
    clusters: dict[int, list[FiledUnder]] = {}
    statements: dict[int, list[RestingStatement]] = {}
    for idea_id, cluster_id, title, is_main, statement_id, position, text in rows:
        filed = FiledUnder(cluster_id, title, is_main)
        if filed not in clusters.setdefault(idea_id, []):
            clusters[idea_id].append(filed)
        resting = RestingStatement(statement_id, position, text) if statement_id is not None else None
        if resting and resting not in statements.setdefault(idea_id, []):
            statements[idea_id].append(resting)
    return clusters, statements


def _together(session: Session, idea_ids: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the bundle of each idea, and how many other public ideas are in it."""
    other = aliased(BundleMember)
    is_other: ColumnElement[bool] = and_(
        other.bundle_id == BundleMember.bundle_id, other.idea_id != BundleMember.idea_id, other.ended_at.is_(None)
    )
    rows = session.execute(
        select(BundleMember.idea_id, BundleMember.bundle_id, func.count(Idea.id))
        .join(Bundle, Bundle.id == BundleMember.bundle_id)
        .outerjoin(other, is_other)
        .outerjoin(Idea, and_(Idea.id == other.idea_id, Idea.state == IdeaState.PUBLISHED))
        .where(BundleMember.idea_id.in_(idea_ids), BundleMember.ended_at.is_(None), Bundle.ended_at.is_(None))
        .group_by(BundleMember.idea_id, BundleMember.bundle_id)
    ).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
