"""What the city answers, does and is asked, as answers of the interface have it."""

from collections.abc import Iterable, Sequence
from typing import Literal

from flask import g
from sqlalchemy.orm import Session

from participation.api.addresses import wording
from participation.api.outcome_shapes import Answer, Measure, Referral
from participation.strategy.answering.answers import AnswerView
from participation.strategy.answering.desk_pages import city_day
from participation.strategy.answering.following import MeasureView, ReferralView, measures_after

About = Literal["idea", "bundle", "statement"]


def answers_of(session: Session, views: Sequence[AnswerView], *, idea_id: int = 0) -> tuple[Answer, ...]:
    """Return answers with the measures that follow from them; those about nothing else are about ``idea_id``."""
    measures = measures_after(session, [view.id for view in views], g.language) if views else {}
    return tuple(_answer(view, idea_id, measures.get(view.id, ())) for view in views)


def referrals_in(views: Iterable[ReferralView]) -> tuple[Referral, ...]:
    """Return who is asked for an answer."""
    return tuple(
        Referral(view.subject.kind.value, view.subject.id, view.department, view.due_on, view.is_overdue(city_day()))
        for view in views
    )


def _answer(view: AnswerView, idea_id: int, measures: Iterable[MeasureView]) -> Answer:
    about, about_id = _subject(view, idea_id)
    return Answer(
        id=view.id,
        about=about,
        about_id=about_id,
        outcome=view.outcome,
        department=view.department,
        text=wording(view.text),
        answered_at=view.answered_at,
        due_on=view.due_on,
        measures=tuple(
            Measure(
                id=one.id,
                title=wording(one.title),
                department=one.department,
                state=one.state,
                due_on=one.due_on,
                is_overdue=one.is_overdue(city_day()),
            )
            for one in measures
        ),
    )


def _subject(view: AnswerView, idea_id: int) -> tuple[About, int]:
    if view.statement_id is not None:
        return "statement", view.statement_id
    return ("bundle", view.bundle_id) if view.bundle_id is not None else ("idea", idea_id)
