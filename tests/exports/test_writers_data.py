"""The formats for data (XLSX, CSV, JSON): written, opened again, compared row by row."""

import csv as stdlib_csv
import gc
import json as stdlib_json
import tracemalloc
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from participation.exports.document import StrategyInput
from participation.exports.writers import WRITERS, csv, xlsx
from participation.exports.writers.columns import (
    Cell,
    Column,
    assessment_columns,
    bundle_columns,
    cluster_columns,
    comment_columns,
    idea_columns,
    provenance_columns,
    source_columns,
    statement_columns,
)
from participation.exports.writers.text import fit, for_xml, utf16_length
from tests.exports.writer_samples import LONG, NASTY, UNWRITABLE, nasty, small, streaming

Row = TypeVar("Row")

SHEETS = ["Notes", "Statements", "Criteria and values", "Theme clusters", "Bundles", "Ideas", "Comments", "Sources"]
LOCAL = datetime(2026, 3, 29, 0, 30)  # noqa: DTZ001 - a spreadsheet knows no zones; 23:30 UTC as read in Berlin
DOCUMENTS = [pytest.param(small, id="small"), pytest.param(nasty, id="nasty")]


def quiet(rows: int) -> None:
    """Take a report of progress."""


def written(key: str, document: StrategyInput, folder: Path) -> Path:
    path = folder / f"out.{WRITERS[key].extension}"
    WRITERS[key].write(document, path, progress=quiet)
    assert sorted(folder.iterdir()) == [path]
    return path


def read_sheets(path: Path) -> dict[str, list[list[Any]]]:
    def cell(value: Any) -> Any:
        return unescape(value) if isinstance(value, str) else value  # openpyxl forgets it for inline strings

    return {
        sheet.title: [[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(path).worksheets
    }


def as_table(columns: list[Column[Row]], rows: Iterable[Row]) -> list[list[Cell]]:
    return [[column.heading for column in columns], *([column.value(row) for column in columns] for row in rows)]


def as_cells(table: list[list[Cell]], document: StrategyInput) -> list[list[Cell]]:
    """Return what Excel can hold of a table: no empty texts, no control characters, local times, the cell limit."""

    def cell(value: Cell) -> Cell:
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(document.timezone)).replace(tzinfo=None)
        if isinstance(value, str):
            return fit(for_xml(value), 32_767, "[shortened]") or None
        return value

    return [[cell(value) for value in row] for row in table]


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[csv.read_cell(cell) for cell in row] for row in stdlib_csv.reader(file, delimiter=";")]


# ---- XLSX ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", DOCUMENTS)
def test_workbook_holds_every_row_of_the_document(make: Any, tmp_path: Path) -> None:
    document = make()
    sheets = read_sheets(written("xlsx", document, tmp_path))
    assert list(sheets) == SHEETS
    expected = {
        "Statements": as_table(statement_columns(document), document.statements),
        "Criteria and values": as_table(assessment_columns(document), document.assessments),
        "Theme clusters": as_table(cluster_columns(document), document.clusters),
        "Bundles": as_table(bundle_columns(document), document.bundles),
        "Ideas": as_table(idea_columns(document), document.ideas()),
        "Comments": as_table(comment_columns(document), document.comments()),
        "Sources": as_table(source_columns(document), document.edges()),
    }
    for name, table in expected.items():
        assert sheets[name] == as_cells(table, document), name


def test_workbook_in_words(tmp_path: Path) -> None:
    sheets = read_sheets(written("xlsx", small(), tmp_path))
    sentence, hidden = "The city helps in every district.", "hidden"
    assert sheets["Sources"][1:] == [
        [1, "s1", sentence, "c1", "Learning", "1", "Help with phones"],
        [None, None, None, "c2", "Places", "1", "Help with phones"],
        [1, "s1", sentence, "c1", "Learning", "2", "Idea 2"],
        [None, None, None, "c2", "Places", "3", "Idea 3"],
        [2, "s2", "The city listens.", None, None, "4", "Idea 4"],
        [None, None, None, None, None, "5", "Idea 5"],
        [1, "s1", sentence, "c3", "Empty but used", None, None],
        [None, None, None, "c4", "Empty", None, None],
    ]
    first = ["1", "ext-1", "Help with phones", "A weekly hour.\nEverywhere.", "en", "published", "Blue Heron", LOCAL]
    first += ["Participation\nService", "North", "Education", 12, 3, 4, 1, "c1\nc2", "c2", "b1", "s1"]
    assert sheets["Ideas"][1] == [
        *first,
        "https://example.org/en/ideas/1",
        "online",
        "Families\nWater",
        "Yes (Parks, 2026-05-03)\nFrom autumn on.",
    ]
    assert sheets["Ideas"][2][11:14] == [hidden, hidden, hidden]
    assert sheets["Ideas"][3][11:14] == [0, 0, 0]
    assert sheets["Statements"][1][6:12] == [2, 11, 2, 4, 15, None]
    assert sheets["Statements"][1][12:] == [
        "Libraries",
        "Education",
        "„A weekly hour.“ (idea 1)",
        "Who pays for it? (comment on idea 2)",
        "by a second person of the team on 2026-05-04, revision 2",
        "idea 9: erased",
    ]
    assert sheets["Statements"][2][6:12] == [1, hidden, hidden, hidden, hidden, None]
    notes = {row[0]: row[1] for row in sheets["Notes"]}
    assert (notes["Participants"], notes["Votes"], notes["Status as of"]) == (20, 1904, LOCAL)
    assert (notes["Share of ideas covered by a statement"], notes["1. Participation"]) == (0.6, 1)


def test_workbook_runs_nothing_and_can_be_sorted(tmp_path: Path) -> None:
    path = written("xlsx", nasty(), tmp_path)
    book = load_workbook(path)
    for sheet in book.worksheets:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d", "inlineStr"}
        assert [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []
        if sheet.title != "Notes":
            assert sheet.freeze_panes == "A2"
            assert sheet.auto_filter.ref == sheet.dimensions
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert [b"<f>" in part for part in parts] == [False] * len(SHEETS)


def test_a_list_longer_than_a_sheet_continues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROW_LIMIT", 4)
    sheets = read_sheets(written("xlsx", streaming(8), tmp_path))
    pages = [sheets[name] for name in ("Ideas", "Ideas 2", "Ideas 3")]
    assert [page[0] for page in pages] == [pages[0][0]] * 3
    assert [row[0] for page in pages for row in page[1:]] == [str(number) for number in range(8)]


def test_a_text_too_long_for_a_cell_says_so() -> None:
    assert utf16_length(LONG) == 40_000
    short = fit(LONG, 32_767, "[shortened]")
    assert (len(short), short.endswith(" [shortened]")) == (32_767, True)
    faces = fit("😀" * 20_000, 32_767, "[shortened]")
    assert utf16_length(faces) <= 32_767
    assert faces == "😀" * 16_377 + " [shortened]"


# ---- CSV -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", DOCUMENTS)
def test_csv_parses_to_what_was_written(make: Any, tmp_path: Path) -> None:
    document = make()

    def text(value: Cell) -> str:
        return "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)

    table = as_table(provenance_columns(document), document.edges())
    assert read_csv(written("csv", document, tmp_path)) == [[text(cell) for cell in row] for row in table]


def test_csv_has_a_row_for_every_way_and_for_what_has_none(tmp_path: Path) -> None:
    path = written("csv", small(), tmp_path)
    header, *lines = read_csv(path)
    picked = [header.index(name) for name in ("Statement: No.", "Theme cluster: ID", "Idea: ID", "Idea: Agree")]
    assert [[line[position] for position in picked] for line in lines] == [
        ["1", "c1", "1", "12"],
        ["", "c2", "1", "12"],
        ["1", "c1", "2", "hidden"],
        ["", "c2", "3", "0"],
        ["2", "", "4", "hidden"],
        ["", "", "5", "hidden"],
        ["1", "c3", "", ""],
        ["", "c4", "", ""],
    ]
    raw = path.read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"Statement: No.";"Statement: ID";')
    assert raw.count(b"\r\n") == 9


def test_csv_cells_never_begin_like_a_formula(tmp_path: Path) -> None:
    path = written("csv", nasty(), tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in stdlib_csv.reader(file, delimiter=";") for cell in row]
    assert [cell for cell in cells if cell[:1] in set("=+-@\t\r\n＝＋－＠")] == []
    assert csv.neutral("-1") == "'-1"
    assert csv.neutral("harmless 'text'") == "harmless 'text'"


@given(st.text(alphabet=st.sampled_from("='+-@\t\r\n＝;\"a '1"), max_size=8))
def test_neutralising_has_an_inverse(text: str) -> None:
    assert csv.read_cell(csv.neutral(text)) == text
    assert csv.neutral(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


# ---- JSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [*DOCUMENTS, pytest.param(lambda: nasty((UNWRITABLE,)), id="unwritable")])
def test_json_holds_everything(make: Any, tmp_path: Path) -> None:
    document = make()

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return value.replace("\ud83d", "\ufffd") if isinstance(value, str) else value

    names = ["process_title", "question", "city", "language", "dir", "timezone", "generated_at", "source_note"]
    names += ["method_note", "figures", "phases", "principles", "statements", "clusters", "assessments", "bundles"]
    whole = asdict(document)
    expected: dict[str, Any] = {"schema": "strategy-input", "version": 1} | {name: plain(whole[name]) for name in names}
    expected["ideas"] = [plain(asdict(idea)) for idea in document.ideas()]
    expected["comments"] = [plain(asdict(comment)) for comment in document.comments()]
    read = stdlib_json.loads(written("json", document, tmp_path).read_text(encoding="utf-8"))
    assert read == expected
    assert list(read) == list(expected)
    assert [list(idea) for idea in read["ideas"]] == [list(idea) for idea in expected["ideas"]]


def test_json_in_words(tmp_path: Path) -> None:
    ideas = stdlib_json.loads(written("json", small(), tmp_path).read_text(encoding="utf-8"))["ideas"]
    assert ideas[0]["external_id"] == "ext-1"
    assert [idea["votes"] for idea in ideas[:3]] == [
        {"agree": 12, "unsure": 3, "disagree": 4},
        None,
        {"agree": 0, "unsure": 0, "disagree": 0},
    ]


# ---- All -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["xlsx", "csv", "json"])
def test_characters_no_format_holds_do_not_stop_a_file(key: str, tmp_path: Path) -> None:
    path = written(key, nasty((UNWRITABLE, *NASTY[:3])), tmp_path)
    if key == "xlsx":
        shown = read_sheets(path)["Ideas"][1][2]
    elif key == "csv":
        shown = read_csv(path)[1][7]
    else:
        shown = stdlib_json.loads(path.read_text(encoding="utf-8"))["ideas"][0]["title"]
    kept = {"xlsx": "\0\a\x1b\x0b\uffff", "csv": "\0", "json": ""}[key]
    assert shown == UNWRITABLE.translate(dict.fromkeys(map(ord, kept))).replace("\ud83d", "\ufffd")


@pytest.mark.parametrize("key", ["xlsx", "json"])
def test_memory_does_not_grow_with_the_process(key: str, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        try:
            WRITERS[key].write(streaming(count), tmp_path / "out", progress=quiet)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    WRITERS[key].write(streaming(10), tmp_path / "out", progress=quiet)
    few = peak(500)
    assert peak(8_000) <= 1.5 * few


@pytest.mark.parametrize("key", list(WRITERS))
def test_progress_counts_rows_and_can_stop_the_writing(key: str, tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(rows: int) -> None:
        raise Cancelled

    seen: list[int] = []
    document = streaming(1_001)
    with pytest.raises(Cancelled):
        WRITERS[key].write(document, tmp_path / "out", progress=cancel)
    assert list(tmp_path.iterdir()) == []
    if key in {"xlsx", "json"}:
        WRITERS[key].write(document, tmp_path / "out", progress=seen.append)
        assert seen == [500, 1000, 1002 if key == "xlsx" else 1005]
