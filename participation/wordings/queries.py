"""Reading wordings: what a reader is shown instead of an original."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.kit.db import read_rows
from participation.multilingual import base_language
from participation.wordings.models import Origin, Wording, WordingState
from participation.wordings.subjects import Subject, is_public_text

__all__ = ["ShownWording", "Subject", "shown_in", "shown_in_each"]


@dataclass(frozen=True, slots=True)
class ShownWording:
    """A contribution in the reader's language; ``title`` is empty where it has none.

    ``id`` is the number of the wording, ``revision`` which one of the original it belongs to. ``provider`` is the name
    under which the service is configured, empty where people wrote it; ``wordings.providers.registry.title_of`` says
    what it is called.
    """

    id: int
    source_language: str
    language: str
    title: str
    text: str
    origin: Origin
    provider: str
    revision: int

    @property
    def is_machine(self) -> bool:
        return self.origin is Origin.MACHINE


NOT_ASKED_FOR = 0
"""No revision has this number; they count from 1."""


def _among(kind: SubjectKind) -> object:
    return and_(Wording.subject_kind == kind, Wording.subject_id.in_(bindparam(kind.value, expanding=True)))


_IN_ANY = select(
    Wording.subject_kind,
    Wording.subject_id,
    Wording.id,
    Wording.source_language,
    Wording.language,
    Wording.title,
    Wording.text,
    Wording.origin,
    Wording.provider,
    Wording.revision,
).where(
    Wording.state == WordingState.SHOWN,
    or_(*(_among(kind) for kind in SubjectKind)),  # type: ignore[arg-type]  # conditions all
    is_public_text(Wording),
)
# Asked with every page: it stands ready, because putting a statement together takes longer than running it.
_SHOWN = _IN_ANY.where(Wording.language == bindparam("language"))
_IN_SEVERAL = _IN_ANY.where(Wording.language.in_(bindparam("languages", expanding=True)))


def shown_in(session: Session, subjects: Mapping[Subject, int | None], language: str) -> dict[Subject, ShownWording]:
    """Return the wordings to show to readers of ``language``, in one query; none at all where ``subjects`` is empty.

    ``subjects`` says which revision of each contribution is on the page, ``None`` means the one of this moment; give
    only those that were written in another language than ``base_language(language)``. Contributions without a wording
    of exactly that revision are left out, and so is everything that is not public at this moment, whoever asks.
    """
    if not subjects:
        return {}
    rows = read_rows(session, _SHOWN, {**_numbers(subjects), "language": base_language(language)})
    return _those_of(subjects, rows)


def shown_in_each(
    session: Session, subjects: Mapping[str, Mapping[Subject, int | None]]
) -> dict[str, dict[Subject, ShownWording]]:
    """Return for each language what ``shown_in`` returns for its ``subjects``, in one query for all languages."""
    every = dict.fromkeys(subject for some in subjects.values() for subject in some)
    if not every:
        return {language: {} for language in subjects}
    languages = sorted({base_language(language) for language in subjects})
    rows = read_rows(session, _IN_SEVERAL, {**_numbers(every), "languages": languages}).all()
    return {
        language: _those_of(some, (row for row in rows if row.language == base_language(language)))
        for language, some in subjects.items()
    }


def _numbers(subjects: Iterable[Subject]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {kind.value: [] for kind in SubjectKind}
    for kind, number in subjects:
        numbers[kind.value].append(number)
    return numbers


def _those_of(subjects: Mapping[Subject, int | None], rows: Iterable[Any]) -> dict[Subject, ShownWording]:
    """Return the wordings among ``rows`` of contributions in the revision that is asked for."""
    return {
        (row.subject_kind, row.subject_id): ShownWording(*row[2:])
        for row in rows
        if subjects.get((row.subject_kind, row.subject_id), NOT_ASKED_FOR) in (None, row.revision)
    }
