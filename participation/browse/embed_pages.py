"""What stands in a frame on somebody else's page: little, and a way to the rest."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy.orm import Session

from participation.browse.answers import AnswerItem, statement_answers
from participation.browse.pages import Stat, contributions
from participation.browse.phases import remaining_time
from participation.kit.links import page_url
from participation.listings.briefs import StatementBrief, statement_brief
from participation.multilingual import Phrase, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, number
from participation.processes.outline import ProcessOutline
from participation.processes.wording import possibilities


@dataclass(frozen=True, slots=True)
class ProcessFrame:
    """A process in a frame."""

    title: Phrase
    question: Phrase
    phase: str
    remaining: str
    possible: str
    figures: tuple[Stat, ...]
    url: str


@dataclass(frozen=True, slots=True)
class StatementFrame:
    """A statement in a frame; one that was withdrawn has no figures, and says since when."""

    process_title: Phrase
    label: str
    text: Phrase
    figures: tuple[Stat, ...]
    answer: AnswerItem | None
    withdrawn: str
    url: str


def process_frame(session: Session, process: ProcessOutline, *, now: datetime) -> ProcessFrame:
    """Return what a frame shows of a process."""
    phase = process.phase_at(now)
    return ProcessFrame(
        title=phrase(process.title, g.language),
        question=phrase(process.question, g.language),
        phase=pick(phase.title, g.language) if phase else "",
        remaining=remaining_time(phase.ends_at, now) if phase else "",
        possible=possibilities(process, now),
        figures=contributions(session, process.id),
        url=page_url("browse.process", language=g.language, slug=process.slug),
    )


def statement_frame(session: Session, process: ProcessOutline, statement_id: int, *, now: datetime) -> StatementFrame:
    """Return what a frame shows of a statement that is or was public; raises ``Missing`` for any other."""
    view = statement_brief(session, process, statement_id, g.language, now=now)
    answers = statement_answers(session, statement_id)
    return StatementFrame(
        process_title=phrase(process.title, g.language),
        label=_("Statement %(number)s", number=view.number),
        text=view.text,
        figures=_figures(view),
        answer=answers[0] if answers else None,
        withdrawn=_("This statement was withdrawn on %(day)s", day=day(view.withdrawn_at)) if view.withdrawn_at else "",
        url=page_url("browse.statement", language=g.language, slug=process.slug, statement_id=statement_id),
    )


def _figures(view: StatementBrief) -> tuple[Stat, ...]:
    if not view.is_public:
        return ()
    figures = [Stat(_("Ideas"), number(view.ideas))]
    people = view.people
    if people is not None and people.people:
        figures.append(Stat(_("People who voted on them"), number(people.people)))
        figures.append(Stat(_("People who agree with one at least"), number(people.agree)))
    return tuple(figures)
