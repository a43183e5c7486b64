"""What changed from one version of the living document to another; knows values only, no database."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from participation.kit.schema import Translated
from participation.strategy.document.queries import Ref, Signed, Version
from participation.texts.differences import Piece, differences


@dataclass(frozen=True, slots=True)
class Changes:
    """Statements that came, went, were reworded (before and after) or stand elsewhere, and how many stayed as is.

    A statement that was reworded and moved is among both.
    """

    added: tuple[Ref, ...]
    removed: tuple[Ref, ...]
    reworded: tuple[tuple[Ref, Ref], ...]
    moved: tuple[Ref, ...]
    same: int

    @property
    def any(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.added or self.removed or self.reworded or self.moved)


@dataclass(frozen=True, slots=True)
class TextChange:
    """What changed in a text, in one of its languages."""

    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class LinkChange:
    """Which principles, fields or themes were added and which went, by id."""

    added: tuple[int, ...]
    removed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartChanges:
    """What changed from one signed revision of a statement to another; empty where nothing did."""

    text: tuple[TextChange, ...]
    reasoning: tuple[TextChange, ...]
    department: tuple[Piece, ...]
    principles: LinkChange
    fields: LinkChange
    clusters: LinkChange
    quotes: tuple[int, int]


def changes_between(before: Version, after: Version) -> Changes:
    """Return what changed from ``before`` to ``after``."""
    old = {ref.id: ref for ref in before.refs}
    new = {ref.id: ref for ref in after.refs}
    kept = [ref for ref in after.refs if ref.id in old]
    moved = _moved([ref.id for ref in before.refs if ref.id in new], [ref.id for ref in kept])
    return Changes(
        added=tuple(ref for ref in after.refs if ref.id not in old),
        removed=tuple(ref for ref in before.refs if ref.id not in new),
        reworded=tuple((old[ref.id], ref) for ref in kept if old[ref.id] != ref),
        moved=tuple(ref for ref in kept if ref.id in moved),
        same=sum(1 for ref in kept if old[ref.id] == ref and ref.id not in moved),
    )


def part_changes(before: Signed, after: Signed) -> PartChanges:
    """Return what changed between two revisions of a statement, part by part."""
    return PartChanges(
        text=text_changes(before.text, after.text),
        reasoning=text_changes(before.reasoning, after.reasoning),
        department=differences(before.department, after.department) if before.department != after.department else (),
        principles=_links(before.principles, after.principles),
        fields=_links(before.fields, after.fields),
        clusters=_links(before.clusters, after.clusters),
        quotes=(before.quotes, after.quotes),
    )


def text_changes(before: Translated, after: Translated) -> tuple[TextChange, ...]:
    """Return what changed in a text, in each language in which anything did."""
    return tuple(
        TextChange(language, differences(before.get(language, ""), after.get(language, "")))
        for language in {**after, **before}
        if before.get(language, "") != after.get(language, "")
    )


def _links(before: Sequence[int], after: Sequence[int]) -> LinkChange:
    return LinkChange(
        tuple(id_ for id_ in after if id_ not in before), tuple(id_ for id_ in before if id_ not in after)
    )


def _moved(before: Sequence[int], after: Sequence[int]) -> set[int]:
    """Return the fewest that must have been moved to get from one order of the same things to the other.

    Those that were not are a longest increasing subsequence of their former places. Source: M. L. Fredman, On
    computing the length of longest increasing subsequences, Discrete Mathematics 11 (1975).
    """
    places = {id_: place for place, id_ in enumerate(before)}
    ends: list[int] = []
    at: list[int] = []
    previous: list[int] = []
    for index, id_ in enumerate(after):
        length = bisect_left(ends, places[id_])
        previous.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [places[id_]]
        at[length : length + 1] = [index]
    stayed, index = set(), at[-1] if at else -1
    while index >= 0:
        stayed.add(after[index])
        index = previous[index]
    return set(after) - stayed
