"""What the city can be asked about and answers: an idea, a bundle or a statement."""

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from participation.curation.bundling.queries import members_of
from participation.curation.models import Bundle, BundleMember
from participation.ideas.models import Idea, IdeaState
from participation.ideas.service import lock_idea
from participation.kit.dialect import locked
from participation.kit.permissions import found
from participation.multilingual import Phrase, phrase
from participation.strategy.models import Answer, Referral, Statement, StatementState


class SubjectKind(enum.Enum):
    """What an answer can be about."""

    IDEA = "idea"
    BUNDLE = "bundle"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Subject:
    """One idea, bundle or statement."""

    kind: SubjectKind
    id: int

    @property
    def column(self) -> str:
        """The column in which answers and referrals name it."""
        return f"{self.kind.value}_id"


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What the rules about answers rest on."""

    process_id: int
    is_public: bool


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject in a list: ``number`` is what people call it by, ``words`` its title or text.

    A bundle is named by the first of its public ideas, ``others`` is how many more there are; ``idea_id`` is that idea.
    ``words`` is ``None`` while it is not public.
    """

    subject: Subject
    number: int
    words: Phrase | None
    others: int = 0
    idea_id: int | None = None


def subject_of(row: Any) -> Subject:
    """Return what a row of ``Answer`` or ``Referral`` is about."""
    kind = next(kind for kind in SubjectKind if getattr(row, f"{kind.value}_id") is not None)
    return Subject(kind, getattr(row, f"{kind.value}_id"))


def about(table: type[Answer] | type[Referral], subjects: Iterable[Subject]) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` is about one of the subjects."""
    wanted: dict[str, list[int]] = {}
    for subject in subjects:
        wanted.setdefault(subject.column, []).append(subject.id)
    return or_(False, *(getattr(table, column).in_(ids) for column, ids in wanted.items()))


def is_public(table: Any) -> ColumnElement[bool]:
    """Return the condition that what a row of ``table`` (answers, referrals) is about can be read by everybody."""
    member = and_(BundleMember.bundle_id == Bundle.id, BundleMember.ended_at.is_(None))
    readable = (
        select(Bundle.id)
        .join(BundleMember, member)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(Bundle.id == table.bundle_id, Bundle.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
    )
    published = StatementState.PUBLISHED
    return or_(
        select(Idea.id).where(Idea.id == table.idea_id, Idea.state == IdeaState.PUBLISHED).exists(),
        readable.exists(),
        select(Statement.id).where(Statement.id == table.statement_id, Statement.state == published).exists(),
    )


def lock_subject(session: Session, subject: Subject) -> SubjectFacts:
    """Return what is so about a subject, locked until the transaction ends; raises ``Missing``."""
    if subject.kind is SubjectKind.IDEA:
        idea = lock_idea(session, subject.id)
        return SubjectFacts(idea.process_id, idea.state is IdeaState.PUBLISHED)
    if subject.kind is SubjectKind.STATEMENT:
        row = session.scalar(locked(select(Statement).where(Statement.id == subject.id)))
        statement: Statement = found(row)
        return SubjectFacts(statement.process_id, statement.state is StatementState.PUBLISHED)
    bundle: Bundle = found(session.scalar(locked(select(Bundle).where(Bundle.id == subject.id))))
    return SubjectFacts(bundle.process_id, bundle.ended_at is None and bool(members_of(session, [bundle.id])))


def facts_of(session: Session, process_id: int, subject: Subject) -> SubjectFacts:
    """Return what is so about a subject of the process; raises ``Missing``."""
    table: Any = {SubjectKind.IDEA: Idea, SubjectKind.BUNDLE: Bundle, SubjectKind.STATEMENT: Statement}[subject.kind]
    row: Any = session.get(table, subject.id)
    found(row if row is not None and row.process_id == process_id else None)
    if subject.kind is SubjectKind.BUNDLE:
        return SubjectFacts(process_id, row.ended_at is None and bool(members_of(session, [subject.id])))
    return SubjectFacts(process_id, row.state in (IdeaState.PUBLISHED, StatementState.PUBLISHED))


def subject_lines(session: Session, subjects: Collection[Subject], language: str) -> dict[Subject, SubjectLine]:
    """Return each subject as a list names it, with one statement for each kind that is among them."""
    lines = {subject: SubjectLine(subject, subject.id, None) for subject in subjects}
    ids = {kind: [subject.id for subject in lines if subject.kind is kind] for kind in SubjectKind}
    if ids[SubjectKind.IDEA]:
        titles = select(Idea.id, Idea.title, Idea.language)
        shown = titles.where(Idea.id.in_(ids[SubjectKind.IDEA]), Idea.state == IdeaState.PUBLISHED)
        for id_, title, written_in in session.execute(shown):
            subject = Subject(SubjectKind.IDEA, id_)
            lines[subject] = SubjectLine(subject, id_, Phrase(title, written_in), idea_id=id_)
    if ids[SubjectKind.STATEMENT]:
        texts = select(Statement.id, Statement.position, Statement.state, Statement.text)
        for row in session.execute(texts.where(Statement.id.in_(ids[SubjectKind.STATEMENT]))):
            subject = Subject(SubjectKind.STATEMENT, row.id)
            words = phrase(row.text, language) if row.state is StatementState.PUBLISHED else None
            lines[subject] = SubjectLine(subject, row.position, words)
    if ids[SubjectKind.BUNDLE]:
        lines.update(_bundle_lines(session, ids[SubjectKind.BUNDLE]))
    return lines


def _bundle_lines(session: Session, bundle_ids: list[int]) -> dict[Subject, SubjectLine]:
    lines: dict[Subject, SubjectLine] = {}
    counts: dict[int, int] = {}
    members = members_of(session, bundle_ids)
    for member in members:
        counts[member.bundle_id] = counts.get(member.bundle_id, 0) + 1
    for member in members:
        subject = Subject(SubjectKind.BUNDLE, member.bundle_id)
        if subject not in lines:
            words, others = Phrase(member.title, member.language), counts[member.bundle_id] - 1
            lines[subject] = SubjectLine(subject, member.bundle_id, words, others, member.idea_id)
    return lines
