"""Which characters the bytes of a text file stand for."""

import codecs
from pathlib import Path

from participation.intake.rows import ImportProblem

SAMPLE_BYTES = 64 * 1024
CHUNK_BYTES = 1024 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"
# Guesses are worth something only where the letters differ: cp1250 and cp1252 share most of theirs.
DISTINCT = ("cp1251", "cp1253", "cp1254", "cp1256")
SURE_ENOUGH = 0.45


def detect_encoding(path: Path) -> str:
    """Return the name of the encoding in which the whole of ``path`` can be read.

    A byte order mark decides, then a strict look for UTF-8, then the sample's likeness to Cyrillic, Greek, Turkish
    or Arabic; what remains is Windows-1252. Raises ``ImportProblem`` when nothing fits.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    for mark, name in MARKS:
        if sample.startswith(mark):
            check_encoding(path, name)
            return name
    for guess in (_unmarked_utf16(sample), "utf-8", _guess(sample), WESTERN):
        if guess and first_fault(path, guess) is None:
            return guess
    raise ImportProblem(f"{path.name}: the encoding cannot be found out; name it with --encoding")


def check_encoding(path: Path, name: str) -> None:
    """Raise ``ImportProblem`` unless the whole of ``path`` can be read in the encoding called ``name``."""
    try:
        fault = first_fault(path, name)
    except LookupError:
        raise ImportProblem(f"there is no encoding called “{name}”") from None
    if fault is not None:
        raise ImportProblem(f"{path.name} is not written in {name}: see byte {fault + 1:,}")


def first_fault(path: Path, name: str) -> int | None:
    """Return about which byte of ``path`` cannot be read in the encoding ``name``; ``LookupError`` for no such one."""
    decoder = codecs.getincrementaldecoder(name)()
    before = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK_BYTES)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                return before + getattr(error, "start", 0)
            if not chunk:
                return None
            before += len(chunk)


def _unmarked_utf16(sample: bytes) -> str | None:
    # Half of the bytes of UTF-16 text in Latin letters are zero, and they are all on one side.
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=[WESTERN, "cp1250", *DISTINCT]).best()
    return best.encoding if best and best.encoding in DISTINCT and best.coherence >= SURE_ENOUGH else None
