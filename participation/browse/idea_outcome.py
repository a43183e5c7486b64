"""What became of an idea, on its page: themes, the statements that rest on it, and what the city answers."""

from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.browse.answers import AnswersShown, answers_shown
from participation.listings.statements import outcome_of
from participation.multilingual import Phrase, phrase, pick
from participation.processes.outline import ProcessOutline
from participation.strategy.answers import answers_around


@dataclass(frozen=True, slots=True)
class Link:
    """A place that an idea leads to."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class StatementLink:
    """A statement that rests on the idea."""

    number: int
    text: Phrase
    url: str


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """Themes, statements and answers of an idea, each in order; ``advice`` says what the council does with them."""

    clusters: tuple[Link, ...]
    statements: tuple[StatementLink, ...]
    answers: AnswersShown
    advice: str


def outcome_part(session: Session, process: ProcessOutline, idea_id: int) -> OutcomePart:
    """Return what became of an idea."""
    outcome = outcome_of(session, idea_id)
    ideas_url = url_for("browse.ideas", slug=process.slug)
    return OutcomePart(
        clusters=tuple(Link(pick(title, g.language), f"{ideas_url}?cluster={id_}") for id_, title in outcome.clusters),
        statements=tuple(
            StatementLink(
                position,
                phrase(text, g.language),
                url_for("browse.statement", slug=process.slug, statement_id=statement_id),
            )
            for position, statement_id, text in outcome.statements
        ),
        answers=answers_shown(answers_around(session, idea_id, g.language), slug=process.slug),
        advice=pick(process.advice, g.language),
    )
