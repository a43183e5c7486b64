"""How a statement stands to the criteria and values, in short, on its own page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.multilingual import Phrase
from participation.processes.outline import ProcessOutline
from participation.strategy.assessing.queries import Said, said_about
from participation.strategy.assessing.yardsticks import VERDICTS
from participation.strategy.models import Verdict
from participation.texts import render


@dataclass(frozen=True, slots=True)
class Place:
    """A criterion or value with what is said about it."""

    title: Phrase
    url: str
    reason: Markup
    language: str
    dir: str


@dataclass(frozen=True, slots=True)
class VerdictPart:
    """A verdict with everything that it is about; only conflicts have their reasons here."""

    verdict: str
    label: str
    places: tuple[Place, ...]
    with_reasons: bool


@dataclass(frozen=True, slots=True)
class AssessmentPart:
    """What is said about a statement, conflicts first; ``url`` leads to all reasons."""

    verdicts: tuple[VerdictPart, ...]
    url: str


def statement_assessment(session: Session, process: ProcessOutline, statement_id: int) -> AssessmentPart | None:
    """Return what is said about a statement, or ``None`` before anybody has said anything."""
    said = said_about(session, statement_id, g.language)
    if not said:
        return None
    url = url_for("matrix.overview", slug=process.slug, statement=statement_id)
    order = (Verdict.CONFLICT, Verdict.OPEN, Verdict.FULFILLED)
    parts = tuple(_part(verdict, [one for one in said if one.verdict is verdict], url) for verdict in order)
    return AssessmentPart(tuple(part for part in parts if part.places), url)


def _part(verdict: Verdict, said: Sequence[Said], url: str) -> VerdictPart:
    places = tuple(
        Place(one.title, f"{url}#{one.name}", render(one.reason.text), one.reason.language, one.reason.dir)
        for one in said
    )
    return VerdictPart(verdict.value, str(VERDICTS[verdict]), places, verdict is Verdict.CONFLICT)
