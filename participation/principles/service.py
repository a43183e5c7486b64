"""Importing a framework from its file; importing it again brings texts and order up to date."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, refuse, require
from participation.multilingual import lazy as _l
from participation.principles.models import Criterion, District, FieldOfAction, Framework, Principle, Value

FORMAT = 1
LISTS: Mapping[str, Any] = {
    "principles": Principle,
    "criteria": Criterion,
    "values": Value,
    "districts": District,
    "fields_of_action": FieldOfAction,
}


class CatalogueError(ValueError):
    """A framework file cannot be read; the message says where and why."""


def read_catalogue(path: Path) -> dict[str, Any]:
    """Return the content of a framework file (YAML or JSON); raises ``CatalogueError``."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise CatalogueError(f"{path.name} is neither YAML nor JSON: {problem}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise CatalogueError(f"{path.name}: 'format: {FORMAT}' expected")
    for name in ("key", "title", "summary", "source"):
        if name not in data:
            raise CatalogueError(f"{path.name}: '{name}' is missing")
    for name in LISTS:
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
        known = {entry.key: entry for entry in session.scalars(select(table).where(table.framework_id == row.id))}
        for position, entry in enumerate(catalogue.get(name, []), start=1):
            stored = known.get(entry["key"])
            if stored is None:
                stored = table(framework_id=row.id, key=entry["key"])
                session.add(stored)
            stored.position = position
            stored.title = entry["title"]
            stored.explanation = entry.get("explanation", {})
            if table is Principle:
                stored.pictogram = entry.get("pictogram", entry["key"])
                stored.question = entry.get("question", {})
        listed = {entry["key"] for entry in catalogue.get(name, [])}
        left_out = [entry for key, entry in known.items() if key not in listed]
        for position, entry in enumerate(left_out, start=len(listed) + 1):
            entry.position = position
    session.flush()
    return row


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
