"""The payload: what comes out is what went in, whatever the pieces, and nothing that would hurt gets through."""

import gzip
import io
import tarfile
from collections.abc import Callable, Iterator

import pytest

from participation.archive import tarball
from participation.archive.problems import Damaged
from participation.archive.tarball import BLOCK, END, FREE, MOST_RATIO, Unpacker, gzipped, member

FILES = {"format.json": b"{}\n", "tables/vote/000001.jsonl": bytes(range(256)) * 5_000, "files/empty": b""}


class Collected:
    """Keeps what a tar holds."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.name = ""

    def begin(self, name: str, size: int) -> None:
        """Begin a file."""
        assert size >= 0
        self.name = name
        self.files[name] = b""

    def feed(self, data: bytes) -> None:
        """Keep a piece."""
        self.files[self.name] += data

    def end(self) -> None:
        """End the file."""
        self.name = ""


def plain(files: dict[str, bytes]) -> Iterator[bytes]:
    """Yield a tar of files."""
    for name, content in files.items():
        yield from member(name, len(content), (content[:7], content[7:]), written_at=1_800_000_000)
    yield END


def unpacked(packed: bytes, step: int = 10_000) -> dict[str, bytes]:
    """Return the files in a gzipped tar that comes in pieces of ``step`` bytes."""
    collected = Collected()
    unpacker = Unpacker(collected)
    for start in range(0, len(packed), step):
        unpacker.write(packed[start : start + step])
    unpacker.close()
    return collected.files


PACKED = b"".join(gzipped(plain(FILES)))


@pytest.mark.parametrize("step", [1, 511, 10_000, 10_000_000])
def test_what_went_in_comes_out_whatever_the_pieces(step: int) -> None:
    assert unpacked(PACKED, step) == FILES


def test_other_programs_read_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(PACKED), mode="r:gz") as archive:
        assert {one.name: content.read() for one in archive if (content := archive.extractfile(one))} == FILES
        assert {(one.mode, one.mtime, one.type) for one in archive} == {(0o600, 1_800_000_000, tarfile.REGTYPE)}


def test_content_of_another_length_is_noticed() -> None:
    with pytest.raises(ValueError, match="has 2 bytes instead of 3"):
        list(member("format.json", 3, (b"{}",), written_at=0))


def _as_others_pack(change: Callable[[tarfile.TarInfo], None], mode: int = tarfile.GNU_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=mode) as archive:
        entry = tarfile.TarInfo("format.json")
        change(entry)
        archive.addfile(entry, io.BytesIO(bytes(entry.size)))
    return gzip.compress(target.getvalue())


def _sparse() -> bytes:
    entry = tarfile.TarInfo("format.json")
    entry.type, entry.size = tarfile.GNUTYPE_SPARSE, 3
    return gzip.compress(entry.tobuf(tarfile.GNU_FORMAT) + bytes(BLOCK) + END)


@pytest.mark.parametrize(
    "packed",
    [
        PACKED[:-1],
        PACKED[: len(PACKED) // 2],
        b"",
        PACKED + b"x",
        PACKED + PACKED,
        PACKED[:500] + bytes([PACKED[500] ^ 1]) + PACKED[501:],
        gzip.compress(b"".join(plain(FILES))[: -len(END)]),
        gzip.compress(b"".join(plain(FILES)) + b"".join(plain(FILES))),
        gzip.compress(b"x" * 2 * BLOCK),
        b"".join(plain(FILES)),
        _as_others_pack(lambda entry: setattr(entry, "type", tarfile.SYMTYPE)),
        _as_others_pack(lambda entry: setattr(entry, "type", tarfile.LNKTYPE)),
        _as_others_pack(lambda entry: setattr(entry, "type", tarfile.DIRTYPE)),
        _as_others_pack(lambda entry: setattr(entry, "type", tarfile.CHRTYPE)),
        _as_others_pack(lambda entry: setattr(entry, "name", "x" * 300)),
        _as_others_pack(lambda entry: setattr(entry, "pax_headers", {"comment": "x"}), tarfile.PAX_FORMAT),
        _sparse(),
    ],
    ids=[
        "cut", "half", "nothing", "longer", "twice", "changed", "no end", "behind the end", "no tar", "not packed",
        "symbolic link", "link", "folder", "device", "long name", "more about it", "sparse",
    ],
)  # fmt: skip
def test_anything_else_is_damaged(packed: bytes) -> None:
    with pytest.raises(Damaged):
        unpacked(packed)


def test_a_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tarball, "FREE", FREE // 64)
    size = 50 * 2**20
    packed = gzip.compress(b"".join(member("format.json", size, (bytes(2**20) for _ in range(50)), written_at=0)))
    assert len(packed) * 2 * MOST_RATIO < size
    collected = Collected()
    with pytest.raises(Damaged, match="far more than anybody wrote"):
        Unpacker(collected).write(packed)
    assert len(collected.files["format.json"]) < size // 2
