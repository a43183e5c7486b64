"""What became of an idea, on its page: themes, the statements that rest on it, and what the city answers."""

from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.browse.answers import AnswersShown, answers_shown, referrals_shown
from participation.listings.statements import outcome_of
from participation.multilingual import Phrase, phrase, pick
from participation.processes.outline import ProcessOutline
from participation.strategy.answering.answers import answers_around
from participation.strategy.answering.following import referrals_around
from participation.strategy.answering.items import ReferralItem


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
    """Themes, statements and answers of an idea, each in order; ``advice`` says what the council does with them.

    ``referrals`` says who is asked for an answer about it.
    """

    clusters: tuple[Link, ...]
    statements: tuple[StatementLink, ...]
    answers: AnswersShown
    referrals: tuple[ReferralItem, ...]
    advice: str
    follow_up_url: str
    provenance_url: str


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
        answers=answers_shown(session, answers_around(session, idea_id, g.language), slug=process.slug),
        referrals=referrals_shown(referrals_around(session, idea_id)),
        advice=pick(process.advice, g.language),
        follow_up_url=url_for("outcomes.follow_up", slug=process.slug),
        provenance_url=url_for("provenance.idea", slug=process.slug, idea_id=idea_id),
    )
