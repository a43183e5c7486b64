"""What a run of the opinion groups found, as data that is stored as JSON and shown by pages; it names nobody.

Everything in here may be published wherever results may be seen, except ``Suspicion``, which is for staff. Pages show
titles of ideas only after asking whether the reader may see the idea: some may have been hidden since the run.
"""

import types
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

Counts = tuple[int | None, ...]
"""One count per group; ``None`` is withheld."""


class Stored:
    """A frozen dataclass that can be written as JSON and read again."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Return what is stored: dictionaries, lists and plain values."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]  # every subclass is a dataclass

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return what ``to_json`` was called on; raises ``KeyError`` or ``TypeError`` for anything else."""
        revived: Self = _revive(cls, data)
        return revived


@dataclass(frozen=True, slots=True)
class Share(Stored):
    """A share of votes in whole percent, ``exact`` or, where the numbers behind it are withheld, a limit.

    The limit is "at least so many" or, with ``at_most``, "at most so many".
    """

    percent: int
    exact: bool
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Held(Stored):
    """An idea that stands for a group: ``share`` of its votes take this side, ``elsewhere`` of the other groups'.

    ``votes`` are those of the group on the idea; ``votes`` and ``elsewhere`` are ``None`` where they are withheld.
    """

    idea_id: int
    agrees: bool
    share: Share
    elsewhere: Share | None
    votes: int | None


@dataclass(frozen=True, slots=True)
class Against(Stored):
    """An idea on which a group takes the other side than most people who voted on it; ``overall`` is of all votes."""

    idea_id: int
    agrees: bool
    share: Share
    overall: Share | None
    votes: int | None


@dataclass(frozen=True, slots=True)
class Ellipse(Stored):
    """Where most people of a group are on the map: centre, half axes, and the angle of the first axis in degrees."""

    x: float
    y: float
    long: float
    short: float
    degrees: float


@dataclass(frozen=True, slots=True)
class Group(Stored):
    """One group; number 0 is the largest. ``percent`` is its share of the people grouped."""

    number: int
    size: int
    percent: int
    representative: tuple[Held, ...]
    against_majority: tuple[Against, ...]
    place: Ellipse


@dataclass(frozen=True, slots=True)
class Shared(Stored):
    """An idea on which all groups take the same side; ``shares`` has one per group.

    ``product`` of the shares orders them; it is not for publication.
    """

    idea_id: int
    agrees: bool
    product: float
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Dividing(Stored):
    """An idea that divides the groups; ``shares`` that agree, one per group, ``None`` where it is not published."""

    idea_id: int
    shares: tuple[Share | None, ...]


@dataclass(frozen=True, slots=True)
class Cell(Stored):
    """A place on the map and how many people of one group are around there: 10 or more."""

    x: float
    y: float
    group: int
    people: int


@dataclass(frozen=True, slots=True)
class OpinionMap(Stored):
    """People by their votes, x and y from -1 to 1; ``explained`` is how much of all difference each axis carries."""

    explained: tuple[float, ...]
    scale: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class IdeaFigures:
    """How groups voted on one idea, each figure one per group; ``None`` is not published (fewer than 10 people).

    ``x`` and ``y`` (-1 to 1) say in which direction of the map people agree with the idea.
    """

    idea_id: int
    x: float
    y: float
    agree: Counts
    disagree: Counts
    unsure: Counts


@dataclass(frozen=True, slots=True)
class IdeaTable(Stored):
    """All ideas of the run as columns in the order of ``ids``; counts are idea × group, after suppression.

    Counts are worked out for the ideas with the most votes and for those that are listed; all others have ``None``.

    ``x`` and ``y`` are loadings, ``mean`` the mean vote (-1 to 1) of the people grouped: what own places are worked
    out from. Means are not for publication.
    """

    ids: tuple[int, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    mean: tuple[float, ...]
    agree: tuple[Counts, ...]
    disagree: tuple[Counts, ...]
    unsure: tuple[Counts, ...]

    def figures_of(self, idea_id: int) -> IdeaFigures | None:
        """Return the figures of one idea, ``None`` where it was not part of the run."""
        if idea_id not in self.ids:
            return None
        place, strongest = self.ids.index(idea_id), max(map(abs, (*self.x, *self.y)), default=0) or 1
        return IdeaFigures(
            idea_id,
            self.x[place] / strongest,
            self.y[place] / strongest,
            self.agree[place],
            self.disagree[place],
            self.unsure[place],
        )


@dataclass(frozen=True, slots=True)
class Tried(Stored):
    """A number of groups that was tried: how well it separates (silhouette, -1 to 1).

    ``smallest`` is the size of its smallest group, nil where that has fewer than 10 people.
    """

    k: int
    silhouette: float
    smallest: int


@dataclass(frozen=True, slots=True)
class GroupResult(Stored):
    """What a run found. Fewer than two ``groups``: nobody can be told apart; lists of groups are empty then."""

    people: int
    too_few_votes: int
    candidates: tuple[Tried, ...]
    groups: tuple[Group, ...]
    consensus: tuple[Shared, ...]
    divisive: tuple[Dividing, ...]
    map: OpinionMap
    ideas: IdeaTable


@dataclass(frozen=True, slots=True)
class Variant(Stored):
    """The result without some of the votes.

    ``code``: ``late_bursts``, ``new_accounts``, ``identical_votes``, ``without_group`` (then ``group`` says which).
    ``left_out`` people and ``left_out_votes`` are ``None`` where it is one to nine people; with nobody left out the
    rest is as in the full result. ``agreement`` is how far the remaining people stay together as they were (adjusted
    Rand index, 1 = just the same). Of the ideas that all groups share, those shown, ``kept`` and ``lost`` still are
    and no longer are shared; ``new`` ones were not shared before. Without a whole group less is asked of an idea.
    ``reasons`` (why not ``stable``): ``groups_differ``, ``number_of_groups``, ``consensus_differs``, ``no_groups``.
    """

    code: str
    group: int | None
    left_out: int | None
    left_out_votes: int | None
    k: int
    agreement: float
    kept: tuple[int, ...]
    lost: tuple[int, ...]
    new: tuple[int, ...]
    stable: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Burst(Stored):
    """An hour with far more votes than usual, for staff; ``usual`` votes per hour, ``times`` as many as that."""

    begins_at: str
    votes: int
    people: int
    usual: float
    times: float
    late: bool


@dataclass(frozen=True, slots=True)
class Alike(Stored):
    """People who voted the same on the same ideas or nearly so, for staff: how many, on how many ideas, how alike."""

    people: int
    ideas: int
    same: bool
    agreement: float


@dataclass(frozen=True, slots=True)
class Suspicion(Stored):
    """What staff get to see about possible campaigns: times and numbers, never who."""

    bursts: tuple[Burst, ...]
    alike: tuple[Alike, ...]
    new_accounts: int
    new_account_votes: int


@dataclass(frozen=True, slots=True)
class Robustness(Stored):
    """Whether the result holds without some of the votes; ``reasons`` are those of all variants, each once."""

    stable: bool
    reasons: tuple[str, ...]
    variants: tuple[Variant, ...]
    staff: Suspicion


PLAIN = (int, float, str, int | None)


def _revive(wanted: Any, data: Any) -> Any:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        inner = next(one for one in get_args(wanted) if one is not type(None))
        return None if data is None else _revive(inner, data)
    if origin is tuple:
        inner = get_args(wanted)[0]
        return tuple(data) if inner in PLAIN else tuple(_revive(inner, one) for one in data)
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = get_type_hints(wanted)
        return wanted(**{field.name: _revive(hints[field.name], data[field.name]) for field in fields(wanted)})
    return data
