"""Everything in the document as JSON Lines: one object per line, which says of what kind it is."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import MappingProxyType

from participation.exports.document import StrategyInput
from participation.exports.writers.json import HEAD, LISTS, VERSION, Object, encode, plain
from participation.exports.writers.output import STREAMED, Counter, counted, whole_file

READS = STREAMED
KINDS = MappingProxyType(
    {
        "phases": "phase",
        "principles": "principle",
        "fields": "field",
        "statements": "statement",
        "clusters": "cluster",
        "assessments": "assessment",
        "ideas": "idea",
        "comments": "comment",
        "votes": "votes",
        "filings": "filing",
        "decisions": "decision",
        "bundles": "bundled",
        "answers": "answer",
        "measures": "measure",
        "referrals": "referral",
        "translations": "translation",
    }
)
"""What a line of each part of the document calls itself."""


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write the head of the document as the first line, then a line per row; JSON has the same keys and values.

    Each object begins with its ``kind``. What a row itself calls its kind (an answer is one to a statement, a bundle
    or an idea) is its ``of_kind``.
    """
    counter = Counter(progress)
    read = counted(document, counter)
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        head: Object = {"kind": "process", "version": VERSION}
        head.update((name, plain(getattr(document, name))) for name in HEAD)
        file.write(f"{encode(head)}\n")
        for name in LISTS:
            file.writelines(lines_of(KINDS[name], getattr(document, name)))
        for name in READS:
            file.writelines(lines_of(KINDS[name], getattr(read, name)()))
    counter.done()


def lines_of(kind: str, rows: Iterable[object]) -> Iterator[str]:
    """Yield one line for each of the rows, each an object that begins with ``kind``."""
    for row in rows:
        said = plain(row)
        if not isinstance(said, dict):
            raise TypeError("a line holds an object")
        if "kind" in said:
            said = {"of_kind" if name == "kind" else name: value for name, value in said.items()}
        line: Object = {"kind": kind, **said}
        yield f"{encode(line)}\n"
