"""How the whole city is made up: shares of residents, from a file of the city's statistics office."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.demographics.models import Characteristic, CharacteristicOption
from participation.kit.permissions import ALLOWED, refuse, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual.texts import read_texts
from participation.principles.models import Framework
from participation.principles.service import CatalogueError

FORMAT = 1
MILLION = 1_000_000
ROUNDING = 1.0
"""Percentages that were rounded may add up to so much more or less than 100."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where shares of one characteristic come from, and each option's share of all residents in millionths."""

    characteristic: str
    source: Translated
    source_url: str
    millionths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """The references for a framework."""

    framework: str
    references: tuple[Reference, ...]


def read_reference(path: Path) -> ReferenceFile:
    """Return the content of a reference file (YAML or JSON); raises ``CatalogueError``."""
    try:
        data = read_texts(path)
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise CatalogueError(f"{path.name} is neither YAML nor JSON: {problem}") from None
    return reference_file(path.name, data)


def reference_file(name: str, data: Any) -> ReferenceFile:
    """Return the references in the ``data`` of a file called ``name``; raises ``CatalogueError``."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise CatalogueError(f"{name}: 'format: {FORMAT}' expected")
    if not isinstance(data.get("framework"), str):
        raise CatalogueError(f"{name}: 'framework' is missing: the key of the framework that the shares are for")
    entries = data.get("references")
    if not isinstance(entries, list) or not entries:
        raise CatalogueError(f"{name}: 'references' must be a list")
    return ReferenceFile(
        data["framework"],
        tuple(_reference(f"{name}: references, entry {number}", entry) for number, entry in enumerate(entries, 1)),
    )


def import_reference(session: Session, actor: Actor, *, content: ReferenceFile) -> None:
    """Store the shares and their sources; options that a file leaves out are not known any more. For admins only.

    Raises ``CatalogueError`` for a framework, characteristic or option that does not exist.
    """
    require(ALLOWED if actor.has(Role.ADMIN) else refuse(_l("Only admins may import a framework.")))
    framework_id = session.scalar(select(Framework.id).where(Framework.key == content.framework))
    if framework_id is None:
        raise CatalogueError(f"there is no framework {content.framework!r}")
    rows = session.scalars(
        select(Characteristic).where(Characteristic.framework_id == framework_id).order_by(Characteristic.position)
    )
    characteristics = {row.key: row for row in rows}
    for reference in content.references:
        row = characteristics.get(reference.characteristic)
        if row is None:
            raise CatalogueError(_unknown("characteristic", reference.characteristic, characteristics))
        row.source, row.source_url = reference.source, reference.source_url
        options = {
            option.key: option
            for option in session.scalars(
                select(CharacteristicOption)
                .where(CharacteristicOption.characteristic_id == row.id)
                .order_by(CharacteristicOption.position)
            )
        }
        for key in reference.millionths:
            if key not in options:
                raise CatalogueError(f"{reference.characteristic}: {_unknown('option', key, options)}")
        for key, option in options.items():
            option.residents = reference.millionths.get(key)
    session.flush()


def _reference(where: str, entry: Any) -> Reference:
    if not isinstance(entry, dict) or not isinstance(entry.get("characteristic"), str):
        raise CatalogueError(f"{where}: 'characteristic' is missing")
    where = f"{where} ({entry['characteristic']})"
    source, url = entry.get("source"), entry.get("source_url", "")
    if not isinstance(source, dict) or not any(source.values()):
        raise CatalogueError(f"{where}: 'source' is missing: where the figures come from, in at least one language")
    if not isinstance(url, str) or (url and not url.startswith(("https://", "http://"))):
        raise CatalogueError(f"{where}: 'source_url' is no address of a page")
    if ("residents" in entry) == ("percent" in entry):
        raise CatalogueError(f"{where}: either 'residents' (numbers of people) or 'percent' is needed")
    if "residents" in entry:
        shares = _from_people(where, _numbers(where, entry["residents"]), entry.get("total"))
    else:
        shares = _from_percent(where, _numbers(where, entry["percent"]))
    return Reference(entry["characteristic"], source, url, shares)


def _numbers(where: str, given: Any) -> dict[str, float]:
    if not isinstance(given, dict) or not given:
        raise CatalogueError(f"{where}: a number for each option is needed")
    for key, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e10:
            raise CatalogueError(f"{where}: {key}: {value!r} is no number of people and no share")
    return {str(key): float(value) for key, value in given.items()}


def _from_people(where: str, people: Mapping[str, float], total: Any) -> dict[str, int]:
    listed = sum(people.values())
    whole = listed if total is None else total
    if isinstance(whole, bool) or not isinstance(whole, int | float) or whole < listed or not whole:
        raise CatalogueError(f"{where}: 'total' must be a number, and not less than the options together")
    return {key: round(count / whole * MILLION) for key, count in people.items()}


def _from_percent(where: str, percent: Mapping[str, float]) -> dict[str, int]:
    if sum(percent.values()) > 100 + ROUNDING:
        raise CatalogueError(f"{where}: the shares add up to more than 100 percent")
    return {key: round(share / 100 * MILLION) for key, share in percent.items()}


def _unknown(what: str, key: str, known: Mapping[str, object]) -> str:
    return f"there is no {what} {key!r}; there are: {', '.join(known) or 'none'}"
