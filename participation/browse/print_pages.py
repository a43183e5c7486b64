"""Pages made for paper: a process, and a statement with everything that it rests on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.answers import AnswerItem, statement_answers, statement_referral
from participation.browse.pages import ProcessPage, process_page, wording
from participation.browse.passing_on import Contact, FromPaper, contacts, from_paper
from participation.browse.statement_page import StatementPage, statement_page
from participation.browse.surroundings import names_around
from participation.kit.logo import city_logo
from participation.listings.ideas import IdeaCard, IdeaFilter, Order, Sort, idea_list
from participation.multilingual import pick
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.strategy.answering.items import ReferralItem
from participation.voting.queries import FEWEST_VOTES

MOST_IDEAS = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is the same on all pages for paper; ``logo`` is an address that holds the picture, empty without one."""

    slug: str
    process_title: str
    back_url: str
    poster_url: str
    logo: str
    operator: str
    paper: FromPaper
    contacts: tuple[Contact, ...]
    advice: str
    next_step: str


@dataclass(frozen=True, slots=True)
class ProcessSheet:
    """A process on paper; ``results_reason`` says why no ideas are on it, ``has_form`` whether new ones can come in."""

    sheet: Sheet
    page: ProcessPage
    ideas: tuple[IdeaCard, ...]
    results_reason: str
    has_form: bool


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A statement on paper."""

    sheet: Sheet
    page: StatementPage
    answers: tuple[AnswerItem, ...]
    asked: ReferralItem | None


def process_sheet(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> ProcessSheet:
    """Return the page of a process for paper, with the ideas that find most agreement if anybody may know them."""
    shown = may_see_results(process, now=now)
    return ProcessSheet(
        sheet=_sheet(
            process,
            back_url=url_for("browse.process", slug=process.slug),
            poster_url=url_for("posters.process", slug=process.slug),
            paper=from_paper("browse.process", "short.process", slug=process.slug),
        ),
        page=process_page(session, actor, process, now),
        ideas=_most_agreed(session, actor, process, now=now) if shown else (),
        results_reason="" if shown else str(shown.reason),
        has_form=bool(is_possible(process, Capability.PROPOSE, now=now)),
    )


def statement_sheet(session: Session, process: ProcessOutline, statement_id: int, *, now: datetime) -> StatementSheet:
    """Return the page for paper of a statement that is or was public; raises ``Missing`` for any other."""
    place: dict[str, Any] = {"slug": process.slug, "statement_id": statement_id}
    page = statement_page(session, process, statement_id, now=now)
    return StatementSheet(
        sheet=_sheet(
            process,
            back_url=url_for("browse.statement", **place),
            poster_url="" if page.view.withdrawn_at else url_for("posters.statement", **place),
            paper=from_paper("browse.statement", "short.statement", **place),
        ),
        page=page,
        answers=statement_answers(session, statement_id),
        asked=statement_referral(session, statement_id),
    )


def _most_agreed(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> tuple[IdeaCard, ...]:
    found = idea_list(
        session,
        actor,
        process,
        wanted=IdeaFilter(),
        cursor=None,
        names=names_around(process),
        wording=wording(),
        list_url=url_for("browse.ideas", slug=process.slug),
        now=now,
        order=Order(Sort.AGREEMENT),
        size=MOST_IDEAS,
        with_count=False,
    )
    return tuple(card for card in found.cards if card.agree + card.unsure + card.disagree >= FEWEST_VOTES)


def _sheet(process: ProcessOutline, *, back_url: str, poster_url: str, paper: FromPaper) -> Sheet:
    logo = city_logo(current_app.config["CITY_LOGO"])
    return Sheet(
        slug=process.slug,
        process_title=pick(process.title, g.language),
        back_url=back_url,
        poster_url=poster_url,
        logo=logo.address if logo else "",
        operator=current_app.config["OPERATOR_NAME"],
        paper=paper,
        contacts=contacts(),
        advice=pick(process.advice, g.language),
        next_step=pick(process.next_step, g.language),
    )
