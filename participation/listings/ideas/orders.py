"""The orders that a list of ideas can have, and the place in one of them that an address carries along."""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from participation.ideas.standing import MILLION, ROUND
from participation.listings.ideas.rows import IdeaRow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The year 3000, in microseconds.
LATEST = 32_503_680_000_000_000
LARGEST = 2**62
LONGEST = 80


class Sort(enum.Enum):
    """What an order goes by."""

    ROTATION = "rotation"
    NEWEST = "newest"
    AGREEMENT = "agreement"
    CONTESTED = "contested"
    DISCUSSED = "discussed"
    RELEVANCE = "relevance"


BY_VOTES = frozenset({Sort.AGREEMENT, Sort.CONTESTED})
"""Orders that say something about results, and are for those who may see these."""

_LETTERS = {
    Sort.ROTATION: "r",
    Sort.NEWEST: "n",
    Sort.AGREEMENT: "a",
    Sort.CONTESTED: "c",
    Sort.DISCUSSED: "d",
    Sort.RELEVANCE: "q",
}
_LARGEST_KEY = {
    Sort.ROTATION: ROUND - 1,
    Sort.NEWEST: LATEST,
    Sort.AGREEMENT: MILLION,
    Sort.CONTESTED: MILLION,
    Sort.DISCUSSED: LARGEST,
    Sort.RELEVANCE: LARGEST,
}


@dataclass(frozen=True, slots=True)
class Round:
    """One way through the fair rotation: places by the draw with this number, beginning at ``start``."""

    draw: int
    start: int

    def distance(self, place: int) -> int:
        """Return how far ``place`` is from the start, walking upwards and around."""
        return (place - self.start) % ROUND


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list; ``round`` belongs to the rotation and to nothing else."""

    sort: Sort
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of an idea in an order; ``backwards`` asks for the page before it.

    ``key`` is what the order goes by: a place in the rotation, microseconds since 1970, millionths, a number.
    """

    order: Order
    key: int
    id: int
    backwards: bool = False

    @classmethod
    def at(cls, order: Order, row: IdeaRow, *, backwards: bool = False, relevance: int = 0) -> "Cursor":
        """Return the place of an idea; raises ``ValueError`` for an unpublished one in the order of publication."""
        keys = {
            Sort.ROTATION: row.rotation,
            Sort.AGREEMENT: row.agreement,
            Sort.CONTESTED: row.contested,
            Sort.DISCUSSED: row.comments,
            Sort.RELEVANCE: relevance,
        }
        key = microseconds(row.published_at) if order.sort is Sort.NEWEST else keys[order.sort]
        return cls(order, key, row.id, backwards)

    def encode(self) -> str:
        """Return the cursor as it stands in an address: a letter for the order, then numbers."""
        turn = (self.order.round.draw, self.order.round.start) if self.order.round else ()
        return _LETTERS[self.order.sort] + "-".join(map(str, (self.key, self.id, *turn)))

    @classmethod
    def decode(cls, text: str, *, sort: Sort, backwards: bool = False) -> "Cursor":
        """Return the cursor behind ``text``; raises ``ValueError`` for anything that is none of this order."""
        if not text.isascii() or len(text) > LONGEST or text[:1] != _LETTERS[sort]:
            raise ValueError("no cursor")
        parts = text[1:].split("-")
        if len(parts) != (4 if sort is Sort.ROTATION else 2) or not all(part.isdigit() for part in parts):
            raise ValueError("no cursor")
        key, id_, *turn = map(int, parts)
        limits = (_LARGEST_KEY[sort], LARGEST, LARGEST, ROUND - 1)
        if any(number > limit for number, limit in zip((key, id_, *turn), limits, strict=False)):
            raise ValueError("no cursor")
        return cls(Order(sort, Round(*turn) if turn else None), key, id_, backwards)


def microseconds(moment: datetime | None) -> int:
    """Return ``moment`` as whole microseconds since 1970; raises ``ValueError`` when there is none."""
    if moment is None:
        raise ValueError("an idea that is not published has no place in the order of publication")
    # In whole numbers: as a float the moment would lose its last microsecond now and then.
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment_of(key: int) -> datetime:
    """Return the moment that is so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=key)
