"""QR codes: an address as squares that cameras read, for pages and for what is printed."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code: an SVG path of its dark squares, and how many squares wide it is with the quiet zone around it."""

    path: str
    width: int


def symbol(address: str) -> Symbol:
    """Return the QR code that holds ``address``, readable though an eighth of it be dirty."""
    code = segno.make(address, error="m", micro=False)
    squares = []
    for y, row in enumerate(code.matrix):
        squares += [f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z" for x, dark in enumerate(row) if dark]
    return Symbol("".join(squares), len(code.matrix) + 2 * QUIET_ZONE)


def svg_file(address: str) -> str:
    """Return the QR code that holds ``address`` as an SVG file, black on nothing: it has to stand on white."""
    drawn = symbol(address)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.width}" '
        f'width="{drawn.width}" height="{drawn.width}" shape-rendering="crispEdges">'
        f'<path d="{drawn.path}"/></svg>'
    )
