"""A file that appears only when it is complete, and the count of rows written on the way."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from participation.exports.document import Rows, StrategyInput

Row = TypeVar("Row")

STEP = 500
STREAMED = (
    "ideas",
    "comments",
    "votes",
    "filings",
    "decisions",
    "bundles",
    "answers",
    "measures",
    "referrals",
    "translations",
)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a path beside `path`; renames it to `path` at the end, or removes it when the block raises."""
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Counter:
    """Counts rows over several passes and reports the sum every `STEP` rows and at the end."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress = progress
        self._count = 0

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows, counting each; an exception raised by the report ends the writing."""
        for row in rows:
            yield row
            self._count += 1
            if self._count % STEP == 0:
                self._progress(self._count)

    def done(self) -> None:
        """Report the final sum."""
        self._progress(self._count)


def counted(document: StrategyInput, counter: Counter) -> StrategyInput:
    """Return the document with every streamed part counted where it is read, however often a writer reads it."""
    parts: dict[str, Any] = {name: _counted(getattr(document, name), counter) for name in STREAMED}
    return replace(document, **parts)


def _counted(rows: Rows[Row], counter: Counter) -> Rows[Row]:
    return lambda: counter.over(rows())
