"""A tree as a picture: boxes in columns from what people say to what the city does, or one below the other.

Only places and lines of text: what they look like is up to whoever draws them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from participation.multilingual import Phrase
from participation.provenance.lettering import FIRST_LINE, LINE, PADDING, Line, broken, height_of, placed
from participation.provenance.tree import Entry, EntryKind, Tree, other_ideas

WIDE, NARROW = 1080.0, 320.0
GAP_ACROSS, GAP_WIDEST, GAP_DOWN, INDENT = 44.0, 88.0, 14.0, 16.0
WIDEST = 340.0
HEAD = 30.0
"""How much room the captions of the columns take."""
IDEAS_DRAWN = 4
THEMES_FULL = 6
"""With more themes than that only one idea of each is drawn; with more than three times as many none."""
GONE_DRAWN = 3

COLUMNS = (
    (EntryKind.COMMENT, EntryKind.VOTES, EntryKind.BUNDLE),
    (EntryKind.IDEA,),
    (EntryKind.THEME,),
    (EntryKind.STATEMENT,),
    (EntryKind.ANSWER, EntryKind.REFERRAL),
    (EntryKind.MEASURE,),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """What is to be drawn of an entry."""

    key: str
    kind: EntryKind
    name: str
    text: Phrase | None = None
    note: str = ""
    is_gone: bool = False
    is_root: bool = False

    @property
    def column(self) -> int:
        """In which column it stands."""
        return next(number for number, kinds in enumerate(COLUMNS) if self.kind in kinds)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Tiles in the order in which they are told, how deep each stands, and what leads to what."""

    tiles: tuple[Tile, ...]
    depths: tuple[int, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A tile at its place, with its lines."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]
    is_gone: bool
    is_root: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, lines between them as path data with arrow heads, and captions; in the picture's own units."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    links: tuple[str, ...]
    heads: tuple[str, ...]
    captions: tuple[Line, ...] = ()


def scheme_of(tree: Tree) -> Scheme:
    """Return what is drawn of a tree: everything above the ideas, and a few of the ideas themselves."""
    tiles: dict[str, tuple[Tile, int]] = {}
    links: dict[tuple[str, str], None] = {}

    def add(entry: Entry, depth: int, *, is_root: bool = False) -> str:
        note = entry.facts[0] if entry.facts else ""
        tile = Tile(entry.key, entry.kind, entry.name, entry.text, note, entry.is_gone, is_root)
        tiles.setdefault(entry.key, (tile, depth))
        return entry.key

    def up(entries: Iterable[Entry], below: str, depth: int) -> None:
        for entry in entries:
            if entry.kind is not EntryKind.STEP:
                key = add(entry, depth)
                links[below, key] = None
                up(entry.entries, key, depth + 1)

    def down(entries: Sequence[Entry], above: str, depth: int, most: int) -> None:
        for entry in entries:
            key = add(entry, depth)
            links[key, above] = None
            if entry.kind is EntryKind.THEME:
                shown = entry.entries[:most]
                down(shown, key, depth + 1, most)
                if rest := entry.others + len(entry.entries) - len(shown):
                    more = Entry(EntryKind.IDEA, -entry.id, other_ideas(rest))
                    links[add(more, depth + 1), key] = None
            elif entry.kind is EntryKind.IDEA:
                down(entry.entries, key, depth + 1, most)

    root = add(tree.root, 0, is_root=True)
    up(tree.became, root, 1)
    themes = sum(entry.kind is EntryKind.THEME for entry in tree.rests_on)
    most = IDEAS_DRAWN if themes <= THEMES_FULL else int(themes <= 3 * THEMES_FULL)
    gone = [entry for entry in tree.rests_on if entry.is_gone]
    down([entry for entry in tree.rests_on if not entry.is_gone] + gone[:GONE_DRAWN], root, 1, most)
    return Scheme(tuple(tile for tile, _ in tiles.values()), tuple(depth for _, depth in tiles.values()), tuple(links))


def drawn_wide(scheme: Scheme, captions: Sequence[str], *, mirrored: bool = False) -> Picture:
    """Return a picture with a column for each kind, named by ``captions``; ``mirrored`` reads from the right."""
    columns: dict[int, list[Tile]] = {}
    for tile in scheme.tiles:
        columns.setdefault(tile.column, []).append(tile)
    used = sorted(columns)
    width = min((WIDE - GAP_ACROSS * (len(used) - 1)) / len(used), WIDEST)
    gap = min((WIDE - width * len(used)) / max(len(used) - 1, 1), GAP_WIDEST)
    total = width * len(used) + gap * (len(used) - 1)
    left = {column: place * (width + gap) for place, column in enumerate(used)}
    heights = {tile.key: height_of(tile.name, tile.text, tile.note, width) for tile in scheme.tiles}
    tops = _tops(columns, heights, scheme.links)
    boxes = {
        tile.key: _box(
            tile, left[tile.column], tops[tile.key], width, heights[tile.key], mirror=total if mirrored else 0
        )
        for tile in scheme.tiles
    }
    ends = [(boxes[first], boxes[second]) for first, second in scheme.links]
    names = tuple(
        Line(
            captions[column], _flip(left[column] + width / 2, total if mirrored else 0), FIRST_LINE, "caption", "middle"
        )
        for column in used
    )
    return Picture(
        width=round(total, 1),
        height=round(max(box.y + box.height for box in boxes.values()) + 2, 1),
        boxes=tuple(boxes.values()),
        links=tuple(_across(first, second) for first, second in ends),
        heads=tuple(_arrow_across(first, second) for first, second in ends),
        captions=names,
    )


def drawn_narrow(scheme: Scheme, *, mirrored: bool = False) -> Picture:
    """Return a picture with one box below the other, indented by how far each is from the first one."""
    mirror = NARROW if mirrored else 0.0
    boxes: dict[str, Box] = {}
    top = 1.0
    for tile, depth in zip(scheme.tiles, scheme.depths, strict=True):
        indent = depth * INDENT + 1
        width = NARROW - indent - 1
        height = height_of(tile.name, tile.text, tile.note, width)
        boxes[tile.key] = _box(tile, indent, top, width, height, mirror=mirror)
        top += height + GAP_DOWN
    depths = {tile.key: depth for tile, depth in zip(scheme.tiles, scheme.depths, strict=True)}
    elbows = []
    for first, second in scheme.links:
        outer, inner = (first, second) if depths[first] < depths[second] else (second, first)
        # A thing that stands below two others is drawn once, below the first of them.
        if depths[inner] == depths[outer] + 1 and boxes[outer].y < boxes[inner].y:
            elbows.append(_elbow(boxes[outer], boxes[inner], mirrored=mirrored))
    return Picture(NARROW, round(top - GAP_DOWN + 1, 1), tuple(boxes.values()), tuple(elbows), ())


def _tops(
    columns: dict[int, list[Tile]], heights: dict[str, float], links: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """Return where boxes begin: the fullest column from top to bottom, the others beside what they hang on."""
    fullest = max(columns, key=lambda column: sum(heights[tile.key] + GAP_DOWN for tile in columns[column]))
    tops: dict[str, float] = {}
    _stack(columns[fullest], heights, tops, {})
    bottom = max(tops[tile.key] + heights[tile.key] for tile in columns[fullest])
    for column in sorted(columns, key=lambda one: (abs(one - fullest), one)):
        if column == fullest:
            continue
        wanted = {tile.key: _middle(tile.key, heights, tops, links) for tile in columns[column]}
        ordered = sorted(columns[column], key=lambda tile: wanted[tile.key])
        _stack(ordered, heights, tops, {tile.key: wanted[tile.key] - heights[tile.key] / 2 for tile in ordered})
        _pull_up(ordered, heights, tops, bottom)
    return tops


def _middle(key: str, heights: dict[str, float], tops: dict[str, float], links: Sequence[tuple[str, str]]) -> float:
    """Return the height at which the placed neighbours of a box stand on average."""
    beside = [other for pair in links if key in pair for other in pair if other != key and other in tops]
    middles = [tops[other] + heights[other] / 2 for other in beside]
    return sum(middles) / len(middles) if middles else HEAD


def _stack(tiles: Iterable[Tile], heights: dict[str, float], tops: dict[str, float], wanted: dict[str, float]) -> None:
    bottom = HEAD
    for tile in tiles:
        tops[tile.key] = max(bottom, wanted.get(tile.key, bottom))
        bottom = tops[tile.key] + heights[tile.key] + GAP_DOWN


def _pull_up(tiles: Sequence[Tile], heights: dict[str, float], tops: dict[str, float], bottom: float) -> None:
    """Move boxes up that would stand below the fullest column, as far as there is room."""
    for tile in reversed(tiles):
        tops[tile.key] = max(min(tops[tile.key], bottom - heights[tile.key]), HEAD)
        bottom = tops[tile.key] - GAP_DOWN
    for above, tile in pairwise(tiles):
        tops[tile.key] = max(tops[tile.key], tops[above.key] + heights[above.key] + GAP_DOWN)


def _box(tile: Tile, x: float, y: float, width: float, height: float, *, mirror: float) -> Box:
    at = mirror - x - width if mirror else x
    lines = broken(tile.name, tile.text, tile.note, width)
    return Box(
        kind=tile.kind.value,
        x=round(at, 1),
        y=round(y, 1),
        width=round(width, 1),
        height=round(height, 1),
        lines=tuple(placed(lines, at, y, width, mirrored=bool(mirror))),
        is_gone=tile.is_gone,
        is_root=tile.is_root,
    )


def _sides(first: Box, second: Box) -> tuple[float, float]:
    """Return where a line leaves one box and meets the other, on the sides that face each other."""
    if first.x < second.x:
        return first.x + first.width, second.x
    return first.x, second.x + second.width


def _across(first: Box, second: Box) -> str:
    leaves, meets = _sides(first, second)
    middle = (leaves + meets) / 2
    down, to = first.y + first.height / 2, second.y + second.height / 2
    return f"M{leaves:.1f} {down:.1f}C{middle:.1f} {down:.1f} {middle:.1f} {to:.1f} {meets:.1f} {to:.1f}"


def _arrow_across(first: Box, second: Box) -> str:
    leaves, meets = _sides(first, second)
    back = -7 if meets > leaves else 7
    to = second.y + second.height / 2
    return f"M{meets:.1f} {to:.1f}l{back} -4v8z"


def _elbow(outer: Box, inner: Box, *, mirrored: bool) -> str:
    x = outer.x + outer.width - INDENT / 2 if mirrored else outer.x + INDENT / 2
    to = inner.y + PADDING + LINE / 2
    meets = inner.x + inner.width if mirrored else inner.x
    return f"M{x:.1f} {outer.y + outer.height:.1f}V{to:.1f}H{meets:.1f}"


def _flip(x: float, mirror: float) -> float:
    return round(mirror - x if mirror else x, 1)
