"""What is waited for in a process, as everybody reads it and as the desk works with it: overdue first, in windows."""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import g, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.kit.numbers import asked_number
from participation.multilingual import gettext as _
from participation.multilingual import phrase
from participation.multilingual.moments import calendar_day, day, number
from participation.processes.outline import ProcessOutline
from participation.strategy.answering.answers import OUTCOMES
from participation.strategy.answering.desk_pages import SubjectItem, city_day, subject_item
from participation.strategy.answering.follow_up import (
    PAGE,
    DepartmentLoad,
    FollowUp,
    ended_measures,
    follow_ups,
    late_promises,
    latest_answers,
    loads,
    unfinished_measures,
    waiting_referrals,
)
from participation.strategy.answering.following import MeasureView, ReferralView
from participation.strategy.answering.items import MeasureItem, ReferralItem, measure_item, referral_item
from participation.strategy.answering.lines_here import lines_here
from participation.strategy.answering.subjects import Subject, SubjectLine, subject_of
from participation.strategy.models import Answer
from participation.texts import excerpt

FIRST = 5
"""How many of each kind stand on the first page."""
EXCERPT = 240
Row = TypeVar("Row")


class Part(enum.Enum):
    """Which list is asked for; everything at a glance where none is."""

    ALL = "all"
    REFERRALS = "referrals"
    MEASURES = "measures"
    ANSWERS = "answers"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """Who is asked about what."""

    subject: SubjectItem
    referral: ReferralItem


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """What the city does about what."""

    subject: SubjectItem
    measure: MeasureItem


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What the city said about what."""

    id: int
    subject: SubjectItem
    outcome: str
    label: str
    department: str
    when: str
    due: str
    text: str
    language: str
    dir: str


@dataclass(frozen=True, slots=True)
class PartTab:
    """A link to one of the lists."""

    label: str
    url: str
    current: bool
    count: str | None


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """What is waited for; on the page of one list only that list is filled."""

    part: str
    figures: FollowUp
    tabs: tuple[PartTab, ...]
    loads: tuple[DepartmentLoad, ...]
    promises: tuple[AnswerLine, ...]
    referrals: tuple[ReferralLine, ...]
    measures: tuple[MeasureLine, ...]
    ended: tuple[MeasureLine, ...]
    answers: tuple[AnswerLine, ...]
    first_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class _Lists:
    """The rows of the lists, before what they are about has been looked up."""

    promises: Sequence[Answer] = ()
    referrals: Sequence[ReferralView] = ()
    measures: Sequence[MeasureView] = ()
    ended: Sequence[MeasureView] = ()
    answers: Sequence[Answer] = ()
    next_after: int | None = None


def follow_up_page(session: Session, process: ProcessOutline, endpoint: str) -> FollowUpPage:
    """Return what the address asks for; ``endpoint`` is that of the page. Raises ``BadRequest`` for unknown lists."""
    try:
        part = Part(request.args.get("show", Part.ALL.value))
    except ValueError:
        raise BadRequest from None
    after, today = asked_number("after"), city_day()
    figures = follow_ups(session, [process.id], today=today)[process.id]
    lists = _lists(session, process.id, part, after, today)
    names = _Names(session, process.slug, lists)

    def url(show: Part, **values: Any) -> str:
        asked = {} if show is Part.ALL else {"show": show.value}
        return url_for(endpoint, slug=process.slug, **asked, **values)

    return FollowUpPage(
        part=part.value,
        figures=figures,
        tabs=_tabs(figures, part, url),
        loads=tuple(loads(session, process.id, today=today)) if part is Part.ALL else (),
        promises=tuple(names.answer(row) for row in lists.promises),
        referrals=tuple(
            ReferralLine(names.of(one.subject), referral_item(one, today=today)) for one in lists.referrals
        ),
        measures=tuple(names.measure(view, today) for view in lists.measures),
        ended=tuple(names.measure(view, today) for view in lists.ended),
        answers=tuple(names.answer(row) for row in lists.answers),
        first_url=url(part) if after is not None else "",
        next_url=url(part, after=lists.next_after) if lists.next_after is not None else "",
    )


def _lists(session: Session, process_id: int, part: Part, after: int | None, today: date) -> _Lists:
    def window(read: Callable[..., list[Row]], *arguments: Any, by: str) -> tuple[list[Row], int | None]:
        rows = read(session, process_id, *arguments, **{by: after}, size=PAGE + 1)
        return rows[:PAGE], getattr(rows[PAGE - 1], "id", None) if len(rows) > PAGE else None

    if part is Part.REFERRALS:
        referrals, mark = window(waiting_referrals, by="after")
        return _Lists(referrals=referrals, next_after=mark)
    if part is Part.MEASURES:
        measures, mark = window(unfinished_measures, g.language, by="after")
        return _Lists(measures=measures, next_after=mark)
    if part is Part.DONE:
        ended, mark = window(ended_measures, g.language, by="before")
        return _Lists(ended=ended, next_after=mark)
    if part is Part.ANSWERS:
        answers, mark = window(latest_answers, by="before")
        return _Lists(answers=answers, next_after=mark)
    return _Lists(
        promises=late_promises(session, process_id, today=today, size=PAGE),
        referrals=waiting_referrals(session, process_id, size=FIRST),
        measures=unfinished_measures(session, process_id, g.language, size=FIRST),
        ended=ended_measures(session, process_id, g.language, size=FIRST),
        answers=latest_answers(session, process_id, size=FIRST),
    )


class _Names:
    """What everything in the lists is about, looked up at once."""

    def __init__(self, session: Session, slug: str, lists: _Lists) -> None:
        self._slug = slug
        answered = {view.answer_id for view in (*lists.measures, *lists.ended)}
        rows = session.scalars(select(Answer).where(Answer.id.in_(answered))) if answered else ()
        self._subjects = {row.id: subject_of(row) for row in (*rows, *lists.answers, *lists.promises)}
        wanted = {*self._subjects.values(), *(one.subject for one in lists.referrals)}
        self._lines: dict[Subject, SubjectLine] = lines_here(session, wanted)

    def of(self, subject: Subject) -> SubjectItem:
        return subject_item(self._lines[subject], self._slug)

    def referral(self, view: ReferralView, today: date) -> ReferralLine:
        return ReferralLine(self.of(view.subject), referral_item(view, today=today))

    def measure(self, view: MeasureView, today: date) -> MeasureLine:
        return MeasureLine(self.of(self._subjects[view.answer_id]), measure_item(view, g.language, today=today))

    def answer(self, row: Answer) -> AnswerLine:
        words = phrase(row.text, g.language)
        return AnswerLine(
            id=row.id,
            subject=self.of(self._subjects[row.id]),
            outcome=row.outcome.value,
            label=str(OUTCOMES[row.outcome]),
            department=row.department,
            when=day(row.answered_at),
            due=calendar_day(row.due_on) if row.due_on else "",
            text=excerpt(words.text, EXCERPT),
            language=words.language,
            dir=words.dir,
        )


def _tabs(figures: FollowUp, current: Part, url: Callable[[Part], str]) -> tuple[PartTab, ...]:
    counts: Iterable[tuple[Part, str, int | None]] = (
        (Part.ALL, _("At a glance"), None),
        (Part.REFERRALS, _("Waiting for an answer"), figures.referrals),
        (Part.MEASURES, _("Under way or planned"), figures.measures_open),
        (Part.DONE, _("Done or stopped"), sum(figures.measures.values()) - figures.measures_open),
        (Part.ANSWERS, _("Answers"), figures.answered),
    )
    return tuple(
        PartTab(label, url(part), part is current, None if count is None else number(count))
        for part, label, count in counts
    )
