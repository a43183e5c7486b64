"""The questions that people may answer about themselves, as part of a framework's file."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.demographics.models import Characteristic, CharacteristicOption
from participation.principles.models import Framework
from participation.principles.service import LISTS, CatalogueError, import_framework

LIST = "characteristics"
OPTIONS, OPTIONS_FROM = "options", "options_from"
Entry = Mapping[str, Any]


def import_catalogue(session: Session, actor: Actor, *, catalogue: Entry) -> Framework:
    """Store a framework with all its lists and the questions about people; for admins only.

    Questions and options are matched by key; those that answers may point to are never deleted, and what is known of
    the whole city stays. Raises ``CatalogueError`` for questions that cannot be read.
    """
    characteristics = read_characteristics(catalogue)
    framework = import_framework(session, actor, catalogue=catalogue)
    stored = session.scalars(
        select(Characteristic).where(Characteristic.framework_id == framework.id).order_by(Characteristic.position)
    )
    known = {row.key: row for row in stored}
    for position, entry in enumerate(characteristics, start=1):
        row = known.pop(entry["key"], None)
        if row is None:
            row = Characteristic(framework_id=framework.id, key=entry["key"], source={})
            session.add(row)
        row.position, row.title, row.question = position, entry["title"], entry["question"]
        session.flush()
        _import_options(session, row.id, entry[OPTIONS], entry.get("outreach", {}))
    for position, row in enumerate(known.values(), start=len(characteristics) + 1):
        row.position = position
    session.flush()
    return framework


def read_characteristics(catalogue: Entry) -> list[dict[str, Any]]:
    """Return the questions of a framework's file, each with its options; raises ``CatalogueError``.

    ``options_from`` names another list of the file, such as the districts, so that nothing stands there twice.
    """
    entries = catalogue.get(LIST, [])
    _check_entries(LIST, entries)
    read = []
    for entry in entries:
        where = f"{LIST}, '{entry['key']}'"
        if not isinstance(entry.get("question"), dict) or not any(entry["question"].values()):
            raise CatalogueError(f"{where}: 'question' needs a text in at least one language")
        if OPTIONS_FROM in entry:
            if entry[OPTIONS_FROM] not in LISTS:
                raise CatalogueError(f"{where}: '{OPTIONS_FROM}' must name one of {', '.join(LISTS)}")
            options = catalogue.get(entry[OPTIONS_FROM], [])
        else:
            options = entry.get(OPTIONS, [])
        _check_entries(f"{where}, {OPTIONS}", options)
        if len(options) < 2:
            raise CatalogueError(f"{where}: at least two options are needed")
        read.append({**entry, OPTIONS: options})
    return read


def _import_options(session: Session, characteristic_id: int, options: Sequence[Entry], outreach: Any) -> None:
    stored = session.scalars(
        select(CharacteristicOption)
        .where(CharacteristicOption.characteristic_id == characteristic_id)
        .order_by(CharacteristicOption.position)
    )
    known = {row.key: row for row in stored}
    for position, entry in enumerate(options, start=1):
        row = known.pop(entry["key"], None)
        if row is None:
            row = CharacteristicOption(characteristic_id=characteristic_id, key=entry["key"])
            session.add(row)
        row.position, row.title, row.outreach = position, entry["title"], entry.get("outreach", outreach)
    for position, row in enumerate(known.values(), start=len(options) + 1):
        row.position = position


def _check_entries(where: str, entries: Any) -> None:
    if not isinstance(entries, list):
        raise CatalogueError(f"{where}: a list is needed")
    keys: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
            raise CatalogueError(f"{where}, entry {number}: 'key' is missing")
        if entry["key"] in keys:
            raise CatalogueError(f"{where}: the key '{entry['key']}' is there twice")
        if not isinstance(entry.get("title"), dict) or not any(entry["title"].values()):
            raise CatalogueError(f"{where}, '{entry['key']}': 'title' needs a text in at least one language")
        keys.add(entry["key"])
