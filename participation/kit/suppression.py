"""Which counts of a table may be shown so that nobody can tell what a few people said, and what follows from them.

A count under ``k`` is withheld, nil included: that nobody said something is said about everybody. As it could be
worked out from totals, other counts are withheld along with it (complementary suppression: L. H. Cox, Suppression
methodology and statistical disclosure control, J. Amer. Statist. Assoc. 75, 1980), until everything withheld may be
any of so many different numbers for whoever knows the rest. What may be worked out from the rest is a circulation
problem (M. Fischetti and J. J. Salazar-González, Solving the cell suppression problem on tabular data with linear
constraints, Management Sci. 47, 2001): the ranges are exact, not estimates.

Whoever also asks why just these counts are withheld can narrow some down further (R. C.-W. Wong et al., Minimality
attack in privacy preserving data publishing, VLDB 2007); against that only fewer tables would help.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

K = 10
"""No fewer people than these ever stand behind a number that is published or can be worked out."""
ENDLESS = 10**15


@dataclass(frozen=True, slots=True)
class Figure:
    """A count as it may be published: ``value``, or ``None`` where it is withheld.

    Of a withheld count readers can work out, and so may be told, that it is ``low`` at least and ``high`` at most
    (``None``: no limit). ``small`` says that it is less than k, and may be published so. ``is_complete`` is whether
    nothing is missing.
    """

    value: int | None
    low: int
    high: int | None
    small: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether the number itself may be published."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """Counts of which each person is in one at most, and how many they are together."""

    cells: tuple[Figure, ...]
    total: Figure

    @property
    def is_complete(self) -> bool:
        """Whether nothing is withheld."""
        return all(figure.is_shown for figure in (*self.cells, self.total))


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """Counts by rows and columns with their totals."""

    rows: tuple[tuple[Figure, ...], ...]
    row_totals: tuple[Figure, ...]
    column_totals: tuple[Figure, ...]
    total: Figure

    @property
    def is_complete(self) -> bool:
        """Whether nothing is withheld."""
        figures = (figure for row in self.rows for figure in row)
        return all(figure.is_shown for figure in (*figures, *self.row_totals, *self.column_totals, self.total))


def protect_row(counts: Sequence[int], *, k: int = K, known_total: bool = False) -> ProtectedRow:
    """Return which of the counts may be shown, and their total, so that no withheld one can be worked out.

    ``known_total`` says that the total is published elsewhere anyway: it is shown however small it is, and what
    follows from it alone cannot be helped. Raises ``ValueError`` for counts below nil.
    """
    lines = [_Line(0, 1, count) for count in counts]
    lines.append(_Line(1, 0, sum(counts), known=known_total, is_total=True))
    figures = _protect(lines, k)
    return ProtectedRow(figures[:-1], figures[-1])


def protect_table(
    counts: Sequence[Sequence[int]],
    *,
    k: int = K,
    known_row_totals: bool = False,
    known_column_totals: bool = False,
    known_total: bool = False,
) -> ProtectedTable:
    """Return which counts and totals of a table may be shown, so that no withheld one can be worked out.

    What is ``known`` is published elsewhere anyway, for instance how everybody together voted on an idea: it is shown
    however small, and what follows from it alone cannot be helped. Raises ``ValueError`` for counts below nil or rows
    of different lengths.
    """
    height, width = len(counts), len(counts[0]) if counts else 0
    if any(len(row) != width for row in counts):
        raise ValueError("the rows of a table have the same length")
    known_total = known_total or known_row_totals or known_column_totals
    rows_end, columns_end = height + width, height + width + 1
    lines = [_Line(row, height + column, counts[row][column]) for row in range(height) for column in range(width)]
    lines += [_Line(columns_end, row, sum(counts[row]), known_row_totals, True) for row in range(height)]
    for column in range(width):
        lines.append(_Line(height + column, rows_end, sum(row[column] for row in counts), known_column_totals, True))
    lines.append(_Line(rows_end, columns_end, sum(map(sum, counts)), known_total, True))
    figures = _protect(lines, k)
    cells, totals = figures[: height * width], figures[height * width : -1]
    return ProtectedTable(
        tuple(cells[row * width : (row + 1) * width] for row in range(height)),
        totals[:height],
        totals[height:],
        figures[-1],
    )


@dataclass(slots=True)
class _Line:
    """A count as a line of a network that carries it from one sum to another: what comes in goes out again."""

    start: int
    end: int
    count: int
    known: bool = False
    is_total: bool = False
    withheld: bool = False


Span = tuple[int, int]
Limits = Callable[[_Line], Span]
Room = dict[int, dict[int, int]]


def _protect(lines: list[_Line], k: int) -> tuple[Figure, ...]:
    if any(line.count < 0 for line in lines):
        raise ValueError("nobody can be counted less than not at all")
    small = [line for line in lines if line.count < k and not line.known]
    if not small:
        return tuple(_figure(line, None, False) for line in lines)
    needs = _needs(lines, k)
    # Called small where that can be said without narrowing anything down; else nothing is called anything.
    for labelled in (True, False) if _may_be_labelled(lines, k) else (False,):
        for line in lines:
            line.withheld = any(line is one for one in small)
        rules = _Rules(needs, k, labelled)
        chosen = _withhold_more(lines, rules)
        if chosen is not None:
            break
    _show_again(lines, chosen or [], rules)
    spans = _spans(lines, rules.limits)
    return tuple(
        _figure(line, span, rules.labelled and line.count < k) for line, span in zip(lines, spans, strict=True)
    )


def _figure(line: _Line, span: Span | None, small: bool) -> Figure:
    if span is None or not line.withheld:
        return Figure(line.count, line.count, line.count)
    low, high = span
    return Figure(None, low, None if high >= ENDLESS else high, small)


@dataclass(frozen=True, slots=True)
class _Rules:
    """How wide the range of each count has to be when it is withheld, and whether small ones are called so."""

    needs: list[int]
    k: int
    labelled: bool

    def limits(self, line: _Line) -> Span:
        """Return the least and the greatest number that a count may be for whoever reads what it is called."""
        if not self.labelled:
            return 0, ENDLESS
        return (0, self.k - 1) if line.count < self.k else (self.k, ENDLESS)

    def first_failing(self, lines: list[_Line]) -> _Line | None:
        """Return a withheld count whose range is too narrow."""
        plain = _Network(lines, _anything)
        called = _Network(lines, self.limits) if self.labelled else None
        for line, need in zip(lines, self.needs, strict=True):
            if line.withheld and not (
                plain.is_open(line, need) and (called is None or called.is_open(line, min(need, self.k - 1)))
            ):
                return line
        return None


def _needs(lines: list[_Line], k: int) -> list[int]:
    """Return how wide the range of each count has to be when it is withheld: k, or all that known totals allow."""
    if not any(line.known for line in lines):
        return [k] * len(lines)
    for line in lines:
        line.withheld = not line.known
    return [min(k, high - low) for low, high in _spans(lines, _anything)]


def _may_be_labelled(lines: list[_Line], k: int) -> bool:
    """Return whether what is known leaves it open that counts are small.

    Where a known total is so large that all of its counts can only just be small, nothing is called small, whatever
    they are: else calling nothing small would tell that all of them are.
    """
    for total in lines:
        if total.known:
            parts = sum(_is_part(line, total) for line in lines)
            if (parts - 1) * (k - 1) < total.count <= parts * (k - 1):
                return False
    return True


def _is_part(line: _Line, total: _Line) -> bool:
    """Return whether a count is one of those that ``total`` is the sum of."""
    return line is not total and (line.start == total.end or line.end == total.start)


def _withhold_more(lines: list[_Line], rules: _Rules) -> list[_Line] | None:
    """Withhold further counts until all ranges are wide enough; return those, or ``None`` when that is not enough."""
    chosen: list[_Line] = []
    while True:
        failing = rules.first_failing(lines)
        if failing is None:
            return chosen
        candidates = [line for line in lines if not line.withheld and not line.known]
        if not candidates:
            return None
        sums = {failing.start, failing.end}
        best = min(candidates, key=lambda line: (not sums & {line.start, line.end}, line.is_total, line.count))
        best.withheld = True
        chosen.append(best)


def _show_again(lines: list[_Line], chosen: list[_Line], rules: _Rules) -> None:
    """Show what was withheld along the way but is not needed in the end, the largest count first."""
    for line in sorted(chosen, key=lambda line: -line.count):
        if not line.withheld:
            continue
        shown = [line]
        line.withheld = False
        while (failing := rules.first_failing(lines)) is not None:
            # What was only withheld along with it may be shown along with it.
            if not any(failing is one for one in chosen):
                break
            failing.withheld = False
            shown.append(failing)
        else:
            continue
        for one in shown:
            one.withheld = True


def _anything(_line: _Line) -> tuple[int, int]:
    return 0, ENDLESS


def _spans(lines: list[_Line], limits: Limits) -> list[Span]:
    network = _Network(lines, limits)
    return [network.span(line) if line.withheld else (line.count, line.count) for line in lines]


class _Network:
    """How much each withheld count can grow or shrink while everything that is shown stays as it is."""

    def __init__(self, lines: list[_Line], limits: Limits) -> None:
        self._limits = limits
        self._room: Room = {}
        for line in lines:
            if line.withheld:
                self._widen(self._room, line, 1)

    def span(self, line: _Line) -> Span:
        """Return the least and the greatest number that a withheld count may be for whoever knows what is shown."""
        least, most = self._limits(line)
        more = self._change(line, line.end, line.start, most - line.count)
        less = self._change(line, line.start, line.end, line.count - least)
        return line.count - less, min(ENDLESS, line.count + more)

    def is_open(self, line: _Line, width: int) -> bool:
        """Return whether the range of a withheld count is at least so wide."""
        least, most = self._limits(line)
        more = self._change(line, line.end, line.start, min(width, most - line.count))
        if more >= width:
            return True
        return more + self._change(line, line.start, line.end, min(width - more, line.count - least)) >= width

    def _change(self, line: _Line, start: int, end: int, limit: int) -> int:
        if limit <= 0:
            return 0
        room = {node: dict(ends) for node, ends in self._room.items()}
        # What the count itself gains or loses has to come round through the others.
        self._widen(room, line, -1)
        return _flow(room, start, end, limit)

    def _widen(self, room: Room, line: _Line, by: int) -> None:
        least, most = self._limits(line)
        for start, end, width in (
            (line.start, line.end, most - line.count),
            (line.end, line.start, line.count - least),
        ):
            ends = room.setdefault(start, {})
            ends[end] = ends.get(end, 0) + by * width


def _flow(room: Room, start: int, end: int, limit: int) -> int:
    """Return how much can flow from start to end, ``limit`` at most, along shortest paths first (J. Edmonds and
    R. M. Karp, J. ACM 19, 1972); uses the room up."""
    total = 0
    while total < limit:
        path = _path(room, start, end)
        if path is None:
            break
        amount = min(limit - total, *(room[here][there] for here, there in path))
        for here, there in path:
            room[here][there] -= amount
            room[there][here] += amount
        total += amount
    return total


def _path(room: Room, start: int, end: int) -> list[tuple[int, int]] | None:
    came_from = {start: start}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there, width in room.get(here, {}).items():
            if width > 0 and there not in came_from:
                came_from[there] = here
                if there == end:
                    path = [(here, there)]
                    while path[-1][0] != start:
                        path.append((came_from[path[-1][0]], path[-1][0]))
                    return path
                waiting.append(there)
    return None
