"""The payload as others can read it: a gzipped tar, written and taken apart while it passes by."""

import tarfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from participation.archive.problems import Damaged

BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
GZIP = 16 + zlib.MAX_WBITS
LEVEL = 3
AT_ONCE = 2**20
MOST_RATIO = 200
"""How many times its size a piece of the payload may unfold to: rows of the product reach about 30."""
FREE = 64 * 2**20
"""So much may unfold whatever the ratio."""


class Members(Protocol):
    """Whoever is told what a tar holds, one member after the other."""

    def begin(self, name: str, size: int) -> None:
        """A member begins."""

    def feed(self, data: bytes) -> None:
        """A piece of its content."""

    def end(self) -> None:
        """The member is complete."""


def member(name: str, size: int, content: Iterable[bytes], *, written_at: float) -> Iterator[bytes]:
    """Yield a file as it stands in a tar; ``content`` has to be just ``size`` bytes long, else ``ValueError``."""
    head = tarfile.TarInfo(name)
    head.size, head.mtime, head.mode = size, int(written_at), 0o600
    yield head.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
    passed = 0
    for piece in content:
        passed += len(piece)
        yield piece
    if passed != size:
        raise ValueError(f"{name} has {passed} bytes instead of {size}")
    yield bytes(-size % BLOCK)


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield ``pieces`` compressed."""
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


class Unpacker:
    """Takes a gzipped tar in pieces of any size and tells ``members`` what is in it.

    Plain files only, and no way to unfold to more than a multiple of what came in: everything else is ``Damaged``.
    """

    def __init__(self, members: Members) -> None:
        self._unzip = zlib.decompressobj(wbits=GZIP)
        self._members = members
        self._taken = 0
        self._unfolded = 0
        self._waiting = b""
        self._left: int | None = None
        self._padding = 0
        self._zeros = 0

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        self._taken += len(data)
        rest, is_more = bytes(data), True
        while rest or is_more:
            try:
                plain = self._unzip.decompress(rest, AT_ONCE)
            except zlib.error:
                raise Damaged("it is not packed as it should be") from None
            # A full piece: more may lie ready, though everything that came in was taken.
            rest, is_more = self._unzip.unconsumed_tail, len(plain) == AT_ONCE
            self._unfolded += len(plain)
            if self._unfolded > FREE + MOST_RATIO * self._taken:
                raise Damaged("it would unfold to far more than anybody wrote")
            if self._unzip.unused_data:
                raise Damaged("something follows behind its end")
            self._pass(plain)
        return len(data)

    def close(self) -> None:
        """Say that nothing more comes; raises ``Damaged`` when something is missing."""
        if not self._unzip.eof or self._zeros < len(END) or self._left is not None:
            raise Damaged("its end is missing")

    def _pass(self, plain: bytes) -> None:
        plain = self._waiting + plain if self._waiting else plain
        place = 0
        while place < len(plain):
            if self._left is not None:
                piece = plain[place : place + self._left]
                place += len(piece)
                self._feed(piece)
            elif self._padding:
                skipped = min(self._padding, len(plain) - place)
                self._padding -= skipped
                place += skipped
            elif len(plain) - place < BLOCK:
                break
            else:
                self._begin(plain[place : place + BLOCK])
                place += BLOCK
        self._waiting = plain[place:]

    def _begin(self, block: bytes) -> None:
        if not any(block):
            self._zeros += BLOCK
            return
        try:
            head = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, ValueError):
            raise Damaged("its list of contents cannot be read") from None
        if self._zeros or not head.isreg() or head.type != tarfile.REGTYPE or head.size < 0:
            raise Damaged("it holds something that no archive holds")
        self._members.begin(head.name, head.size)
        self._left, self._padding = head.size, -head.size % BLOCK
        if not head.size:
            self._feed(b"")

    def _feed(self, piece: bytes) -> None:
        assert self._left is not None
        if piece:
            self._members.feed(piece)
        self._left -= len(piece)
        if not self._left:
            self._left = None
            self._members.end()
