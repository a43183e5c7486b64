"""Importing a framework from its file; importing it again brings texts and order up to date."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, refuse, require
from participation.multilingual import lazy as _l
from participation.multilingual.texts import read_texts
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

FORMAT = 1
LISTS: Mapping[str, Any] = {
    "principles": Principle,
    "criteria": Criterion,
    "values": Value,
    "terms": Term,
    "districts": District,
    "fields_of_action": FieldOfAction,
}
ASPECTS: Mapping[str, AspectKind] = {
    "beneficiaries": AspectKind.BENEFICIARY,
    "basic_services": AspectKind.BASIC_SERVICE,
    "goals": AspectKind.GOAL,
}


class CatalogueError(ValueError):
    """A framework file cannot be read; the message says where and why."""


def read_catalogue(path: Path) -> dict[str, Any]:
    """Return the content of a framework file (YAML or JSON); raises ``CatalogueError``."""
    try:
        data = read_texts(path)
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise CatalogueError(f"{path.name} is neither YAML nor JSON: {problem}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise CatalogueError(f"{path.name}: 'format: {FORMAT}' expected")
    for name in ("key", "title", "summary", "source"):
        if name not in data:
            raise CatalogueError(f"{path.name}: '{name}' is missing")
    for name in (*LISTS, *ASPECTS):
        _check_list(path.name, name, data.get(name, []))
    return data


def import_framework(session: Session, actor: Actor, *, catalogue: Mapping[str, Any]) -> Framework:
    """Store the framework and its lists, matched by key; entries that ideas may point to are never deleted."""
    require(ALLOWED if actor.has(Role.ADMIN) else refuse(_l("Only admins may import a framework.")))
    row = session.scalar(select(Framework).where(Framework.key == catalogue["key"]))
    if row is None:
        row = Framework(key=catalogue["key"])
        session.add(row)
    source = dict(catalogue["source"])
    adopted = source.pop("adopted_on", None)
    row.adopted_on = date.fromisoformat(str(adopted)) if adopted else None
    row.title, row.summary, row.source = catalogue["title"], catalogue["summary"], source
    session.flush()
    for name, table in LISTS.items():
        _import_list(session, table, {"framework_id": row.id}, catalogue.get(name, []))
    for name, kind in ASPECTS.items():
        _import_list(session, Aspect, {"framework_id": row.id, "kind": kind}, catalogue.get(name, []))
    session.flush()
    return row


def _import_list(
    session: Session, table: Any, belongs: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> None:
    """Bring one list up to date; ``belongs`` are the columns that all its rows have in common."""
    stored = session.scalars(select(table).filter_by(**belongs).order_by(table.position, table.id))
    known = {entry.key: entry for entry in stored}
    for position, entry in enumerate(entries, start=1):
        row = known.get(entry["key"])
        if row is None:
            row = table(**belongs, key=entry["key"])
            session.add(row)
        row.position = position
        row.title = entry["title"]
        row.explanation = entry.get("explanation", {})
        if table is Principle:
            row.pictogram = entry.get("pictogram", entry["key"])
            row.question = entry.get("question", {})
        if table is Term:
            row.forms = entry.get("forms", {})
    listed = {entry["key"] for entry in entries}
    left_out = [row for key, row in known.items() if key not in listed]
    for position, row in enumerate(left_out, start=len(listed) + 1):
        row.position = position


def _check_list(file: str, name: str, entries: Any) -> None:
    if not isinstance(entries, list):
        raise CatalogueError(f"{file}: '{name}' must be a list")
    keys = set()
    for number, entry in enumerate(entries, start=1):
        where = f"{file}: {name}, entry {number}"
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
            raise CatalogueError(f"{where}: 'key' is missing")
        if entry["key"] in keys:
            raise CatalogueError(f"{where}: the key '{entry['key']}' is there twice")
        if not isinstance(entry.get("title"), dict) or not any(entry["title"].values()):
            raise CatalogueError(f"{where}: 'title' needs a text in at least one language")
        keys.add(entry["key"])
