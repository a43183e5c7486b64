"""What the city says about accessibility, as it is kept: status, gaps with their reasons, test, offices."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from participation.kit.schema import Translated


class Conformity(enum.Enum):
    """How far the platform meets the requirements, as the European model statement distinguishes it."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Method(enum.Enum):
    """What the statement rests on."""

    SELF = "self"
    EXTERNAL = "external"


class GapKind(enum.Enum):
    """Why something is not accessible."""

    NOT_YET = "not_yet"
    BURDEN = "burden"
    EXEMPT = "exempt"


OFFICES = ("ombuds", "monitoring")
"""Who mediates where an answer does not help, and who supervises."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not accessible: what, why, what there is instead, and the day by which it shall be."""

    id: int
    kind: GapKind
    text: Translated
    alternative: Translated
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """A public office: its name, how it can be reached (lines of text), and its page."""

    name: Translated
    contact: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the city says itself; ``prepared_on`` and ``reviewed_on`` are empty as long as nobody has said it."""

    status: Conformity
    method: Method
    assessor: Translated
    report_url: str
    prepared_on: date | None
    reviewed_on: date | None
    gaps: tuple[Gap, ...]
    offices: Mapping[str, Office]

    def gap(self, gap_id: int) -> Gap | None:
        """Return the gap with this number."""
        return next((gap for gap in self.gaps if gap.id == gap_id), None)

    def with_gap(self, gap: Gap) -> "Facts":
        """Return the facts with ``gap`` in place of the one with its number, or at the end."""
        known = self.gap(gap.id) is not None
        gaps = tuple(gap if one.id == gap.id else one for one in self.gaps)
        return replace(self, gaps=gaps if known else (*self.gaps, gap))

    def without_gap(self, gap_id: int) -> "Facts":
        """Return the facts without the gap with this number."""
        return replace(self, gaps=tuple(gap for gap in self.gaps if gap.id != gap_id))

    @property
    def next_gap(self) -> int:
        """A number that no gap has."""
        return max((gap.id for gap in self.gaps), default=0) + 1

    @property
    def is_contradictory(self) -> bool:
        """Whether full conformity is claimed though there are gaps that stand against it."""
        return self.status is Conformity.FULL and any(gap.kind is not GapKind.EXEMPT for gap in self.gaps)


def read_facts(stored: Mapping[str, Any]) -> Facts:
    """Return facts as they were kept with ``stored_facts``, or stand in the file that comes with the product."""
    return Facts(
        status=Conformity(stored["status"]),
        method=Method(stored["method"]),
        assessor=stored["assessor"],
        report_url=stored["report_url"],
        prepared_on=_day(stored["prepared_on"]),
        reviewed_on=_day(stored["reviewed_on"]),
        gaps=tuple(
            Gap(gap["id"], GapKind(gap["kind"]), gap["text"], gap["alternative"], _day(gap["until"]))
            for gap in stored["gaps"]
        ),
        offices={
            name: Office(office["name"], office["contact"], office["url"]) for name, office in stored["offices"].items()
        },
    )


def stored_facts(facts: Facts) -> dict[str, Any]:
    """Return ``facts`` as JSON-ready values."""
    return {
        "status": facts.status.value,
        "method": facts.method.value,
        "assessor": facts.assessor,
        "report_url": facts.report_url,
        "prepared_on": _iso(facts.prepared_on),
        "reviewed_on": _iso(facts.reviewed_on),
        "gaps": [
            {
                "id": gap.id,
                "kind": gap.kind.value,
                "text": gap.text,
                "alternative": gap.alternative,
                "until": _iso(gap.until),
            }
            for gap in facts.gaps
        ],
        "offices": {
            name: {"name": office.name, "contact": office.contact, "url": office.url}
            for name, office in facts.offices.items()
        },
    }


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
