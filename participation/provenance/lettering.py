"""Lines of text in boxes of a picture: broken by an estimate of how wide letters are, because nobody measures here."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from participation.multilingual import Phrase

NAME_SIZE, TEXT_SIZE = 12.0, 14.0
LINE, FIRST_LINE, PADDING = 18.0, 18.0, 10.0
MOST_LINES = 3
NOTE_LINES = 2
THIN, BROAD = "fijlrtI1.,:;'!|()[] ’‘·-", "mwMWQ@%—…"
ROOM = 0.97
"""Letters may be a little wider than estimated."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text at its place; ``role`` is name, text, note or caption; it begins at ``x`` or is centred there."""

    text: str
    x: float
    y: float
    role: str
    anchor: str = "start"
    language: str = ""
    dir: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A line that has no place yet."""

    text: str
    role: str
    language: str = ""
    dir: str = ""


def broken(name: str, text: Phrase | None, note: str, width: float) -> list[Said]:
    """Return the lines that name, text and note take in a box of this width; what is too long ends in an ellipsis."""
    room = width - 2 * PADDING
    lines = [Said(line, "name") for line in wrapped(name, room, NAME_SIZE, most=NOTE_LINES)]
    if text and text.text:
        words = wrapped(text.text, room, TEXT_SIZE, most=MOST_LINES)
        lines += [Said(line, "text", text.language, text.dir) for line in words]
    if note:
        lines += [Said(line, "note") for line in wrapped(note, room, NAME_SIZE, most=NOTE_LINES)]
    return lines


def height_of(name: str, text: Phrase | None, note: str, width: float) -> float:
    """Return how high a box of this width has to be."""
    return len(broken(name, text, note, width)) * LINE + 2 * PADDING - 4


def placed(lines: Sequence[Said], x: float, y: float, width: float, *, mirrored: bool) -> Iterator[Line]:
    """Yield the lines at their places in a box; each begins on the side on which its language begins."""
    for number, line in enumerate(lines):
        from_right = line.dir == "rtl" if line.dir else mirrored
        at = x + width - PADDING if from_right else x + PADDING
        direction = "rtl" if from_right else "ltr"
        base = y + PADDING + number * LINE + 12
        yield Line(line.text, round(at, 1), round(base, 1), line.role, "start", line.language, direction)


def wrapped(text: str, room: float, size: float, *, most: int) -> list[str]:
    """Return the text in at most so many lines; words that are wider than a line are broken."""
    lines: list[str] = []
    for word in _pieces(text, room, size):
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    last = f"{lines[most - 1]} …"
    while width_of(last, size) > room and len(last) > 2:
        last = f"{last[:-2].rstrip()}…"
    return [*lines[: most - 1], last]


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is in letters of this size."""
    return sum(_share(letter) for letter in text) * size / ROOM


def _share(letter: str) -> float:
    if letter in THIN:
        return 0.34
    if letter in BROAD:
        return 0.92
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if unicodedata.combining(letter):
        return 0.0
    return 0.68 if letter.isupper() else 0.56


def _pieces(text: str, room: float, size: float) -> Iterator[str]:
    for word in text.split():
        rest = word
        while width_of(rest, size) > room:
            fits = next((n for n in range(len(rest) - 1, 1, -1) if width_of(rest[:n] + "-", size) <= room), 1)
            yield rest[:fits] + "-"
            rest = rest[fits:]
        yield rest
