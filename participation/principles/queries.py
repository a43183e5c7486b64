"""Reading frameworks; editorial lists are short, so each is read whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.principles.models import (
    Aspect,
    AspectKind,
    Criterion,
    District,
    FieldOfAction,
    Framework,
    Principle,
    Term,
    Value,
)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One principle, criterion, value, district or field of action."""

    id: int
    key: str
    title: Translated
    explanation: Translated
    pictogram: str = ""
    question: Translated | None = None


@dataclass(frozen=True, slots=True)
class AspectView:
    """Something an idea can touch beside the principles: whom it serves, a basic service, a sustainability goal."""

    id: int
    kind: AspectKind
    key: str
    title: Translated
    explanation: Translated


@dataclass(frozen=True, slots=True)
class TermView:
    """A word that the framework uses in a sense of its own; ``forms`` are other forms of it, by language."""

    id: int
    key: str
    title: Translated
    explanation: Translated
    forms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """A framework with its principles, criteria and values, each in order."""

    id: int
    key: str
    title: Translated
    summary: Translated
    source: dict[str, Any]
    principles: tuple[EntryView, ...]
    criteria: tuple[EntryView, ...]
    values: tuple[EntryView, ...]


def principles_of(session: Session, framework_id: int) -> tuple[EntryView, ...]:
    """Return the principles of a framework in order."""
    return _entries(session, Principle, framework_id)


def districts_of(session: Session, framework_id: int) -> tuple[EntryView, ...]:
    """Return the districts in order."""
    return _entries(session, District, framework_id)


def fields_of(session: Session, framework_id: int) -> tuple[EntryView, ...]:
    """Return the fields of action in order."""
    return _entries(session, FieldOfAction, framework_id)


def criteria_of(session: Session, framework_id: int) -> tuple[EntryView, ...]:
    """Return the test criteria of a framework in order."""
    return _entries(session, Criterion, framework_id)


def values_of(session: Session, framework_id: int) -> tuple[EntryView, ...]:
    """Return the values of a framework in order."""
    return _entries(session, Value, framework_id)


def aspects_of(session: Session, framework_id: int) -> tuple[AspectView, ...]:
    """Return the aspects of a framework, those of a kind together (in the order of ``AspectKind``) and in order."""
    rows = session.scalars(
        select(Aspect).where(Aspect.framework_id == framework_id).order_by(Aspect.position, Aspect.id)
    ).all()
    return tuple(
        AspectView(row.id, kind, row.key, row.title, row.explanation)
        for kind in AspectKind
        for row in rows
        if row.kind is kind
    )


def terms_of(session: Session, framework_id: int) -> tuple[TermView, ...]:
    """Return the words of a framework in order, those that the catalogue names no more at the end."""
    rows = session.scalars(select(Term).where(Term.framework_id == framework_id).order_by(Term.position, Term.id))
    return tuple(TermView(row.id, row.key, row.title, row.explanation, _forms(row.forms)) for row in rows)


def framework(session: Session, framework_id: int) -> FrameworkView:
    """Return a framework with all its lists; raises ``Missing``."""
    row = found(session.get(Framework, framework_id))
    return FrameworkView(
        id=row.id,
        key=row.key,
        title=row.title,
        summary=row.summary,
        source=row.source,
        principles=_entries(session, Principle, row.id),
        criteria=_entries(session, Criterion, row.id),
        values=_entries(session, Value, row.id),
    )


def framework_id_by_key(session: Session, key: str | None = None) -> int:
    """Return the id of the framework called ``key``, or of the first one; raises ``Missing``."""
    statement = select(Framework.id).order_by(Framework.id).limit(1)
    return found(session.scalar(statement.where(Framework.key == key) if key else statement))


def _forms(stored: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Return the forms by language; a file has them as one line with commas, as many as each language needs."""
    return {
        language: tuple(form for part in str(said).split(",") if (form := part.strip()))
        for language, said in stored.items()
    }


def _entries(session: Session, table: Any, framework_id: int) -> tuple[EntryView, ...]:
    rows = session.scalars(select(table).where(table.framework_id == framework_id).order_by(table.position, table.id))
    return tuple(
        EntryView(
            id=row.id,
            key=row.key,
            title=row.title,
            explanation=row.explanation,
            pictogram=getattr(row, "pictogram", ""),
            question=getattr(row, "question", None),
        )
        for row in rows
    )
