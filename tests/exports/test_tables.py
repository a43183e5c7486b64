"""CSV, alone and as an archive: written, read back by the standard library, compared cell by cell."""

import csv as stdlib_csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.exports.document import StrategyInput
from participation.exports.legend import TABLES
from participation.exports.options import Options
from participation.exports.writers import csv
from participation.exports.writers.columns import provenance_columns
from participation.exports.writers.sheets import sheets
from tests.exports.readers import as_table, in_csv, read_csv, read_tables, written
from tests.exports.table_samples import FORMULAS, full, nasty_tables
from tests.exports.writer_samples import small

BEGINNINGS = set("=+-@\t\r\n＝＋－＠")

Make = Callable[[], StrategyInput]
DOCUMENTS: list[Make] = [full, nasty_tables, lambda: nasty_tables(FORMULAS)]
OPTIONS = [Options(), Options(delimiter=",", bom=False)]


@pytest.mark.parametrize("options", OPTIONS, ids=["for Excel", "for machines"])
@pytest.mark.parametrize("make", DOCUMENTS, ids=["full", "nasty", "formulas"])
def test_csv_parses_to_what_was_written(make: Make, options: Options, tmp_path: Path) -> None:
    document = replace(make(), options=options)
    raw = written("csv", document, tmp_path).read_bytes()
    table = as_table(provenance_columns(document), document.edges())
    assert read_csv(raw, delimiter=options.delimiter) == in_csv(table)
    assert raw.startswith(b"\xef\xbb\xbf") is options.bom


@pytest.mark.parametrize("options", OPTIONS, ids=["for Excel", "for machines"])
@pytest.mark.parametrize("make", DOCUMENTS, ids=["full", "nasty", "formulas"])
def test_archive_holds_every_table(make: Make, options: Options, tmp_path: Path) -> None:
    document = replace(make(), options=options)
    path = written("tables", document, tmp_path)
    found = read_tables(path, delimiter=options.delimiter)
    assert tuple(found) == TABLES
    for sheet in sheets(document):
        assert found[sheet.kind] == in_csv(as_table(sheet.columns, sheet.rows())), sheet.kind
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[0] == "README.txt"
        assert {archive.read(f"{kind}.csv").startswith(b"\xef\xbb\xbf") for kind in TABLES} == {options.bom}


def test_archive_explains_itself(tmp_path: Path) -> None:
    document = full()
    with zipfile.ZipFile(written("tables", document, tmp_path)) as archive:
        lines = archive.read("README.txt").decode("utf-8-sig").split("\r\n")
    assert lines[:3] == ["Digital strategy", "================", "Input for the strategy"]
    expected = {"Licence and status: Contributions: CC BY 4.0.", "    The result is advice.", "No.: 0815-26"}
    expected |= {"Status as of: 2026-03-29 00:30", "Results: 2026-04-28 01:30, open", "Votes: 1904"}
    assert expected <= set(lines)
    for sheet in sheets(document):
        begin = lines.index(f"{sheet.kind}.csv")
        meanings = [f"{column.heading}: {column.note}" for column in sheet.columns]
        assert lines[begin + 1] == f"{sheet.title}: {sheet.note}"
        assert lines[begin + 3 : begin + 3 + len(meanings)] == meanings
    assert lines[-2].startswith("A text that a spreadsheet might take for a formula")


def test_tables_for_machines_have_names_and_codes() -> None:
    document = full()

    def table(kind: str) -> list[list[str]]:
        sheet = next(sheet for sheet in sheets(document, for_machines=True) if sheet.kind == kind)
        file = io.StringIO(newline="")
        assert csv.write_table(file, sheet.columns, sheet.rows(), delimiter=",", labels=None) == len(
            tuple(sheet.rows())
        )
        return read_csv(file.getvalue().encode(), delimiter=",")

    stances = ["agree", "unsure", "disagree"]
    assert table("votes") == [
        ["idea_id", *stances, "people", "points", "points_people", "withheld"],
        ["1", "12", "3", "4", "19", "40", "9", ""],
        ["2", "", "", "", "", "", "", "few"],
        ["3", "", "", "", "", "", "", "hidden"],
    ]
    answers = table("answers")
    assert answers[0][5:8] == ["text", "text_de", "text_ar"]
    assert (answers[1][1], answers[1][4], answers[1][8:]) == (
        "statement",
        "partly",
        ["2026-03-28T23:30:00+00:00", "2026-05-03", "true", "true"],
    )
    assert table("decisions")[1][1:4] == ["idea", "hide", "insult"]
    assert table("filings")[1][2:4] == ["true", "hand"]


def test_csv_has_a_row_for_every_way_and_for_what_has_none(tmp_path: Path) -> None:
    raw = written("csv", small(), tmp_path).read_bytes()
    header, *lines = read_csv(raw)
    picked = [header.index(name) for name in ("Statement: No.", "Theme: ID", "Idea: ID", "Idea: Agree")]
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
    assert raw.startswith(b'\xef\xbb\xbf"Statement: No.";"Statement: ID";')
    assert raw.count(b"\r\n") == 9


@pytest.mark.parametrize("texts", [FORMULAS, tuple(f"{quote}{text}" for text in FORMULAS for quote in "'\"„ \u2060")])
def test_csv_cells_never_begin_like_a_formula(texts: tuple[str, ...]) -> None:
    file = io.StringIO(newline="")
    stdlib_csv.writer(file, quoting=stdlib_csv.QUOTE_ALL).writerow([csv.neutral(text) for text in texts])
    cells: list[Any] = next(stdlib_csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert [cell for cell in cells if cell[:1] in BEGINNINGS] == []
    assert [csv.read_cell(cell) for cell in cells] == list(texts)
    quoted = [text for text in texts if text.strip("'\"„“ \u2060\ufeff\u200b\u202e\u00a0«»")[:1] in BEGINNINGS]
    assert quoted
    assert [text for text in quoted if csv.neutral(text) != f"'{text}"] == []


def test_csv_leaves_harmless_texts_as_they_are() -> None:
    texts = ("harmless 'text'", "'quoted'", "a = b", "5 - 3", "# 1", "(=)", "mail@example.org", "", " ", "'")
    assert [csv.neutral(text) for text in texts] == list(texts)


@given(st.text(alphabet=st.sampled_from("='+-@\t\r\n＝;\"“\u200b\ufeffa 1"), max_size=8))
def test_neutralising_has_an_inverse(text: str) -> None:
    assert csv.read_cell(csv.neutral(text)) == text
    assert csv.neutral(text)[:1] not in BEGINNINGS
