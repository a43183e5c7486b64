"""The figures of a process as they are stored and shown: what happened when and about what, and what votes say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Self

from participation.ideas.standing import lower_bound
from participation.tallies.figures import is_enough
from participation.voting.queries import FEWEST_VOTES, VoteFigures

FIGURES_VERSION = 1
"""Raised whenever other figures would be worked out of the same contributions."""
EVERY_MINUTES = 5
"""So often the worker looks whether figures have to be taken anew."""
CLASSES = 10
"""Into so many equal classes shares of agreement are sorted."""
FEWEST_BUSY = 10
"""Nothing is said about the most active tenth when it is fewer people than this."""
METHOD = f"figures-{FIGURES_VERSION}"
NUMBERS = MappingProxyType({"fewest": FEWEST_VOTES, "busy": 10 * FEWEST_BUSY, "minutes": EVERY_MINUTES})


@dataclass(frozen=True, slots=True)
class Amount:
    """How many published ideas there are, with how many published comments and votes on them."""

    ideas: int = 0
    comments: int = 0
    votes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.ideas + other.ideas, self.comments + other.comments, self.votes + other.votes)


@dataclass(frozen=True, slots=True)
class DayCount:
    """What happened on one day, in the city's time; ``people`` took part for the first time."""

    ideas: int = 0
    comments: int = 0
    votes: int = 0
    people: int = 0

    def __add__(self, other: "DayCount") -> "DayCount":
        return DayCount(
            self.ideas + other.ideas,
            self.comments + other.comments,
            self.votes + other.votes,
            self.people + other.people,
        )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """On how many ideas those who took a side agree or disagree beyond chance, and on how many that is open.

    Beyond chance: Wilson's 95 % interval of the share that agrees does not contain one half.
    """

    agreed: int = 0
    rejected: int = 0
    undecided: int = 0
    too_few: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """How votes are spread over those who voted: half of them voted ``median`` times or more.

    ``busiest`` of them, the most active tenth, gave ``busiest_votes``; both are 0 where that would be a few people.
    """

    voters: int = 0
    median: int = 0
    busiest: int = 0
    busiest_votes: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a process. Parts are by id, ``None`` counts what names none; days without anything are left out.

    ``shares`` counts ideas by the share of those who took a side that agrees, in ``CLASSES`` classes from 0 to 100 %.
    """

    total: Amount
    people: int
    days: Mapping[date, DayCount]
    principles: Mapping[int | None, Amount]
    fields: Mapping[int | None, Amount]
    districts: Mapping[int | None, Amount]
    verdicts: Verdicts
    shares: tuple[int, ...]
    activity: Activity

    def to_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "total": _numbers(self.total),
            "people": self.people,
            "days": {day.isoformat(): _numbers(count) for day, count in sorted(self.days.items())},
            **{
                name: {str(key or ""): _numbers(amount) for key, amount in part.items()}
                for name, part in (
                    ("principles", self.principles),
                    ("fields", self.fields),
                    ("districts", self.districts),
                )
            },
            "verdicts": _numbers(self.verdicts),
            "shares": list(self.shares),
            "activity": _numbers(self.activity),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return what ``to_json`` was called on; raises ``KeyError`` or ``TypeError`` for anything else."""

        def part(name: str) -> dict[int | None, Amount]:
            return {int(key) if key else None: Amount(*numbers) for key, numbers in data[name].items()}

        return cls(
            total=Amount(*data["total"]),
            people=data["people"],
            days={date.fromisoformat(day): DayCount(*numbers) for day, numbers in data["days"].items()},
            principles=part("principles"),
            fields=part("fields"),
            districts=part("districts"),
            verdicts=Verdicts(*data["verdicts"]),
            shares=tuple(data["shares"]),
            activity=Activity(*data["activity"]),
        )


def verdicts_of(votes: Iterable[VoteFigures]) -> tuple[Verdicts, tuple[int, ...]]:
    """Return the verdicts and the classes of shares from the votes on each idea."""
    counts = {"agreed": 0, "rejected": 0, "undecided": 0, "too_few": 0}
    classes = [0] * CLASSES
    for one in votes:
        counts[_verdict(one)] += 1
        if says_something(one):
            classes[min(CLASSES - 1, CLASSES * one.agree // (one.agree + one.disagree))] += 1
    return Verdicts(**counts), tuple(classes)


def says_something(votes: VoteFigures) -> bool:
    """Return whether there are enough votes to publish a share of those who took a side, and anybody did."""
    return is_enough(votes) and votes.agree + votes.disagree > 0


def activity_of(people_by_votes: Mapping[int, int]) -> Activity:
    """Return how votes are spread; ``people_by_votes`` says how many people gave so many votes."""
    voters = sum(people_by_votes.values())
    descending = sorted(people_by_votes.items(), reverse=True)
    tenth = voters // 10
    busiest, left = 0, tenth
    for votes, people in descending:
        busiest += votes * min(people, left)
        left -= min(people, left)
    shown = tenth >= FEWEST_BUSY
    return Activity(
        voters=voters,
        median=_median(descending, voters),
        busiest=tenth if shown else 0,
        busiest_votes=busiest if shown else 0,
    )


def _verdict(votes: VoteFigures) -> str:
    if not says_something(votes):
        return "too_few"
    sides = votes.agree + votes.disagree
    if lower_bound(votes.agree, sides) > 0.5:
        return "agreed"
    return "rejected" if lower_bound(votes.disagree, sides) > 0.5 else "undecided"


def _median(descending: list[tuple[int, int]], voters: int) -> int:
    """Return the largest number that at least half of the voters reach."""
    reached = 0
    for votes, people in descending:
        reached += people
        if 2 * reached >= voters:
            return votes
    return 0


def _numbers(counts: Any) -> list[int]:
    return [getattr(counts, field.name) for field in fields(counts)]
