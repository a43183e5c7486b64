"""Reading XLSX files: cell types, choosing the sheet, and files that are broken or out to harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from participation.intake import preview as previews
from participation.intake import workbooks
from participation.intake.rows import ImportProblem, Row
from participation.intake.tables import TableFile

Write = Callable[..., Path]
SHEET = "xl/worksheets/sheet1.xml"


def saved(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Put the parts of an archive through ``change``, packed as tightly as can be."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    path.write_bytes(buffer.getvalue())
    return path


def rows_of(path: Path, *wanted: str, sheet: str | None = None) -> list[Row]:
    with TableFile(path, sheet=sheet).open(wanted) as table:
        return list(table.rows)


def test_cells_become_plain_text(tmp_path: Path) -> None:
    row = ["ä", 3, 3.0, 0.1 + 0.2, True, None, date(2026, 5, 3), datetime(2026, 5, 3, 18, 5), time(7, 30), 1e20]  # noqa: DTZ001 - spreadsheets know no zones
    path = saved(tmp_path / "a.xlsx", {"one": [[f"c{n}" for n in range(10)], row]})
    expected = ("ä", "3", "3", "0.3", "true", "", "2026-05-03", "2026-05-03T18:05:00", "07:30:00", "1e+20")
    assert rows_of(path) == [Row(2, expected)]


def test_the_sheet_with_the_columns_is_read(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "empty": [],
        "notes": [["written by"], ["somebody"]],
        "ideas": [["Ideas of 2026"], [], [" Title ", "Text"], ["a", "b"], [], ["c"]],
        "more": [["Title", "Text"], ["x", "y"]],
    }
    path = saved(tmp_path / "a.xlsx", sheets)
    assert rows_of(path, "title", "text") == [Row(4, ("a", "b")), Row(6, ("c", ""))]
    assert rows_of(path, sheet="more") == [Row(2, ("x", "y"))]
    assert rows_of(path) == [Row(2, ("somebody",))]
    with TableFile(path).open(["Text"]) as table:
        assert (table.description, len(list(table.rows)), table.position()) == ("XLSX, sheet “ideas”", 2, 1.0)
    with pytest.raises(ImportProblem, match="no column “Reasons”; the columns are “written by”"):
        rows_of(path, "Reasons")
    with pytest.raises(ImportProblem, match="no sheet “nix”; the sheets are “empty”, “notes”, “ideas”, “more”"):
        rows_of(path, sheet="nix")


def test_a_range_declared_too_small_loses_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"one": [["a", "b"], [1, 2], [3, 4]]})
    rewritten(path, lambda name, data: data.replace(b'ref="A1:B3"', b'ref="A1"') if name == SHEET else data)
    assert rows_of(path, "a", "b") == [Row(2, ("1", "2")), Row(3, ("3", "4"))]


def test_a_row_that_is_too_wide_is_reported(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"] * 1200, ["y"], ["y", "z"]]})
    assert rows_of(path) == [
        Row(2, (), "has 1,200 cells, at most 1,000 can be read"),
        Row(3, ("y",)),
        Row(4, (), "has 2 cells where the header has 1"),
    ]


def test_rows_beyond_the_limit_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"], [], ["y"], ["z"]]})
    assert rows_of(path) == [
        Row(2, ("x",)),
        Row(4, (), "is beyond the 2 rows that can be read; save the file as .csv"),
    ]


def test_a_row_numbered_out_of_all_bounds_is_passed_over(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"], ["y"]]})
    rewritten(path, lambda name, data: data.replace(b'r="3"', b'r="99999999999999"') if name == SHEET else data)
    assert rows_of(path) == [Row(2, ("x",))]


def test_whoever_waits_for_the_beginning_of_a_file_waits_for_no_empty_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "ROWS_SCANNED", 3)
    sheet = saved(tmp_path / "a.xlsx", {"one": [["a", "b"], [], ["x", "y"], [], ["later", "on"]]})
    text = tmp_path / "a.csv"
    text.write_text("a,b\n\nx,y\n\nlater,on\n")
    for path in (sheet, text):
        assert previews.preview(TableFile(path)).rows == (("x", "y"),)
        assert [row.cells for row in rows_of(path)] == [("x", "y"), ("later", "on")]


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET])
def test_a_part_that_is_no_xml_or_refers_to_itself_is_said(tmp_path: Path, part: str) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    for content in (b"<broken", b"", bomb):
        path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"]]})
        rewritten(path, lambda name, data, content=content: content if name == part else data)
        with pytest.raises(ImportProblem):
            rows_of(path, "a")


def test_a_file_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"]]})
    rewritten(path, lambda name, data: data + b" " * (workbooks.MOST_BYTES + 1) if name == SHEET else data)
    assert path.stat().st_size < 1024 * 1024
    with pytest.raises(ImportProblem, match=r"a\.xlsx is too big once unpacked; save it as \.csv"):
        rows_of(path)


def test_a_size_that_lies_unpacks_no_further(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"]]})
    bomb = b" " * (2 * workbooks.MOST_BYTES)
    rewritten(path, lambda name, data: data + bomb if name == SHEET else data)
    with zipfile.ZipFile(path) as archive:
        honest = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, (100).to_bytes(4, "little")))
    with pytest.raises(ImportProblem, match=r"a\.xlsx is broken or not an XLSX file \(BadZipFile\)"):
        rows_of(path)


def test_entities_do_not_grow(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
    head = f'<!DOCTYPE worksheet [<!ENTITY e0 "x">{levels}]>'.encode()
    path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"]]})

    def planted(name: str, data: bytes) -> bytes:
        return head + data.replace(b"</sheetData>", b'<row r="3"><c r="A3" t="str"><v>&e8;</v></c></row></sheetData>')

    rewritten(path, lambda name, data: planted(name, data) if name == SHEET else data)
    assert [row.problem for row in rows_of(path)][-1] == "cannot be read, nor anything after it (ParseError)"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 and then nothing", "a.xlsx is a broken archive"),
        ("archive", "a.xlsx is an archive, but not an XLSX file; save it as .xlsx or .csv"),
        ("shell", "a.xlsx is broken or not an XLSX file (KeyError)"),
    ],
)
def test_broken_files_say_so(write: Write, tmp_path: Path, content: bytes | str, sentence: str) -> None:
    path = tmp_path / "a.xlsx"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml" if content == "archive" else "xl/other.xml", "<a/>")
    with pytest.raises(ImportProblem) as problem:
        rows_of(path)
    assert str(problem.value) == sentence


def test_a_sheet_cut_off_in_the_middle_is_reported(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"one": [["a"], ["x"], ["y"]]})
    rewritten(path, lambda name, data: data.partition(b'<row r="3"')[0] if name == SHEET else data)
    assert rows_of(path) == [Row(2, ("x",)), Row(3, (), "cannot be read, nor anything after it (ParseError)")]


def test_columns_that_cannot_be_called_by_their_names_are_shown_short_and_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"title,twice,twice,{'x' * 300},\x00key,{'y' * 300}/de,title/de\n1,2,3,4,5,6,7\n")
    seen = previews.preview(TableFile(path))
    assert (seen.names, seen.families) == (["title", "title/de"], ["title/*"])
    assert [len(heading) for heading in seen.headings] == [5, 5, 5, 80, 4, 80, 8]
    with pytest.raises(ImportProblem, match=r"“title”, “twice”, “twice”, “x{59}…”, “�key”"):
        rows_of(path, "text")
