"""Which characters the bytes of a text file stand for."""

import codecs
import re
from pathlib import Path

from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
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
MIXED = "utf-8-with-leftovers"
"""UTF-8 in which single bytes of Windows-1252 were left: files put together from several, or repaired by hand."""
SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = re.compile(rb"[\x80-\xff]")
# Guesses are worth something only where the letters differ: cp1250 and cp1252 share most of theirs.
DISTINCT = ("cp1251", "cp1253", "cp1254", "cp1256")
SURE_ENOUGH = 0.45


def detect_encoding(path: Path, called: str = "") -> str:
    """Return the name of the encoding in which the whole of ``path`` can be read.

    A byte order mark decides, then a strict look for UTF-8 and one for UTF-8 with bytes of Windows-1252 in it, then the
    sample's likeness to Cyrillic, Greek, Turkish or Arabic; what remains is Windows-1252. Raises ``ImportProblem`` when
    nothing fits.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    for mark, name in MARKS:
        if sample.startswith(mark):
            check_encoding(path, name, called)
            return name
    for guess in (_unmarked_utf16(sample), "utf-8", _mixed(path), _guess(sample), WESTERN):
        if guess and first_fault(path, guess) is None:
            return guess
    raise ImportProblem(
        Reason(_l("%(name)s: the encoding cannot be found out; name it with --encoding"), name=called or path.name)
    )


def check_encoding(path: Path, name: str, called: str = "") -> None:
    """Raise ``ImportProblem`` unless the whole of ``path`` can be read in the encoding called ``name``."""
    try:
        fault = first_fault(path, name)
    except LookupError:
        raise ImportProblem(Reason(_l("there is no encoding called “%(name)s”"), name=name)) from None
    if fault is not None:
        raise ImportProblem(
            Reason(
                _l("%(file)s is not written in %(name)s: see byte %(place)s"),
                file=called or path.name,
                name=name,
                place=f"{fault + 1:,}",
            )
        )


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


def _mixed(path: Path) -> str | None:
    """Return the mixed encoding where most of what is not ASCII is UTF-8."""
    sequences, strays = 0, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            sequences += len(SEQUENCE.findall(chunk))
            strays += len(HIGH.findall(SEQUENCE.sub(b"", chunk)))
    return MIXED if sequences > strays else None


def _leftover(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError), "only bytes are read"
    byte = error.object[error.start : error.start + 1]
    return byte.decode(WESTERN, errors="ignore") or byte.decode("latin-1"), error.start + 1


def _mixed_decoder(errors: str = "strict") -> codecs.IncrementalDecoder:
    # However strict somebody wants to be: stray bytes are what this encoding is for.
    return codecs.getincrementaldecoder("utf-8")(errors=_leftover.__name__ if errors == "strict" else errors)


def _find_codec(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != MIXED:
        return None
    utf8 = codecs.lookup("utf-8")
    return codecs.CodecInfo(
        name=MIXED,
        encode=utf8.encode,
        decode=lambda data, _errors="strict": codecs.utf_8_decode(data, _leftover.__name__, True),
        incrementalencoder=utf8.incrementalencoder,
        incrementaldecoder=_mixed_decoder,
        streamreader=utf8.streamreader,
        streamwriter=utf8.streamwriter,
    )


codecs.register_error(_leftover.__name__, _leftover)
codecs.register(_find_codec)


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
