"""What people see when a colleague was faster: both positions or wordings, and the way on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.board.conflicts import Clash, ClashKind, Conflict
from participation.curation.board.forms import Choice
from participation.curation.board.queries import cluster_names
from participation.ideas.models import Idea
from participation.kit.schema import Translated
from participation.multilingual import Phrase, language_name, phrase
from participation.processes.workplace import Workplace

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class ChosenIdea:
    """An idea that was chosen for something; ``token`` is how the form names it."""

    id: int
    title: str
    language: str
    token: str


@dataclass(frozen=True, slots=True)
class WordingLine:
    """One text of a cluster in one language: what a colleague wrote and what this person wants."""

    label: str
    language: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class ClashLine:
    """One thing that a colleague changed meanwhile, in words; what a clash is about depends on its kind."""

    kind: ClashKind
    by: str
    at: datetime | None
    number: int | None
    idea: ChosenIdea | None
    theme: Phrase | None
    then: tuple[Phrase, ...]
    now_in: tuple[Phrase, ...]
    wordings: tuple[WordingLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class FilingConflictPage:
    """What could not be filed; ``others`` are those of the chosen ideas that nobody touched."""

    workplace: Workplace
    version: int
    target: Phrase | None
    lines: tuple[ClashLine, ...]
    others: tuple[ChosenIdea, ...]


def chosen_ideas(session: Session, process_id: int, choices: Sequence[Choice]) -> tuple[ChosenIdea, ...]:
    """Return those of the chosen ideas that the process has."""
    tokens = {choice.idea_id: choice.token for choice in choices}
    rows = session.execute(
        select(Idea.id, Idea.title, Idea.language)
        .where(Idea.process_id == process_id, Idea.id.in_(tokens))
        .order_by(Idea.id)
    )
    return tuple(ChosenIdea(idea_id, title, language, tokens[idea_id]) for idea_id, title, language in rows)


def clash_lines(
    session: Session, process_id: int, conflict: Conflict, *, choices: Sequence[Choice] = ()
) -> tuple[ClashLine, ...]:
    """Return what stands in the way, with the names of what it is about."""
    about = [clash.idea_id for clash in conflict.clashes if clash.idea_id is not None]
    tokens = {choice.idea_id: choice for choice in choices}
    ideas = {
        idea.id: idea
        for idea in chosen_ideas(session, process_id, [tokens.get(one, Choice(one, None)) for one in about])
    }
    ids = {one for clash in conflict.clashes for one in (clash.cluster_id, *clash.then, *clash.now_in) if one}
    names = {one: phrase(title, g.language) for one, title in cluster_names(session, process_id, ids).items()}
    return tuple(_line(clash, ideas.get(clash.idea_id or 0), names) for clash in conflict.clashes)


def _line(clash: Clash, idea: ChosenIdea | None, names: dict[int, Phrase]) -> ClashLine:
    return ClashLine(
        kind=clash.kind,
        by=clash.by,
        at=clash.at,
        number=clash.number,
        idea=idea,
        theme=names.get(clash.cluster_id or 0),
        then=tuple(names[one] for one in clash.then if one in names),
        now_in=tuple(names[one] for one in clash.now_in if one in names),
        wordings=_wordings(clash.now_text or {}, clash.wanted_text or {}),
        count=clash.count,
    )


def _wordings(theirs: Translated, mine: Translated) -> tuple[WordingLine, ...]:
    return tuple(
        WordingLine(
            str(language_name(language)) if language else "", language, theirs.get(language, ""), mine.get(language, "")
        )
        for language in sorted({*theirs, *mine})
        if theirs.get(language, "") != mine.get(language, "")
    )
