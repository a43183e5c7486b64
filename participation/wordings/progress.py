"""How far the wordings of a process are, and what failed: figures for the desk and the command line."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.multilingual import base_language
from participation.wordings.models import Errand, ErrandState, Origin, ProviderHealth, Wording, WordingState
from participation.wordings.subjects import is_public_text, languages_of

MOST_FAILURES = 20


@dataclass(frozen=True, slots=True)
class LanguageProgress:
    """How many public texts are in other languages than ``language``, and how many of them can be read in it."""

    language: str
    texts: int
    by_machine: int
    by_people: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class FailedErrand:
    """Something that failed for good: where it stands, into which language, and the code of what was wrong."""

    subject_kind: SubjectKind
    subject_id: int
    idea_id: int
    language: str
    problem: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Failures:
    """How much failed for which reason, most frequent first, and the latest of it."""

    by_problem: tuple[tuple[str, int], ...]
    latest: tuple[FailedErrand, ...]

    @property
    def count(self) -> int:
        return sum(count for _problem, count in self.by_problem)


@dataclass(frozen=True, slots=True)
class Health:
    """How a provider behaves; a break lasts until ``resumes_at``. ``characters`` is how much went there this month."""

    name: str
    failures: int
    problem: str
    failed_at: datetime | None
    answered_at: datetime | None
    resumes_at: datetime | None
    characters: int


def progress_of(session: Session, process_id: int, languages: Collection[str]) -> tuple[LanguageProgress, ...]:
    """Return for each language of the interface how far a process can be read in it."""
    texts = languages_of(session, process_id)
    shown = _shown(session, process_id)
    errands = _errands(session, process_id)
    total = sum(texts.values())
    return tuple(
        LanguageProgress(
            language=language,
            texts=total - texts.get(language, 0),
            by_machine=shown[language, Origin.MACHINE],
            by_people=shown[language, Origin.HUMAN],
            waiting=errands[language, ErrandState.WAITING],
            failed=errands[language, ErrandState.FAILED],
        )
        for language in dict.fromkeys(map(base_language, languages))
    )


def failures_of(session: Session, process_id: int) -> Failures:
    """Return what failed for good in a process."""
    failed = (Errand.process_id == process_id, Errand.state == ErrandState.FAILED)
    counted = session.execute(
        select(Errand.problem, func.count()).where(*failed).group_by(Errand.problem).order_by(Errand.problem)
    )
    columns = (
        Errand.subject_kind,
        Errand.subject_id,
        Errand.idea_id,
        Errand.language,
        Errand.problem,
        Errand.ended_at,
    )
    latest = session.execute(
        select(*columns).where(*failed).order_by(Errand.ended_at.desc(), Errand.id.desc()).limit(MOST_FAILURES)
    )
    return Failures(
        by_problem=tuple(sorted(((row[0], row[1]) for row in counted), key=lambda one: -one[1])),
        latest=tuple(FailedErrand(*row) for row in latest),
    )


def health_seen(session: Session, name: str, *, month: str) -> Health:
    """Return how the provider ``name`` behaves, for readers; ``month`` is the present one, as in ``2026-11``."""
    row = session.get(ProviderHealth, name)
    if row is None:
        return Health(name, 0, "", None, None, None, 0)
    characters = row.characters if row.month == month else 0
    return Health(row.name, row.failures, row.problem, row.failed_at, row.answered_at, row.resumes_at, characters)


def _shown(session: Session, process_id: int) -> Counter[tuple[str, Origin]]:
    rows = session.execute(
        select(Wording.language, Wording.origin, func.count())
        .where(Wording.process_id == process_id, Wording.state == WordingState.SHOWN, is_public_text(Wording))
        .group_by(Wording.language, Wording.origin)
    )
    return _counter(rows)


def _errands(session: Session, process_id: int) -> Counter[tuple[str, ErrandState]]:
    open_ones = Errand.state.in_((ErrandState.WAITING, ErrandState.FAILED))
    rows = session.execute(
        select(Errand.language, Errand.state, func.count())
        .where(Errand.process_id == process_id, open_ones)
        .group_by(Errand.language, Errand.state)
    )
    return _counter(rows)


def _counter(rows: Any) -> Counter[Any]:
    return Counter({(first, second): count for first, second, count in rows})
