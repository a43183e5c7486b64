"""Geometry of plots: numbers become places in percent, so that one drawing fits every width; words come from pages."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from participation.ideas.standing import lower_bound

MOST_TICKS = 4
GAP = 0.18
"""Part of the room of a column that stays free beside it."""
THIN = 0.8
"""What is not nothing is drawn at least so high, in percent."""


@dataclass(frozen=True, slots=True)
class Column:
    """An upright bar: left edge, width, top and height in percent of the drawing."""

    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis: ``at`` in percent from the left, or from the top; ``anchor`` is start, middle or end."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that lasts: left edge, width and middle in percent."""

    x: float
    width: float
    middle: float
    label: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its interval, in percent from the left; ``reference`` is what it is held against."""

    low: float
    at: float
    high: float
    reference: float | None = None


def percent(part: float, whole: float) -> float:
    """Return ``part`` of ``whole`` in percent, 0 of nothing, with two decimals: more would only be bytes."""
    return round(100 * part / whole, 2) if whole else 0.0


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of the share ``part / whole``, from 0 to 1; everything is possible for nothing.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    return lower_bound(part, whole), 1 - lower_bound(whole - part, whole)


def scale(largest: float, most: int = MOST_TICKS) -> tuple[int, ...]:
    """Return the round values of an axis from 0 to at least ``largest``, at most ``most`` of them above 0."""
    step = 1
    while largest > step * most:
        # 1, 2, 5, 10, 20, 50 and so on.
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return tuple(range(0, step * max(1, math.ceil(largest / step)) + 1, step))


def columns(values: Sequence[float], top: float) -> tuple[Column, ...]:
    """Return a column for each value that is not 0, side by side; ``top`` is the value that reaches the upper edge."""
    room = 100 / max(1, len(values))
    return tuple(
        Column(
            x=round((place + GAP / 2) * room, 2),
            width=round(room * (1 - GAP), 2),
            y=round(100 - height, 2),
            height=round(height, 2),
        )
        for place, value in enumerate(values)
        if value and (height := max(THIN, percent(value, top)))
    )


def levels(values: Sequence[int], labels: Sequence[str]) -> tuple[Tick, ...]:
    """Return the ticks of an upright axis: ``values`` from ``scale``, the last one at the top."""
    return tuple(
        Tick(round(100 - percent(value, values[-1]), 2), label) for value, label in zip(values, labels, strict=True)
    )


def interval(part: int, whole: int, *, reference: float | None = None) -> Interval:
    """Return the share ``part / whole`` with Wilson's interval as places; ``reference`` is a share from 0 to 1."""
    low, high = wilson(part, whole)
    return Interval(
        low=round(100 * low, 2),
        at=percent(part, whole),
        high=round(100 * high, 2),
        reference=None if reference is None else round(100 * reference, 2),
    )


def spread(count: int, most: int) -> tuple[int, ...]:
    """Return which of ``count`` places get a label so that at most ``most`` do, evenly from the first on."""
    return tuple(range(0, count, max(1, math.ceil(count / most))))
