"""What the city does after an answer, and how that goes: steps are added, never changed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import locked
from participation.kit.permissions import Missing, Refused, found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.processes.service import touch
from participation.strategy.answering.events import MeasureBegun, MeasureReported
from participation.strategy.answering.policies import may_begin_measure, may_report
from participation.strategy.answering.service import latest_answer
from participation.strategy.answering.subjects import lock_subject, subject_of
from participation.strategy.models import Answer, Measure, MeasureState, MeasureStep


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """What staff enter of a measure: what it is called, who does it until when, and what is planned."""

    title: Translated
    department: str
    due_on: date
    text: Translated


@dataclass(frozen=True, slots=True)
class StepDraft:
    """What staff report of a measure; with ``due_on`` the day is moved."""

    state: MeasureState
    text: Translated
    due_on: date | None = None


def begin_measure(
    session: Session, actor: Actor, *, process_id: int, answer_id: int, draft: MeasureDraft, now: datetime
) -> Measure:
    """Return a new measure after an answer, with its first step; the same one again is not added twice."""
    answer = found(session.get(Answer, answer_id))
    if answer.process_id != process_id:
        raise Missing
    subject = subject_of(answer)
    lock_subject(session, subject)
    latest = latest_answer(session, subject)
    is_latest = latest is not None and latest.id == answer_id
    require(may_begin_measure(actor, process_id, answer.outcome, is_latest=is_latest))
    title, text, department = reworded({}, draft.title), reworded({}, draft.text), draft.department.strip()
    if not title or not text or not department:
        raise Refused(_l("A measure needs a title, a department and a text in at least one language."))
    same = session.scalars(select(Measure).where(Measure.answer_id == answer_id, Measure.department == department))
    for measure in same:
        if (measure.title, measure.due_on) == (title, draft.due_on):
            return measure
    measure = Measure(
        process_id=process_id,
        answer_id=answer_id,
        title=title,
        department=department,
        due_on=draft.due_on,
        made_by=actor.account_id,
        made_at=now,
    )
    session.add(measure)
    session.flush()
    record(session, MeasureBegun(measure.id), account_id=actor.account_id, now=now)
    # The day that was named first stays with the first step, wherever it is moved to.
    _add_step(session, actor, measure, StepDraft(MeasureState.PLANNED, text, draft.due_on), now=now)
    return measure


def report_step(
    session: Session, actor: Actor, *, process_id: int, measure_id: int, draft: StepDraft, now: datetime
) -> MeasureStep:
    """Return a new step of a measure; the same one again is not added twice."""
    row = session.scalar(locked(select(Measure).where(Measure.id == measure_id, Measure.process_id == process_id)))
    measure: Measure = found(row)
    require(may_report(actor, process_id, measure.state, draft.state))
    text = reworded({}, draft.text)
    if not text:
        raise Refused(_l("Please say in at least one language how it goes."))
    moved_to = draft.due_on if draft.due_on != measure.due_on else None
    latest = session.scalar(
        select(MeasureStep).where(MeasureStep.measure_id == measure_id).order_by(MeasureStep.id.desc()).limit(1)
    )
    if latest is not None and (latest.state, latest.text) == (draft.state, text) and moved_to is None:
        return latest
    return _add_step(session, actor, measure, StepDraft(draft.state, text, moved_to), now=now)


def _add_step(session: Session, actor: Actor, measure: Measure, draft: StepDraft, *, now: datetime) -> MeasureStep:
    step = MeasureStep(
        measure_id=measure.id,
        state=draft.state,
        text=draft.text,
        due_on=draft.due_on,
        reported_by=actor.account_id,
        reported_at=now,
    )
    measure.state = draft.state
    measure.due_on = draft.due_on or measure.due_on
    session.add(step)
    session.flush()
    touch(session, measure.process_id)
    record(session, MeasureReported(step.id), account_id=actor.account_id, now=now)
    return step
