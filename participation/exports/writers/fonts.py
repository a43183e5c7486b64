"""The fonts of typeset files, and texts reduced to the characters these fonts can draw."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # published without types

FAMILIES = ("Noto Sans", "Noto Sans Arabic")
FOLDERS = tuple(
    Path(package.__file__ or "").parent / "files" for package in (fontpkg_noto_sans, fontpkg_noto_sans_arabic)
)

MISSING = "\ufffd"

_REFUSED_BY_PDF_UA = frozenset({0x0, 0xFEFF, 0xFFFE})

_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})
_DEPENDENT = _MARKS | {"Sk"}


@cache
def coverage() -> tuple[frozenset[int], ...]:
    """Return the code points of each family, in the order of `FAMILIES`; read from the fonts once per process."""
    return tuple(frozenset.intersection(*(_code_points(path) for path in folder.glob("*.ttf"))) for folder in FOLDERS)


def printable(text: str) -> str:
    """Return the text with what no font can draw replaced: one U+FFFD per run of characters, nothing for marks.

    A mark (accent, joiner, skin tone) stays only if one font has it together with the character it belongs to: the
    typesetter draws both from one font and refuses the file otherwise. For the same reason a text does not begin with
    marks: they would belong to whatever is printed before it.
    """
    text = text[next((at for at, one in enumerate(text) if unicodedata.category(one) not in _MARKS), len(text)) :]
    first = coverage()[0]
    if all(ord(character) in first or character == "\n" for character in text):
        return text
    drawn: list[str] = []
    for group in _groups(text):
        shown = _shown(group)
        if shown != MISSING or not drawn or drawn[-1] != MISSING:
            drawn.append(shown)
    return "".join(drawn)


def _code_points(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or ()) - _REFUSED_BY_PDF_UA


def _groups(text: str) -> Iterator[str]:
    """Yield each character together with the marks that follow it."""
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or unicodedata.category(text[position]) not in _DEPENDENT:
            if text:
                yield text[start:position]
            start = position


def _shown(group: str) -> str:
    base, marks = group[0], group[1:]
    if base == "\n":
        return base
    fonts = [font for font in coverage() if ord(base) in font]
    if not fonts:
        return "" if unicodedata.category(base) in _DEPENDENT else MISSING
    if any(all(ord(mark) in font for mark in marks) for font in fonts):
        return group
    return base + "".join(mark for mark in marks if ord(mark) in fonts[0])
