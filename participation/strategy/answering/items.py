"""Referrals and measures in words, as public pages and the desk show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from participation.multilingual import language_name
from participation.multilingual.moments import calendar_day, day
from participation.strategy.answering.following import MEASURE_STATES, MeasureView, ReferralView, StepView
from participation.texts import render


@dataclass(frozen=True, slots=True)
class ReferralItem:
    """Who is asked until when; ``first_due`` is empty unless the day was moved."""

    id: int
    department: str
    since: str
    due: str
    first_due: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class StepItem:
    """What happened with a measure; ``moved_to`` is empty unless the day was moved with it."""

    label: str
    when: str
    text_html: Markup
    language: str
    dir: str
    moved_to: str


@dataclass(frozen=True, slots=True)
class MeasureItem:
    """Something the city does; ``steps`` are the latest first, ``only_in`` names the language of a fallback."""

    id: int
    title: str
    language: str
    dir: str
    only_in: str
    department: str
    state: str
    label: str
    due: str
    first_due: str
    is_overdue: bool
    steps: tuple[StepItem, ...]


def referral_item(view: ReferralView, *, today: date) -> ReferralItem:
    """Return a referral in words."""
    return ReferralItem(
        id=view.id,
        department=view.department,
        since=day(view.referred_at),
        due=calendar_day(view.due_on),
        first_due=calendar_day(view.first_due_on) if view.first_due_on != view.due_on else "",
        is_overdue=view.is_overdue(today),
    )


def measure_items(views: Iterable[MeasureView], language: str, *, today: date) -> tuple[MeasureItem, ...]:
    """Return measures in words, in their order."""
    return tuple(measure_item(view, language, today=today) for view in views)


def measure_item(view: MeasureView, language: str, *, today: date) -> MeasureItem:
    """Return a measure in words."""
    last = len(view.steps) - 1
    written_in = view.title.language
    return MeasureItem(
        id=view.id,
        title=view.title.text,
        language=written_in,
        dir=view.title.dir,
        only_in="" if written_in == language else language_name(written_in, shown_in=language),
        department=view.department,
        state=view.state.value,
        label=str(MEASURE_STATES[view.state]),
        due=calendar_day(view.due_on),
        first_due=calendar_day(view.first_due_on) if view.first_due_on != view.due_on else "",
        is_overdue=view.is_overdue(today),
        steps=tuple(_step(step, is_first=place == last) for place, step in enumerate(view.steps)),
    )


def _step(view: StepView, *, is_first: bool) -> StepItem:
    return StepItem(
        label=str(MEASURE_STATES[view.state]),
        when=day(view.reported_at),
        text_html=render(view.text.text),
        language=view.text.language,
        dir=view.text.dir,
        moved_to=calendar_day(view.due_on) if view.due_on and not is_first else "",
    )
