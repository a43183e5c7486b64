"""How the cells, rows and columns of an OpenDocument spreadsheet look."""

from collections.abc import Iterator

from lxml import etree

from participation.exports.writers.cells import MIDDLE, NARROW, WIDE
from participation.exports.writers.cells import TEXT as TEXT_WIDTH
from participation.exports.writers.grid import (
    HEAD_FILL,
    LINE_HEIGHT,
    LINES_LIMIT,
    NOTE_WIDTHS,
    ROW_LINES,
    TITLE_HEIGHT,
)
from participation.exports.writers.odf import FITTED, SCALED, element

SHEET, WIDE_SHEET = "sheet", "wide-sheet"
TEXT, TEXT_LTR, TEXT_RTL, ID = "text", "text-ltr", "text-rtl", "id"
NUMBER, DECIMAL, START_NUMBER, SHARE = "number", "decimal", "start-number", "share"
DAY, MOMENT = "day", "moment"
HEAD, TITLE = "head", "title"

_MM_PER_CHARACTER = 2.0
_WIDTHS = sorted({NARROW, MIDDLE, WIDE, TEXT_WIDTH, *NOTE_WIDTHS})
_HEIGHTS = sorted({TITLE_HEIGHT, *(LINE_HEIGHT * lines for lines in range(1, LINES_LIMIT + 1))})


def column_of(width: int) -> str:
    """Return the style of a column that is ``width`` characters wide."""
    return f"column-{width}"


def row_of(height: float) -> str:
    """Return the style of a row of that height in points."""
    return f"row-{height:g}"


ROW = row_of(LINE_HEIGHT * ROW_LINES)
HEAD_ROW = row_of(LINE_HEIGHT * 2)


def text_style(direction: str, page: str, *, is_id: bool) -> str:
    """Return the style of a text that reads in ``direction`` on a sheet that reads as ``page`` says."""
    if is_id:
        return ID
    return TEXT if direction in {"", page} else f"{TEXT}-{direction}"


def automatic(*, is_rtl: bool) -> Iterator[etree._Element]:
    """Yield all styles that cells, rows, columns and sheets use; right to left, the sheets begin on the right."""
    yield from _data_styles()
    for name, page in ((SHEET, FITTED), (WIDE_SHEET, SCALED)):
        look = {"table:display": "true", "style:writing-mode": "rl-tb" if is_rtl else "lr-tb"}
        named_by = {"style:name": name, "style:family": "table", "style:master-page-name": page}
        yield element("style:style", named_by, element("style:table-properties", look))
    for width in _WIDTHS:
        yield _sized("table-column", column_of(width), "column-width", f"{width * _MM_PER_CHARACTER:g}mm")
    for height in _HEIGHTS:
        yield _sized("table-row", row_of(height), "row-height", f"{height:g}pt")
    yield from _cell_styles(is_rtl=is_rtl)


def _sized(family: str, name: str, what: str, size: str) -> etree._Element:
    fixed = {"style:use-optimal-row-height": "false"} if family == "table-row" else {}
    properties = element(f"style:{family}-properties", {f"style:{what}": size} | fixed)
    return element("style:style", {"style:name": name, "style:family": family}, properties)


def _cell_styles(*, is_rtl: bool) -> Iterator[etree._Element]:
    # Both words are taken for left and right, whatever side the sheet begins on.
    start = "end" if is_rtl else "start"
    yield _cell(TEXT)
    yield _cell(TEXT_LTR, writing_mode="lr-tb")
    yield _cell(TEXT_RTL, writing_mode="rl-tb")
    yield _cell(ID, data="as-text")
    yield _cell(NUMBER, data="whole")
    yield _cell(DECIMAL, data="one-place")
    yield _cell(START_NUMBER, data="grouped", align=start)
    yield _cell(SHARE, data="per-cent", align=start)
    yield _cell(DAY, data="iso-day", align=start)
    yield _cell(MOMENT, data="iso-moment", align=start)
    large = {"fo:font-size": "16pt", "style:font-size-complex": "16pt"}
    bold = {"fo:font-weight": "bold", "style:font-weight-complex": "bold"}
    yield _cell(HEAD, fill=HEAD_FILL, text=bold)
    # A title runs over the cells beside it, and those lie on the left where the sheet begins on the right.
    yield _cell(TITLE, wrap="no-wrap", align=start, text=bold | large)


def _cell(
    name: str,
    *,
    data: str = "",
    align: str = "",
    writing_mode: str = "",
    fill: str = "",
    wrap: str = "wrap",
    text: dict[str, str] | None = None,
) -> etree._Element:
    named_by = {"style:name": name, "style:family": "table-cell", "style:parent-style-name": "Default"}
    look = {"style:vertical-align": "top", "fo:wrap-option": wrap}
    if fill:
        look |= {"fo:background-color": fill, "fo:border-bottom": "0.75pt solid #000000"}
    if align:
        look["style:text-align-source"] = "fix"
    lines = {"fo:text-align": align, "style:writing-mode": writing_mode}
    parts = [element("style:table-cell-properties", look)]
    if said := {name: value for name, value in lines.items() if value}:
        parts.append(element("style:paragraph-properties", said))
    if text:
        parts.append(element("style:text-properties", text))
    return element("style:style", named_by | ({"style:data-style-name": data} if data else {}), *parts)


def _data_styles() -> Iterator[etree._Element]:
    yield element("number:text-style", {"style:name": "as-text"}, element("number:text-content"))
    yield _number("number-style", "whole", places=0)
    yield _number("number-style", "one-place", places=1)
    yield _number("number-style", "grouped", places=0, grouping="true")
    yield _number("percentage-style", "per-cent", element("number:text", None, "%"), places=1)
    day = tuple(_part(name) for name in ("year", "-", "month", "-", "day"))
    clock = tuple(_part(name) for name in (" ", "hours", ":", "minutes"))
    yield element("number:date-style", {"style:name": "iso-day"}, *day)
    again = tuple(_part(name) for name in ("year", "-", "month", "-", "day"))
    yield element("number:date-style", {"style:name": "iso-moment"}, *again, *clock)


def _number(family: str, name: str, *after: etree._Element, places: int, grouping: str = "false") -> etree._Element:
    shown = {"number:decimal-places": str(places), "number:min-integer-digits": "1", "number:grouping": grouping}
    return element(f"number:{family}", {"style:name": name}, element("number:number", shown), *after)


def _part(name: str) -> etree._Element:
    if not name.isalpha():
        return element("number:text", None, name)
    long = {"number:style": "long"}
    return element(f"number:{name}", long | ({"number:textual": "false"} if name == "month" else {}))
