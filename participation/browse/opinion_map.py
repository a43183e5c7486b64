"""The map of opinion groups as a picture: where groups, people and ideas stand, and the same in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, radians, sin, sqrt

from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.opinions.queries import OwnPlace
from participation.opinions.results import Group, GroupResult
from participation.opinions.wording import letter_of, name_of

REACH = 40.0
"""How far from the middle the edge of what is drawn stands, in percent of the picture; outlines reach farther."""
THINNEST = 3.0
"""An outline is at least so many percent of the picture wide, measured from its middle: people who vote all the same
have no spread."""
MOST_SIGNS = 300
"""So many signs for people are drawn at most; where there are more people, each stands for several."""
GOLDEN = pi * (3 - sqrt(5))
"""Turning by this angle from one sign to the next packs them like the seeds of a sunflower (H. Vogel, 1979)."""
PACKED = 6.4
MOST_IDEAS = 8
APART = 9.0
"""Marks of ideas stand at least so far from each other and from the letters, in percent of the picture."""
PIN = 5.0
"""So far above its point the head of the pin for one's own place is, in percent of the picture."""
SIDE = 0.25
"""From so far off the middle (0 to 1) on a place is called left or right, above or below."""


@dataclass(frozen=True, slots=True)
class Area:
    """An ellipse in percent of the picture, from its upper left corner."""

    x: float
    y: float
    long: float
    short: float
    degrees: float


@dataclass(frozen=True, slots=True)
class Swarm:
    """People around one place; ``signs`` are distances from there in pixels, to the right and downwards."""

    x: float
    y: float
    signs: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the picture; ``number`` is what stands there, if anything."""

    x: float
    y: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """One group on the picture; ``number`` counts from 1 and decides shape and colour, ``spot`` is for the letter."""

    number: int
    letter: str
    name: str
    area: Area
    spot: Spot
    swarms: tuple[Swarm, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the map draws; ``idea_ids`` are the numbered ideas in their order, ``sign`` says what one is."""

    groups: tuple[DrawnGroup, ...]
    ideas: tuple[Spot, ...]
    idea_ids: tuple[int, ...]
    own: Spot | None
    sign: str
    description: str


def picture(result: GroupResult, public_ids: Collection[int], own: OwnPlace | None) -> Picture:
    """Return the map of a result with at least two groups; only the ideas in ``public_ids`` are marked on it."""
    per_sign = _people_per_sign(sum(cell.people for cell in result.map.cells))
    pin = Spot(*_place(own.x, own.y)) if own else None
    groups = tuple(_drawn(result, group, per_sign, pin) for group in result.groups)
    taken = [(group.spot.x, group.spot.y) for group in groups]
    ideas = tuple(_telling(result, public_ids, taken))
    return Picture(
        groups=groups,
        ideas=tuple(Spot(x, y, place) for place, (_idea_id, x, y) in enumerate(ideas, start=1)),
        idea_ids=tuple(idea_id for idea_id, _x, _y in ideas),
        own=pin,
        sign=ngettext("%(num)s person", "about %(num)s people", per_sign),
        description=_description(result),
    )


def where(x: float, y: float) -> str:
    """Return in words where a place (-1 to 1 from left to right, from below to above) is."""
    column = 0 if x < -SIDE else 2 if x > SIDE else 1
    row = 0 if y > SIDE else 2 if y < -SIDE else 1
    words = (
        (_("in the upper left"), _("above the middle"), _("in the upper right")),
        (_("on the left"), _("in the middle"), _("on the right")),
        (_("in the lower left"), _("below the middle"), _("in the lower right")),
    )
    return words[row][column]


def _place(x: float, y: float) -> tuple[float, float]:
    return round(50 + REACH * max(-1.0, min(1.0, x)), 1), round(50 - REACH * max(-1.0, min(1.0, y)), 1)


def _drawn(result: GroupResult, group: Group, per_sign: int, pin: Spot | None) -> DrawnGroup:
    place = group.place
    x, y = _place(place.x, place.y)
    long, short = (max(THINNEST, round(REACH * axis, 1)) for axis in (place.long, place.short))
    # The picture counts downwards, so it turns the other way.
    area = Area(x, y, long, short, round(-place.degrees, 1))
    return DrawnGroup(
        number=group.number + 1,
        letter=letter_of(group.number),
        name=name_of(group.number),
        area=area,
        spot=_letter_spot(area, pin),
        swarms=tuple(
            Swarm(*_place(cell.x, cell.y), _packed(max(1, round(cell.people / per_sign))))
            for cell in result.map.cells
            if cell.group == group.number
        ),
    )


def _people_per_sign(people: int) -> int:
    """Return how many people one sign stands for: 1, 2, 5, 10, 20, 50 …"""
    unit = 1
    while people / unit > MOST_SIGNS:
        unit = unit * 5 // 2 if str(unit).startswith("2") else unit * 2
    return unit


def _packed(number_of_signs: int) -> tuple[tuple[float, float], ...]:
    places = ((PACKED * sqrt(place), place * GOLDEN) for place in range(number_of_signs))
    return tuple((round(radius * cos(angle), 1), round(radius * sin(angle), 1)) for radius, angle in places)


def _letter_spot(area: Area, pin: Spot | None) -> Spot:
    """Return where the ellipse is farthest from the middle of the picture: there the letter hides nobody.

    It is the other end where the pin of one's own place would hide the letter; the head of the pin is above its point.
    """
    angle = atan2(area.y - 50, area.x - 50) if (area.x, area.y) != (50, 50) else -pi / 2
    spot = _edge(area, angle)
    return _edge(area, angle + pi) if pin and hypot(spot.x - pin.x, spot.y - pin.y + PIN) < APART else spot


def _edge(area: Area, angle: float) -> Spot:
    turned = angle - radians(area.degrees)
    reach = 1 / sqrt((cos(turned) / area.long) ** 2 + (sin(turned) / area.short) ** 2)
    x, y = area.x + reach * cos(angle), area.y + reach * sin(angle)
    return Spot(round(min(96.0, max(4.0, x)), 1), round(min(95.0, max(5.0, y)), 1))


def _telling(
    result: GroupResult, public_ids: Collection[int], taken: list[tuple[float, float]]
) -> Iterable[tuple[int, float, float]]:
    """Yield the ideas that set people apart most, with places that leave each other room."""
    table = result.ideas
    strongest = max(map(abs, (*table.x, *table.y)), default=0) or 1
    order = sorted(range(len(table.ids)), key=lambda place: (-hypot(table.x[place], table.y[place]), table.ids[place]))
    found = 0
    for place in order:
        x, y = _place(table.x[place] / strongest, table.y[place] / strongest)
        if table.ids[place] not in public_ids or any(hypot(x - left, y - top) < APART for left, top in taken):
            continue
        taken.append((x, y))
        yield table.ids[place], x, y
        found += 1
        if found == MOST_IDEAS:
            return


def _description(result: GroupResult) -> str:
    return " ".join(
        ngettext(
            "%(group)s: %(num)s person, %(where)s.",
            "%(group)s: %(num)s people, %(where)s.",
            group.size,
            group=name_of(group.number),
            where=where(group.place.x, group.place.y),
        )
        for group in result.groups
    )
