"""Telling many people about one thing, a part at a time, so that nobody waits long for a lock."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.activity.service import record
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications.events import PeopleToTell
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.strategy.answering.along import accounts_along, next_person
from participation.strategy.answering.events import BundleAnswered, IdeaAnswered, MeasureReported, StatementAnswered
from participation.strategy.answering.subjects import Subject, SubjectKind, subject_of
from participation.strategy.events import StatementSigned
from participation.strategy.models import Answer, Measure, MeasureStep, Statement, StatementState

WINDOW = 100
"""How many numbers of participants one step looks at; as many as can be told in a short transaction."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """What is told, and whom it goes back to."""

    subject: Subject
    process_id: int


def of_answer(event: IdeaAnswered | BundleAnswered | StatementAnswered) -> None:
    """Tell everybody an answer goes back to: who wrote an idea it is about, and who agrees with one; each once."""
    _spread(EntryKind.ANSWER, event.answer_id, after=0)


def of_step(event: MeasureReported) -> None:
    """Tell everybody whom the answer goes back to how a measure goes that followed it."""
    _spread(EntryKind.MEASURE, event.step_id, after=0)


def of_statement(event: StatementSigned) -> None:
    """Tell everybody whom a statement goes back to that it is public; of each statement once."""
    _spread(EntryKind.STATEMENT, event.statement_id, after=0)


def go_on(event: PeopleToTell) -> None:
    """Tell the next people."""
    _spread(EntryKind(event.kind), event.subject_id, after=event.after)


def _spread(kind: EntryKind, subject_id: int, *, after: int) -> None:
    now = clock.now()
    with transaction() as session:
        matter = _matter(session, kind, subject_id)
        first = next_person(session, matter.subject, after=after) if matter else None
        if matter is None or first is None:
            return
        # Windows are of round numbers: what is kept of this step says nothing about who is behind an idea.
        through = -(-first // WINDOW) * WINDOW
        people = accounts_along(session, matter.subject, after=through - WINDOW, through=through)
        tell(session, people, kind, subject_id, process_id=matter.process_id, now=now)
        if next_person(session, matter.subject, after=through) is not None:
            record(session, PeopleToTell(kind.value, subject_id, through), account_id=None, now=now)


def _matter(session: Session, kind: EntryKind, subject_id: int) -> _Matter | None:
    if kind is EntryKind.STATEMENT:
        statement = session.get(Statement, subject_id)
        if statement is None or statement.state is not StatementState.PUBLISHED:
            return None
        return _Matter(Subject(SubjectKind.STATEMENT, statement.id), statement.process_id)
    answer_id: int | None = subject_id
    if kind is EntryKind.MEASURE:
        step = session.get(MeasureStep, subject_id)
        answer_id = session.get_one(Measure, step.measure_id).answer_id if step else None
    answer = session.get(Answer, answer_id) if answer_id is not None else None
    return _Matter(subject_of(answer), answer.process_id) if answer else None
