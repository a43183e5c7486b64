"""What changed between two revisions of a text, word by word, for people to read."""

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_CHANGES = 400
"""Texts that differ in more words than this are shown as replaced as a whole; it bounds time and memory."""
_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»„“”‚‘’…–—،؛؟")
# What is neither white space nor punctuation belongs together: vowel marks must not be cut off their letters.
_TOKEN = re.compile(rf"\s+|[{_PUNCTUATION}]|[^\s{_PUNCTUATION}]+")


class Change(enum.Enum):
    """What happened to a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text to which one thing happened."""

    change: Change
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in reading order, what was removed before what was added in its place.

    All but the added pieces joined are ``before``, all but the removed ones are ``after``. Source: E. W. Myers, An
    O(ND) difference algorithm and its variations, Algorithmica 1 (1986).
    """
    return tuple(_readable(_steps(_TOKEN.findall(before), _TOKEN.findall(after))))


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    """Yield a piece for each word, or larger ones; the order within a change is any."""
    shorter = min(len(before), len(after))
    head = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    rest = shorter - head
    tail = next((place for place in range(rest) if before[-1 - place] != after[-1 - place]), rest)
    yield Piece(Change.SAME, "".join(before[:head]))
    yield from _between(before[head : len(before) - tail], after[head : len(after) - tail])
    yield Piece(Change.SAME, "".join(before[len(before) - tail :]))


def _between(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    furthest = _furthest(before, after)
    if furthest is None:
        yield Piece(Change.REMOVED, "".join(before))
        yield Piece(Change.ADDED, "".join(after))
        return
    backwards = []
    x, y = len(before), len(after)
    for changes in range(len(furthest) - 1, 0, -1):
        row, diagonal = furthest[changes - 1], x - y
        down = diagonal == -changes or (diagonal != changes and row[diagonal - 1] < row[diagonal + 1])
        previous = diagonal + 1 if down else diagonal - 1
        came_x = row[previous]
        came_y = came_x - previous
        start = came_x if down else came_x + 1
        backwards.append(Piece(Change.SAME, "".join(before[start:x])))
        backwards.append(Piece(Change.ADDED, after[came_y]) if down else Piece(Change.REMOVED, before[came_x]))
        x, y = came_x, came_y
    backwards.append(Piece(Change.SAME, "".join(before[:x])))
    yield from reversed(backwards)


def _furthest(before: Sequence[str], after: Sequence[str]) -> list[dict[int, int]] | None:
    """Return how far each diagonal gets with 0, 1, 2 … changes until both ends are met; ``None`` for too many."""
    reached: dict[int, int] = {1: 0}
    rows: list[dict[int, int]] = []
    for changes in range(MOST_CHANGES + 1):
        row: dict[int, int] = {}
        for diagonal in range(-changes, changes + 1, 2):
            left, right = reached.get(diagonal - 1, -1), reached.get(diagonal + 1, -1)
            down = diagonal == -changes or (diagonal != changes and left < right)
            x = right if down else left + 1
            y = x - diagonal
            while x < len(before) and y < len(after) and before[x] == after[y]:
                x, y = x + 1, y + 1
            row[diagonal] = x
            if x >= len(before) and y >= len(after):
                return [*rows, row]
        rows.append(row)
        reached = row
    return None


def _readable(steps: Iterable[Piece]) -> Iterator[Piece]:
    """Join equal neighbours; what stands between two changes counts as changed unless it has a word or a line break."""
    removed, added, same = "", "", ""
    for step in steps:
        if not step.text:
            continue
        if step.change is Change.SAME:
            same += step.text
            continue
        if same and (not (removed or added) or any(letter.isalnum() or letter == "\n" for letter in same)):
            yield from _change(removed, added)
            yield Piece(Change.SAME, same)
            removed, added = "", ""
        elif same:
            removed, added = removed + same, added + same
        same = ""
        if step.change is Change.REMOVED:
            removed += step.text
        else:
            added += step.text
    yield from _change(removed, added)
    if same:
        yield Piece(Change.SAME, same)


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Change.REMOVED, removed)
    if added:
        yield Piece(Change.ADDED, added)
