"""Merkle trees as RFC 6962 builds them: hashes of leaves and nodes, and trees of any size in a file.

Source: B. Laurie, A. Langley, E. Kasper, Certificate Transparency, RFC 6962 (2013), section 2.1. Leaves and nodes
begin with different bytes, so that no node can pass for a leaf. A node that is left over at the end of a level moves up
as it is, which is the same tree as the one that the RFC describes from its root.
"""

import bisect
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, overload

HASH_BYTES = 32
CHUNK = 4096
EMPTY_ROOT = hashlib.sha256().digest()


class BrokenTree(Exception):
    """A file is not the tree that it should be."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a leaf to the root: the hash beside ours, and whether it stands to the left of it."""

    is_left: bool
    hash: bytes


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf that says ``content``."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_along(leaf: bytes, path: Iterable[Step]) -> bytes:
    """Return the root to which ``path`` leads from the hash of a leaf."""
    for step in path:
        leaf = node_hash(step.hash, leaf) if step.is_left else node_hash(leaf, step.hash)
    return leaf


def write_tree(path: Path, leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Write the tree over the hashes of ``leaves`` to a new file; return how many there are, and the root.

    The file holds the levels from the leaves up to the root, 32 bytes a hash. Memory does not grow with the tree.
    """
    with path.open("w+b") as file:
        count = _write_leaves(file, leaves)
        start, length = 0, count
        while length > 1:
            _write_level(file, start, length)
            start, length = start + length, (length + 1) // 2
        file.seek(start * HASH_BYTES)
        return count, file.read(HASH_BYTES) if count else EMPTY_ROOT


def level_starts(count: int) -> list[tuple[int, int]]:
    """Return where each level of a tree with ``count`` leaves begins, and how many hashes it has."""
    levels, start, length = [], 0, count
    while length:
        levels.append((start, length))
        if length == 1:
            break
        start, length = start + length, (length + 1) // 2
    return levels


class TreeFile(Sequence[bytes]):
    """A tree in a file, as a sequence of the hashes of its leaves in rising order; reads only what is asked for.

    Raises ``BrokenTree`` for a file that cannot be a tree with ``count`` leaves, and ``OSError``.
    """

    def __init__(self, path: Path, count: int) -> None:
        self._levels = level_starts(count)
        self._file = path.open("rb")
        size = path.stat().st_size
        if size != HASH_BYTES * sum(length for _start, length in self._levels):
            self._file.close()
            raise BrokenTree(f"{size} bytes are no tree of {count} leaves")
        self._count = count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...

    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        if not 0 <= place < self._count:
            raise IndexError(place)
        return self._at(place)

    def place_of(self, leaf: bytes) -> int | None:
        """Return the place of a leaf by its hash."""
        place = bisect.bisect_left(self, leaf)
        return place if place < self._count and self[place] == leaf else None

    def path_of(self, place: int) -> tuple[Step, ...]:
        """Return the steps from the leaf at this place to the root."""
        steps = []
        for start, length in self._levels[:-1]:
            beside = place ^ 1
            if beside < length:
                steps.append(Step(beside < place, self._at(start + beside)))
            place //= 2
        return tuple(steps)

    @property
    def root(self) -> bytes:
        """The root as the file has it."""
        return self._at(self._levels[-1][0]) if self._levels else EMPTY_ROOT

    def _at(self, number: int) -> bytes:
        self._file.seek(number * HASH_BYTES)
        return self._file.read(HASH_BYTES)


def _write_leaves(file: BinaryIO, leaves: Iterable[bytes]) -> int:
    count, waiting = 0, bytearray()
    for leaf in leaves:
        waiting += leaf
        count += 1
        if count % CHUNK == 0:
            file.write(waiting)
            waiting.clear()
    file.write(waiting)
    return count


def _write_level(file: BinaryIO, start: int, length: int) -> None:
    """Write the level above the ``length`` hashes from ``start`` on to the end of the file."""
    end = start + length
    for first in range(start, end, 2 * CHUNK):
        last = min(first + 2 * CHUNK, end)
        file.seek(first * HASH_BYTES)
        hashes = file.read((last - first) * HASH_BYTES)
        above = b"".join(_above(hashes))
        file.seek((end + (first - start) // 2) * HASH_BYTES)
        file.write(above)


def _above(hashes: bytes) -> Iterator[bytes]:
    pair = 2 * HASH_BYTES
    for start in range(0, len(hashes), pair):
        both = hashes[start : start + pair]
        yield hashlib.sha256(b"\x01" + both).digest() if len(both) == pair else both
