"""What staff chose for the import of one file, as the page asks for it and as the row of the import keeps it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from participation.intake.layouts import Layout, layout_by_key, matching, usual_names
from participation.intake.models import IntakeKind
from participation.intake.shapes import Columns, Shape, whole_layout

ORPHANS_KEPT = True


@dataclass(frozen=True, slots=True)
class Choices:
    """Which column holds what, and how rows are treated; ``layout`` names the layout that the file was taken for.

    A field with an empty list of columns stands where the layout says.
    """

    columns: Columns = field(default_factory=dict)
    layout: str = ""
    takes_left_out: bool = False
    waits: bool = False
    keeps_orphans: bool = ORPHANS_KEPT

    def stored(self) -> dict[str, Any]:
        """Return the choices as what a column of JSON can hold."""
        return {
            "fields": {name: list(columns) for name, columns in self.columns.items()},
            "layout": self.layout,
            "takes_left_out": self.takes_left_out,
            "waits": self.waits,
            "keeps_orphans": self.keeps_orphans,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return choices that were stored."""
        return cls(
            columns=stored.get("fields", {}),
            layout=stored.get("layout", ""),
            takes_left_out=stored.get("takes_left_out", False),
            waits=stored.get("waits", False),
            keeps_orphans=stored.get("keeps_orphans", ORPHANS_KEPT),
        )

    def shape(self, kind: IntakeKind) -> Shape:
        """Return the shape of a file for which this was chosen."""
        return Shape(kind, self.columns, layout_by_key(self.layout), self.takes_left_out, self.waits)


def first_choices(layout: Layout | None, columns: Sequence[str], kind: IntakeKind) -> Choices:
    """Return what to begin with: what the layout of the file says, otherwise columns called as usual."""
    if layout is not None and layout.kind is kind:
        return Choices(whole_layout(layout), layout.key)
    names = {field: [column for name in usual for column in matching(columns, name)] for field, usual in _usual(kind)}
    return Choices({field: found[:1] for field, found in names.items() if found and columns.count(found[0]) == 1})


def _usual(kind: IntakeKind) -> Iterable[tuple[str, Sequence[str]]]:
    return usual_names()[kind].items()


def fits(columns: Columns, layout: str, present: Sequence[str]) -> bool:
    """Return whether a file with the columns ``present`` has all that a saved mapping wants."""
    known = layout_by_key(layout)
    if layout and (known is None or not known.fits(present)):
        return False
    return all(matching(present, column) for chosen in columns.values() for column in chosen)
