"""The city's answers as public pages show them, with the measures that follow and who is still asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.browse.shared import holds_until
from participation.kit import clock
from participation.multilingual import gettext as _
from participation.multilingual import language_name, same_language
from participation.multilingual.moments import calendar_day, day
from participation.strategy.answering.answers import OUTCOMES, AnswerView, answers_to_bundles, answers_to_statements
from participation.strategy.answering.desk_pages import city_day
from participation.strategy.answering.following import MeasureView, ReferralView, measures_after, referrals_of
from participation.strategy.answering.items import MeasureItem, ReferralItem, measure_items, referral_item
from participation.strategy.answering.subjects import Subject, SubjectKind
from participation.texts import render


@dataclass(frozen=True, slots=True)
class AnswerAbout:
    """What an answer is about, if not the thing of the page itself; ``url`` is empty where that is on the same page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """One answer; ``only_in`` names the language of a fallback, ``about`` is empty for the thing of the page itself.

    ``due`` is the day that the city named; ``is_late``: it is over, and no measure was reported.
    """

    outcome: str
    label: str
    department: str
    when: str
    text_html: Markup
    language: str
    dir: str
    only_in: str
    about: AnswerAbout | None
    due: str
    is_late: bool
    measures: tuple[MeasureItem, ...]


@dataclass(frozen=True, slots=True)
class AnswersShown:
    """The answers on the page of an idea: to itself, to its bundle, and to the statements that rest on it.

    The latest to each comes first.
    """

    own: tuple[AnswerItem, ...]
    together: tuple[AnswerItem, ...]
    through_statements: tuple[tuple[AnswerItem, ...], ...]


def answers_shown(session: Session, views: Sequence[AnswerView], *, slug: str) -> AnswersShown:
    """Return the answers around an idea as its page shows them."""
    through: dict[int, list[AnswerView]] = {}
    for view in views:
        through.setdefault(view.statement or 0, []).append(view)
    direct = through.pop(0, [])
    measures = _measures(session, views)
    together = AnswerAbout(_("To all ideas that say the same"), "")

    def about(view: AnswerView) -> AnswerAbout:
        url = url_for("browse.statement", slug=slug, statement_id=view.statement_id)
        return AnswerAbout(_("Statement %(number)s", number=view.statement), url)

    return AnswersShown(
        own=answer_items([view for view in direct if view.bundle_id is None], measures),
        together=answer_items([view for view in direct if view.bundle_id is not None], measures, together),
        through_statements=tuple(
            answer_items(through[one], measures, about(through[one][0])) for one in sorted(through)
        ),
    )


def statement_answers(session: Session, statement_id: int) -> tuple[AnswerItem, ...]:
    """Return the answers to a statement as its page shows them, the latest first."""
    return _of_page(session, answers_to_statements(session, [statement_id], g.language).get(statement_id, ()))


def bundle_answers(session: Session, bundle_id: int) -> tuple[AnswerItem, ...]:
    """Return the answers to a bundle as its page shows them, the latest first."""
    return _of_page(session, answers_to_bundles(session, [bundle_id], g.language).get(bundle_id, ()))


def statement_referral(session: Session, statement_id: int) -> ReferralItem | None:
    """Return who is asked for an answer to a statement; ``None`` where nobody is."""
    return _asked(session, Subject(SubjectKind.STATEMENT, statement_id))


def bundle_referral(session: Session, bundle_id: int) -> ReferralItem | None:
    """Return who is asked for an answer to a bundle; ``None`` where nobody is."""
    return _asked(session, Subject(SubjectKind.BUNDLE, bundle_id))


def referrals_shown(views: Collection[ReferralView]) -> tuple[ReferralItem, ...]:
    """Return who is asked until when, as a page shows it."""
    if views:
        _changes_at_midnight()
    return tuple(referral_item(view, today=city_day()) for view in views)


def answer_items(
    views: Sequence[AnswerView], measures: Mapping[int, tuple[MeasureView, ...]], about: AnswerAbout | None = None
) -> tuple[AnswerItem, ...]:
    """Return the answers to one subject; only the latest can be late."""
    return tuple(
        _item(view, about, measures.get(view.id, ()), is_latest=place == 0) for place, view in enumerate(views)
    )


def _asked(session: Session, subject: Subject) -> ReferralItem | None:
    return next(iter(referrals_shown(list(referrals_of(session, [subject]).values()))), None)


def _of_page(session: Session, views: Sequence[AnswerView]) -> tuple[AnswerItem, ...]:
    return answer_items(views, _measures(session, views))


def _measures(session: Session, views: Collection[AnswerView]) -> dict[int, tuple[MeasureView, ...]]:
    return measures_after(session, [view.id for view in views], g.language) if views else {}


def _item(
    view: AnswerView, about: AnswerAbout | None, measures: tuple[MeasureView, ...], *, is_latest: bool
) -> AnswerItem:
    today = city_day()
    if view.due_on or measures:
        _changes_at_midnight()
    return AnswerItem(
        outcome=view.outcome.value,
        label=str(OUTCOMES[view.outcome]),
        department=view.department,
        when=day(view.answered_at),
        text_html=render(view.text.text),
        language=view.text.language,
        dir=view.text.dir,
        only_in=""
        if same_language(view.text.language, g.language)
        else language_name(view.text.language, shown_in=g.language),
        about=about,
        due=calendar_day(view.due_on) if view.due_on else "",
        is_late=bool(is_latest and view.due_on and view.due_on < today and not measures),
        measures=measure_items(measures, g.language, today=today),
    )


def _changes_at_midnight() -> None:
    # What is not overdue today may be so tomorrow.
    holds_until(clock.midnight(current_app.config["TIMEZONE"]))
