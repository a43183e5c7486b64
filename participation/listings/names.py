"""The editorial names around ideas: principles, districts, fields of action, themes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from participation.curation.models import Cluster
from participation.kit.schema import Translated
from participation.multilingual import pick
from participation.principles.models import District, FieldOfAction, Principle


@dataclass(frozen=True, slots=True)
class PrincipleLink:
    """A principle as a tag that leads to its ideas."""

    id: int
    key: str
    title: str
    pictogram: str
    url: str


@dataclass(frozen=True, slots=True)
class Names:
    """Titles by id, in one language."""

    principles: dict[int, PrincipleLink]
    districts: dict[int, str]
    fields: dict[int, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A principle, district or field of action, as far as lists need it."""

    id: int
    key: str
    title: Translated
    pictogram: str


@dataclass(frozen=True, slots=True)
class Entries:
    """What ideas of a framework can be tagged with, each list in order."""

    principles: tuple[Entry, ...]
    districts: tuple[Entry, ...]
    fields: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A cluster that ideas can be filtered by."""

    id: int
    title: Translated
    description: Translated


def entries_of(session: Session, framework_id: int) -> Entries:
    """Return the lists of a framework, with one query for all three."""
    tables: dict[str, Any] = {"principle": Principle, "district": District, "field": FieldOfAction}
    parts = [
        select(
            literal(kind).label("kind"),
            table.id.label("id"),
            table.key.label("key"),
            table.title.label("title"),
            getattr(table, "pictogram", literal("")).label("pictogram"),
            table.position.label("position"),
        ).where(table.framework_id == framework_id)
        for kind, table in tables.items()
    ]
    every = union_all(*parts).subquery()
    found: dict[str, list[Entry]] = {kind: [] for kind in tables}
    rows = session.execute(
        select(every.c.kind, every.c.id, every.c.key, every.c.title, every.c.pictogram).order_by(
            every.c.kind, every.c.position, every.c.id
        )
    )
    for kind, id_, key, title, pictogram in rows:
        found[kind].append(Entry(id_, key, title, pictogram))
    return Entries(tuple(found["principle"]), tuple(found["district"]), tuple(found["field"]))


def names(entries: Entries, language: str, *, list_url: str) -> Names:
    """Return the names of a framework's entries; a principle's link filters the list at ``list_url``."""
    return Names(
        principles={
            entry.id: PrincipleLink(
                entry.id, entry.key, pick(entry.title, language), entry.pictogram, f"{list_url}?principle={entry.key}"
            )
            for entry in entries.principles
        },
        districts=_titles(entries.districts, language),
        fields=_titles(entries.fields, language),
    )


def themes_of(session: Session, process_id: int) -> tuple[Theme, ...]:
    """Return the clusters of a process in the order of the board."""
    rows = session.execute(
        select(Cluster.id, Cluster.title, Cluster.description)
        .where(Cluster.process_id == process_id, Cluster.removed_at.is_(None))
        .order_by(Cluster.position, Cluster.id)
    )
    return tuple(Theme(id_, title, description) for id_, title, description in rows)


def _titles(entries: tuple[Entry, ...], language: str) -> dict[int, str]:
    return {entry.id: pick(entry.title, language) for entry in entries}
