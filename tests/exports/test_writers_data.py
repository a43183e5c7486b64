"""What all formats for data have in common: any text, any number of rows, progress, cancelling."""

import gc
import json as stdlib_json
import tempfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from participation.exports.document import StrategyInput
from participation.exports.writers import WRITERS
from participation.exports.writers.columns import provenance_columns
from participation.exports.writers.output import STREAMED
from participation.exports.writers.sheets import sheets
from tests.exports.readers import (
    CELL_LIMITS,
    READERS,
    all_tables,
    as_table,
    in_csv,
    in_workbook,
    quiet,
    read_csv,
    read_tables,
    same_day,
    written,
)
from tests.exports.table_samples import full, many, nasty_tables
from tests.exports.writer_samples import NASTY, UNWRITABLE

TABULAR = ["xlsx", "ods", "csv", "tables", "json", "jsonl"]
CHARACTERS = "=+-@＝＋－＠'\"„;,\t\r\n \x00\x01\x0b\x1b\x85\u200b\u202e\u2028\ufeff\ufffe\ud83d<&>]_x0041_aß1مש😀"


def folder_of(path: Path) -> Iterator[Path]:
    """Yield a new folder below ``path`` for each file, so that nothing hides beside another one."""
    number = 0
    while True:
        (path / str(number)).mkdir()
        yield path / str(number)
        number += 1


@settings(max_examples=6, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from(CHARACTERS), max_size=12), min_size=1, max_size=3))
@example([UNWRITABLE, *NASTY[:3]])
@example(["", " ", "\n"])
@example(["\x1b"])
def test_any_text_comes_back_from_every_table(texts: list[str]) -> None:
    document = nasty_tables(tuple(texts))
    with tempfile.TemporaryDirectory() as temporary:
        folders = folder_of(Path(temporary))
        for key, read in READERS.items():
            found = read(written(key, document, next(folders)))
            for name, table in all_tables(document).items():
                assert same_day(found[name]) == same_day(in_workbook(table, document, CELL_LIMITS[key])), (key, name)
        archive = read_tables(written("tables", document, next(folders)))
        for sheet in sheets(document):
            assert archive[sheet.kind] == in_csv(as_table(sheet.columns, sheet.rows())), sheet.kind
        flat = read_csv(written("csv", document, next(folders)).read_bytes())
        assert flat == in_csv(as_table(provenance_columns(document), document.edges()))
        lines = written("jsonl", document, next(folders)).read_text(encoding="utf-8").removesuffix("\n").split("\n")
        comments = [row["text"] for row in map(stdlib_json.loads, lines) if row["kind"] == "comment"]
        assert comments == [text.replace("\ud83d", "\ufffd") for text in texts]


@pytest.mark.parametrize("key", [key for key in TABULAR if key != "csv"])
def test_memory_does_not_grow_with_the_process(key: str, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        try:
            WRITERS[key].write(many(count), tmp_path / "out", progress=quiet)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    WRITERS[key].write(many(10), tmp_path / "out", progress=quiet)
    few = peak(100)
    assert peak(500) <= 1.5 * few


@pytest.mark.parametrize("key", list(WRITERS))
def test_cancelling_leaves_nothing(key: str, tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(rows: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        WRITERS[key].write(many(501), tmp_path / "out", progress=cancel)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", TABULAR)
def test_progress_arrives_at_what_was_expected(key: str, tmp_path: Path) -> None:
    seen: list[int] = []
    document = _counted(many(301))
    writer = WRITERS[key]
    writer.write(document, tmp_path / "out", progress=seen.append)
    expected = sum(document.counts[name] for name in writer.reads)
    assert seen == [*range(500, expected, 500), expected]
    small = _counted(full())
    writer.write(small, tmp_path / "out", progress=seen.append)
    assert seen[-1] == sum(small.counts[name] for name in writer.reads)


def _counted(document: StrategyInput) -> StrategyInput:
    counts: dict[str, Any] = {name: len(tuple(getattr(document, name)())) for name in STREAMED}
    return replace(document, counts=counts)
