"""How those who take part compare with the whole city: shares with intervals, and which differences count as gaps."""

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Any

from participation.demographics.queries import CharacteristicView, Told
from participation.kit.suppression import Figure, K, protect_row

METHOD = "people-1"
"""Changes whenever the same answers may give other figures."""
CONFIDENCE = 0.95
FOUR_FIFTHS = 0.8
"""A share is called too low when it is less than four fifths of the city's, and too high the other way round."""
NUMBERS: Mapping[str, object] = MappingProxyType(
    {"smallest": K, "confidence": round(100 * CONFIDENCE), "enough": round(100 * FOUR_FIFTHS)}
)


class Finding(enum.Enum):
    """What can be said about an answer, held against the city."""

    LESS = "less"
    MORE = "more"
    ALIKE = "alike"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """How many gave an answer. ``share``, and the interval from ``low`` to ``high``, are parts of those who answered.

    ``share`` is ``None`` where the count is withheld; the interval holds for whatever it may be then.
    """

    key: str
    count: Figure
    share: float | None
    low: float
    high: float
    residents: float | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many answered one question, and what; ``together`` are the answers whose own counts are withheld, as one.

    Their sum follows from what is shown, so it may be told: several small groups may be missing together.
    """

    key: str
    total: Figure
    answers: tuple[AnswerFigures, ...]
    together: AnswerFigures | None = None


def published_figures(told: Told, characteristics: Iterable[CharacteristicView]) -> dict[str, Any]:
    """Return as plain data what may be published of all answers: no count under k, and none such a one follows from."""
    return {
        "method": METHOD,
        "participants": told.participants,
        "people": _packed(protect_row([told.people]).total),
        "characteristics": {
            characteristic.key: _distribution(characteristic, told.answers) for characteristic in characteristics
        },
    }


def compare(characteristic: CharacteristicView, published: Mapping[str, Any]) -> Distribution | None:
    """Return the published figures of a characteristic beside the city's; ``None`` where there are none."""
    figures = published["characteristics"].get(characteristic.key)
    if figures is None:
        return None
    total, counts = _unpacked(figures["total"]), figures["options"]
    options = [option for option in characteristic.options if option.key in counts]
    answers = tuple(
        _answer(option.key, _unpacked(counts[option.key]), total, option.residents, among=len(options))
        for option in options
    )
    return Distribution(characteristic.key, total, answers, _together(answers, total))


def people_told(published: Mapping[str, Any]) -> Figure:
    """Return how many people had said something about themselves."""
    return _unpacked(published["people"])


def simultaneous_interval(part: int, whole: int, *, among: int) -> tuple[float, float]:
    """Return the interval of a share, 0 to 1, when ``among`` shares of one whole are looked at together.

    L. A. Goodman, On simultaneous confidence intervals for multinomial proportions, Technometrics 7, 1965: Wilson's
    interval, so much wider that in 95 of 100 such samples all of the shares lie within theirs.
    """
    z = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / (2 * max(1, among)))
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = z / (1 + square / whole) * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return max(0.0, middle - half), min(1.0, middle + half)


def _answer(key: str, count: Figure, total: Figure, residents: float | None, *, among: int) -> AnswerFigures:
    if not total.value:
        return AnswerFigures(key, count, None, 0.0, 1.0, residents, Finding.UNKNOWN)
    whole = total.value
    fewest, most = count.low, whole if count.high is None else count.high
    low, high = simultaneous_interval(fewest, whole, among=among)[0], simultaneous_interval(most, whole, among=among)[1]
    share = None if count.value is None else count.value / whole
    return AnswerFigures(
        key, count, share, low, high, residents, _finding(residents, (fewest / whole, most / whole), (low, high))
    )


def _together(answers: Sequence[AnswerFigures], total: Figure) -> AnswerFigures | None:
    """Return the answers whose counts are withheld as if they were one; ``None`` where nothing is gained by it."""
    withheld = [answer for answer in answers if not answer.count.is_shown]
    if total.value is None or not 1 < len(withheld) < len(answers):
        return None
    count = total.value - sum(answer.count.value or 0 for answer in answers)
    shares = [answer.residents for answer in withheld if answer.residents is not None]
    residents = sum(shares) if len(shares) == len(withheld) else None
    return _answer("", Figure(count, count, count), total, residents, among=len(answers))


def _finding(residents: float | None, shares: tuple[float, float], interval: tuple[float, float]) -> Finding:
    """Return what a share says; a difference that may be chance, or is small, is none."""
    if residents is None:
        return Finding.UNKNOWN
    (least, most), (low, high) = shares, interval
    if high < residents and most < FOUR_FIFTHS * residents:
        return Finding.LESS
    if low > residents and least * FOUR_FIFTHS > residents:
        return Finding.MORE
    return Finding.ALIKE


def _distribution(characteristic: CharacteristicView, answers: Mapping[int, int]) -> dict[str, Any]:
    counts: Sequence[int] = [answers.get(option.id, 0) for option in characteristic.options]
    row = protect_row(counts)
    keys = (option.key for option in characteristic.options)
    return {
        "total": _packed(row.total),
        "options": {key: _packed(cell) for key, cell in zip(keys, row.cells, strict=True)},
    }


def _packed(figure: Figure) -> dict[str, Any]:
    if figure.value is not None:
        return {"value": figure.value}
    return {"low": figure.low, "high": figure.high, "small": figure.small}


def _unpacked(data: Mapping[str, Any]) -> Figure:
    value = data.get("value")
    if value is not None:
        return Figure(value, value, value)
    return Figure(None, data["low"], data["high"], data["small"])
