"""Whom the city asks for answers in the demo, what it answers besides, and how its measures go."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.demo.cast import Cast
from participation.demo.content import Entry, ProcessContent, following_content
from participation.demo.timeline import Timeline
from participation.ideas.models import Idea
from participation.processes.outline import ProcessOutline
from participation.strategy.answering.measures import MeasureDraft, StepDraft, begin_measure, report_step
from participation.strategy.answering.referrals import refer
from participation.strategy.answering.service import AnswerDraft, answer_subject, latest_answer
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.strategy.models import AnswerOutcome, MeasureState, Statement

WORKS_FROM = timedelta(hours=10)


def follow_up(
    session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, content: ProcessContent
) -> None:
    """Ask departments, answer, begin measures and report on them, each on its day."""
    told = following_content().get(process.slug)
    if told is None:
        return
    desk = _Desk(session, process, cast, timeline, content)
    desk.refer(told["referrals"])
    desk.answer(told["answers"])
    desk.measure(told["measures"])


class _Desk:
    """Where staff of one process follow ideas and statements up."""

    def __init__(
        self, session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, content: ProcessContent
    ) -> None:
        self._session = session
        self._process_id = process.id
        self._cast = cast
        self._timeline = timeline
        numbers = select(Statement.position, Statement.id).where(Statement.process_id == process.id)
        by_number = dict(session.execute(numbers).all())
        self._statements = {entry["key"]: by_number[place] for place, entry in enumerate(content.statements, 1)}

    def refer(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._ask(entry, entry, days_ago=entry["asked_days_ago"])
            if "moved" in entry:
                self._ask(entry, entry["moved"], days_ago=entry["moved"]["days_ago"])

    def _ask(self, entry: Entry, asked: Entry, *, days_ago: int) -> None:
        refer(
            self._session,
            self._cast.staff,
            subject=self._subject(entry["idea"]),
            department=asked["department"],
            due_on=self._due(asked),
            now=self._timeline.past(self._timeline.day(-days_ago) + WORKS_FROM),
        )

    def answer(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            draft = AnswerDraft(AnswerOutcome(entry["outcome"]), entry["department"], entry["text"], self._due(entry))
            now = self._timeline.past(self._timeline.day(-entry["answered_days_ago"]) + WORKS_FROM)
            answer_subject(self._session, self._cast.staff, subject=self._subject(entry["idea"]), draft=draft, now=now)

    def measure(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            answer = latest_answer(self._session, self._subject(entry["answered"]))
            if answer is None:
                raise ValueError(f"nothing was answered: {entry['answered']}")
            begun = self._timeline.day(-entry["begun_days_ago"]) + WORKS_FROM
            draft = MeasureDraft(entry["title"], entry["department"], self._due(entry), entry["text"])
            measure = begin_measure(
                self._session,
                self._cast.staff,
                process_id=self._process_id,
                answer_id=answer.id,
                draft=draft,
                now=self._timeline.past(max(begun, answer.answered_at)),
            )
            for step in entry["steps"]:
                moved = self._due(step) if "due_in_days" in step else None
                now = self._timeline.past(self._timeline.day(-step["days_ago"]) + WORKS_FROM)
                report_step(
                    self._session,
                    self._cast.staff,
                    process_id=self._process_id,
                    measure_id=measure.id,
                    draft=StepDraft(MeasureState(step["state"]), step["text"], moved),
                    now=max(now, measure.made_at),
                )

    def _subject(self, key: str) -> Subject:
        if key in self._statements:
            return Subject(SubjectKind.STATEMENT, self._statements[key])
        idea_id = self._session.scalar(select(Idea.id).where(Idea.submission_key == f"demo-{key}"))
        if idea_id is None:
            raise ValueError(f"no such idea: {key}")
        return Subject(SubjectKind.IDEA, idea_id)

    def _due(self, entry: Entry) -> date:
        # At noon of the city's day, so that the date is the same in every time zone that servers are in.
        return (self._timeline.day(entry["due_in_days"]) + timedelta(hours=12)).date()
