"""The city's answers as public pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.multilingual import gettext as _
from participation.multilingual import language_name
from participation.multilingual.moments import day
from participation.strategy.answers import OUTCOMES, AnswerView, answers_to_statements
from participation.texts import render


@dataclass(frozen=True, slots=True)
class AnsweredStatement:
    """The statement that an answer is about."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """One answer; ``only_in`` names the language of a fallback, ``about`` is empty for the thing of the page itself."""

    outcome: str
    label: str
    department: str
    when: str
    text_html: Markup
    language: str
    dir: str
    only_in: str
    about: AnsweredStatement | None


@dataclass(frozen=True, slots=True)
class AnswersShown:
    """The answers on the page of an idea: to itself, and to the statements that rest on it, each latest first."""

    own: tuple[AnswerItem, ...]
    through_statements: tuple[tuple[AnswerItem, ...], ...]


def answers_shown(views: Iterable[AnswerView], *, slug: str) -> AnswersShown:
    """Return the answers around an idea as its page shows them."""
    own: list[AnswerItem] = []
    by_statement: dict[int, list[AnswerItem]] = {}
    for view in views:
        if view.statement_id is None or view.statement is None:
            own.append(answer_item(view))
            continue
        label = _("Statement %(number)s", number=view.statement)
        url = url_for("browse.statement", slug=slug, statement_id=view.statement_id)
        by_statement.setdefault(view.statement, []).append(answer_item(view, AnsweredStatement(label, url)))
    return AnswersShown(tuple(own), tuple(tuple(by_statement[number]) for number in sorted(by_statement)))


def statement_answers(session: Session, statement_id: int) -> tuple[AnswerItem, ...]:
    """Return the answers to a statement as its page shows them, the latest first."""
    views = answers_to_statements(session, [statement_id], g.language).get(statement_id, ())
    return tuple(answer_item(view) for view in views)


def answer_item(view: AnswerView, about: AnsweredStatement | None = None) -> AnswerItem:
    """Return one answer in the reader's language."""
    return AnswerItem(
        outcome=view.outcome.value,
        label=str(OUTCOMES[view.outcome]),
        department=view.department,
        when=day(view.answered_at),
        text_html=render(view.text.text),
        language=view.text.language,
        dir=view.text.dir,
        only_in="" if view.text.language == g.language else language_name(view.text.language, shown_in=g.language),
        about=about,
    )
