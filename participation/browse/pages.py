"""One function per page, each returning everything its template shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.passing_on import PassingOn, process_passing_on
from participation.browse.phases import PhaseStep, remaining_time, timeline
from participation.browse.reading_part import ReadingPart, reading_part
from participation.browse.shared import holds_until, outline_of
from participation.browse.surroundings import names_around, turn_now
from participation.browse.translations import label_of, shown_here, written_in
from participation.browse.words import speak_of
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.listings.ideas import IdeaCard, IdeaFilter, Order, Round, Sort, Wording, idea_list
from participation.listings.statements import StatementLine, published_statements
from participation.multilingual import gettext as _
from participation.multilingual import pick
from participation.multilingual.moments import days, number
from participation.principles.queries import FrameworkView, principles_of, terms_of
from participation.principles.queries import framework as framework_view
from participation.processes.models import Capability, Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible
from participation.processes.queries import all_processes, main_process
from participation.processes.wording import possibilities

FRONT_IDEAS = 6


@dataclass(frozen=True, slots=True)
class Way:
    """A way to take part."""

    pictogram: str
    title: str
    text: str
    url: str
    closed_reason: str = ""


@dataclass(frozen=True, slots=True)
class PrincipleCount:
    """A principle with the number of its ideas."""

    title: str
    explanation: str
    question: str
    pictogram: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Stat:
    """A number with its name."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """A process at a glance; the front page shows the main one the same way."""

    slug: str
    title: str
    question: str
    summary: str
    advice: str
    next_step: str
    url: str
    ideas_url: str
    propose_url: str
    propose_closed: str
    vote_url: str
    points_url: str
    phase: str
    remaining: str
    possible: str
    phases: tuple[PhaseStep, ...]
    reading: ReadingPart
    ideas: tuple[IdeaCard, ...]
    ideas_label: str
    ways: tuple[Way, ...]
    principles: tuple[PrincipleCount, ...]
    principles_url: str
    map_url: str
    figures: tuple[Stat, ...]
    results_url: str
    statements: tuple[StatementLine, ...]
    statements_url: str
    passing_on: PassingOn


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A process in a list."""

    title: str
    question: str
    summary: str
    url: str
    phase: str
    possible: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page: the main process, and the others; without any process it says so."""

    main: ProcessPage | None
    others: tuple[ProcessLine, ...]


def wording() -> Wording:
    """Return how lists of ideas say things in the reader's language."""
    return Wording(
        day=days(),
        imported=_("Imported"),
        elsewhere=_("Answered elsewhere"),
        shown=shown_here,
        written_in=written_in,
        translated=label_of,
    )


def front_page(session: Session, actor: Actor, now: datetime) -> FrontPage:
    """Return the front page."""
    processes = all_processes(session)
    for process in processes:
        holds_until(process.next_change(now))
    main = main_process(processes, now)
    others = tuple(process_line(process, now) for process in processes if process is not main)
    return FrontPage(process_page(session, actor, main, now) if main else None, others)


def process_line(process: ProcessOutline, now: datetime) -> ProcessLine:
    """Return a process as it stands in a list."""
    phase = process.phase_at(now)
    return ProcessLine(
        title=pick(process.title, g.language),
        question=pick(process.question, g.language),
        summary=pick(process.summary, g.language),
        url=url_for("browse.process", slug=process.slug),
        phase=pick(phase.title, g.language) if phase else "",
        possible=possibilities(process, now),
    )


def process_page_by_slug(
    session: Session, actor: Actor, slug: str, now: datetime
) -> tuple[ProcessOutline, ProcessPage]:
    """Return the process at this address and its page."""
    process = outline_of(slug)
    return process, process_page(session, actor, process, now)


def process_page(session: Session, actor: Actor, process: ProcessOutline, now: datetime) -> ProcessPage:
    """Return the page of a process."""
    ideas_url = url_for("browse.ideas", slug=process.slug)
    statements_url = url_for("browse.statements", slug=process.slug)
    phase = process.phase_at(now)
    turn = turn_now(now)
    holds_until(turn.ends_at)
    ideas = idea_list(
        session,
        actor,
        process,
        wanted=IdeaFilter(),
        cursor=None,
        names=names_around(process),
        wording=wording(),
        list_url=ideas_url,
        now=now,
        # Nobody pages on from here, so it does not matter which draw the places come from.
        order=Order(Sort.ROTATION, Round(0, turn.start)),
        size=FRONT_IDEAS,
        with_count=False,
    )
    figures = contributions(session, process.id)
    statements = tuple(published_statements(session, process.id, g.language, base_url=statements_url))
    proposing = is_possible(process, Capability.PROPOSE, now=now)
    voting = is_possible(process, Capability.VOTE, now=now)
    return ProcessPage(
        slug=process.slug,
        title=pick(process.title, g.language),
        question=pick(process.question, g.language),
        summary=pick(process.summary, g.language),
        advice=pick(process.advice, g.language),
        next_step=pick(process.next_step, g.language),
        url=url_for("browse.process", slug=process.slug),
        ideas_url=ideas_url,
        propose_url=url_for("proposing.new", slug=process.slug),
        propose_closed="" if proposing else str(proposing.reason),
        vote_url=url_for("voting.row", slug=process.slug) if voting else "",
        points_url=_points_url(process, now),
        phase=pick(phase.title, g.language) if phase else "",
        remaining=remaining_time(phase.ends_at, now) if phase else "",
        possible=possibilities(process, now),
        phases=timeline(process, g.language, now),
        reading=reading_part(process, now),
        ideas=ideas.cards,
        ideas_label=_("All ideas"),
        ways=_ways(process, now, ideas_url),
        principles=_principle_counts(session, process),
        principles_url=url_for("browse.principles"),
        map_url=url_for("leitbild.overview", slug=process.slug),
        figures=figures,
        results_url=url_for("results.overview", slug=process.slug),
        statements=statements,
        statements_url=statements_url,
        passing_on=process_passing_on(process),
    )


def framework_page(session: Session, framework_id: int) -> FrameworkView:
    """Return the framework with its principles, criteria and values; the page explains its words."""
    speak_of(terms_of(session, framework_id))
    return framework_view(session, framework_id)


def _ways(process: ProcessOutline, now: datetime, ideas_url: str) -> tuple[Way, ...]:
    def reason(capability: Capability) -> str:
        permission = is_possible(process, capability, now=now)
        return "" if permission else str(permission.reason)

    return (
        Way("search", _("Read"), _("See what others propose, without an account."), ideas_url),
        Way(
            "vote",
            _("Vote and comment"),
            _("One idea after the other: do you agree? That takes a minute."),
            url_for("voting.row", slug=process.slug),
            reason(Capability.VOTE),
        ),
        Way(
            "plus",
            _("Propose"),
            _("Write down what should change. A few sentences are enough."),
            url_for("proposing.new", slug=process.slug),
            reason(Capability.PROPOSE),
        ),
    )


def _points_url(process: ProcessOutline, now: datetime) -> str:
    possible = is_possible(process, Capability.PRIORITISE, now=now)
    return url_for("voting.priorities", slug=process.slug) if possible else ""


def _principle_counts(session: Session, process: ProcessOutline) -> tuple[PrincipleCount, ...]:
    rows = session.execute(
        select(IdeaPrinciple.principle_id, func.count())
        .join(Idea, Idea.id == IdeaPrinciple.idea_id)
        .where(Idea.process_id == process.id, Idea.state == IdeaState.PUBLISHED)
        .group_by(IdeaPrinciple.principle_id)
    )
    counts = dict(rows.all())
    return tuple(
        PrincipleCount(
            title=pick(entry.title, g.language),
            explanation=pick(entry.explanation, g.language),
            question=pick(entry.question or {}, g.language),
            pictogram=entry.pictogram,
            url=url_for("leitbild.principle", slug=process.slug, principle_key=entry.key),
            count=counts.get(entry.id, 0),
        )
        for entry in principles_of(session, process.framework_id)
    )


def contributions(session: Session, process_id: int) -> tuple[Stat, ...]:
    """Return how much there is so far in a process: ideas, comments, people."""

    def count(table: Any, *conditions: Any) -> str:
        statement = select(func.count()).select_from(table).where(table.process_id == process_id, *conditions)
        return number(session.scalar(statement) or 0)

    return (
        Stat(_("Ideas"), count(Idea, Idea.state == IdeaState.PUBLISHED)),
        Stat(_("Comments"), count(Comment, Comment.state == CommentState.PUBLISHED)),
        Stat(_("People taking part"), count(Participant)),
    )
