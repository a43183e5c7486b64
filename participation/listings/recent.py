"""What came last: ideas, statements, comments, answers and measures, processes; as far as everybody may see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentState, Voice
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import visible_to
from participation.kit.permissions import Missing
from participation.kit.schema import Translated
from participation.listings.ideas import NEWEST_FIRST, IdeaFilter, IdeaRow, idea_row
from participation.listings.ideas.walks import Walk, walk
from participation.listings.translated import Written
from participation.processes.models import Participant, Process, ProcessState
from participation.strategy.answering.subjects import Subject, is_public, subject_of
from participation.strategy.models import (
    Answer,
    AnswerOutcome,
    Measure,
    MeasureState,
    MeasureStep,
    Statement,
    StatementState,
)


@dataclass(frozen=True, slots=True)
class RecentStatement:
    """A public statement, since when it is public."""

    id: int
    number: int
    text: Translated
    reasoning: Translated
    published_at: datetime


@dataclass(frozen=True, slots=True)
class RecentComment:
    """A public comment with its author's pseudonym, which is empty for those who speak for the city."""

    id: int
    text: str
    language: str
    voice: Voice
    pseudonym: str
    published_at: datetime
    edited_at: datetime | None

    @property
    def written(self) -> Written:
        """The comment as its wording is asked for."""
        return Written(SubjectKind.COMMENT, self.id, self.language)


@dataclass(frozen=True, slots=True)
class SaidOnIdea:
    """A public comment with the idea that it is about."""

    comment: RecentComment
    idea_id: int
    idea_title: str
    idea_language: str


@dataclass(frozen=True, slots=True)
class RecentAnswer:
    """What the city said about something public."""

    id: int
    subject: Subject
    outcome: AnswerOutcome
    department: str
    text: Translated
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class RecentStep:
    """What the city reported about a measure that followed from an answer about something public."""

    id: int
    subject: Subject
    title: Translated
    state: MeasureState
    department: str
    text: Translated
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class RecentProcess:
    """A public process, since when it is there."""

    slug: str
    title: Translated
    question: Translated
    summary: Translated
    created_at: datetime


def recent_ideas(session: Session, process_id: int, wanted: IdeaFilter, *, most: int) -> list[IdeaRow]:
    """Return the published ideas that are wanted, the newest first."""
    path = Walk(ANONYMOUS, process_id, wanted, NEWEST_FIRST, most)
    return [step.row for step in walk(session, path, None)]


def recent_statements(session: Session, process_id: int, *, most: int) -> list[RecentStatement]:
    """Return the public statements of a process, the newest first."""
    rows = session.scalars(
        select(Statement)
        .where(Statement.process_id == process_id, Statement.state == StatementState.PUBLISHED)
        .order_by(Statement.published_at.desc(), Statement.id.desc())
        .limit(most)
    )
    return [
        RecentStatement(row.id, row.position, row.text, row.reasoning, row.published_at or row.written_at)
        for row in rows
    ]


_COMMENT = select(
    Comment.id,
    Comment.text,
    Comment.language,
    Comment.voice,
    Participant.pseudonym,
    Comment.published_at,
    Comment.edited_at,
    Comment.submitted_at,
).join(Participant, Participant.id == Comment.participant_id)
_COMMENTS = (
    _COMMENT.where(Comment.idea_id == bindparam("idea_id"), Comment.state == CommentState.PUBLISHED)
    .order_by(Comment.id.desc())
    .limit(bindparam("most"))
)


def recent_comments(
    session: Session, process_id: int, idea_id: int, *, most: int
) -> tuple[IdeaRow, list[RecentComment]]:
    """Return a public idea and the public comments on it, the newest first; raises ``Missing`` for any other idea."""
    idea = idea_row(session, process_id, idea_id)
    if idea.state is not IdeaState.PUBLISHED:
        raise Missing
    rows = session.execute(_COMMENTS, {"idea_id": idea_id, "most": most})
    return idea, [_comment(*row) for row in rows]


def recent_discussion(session: Session, process_id: int, *, most: int) -> list[SaidOnIdea]:
    """Return the public comments on the public ideas of a process, those that came last first."""
    statement = (
        _COMMENT.add_columns(Idea.id, Idea.title, Idea.language)
        .join(Idea, Idea.id == Comment.idea_id)
        .where(Comment.process_id == process_id, Comment.state == CommentState.PUBLISHED)
        .where(visible_to(ANONYMOUS, process_id))
        .order_by(Comment.submitted_at.desc(), Comment.id.desc())
        .limit(most)
    )
    rows = session.execute(statement)
    return [SaidOnIdea(_comment(*comment), *idea) for *comment, idea in ((*row[:-3], row[-3:]) for row in rows)]


def recent_answers(session: Session, process_id: int, *, most: int) -> list[RecentAnswer]:
    """Return what the city said about what is public, the latest first."""
    statement = select(Answer).where(Answer.process_id == process_id, is_public(Answer))
    rows = session.scalars(statement.order_by(Answer.answered_at.desc(), Answer.id.desc()).limit(most))
    return [
        RecentAnswer(row.id, subject_of(row), row.outcome, row.department, row.text, row.answered_at) for row in rows
    ]


def recent_steps(session: Session, process_id: int, *, most: int) -> list[RecentStep]:
    """Return what was reported of measures about what is public, the latest first."""
    rows = session.execute(
        select(MeasureStep, Measure, Answer)
        .join(Measure, Measure.id == MeasureStep.measure_id)
        .join(Answer, Answer.id == Measure.answer_id)
        .where(Measure.process_id == process_id, is_public(Answer))
        .order_by(MeasureStep.reported_at.desc(), MeasureStep.id.desc())
        .limit(most)
    )
    return [
        RecentStep(
            step.id, subject_of(answer), measure.title, step.state, measure.department, step.text, step.reported_at
        )
        for step, measure, answer in rows
    ]


def recent_processes(session: Session, *, most: int) -> list[RecentProcess]:
    """Return the public processes, the newest first."""
    rows = session.scalars(
        select(Process)
        .where(Process.state != ProcessState.DRAFT)
        .order_by(Process.created_at.desc(), Process.id.desc())
        .limit(most)
    )
    return [RecentProcess(row.slug, row.title, row.question, row.summary, row.created_at) for row in rows]


def _comment(
    id_: int,
    text: str,
    language: str,
    voice: Voice,
    pseudonym: str,
    published_at: datetime | None,
    edited_at: datetime | None,
    submitted_at: datetime,
) -> RecentComment:
    named = pseudonym if voice is Voice.RESIDENT else ""
    return RecentComment(id_, text, language, voice, named, published_at or submitted_at, edited_at)
