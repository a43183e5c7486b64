"""The Leitbild as the map of a process: principles × fields of action, and where ideas are missing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from flask import g, url_for

from participation.browse.filters import NO_FIELD, NOT_SURE, address
from participation.browse.shared import remembered
from participation.browse.surroundings import entries_around
from participation.kit.db import db
from participation.listings.leitbild import Grid, grid_of
from participation.listings.names import Entry
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import number
from participation.processes.outline import ProcessOutline

LEVELS = 4
MOST_GAPS = 6


@dataclass(frozen=True, slots=True)
class MapCell:
    """How many ideas a principle has in a field; ``level`` is 0 for none and grows with the number.

    ``kind`` is "ideas", "gap" where there are none, or "none" where nothing can be missing ("not sure", no field).
    """

    field: str
    count: int
    shown: str
    level: int
    kind: str
    is_big: bool
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class MapRow:
    """One principle, or "not sure", which has no page of its own."""

    title: str
    pictogram: str
    url: str
    count: int
    total: str
    total_url: str
    cells: tuple[MapCell, ...]
    filled: tuple[MapCell, ...]
    gaps: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True)
class MapColumn:
    """One field of action, or "no field named"."""

    title: str
    total: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a level of shading stands for."""

    level: int
    label: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A principle or a field without any idea, or two that have ideas but none in common."""

    pictogram: str
    names: tuple[str, ...]
    facts: str
    url: str


@dataclass(frozen=True, slots=True)
class MapPage:
    """The map of a process; ``propose_closed`` says why nobody can propose now."""

    process_title: str
    process_url: str
    ideas_url: str
    propose_url: str
    propose_closed: str
    columns: tuple[MapColumn, ...]
    rows: tuple[MapRow, ...]
    total: str
    summary: str
    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]
    is_empty: bool


def grid_around(process: ProcessOutline) -> Grid:
    """Return the numbers of the map, counted once for each version of the process."""
    return remembered(("map", process.slug, process.version), lambda: grid_of(db.session(), process.id))


def levels(largest: int) -> tuple[tuple[int, int], ...]:
    """Return the ranges of numbers that share a shade, from 1 to ``largest``; each reaches further than the one before.

    The ends are powers of the same base, so that few and many can both be told apart.
    """
    if largest <= LEVELS:
        return tuple((count, count) for count in range(1, largest + 1))
    # Rounded first: a root may come out a hair above the whole number it is.
    ends = [math.ceil(round(largest ** (step / LEVELS), 6)) for step in range(1, LEVELS + 1)]
    return tuple(zip([1, *(end + 1 for end in ends)], ends, strict=False))


def map_page(process: ProcessOutline, *, propose_closed: str) -> MapPage:
    """Return the map of a process in the reader's language."""
    plan = _Plan(process, may_propose=not propose_closed)
    return MapPage(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=plan.ideas_url,
        propose_url=plan.propose_url,
        propose_closed=propose_closed,
        columns=tuple(plan.column(field) for field in (*plan.fields, None)),
        rows=tuple(plan.row(principle) for principle in (*plan.principles, None)),
        total=number(plan.grid.total),
        summary=plan.summary(),
        steps=tuple(Step(level, _range(low, high)) for level, (low, high) in enumerate(plan.levels, start=1)),
        gaps=tuple(plan.gaps())[:MOST_GAPS],
        is_empty=not plan.grid.total,
    )


class _Plan:
    """The numbers of a process and everything that its map is drawn with."""

    def __init__(self, process: ProcessOutline, *, may_propose: bool) -> None:
        entries = entries_around(process)
        self.slug = process.slug
        self.principles, self.fields = entries.principles, entries.fields
        self.grid = grid_around(process)
        self.may_propose = may_propose
        self.ideas_url = url_for("browse.ideas", slug=process.slug)
        self.propose_url = f"{self.ideas_url}/new"
        named = [count for (principle, field), count in self.grid.cells.items() if principle and field]
        self.levels = levels(max(named, default=0))
        principle_ids, field_ids = [one.id for one in self.principles], [one.id for one in self.fields]
        self.big = self.grid.biggest_gaps(principle_ids, field_ids, most=MOST_GAPS)

    def row(self, principle: Entry | None) -> MapRow:
        """Return the row of a principle, or of the ideas that name none."""
        cells = tuple(self._cell(principle, field) for field in (*self.fields, None))
        count = self.grid.row(principle.id if principle else None)
        page = url_for("leitbild.principle", slug=self.slug, principle_key=principle.key) if principle else ""
        return MapRow(
            title=_principle_name(principle),
            pictogram=principle.pictogram if principle else "unsure",
            url=page,
            count=count,
            total=number(count),
            total_url=address(self.ideas_url, {"principle": principle.key if principle else NOT_SURE}),
            cells=cells,
            filled=tuple(cell for cell in cells if cell.count),
            gaps=tuple(cell for cell in cells if cell.kind == "gap"),
        )

    def column(self, field: Entry | None) -> MapColumn:
        """Return the head of a field's column with its sum, or of the ideas that name none."""
        count = self.grid.fields.get(field.id if field else None, 0)
        return MapColumn(
            title=_field_name(field),
            total=number(count),
            label=f"{_field_name(field)}: {ngettext('%(num)s idea', '%(num)s ideas', count)}",
            url=address(self.ideas_url, {"field": field.key if field else NO_FIELD}) if count else "",
        )

    def gaps(self) -> Iterator[Gap]:
        """Yield what is missing: first principles and fields without any idea, then empty cells, the biggest first."""
        if not self.grid.total:
            return
        for principle in self.principles:
            if not self.grid.row(principle.id):
                facts = _("Nobody has named this principle yet.")
                yield Gap(principle.pictogram, (_principle_name(principle),), facts, self._propose(principle, None))
        for field in self.fields:
            if not self.grid.fields.get(field.id):
                facts = _("There is no idea in this field of action yet.")
                yield Gap("place", (_field_name(field),), facts, self._propose(None, field))
        principles, fields = {one.id: one for one in self.principles}, {one.id: one for one in self.fields}
        for principle_id, field_id in self.big:
            yield self._meeting(principles[principle_id], fields[field_id])

    def summary(self) -> str:
        """Return how much of the map is filled, in one sentence."""
        cells = [(one.id, field.id) for one in self.principles for field in self.fields]
        empty = sum(not self.grid.cells.get(cell) for cell in cells)
        return ngettext(
            "%(num)s of %(all)s meetings of a principle and a field of action has no idea yet.",
            "%(num)s of %(all)s meetings of a principle and a field of action have no idea yet.",
            empty,
            all=number(len(cells)),
        )

    def _cell(self, principle: Entry | None, field: Entry | None) -> MapCell:
        place = (principle.id if principle else None, field.id if field else None)
        count = self.grid.cells.get(place, 0)
        kind = "ideas" if count else "gap" if principle and field else "none"
        both = _("%(principle)s, %(field)s", principle=_principle_name(principle), field=_field_name(field))
        if count:
            query = {
                "principle": principle.key if principle else NOT_SURE,
                "field": field.key if field else NO_FIELD,
            }
            url, what = address(self.ideas_url, query), ngettext("%(num)s idea", "%(num)s ideas", count)
        else:
            url = self._propose(principle, field) if kind == "gap" else ""
            what = _("propose the first one") if url else _("no idea")
        return MapCell(
            field=_field_name(field),
            count=count,
            shown=number(count),
            level=next((level for level, (_low, high) in enumerate(self.levels, start=1) if count <= high), LEVELS)
            if count
            else 0,
            kind=kind,
            is_big=place in self.big,
            label=f"{both}: {what}",
            url=url,
        )

    def _meeting(self, principle: Entry, field: Entry) -> Gap:
        named, located = self.grid.row(principle.id), self.grid.fields.get(field.id, 0)
        facts = _(
            "%(named)s and %(located)s, but none does both.",
            named=ngettext("%(num)s idea names the principle", "%(num)s ideas name the principle", named),
            located=ngettext("%(num)s is in the field", "%(num)s are in the field", located),
        )
        names = (_principle_name(principle), _field_name(field))
        return Gap(principle.pictogram, names, facts, self._propose(principle, field))

    def _propose(self, principle: Entry | None, field: Entry | None) -> str:
        if not self.may_propose:
            return ""
        query = {"principle": principle.key if principle else "", "field": field.key if field else ""}
        return address(self.propose_url, {name: value for name, value in query.items() if value})


def _principle_name(principle: Entry | None) -> str:
    return pick(principle.title, g.language) if principle else _("Not sure")


def _field_name(field: Entry | None) -> str:
    return pick(field.title, g.language) if field else _("No field named")


def _range(low: int, high: int) -> str:
    if low == high:
        return ngettext("%(num)s idea", "%(num)s ideas", low)
    return _("%(low)s to %(high)s ideas", low=number(low), high=number(high))
