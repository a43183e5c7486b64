"""What a paper is made of: headings, paragraphs, tables and pictures that know neither Word nor PDF.

Every text is clean and every number is in words. A writer renders these few kinds and nothing else, so that all
formats say the same.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of text. ``language`` is "" where it is the paper's; ``anchor`` links to a heading, ``url`` outwards.

    ``note`` is a footnote whose mark follows the text.
    """

    text: str
    bold: bool = False
    quiet: bool = False
    language: str = ""
    dir: str = ""
    anchor: str = ""
    url: str = ""
    note: tuple["Span", ...] = ()


Line: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of level 1 to 3; those of levels 1 and 2 are in the contents."""

    text: str
    level: int
    anchor: str = ""
    new_page: bool = False
    block: Literal["heading"] = field(default="heading", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; "quiet" ones are smaller, "lead" ones larger, "figures" ones keep to what follows."""

    line: Line
    look: Literal["plain", "quiet", "lead", "figures"] = "plain"
    block: Literal["paragraph"] = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Paragraphs that matter most, in a tinted box."""

    lines: tuple[Line, ...]
    block: Literal["box"] = field(default="box", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list."""

    items: tuple[Line, ...]
    block: Literal["bullets"] = field(default="bullets", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a head. ``widths`` share the width of the page; the last ``figures`` columns hold numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]
    figures: int = 0
    is_small: bool = False
    block: Literal["table"] = field(default="table", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One line of a drawing. Places are from 0 to 1 of its width; ``at`` is ``None`` where only a range is known."""

    label: str
    shown: str
    at: float | None
    low: float = 0.0
    high: float = 0.0
    reference: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Columns of one kind beside each other, heights from 0 to 1; ``top`` is what 1 stands for."""

    label: str
    top: str
    heights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label on an axis, ``at`` from 0 to 1."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing with its description; "stances" are three numbers, "bars" and "shares" have marks, "columns" panels.

    ``key`` explains the signs. Nothing in it is said by colour alone.
    """

    kind: Literal["stances", "bars", "shares", "columns"]
    alt: str
    title: str = ""
    stances: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()
    panels: tuple[Panel, ...] = ()
    ticks: tuple[Tick, ...] = ()
    key: str = ""
    block: Literal["picture"] = field(default="picture", init=False)


Block: TypeAlias = Heading | Paragraph | Box | Bullets | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper: its title page, then blocks in the order of reading. The contents stand after ``summary``.

    ``logo`` is the path of a picture, "" without one.
    """

    title: str
    kind: str
    city: str
    number: str
    status: str
    question: tuple[str, ...]
    summary: tuple[Block, ...]
    blocks: tuple[Block, ...]
    logo: str = ""
    logo_alt: str = ""


def line(*texts: str | Span) -> Line:
    """Return a line of texts and spans, empty texts left out."""
    return tuple(Span(text=one) if isinstance(one, str) else one for one in texts if one)
