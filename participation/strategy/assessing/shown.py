"""The matrix of statements as plain values for its component, for the public and for the desk."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for

from participation.multilingual import Phrase, ngettext
from participation.multilingual import gettext as _
from participation.strategy.assessing.queries import Cell, Matrix, MatrixRow, Tally
from participation.strategy.assessing.yardsticks import VERDICTS, Yard, Yardstick
from participation.strategy.models import StatementState

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Head:
    """A criterion or a value over its column; ``kind`` is "criterion" or "value"."""

    title: Phrase
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said in one place: ``verdict`` is "fulfilled", "open", "conflict" or "missing", ``label`` says it."""

    head: Head
    verdict: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A statement with its marks, in the order of the heads; ``note`` says how many are about an earlier wording."""

    name: str
    text: Phrase
    url: str
    is_draft: bool
    facts: str
    note: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The criteria or the values: how many columns they take."""

    title: str
    columns: int


@dataclass(frozen=True, slots=True)
class LegendItem:
    """What a mark means and how often it stands in the matrix."""

    verdict: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class MatrixShown:
    """Statements × criteria and values."""

    groups: tuple[Group, ...]
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    legend: tuple[LegendItem, ...]


def matrix_shown(matrix: Matrix, *, line_url: Callable[[int], str]) -> MatrixShown:
    """Return a matrix as its component takes it."""
    heads = tuple(Head(one.title, yardstick_url(one), one.kind.value) for one in matrix.yardsticks)
    counts = {kind: sum(1 for head in heads if head.kind == kind.value) for kind in Yard}
    titles = {Yard.CRITERION: _("Test criteria"), Yard.VALUE: _("Values")}
    return MatrixShown(
        groups=tuple(Group(titles[kind], number) for kind, number in counts.items() if number),
        heads=heads,
        lines=tuple(_line(row, heads, line_url(row.id)) for row in matrix.rows),
        legend=legend_of(matrix.tally),
    )


def yardstick_url(yardstick: Yardstick) -> str:
    """Return the page of a criterion or a value."""
    if yardstick.kind is Yard.CRITERION:
        return url_for("leitbild.criterion", criterion_key=yardstick.key)
    return url_for("leitbild.value", value_key=yardstick.key)


def legend_of(tally: Tally) -> tuple[LegendItem, ...]:
    """Return what the marks mean, each with its number."""
    numbers = (tally.fulfilled, tally.open, tally.conflict)
    said = [
        LegendItem(verdict.value, str(label), count)
        for (verdict, label), count in zip(VERDICTS.items(), numbers, strict=True)
    ]
    return (*said, LegendItem(MISSING, _("Not assessed yet"), tally.missing))


def in_words(tally: Tally) -> str:
    """Return a tally as a short list: only what is there."""
    counted = (
        (tally.fulfilled, ngettext("%(num)s fulfilled", "%(num)s fulfilled", tally.fulfilled)),
        (tally.open, ngettext("%(num)s open", "%(num)s open", tally.open)),
        (tally.conflict, ngettext("%(num)s in conflict", "%(num)s in conflict", tally.conflict)),
        (tally.missing, ngettext("%(num)s not assessed yet", "%(num)s not assessed yet", tally.missing)),
    )
    return " · ".join(words for number, words in counted if number)


def _line(row: MatrixRow, heads: Iterable[Head], url: str) -> Line:
    outdated = sum(1 for cell in row.cells if cell.current and cell.current.is_outdated)
    return Line(
        name=_("Statement %(number)s", number=row.number),
        text=row.text,
        url=url,
        is_draft=row.state is StatementState.DRAFT,
        facts=in_words(row.tally),
        note=ngettext("%(num)s said about an earlier wording", "%(num)s said about an earlier wording", outdated)
        if outdated
        else "",
        marks=tuple(_mark(cell, head) for cell, head in zip(row.cells, heads, strict=True)),
    )


def _mark(cell: Cell, head: Head) -> Mark:
    if cell.current is None:
        return Mark(head, MISSING, _("Not assessed yet"))
    return Mark(head, cell.current.verdict.value, str(VERDICTS[cell.current.verdict]))
