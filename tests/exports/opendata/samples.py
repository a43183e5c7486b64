"""Open data written without a database: a release of a document, in a folder."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from participation.exports.document import StrategyInput
from participation.exports.opendata.columns import PeopleRow, Published
from participation.exports.opendata.readme import About
from participation.exports.opendata.words import licence_of
from participation.exports.opendata.writing import Written, write_release
from participation.processes.models import DataLicence

ZONE = ZoneInfo("Europe/Berlin")
LANGUAGES = ("de", "en", "ar")
BUILT_AT = datetime(2026, 5, 3, 14, 30, tzinfo=ZONE)
PEOPLE = (
    PeopleRow(characteristic="age", characteristic_in={"en": "Age"}, answer="", answer_in={}, people=40),
    PeopleRow(
        characteristic="age",
        characteristic_in={"en": "Age"},
        answer="young",
        answer_in={"en": "young"},
        people=None,
        least=0,
        most=9,
    ),
)


def about(
    *,
    number: int = 3,
    built_at: datetime = BUILT_AT,
    title: str = "Our *strategy*",
    licence: DataLicence = DataLicence.DL_DE_BY,
    languages: Sequence[str] = LANGUAGES,
) -> About:
    """Return what a release says about itself."""
    return About(
        process={"en": title, "de": "Unsere Strategie"},
        summary={"en": "What shall change?"},
        slug="strategy",
        number=number,
        built_at=built_at,
        city="Dortmund",
        operator="City of Dortmund",
        contact="team@example.org",
        url="https://example.org/de/processes/strategy/data",
        licence=licence_of(licence),
        languages=tuple(languages),
    )


def written(document: StrategyInput, folder: Path, said: About | None = None) -> Written:
    """Write a release into ``folder`` and return what was written."""
    folder.mkdir()
    return write_release(Published(document, PEOPLE), said or about(), folder, zone=ZONE, progress=lambda _rows: None)


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON Lines file."""
    # Line separators inside texts are no ends of lines here.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
