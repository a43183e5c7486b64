"""The workbooks (XLSX, ODS): written, opened again by programs that are not ours, compared cell by cell."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from lxml import etree
from openpyxl import load_workbook

from participation.exports.document import StrategyInput
from participation.exports.legend import TABLES
from participation.exports.writers import grid
from participation.exports.writers.grid import SheetNames, row_height
from participation.exports.writers.odf import NAMESPACES
from participation.exports.writers.sheets import sheets
from participation.exports.writers.text import fit, reads, utf16_length
from tests.exports.readers import CELL_LIMITS, READERS, all_tables, in_workbook, same_day, written
from tests.exports.table_samples import FORMULAS, full, many, nasty_tables, translated
from tests.exports.writer_samples import LONG

SHEETS = ["Notes", "Ideas", "Votes", "Comments", "Translations", "Decisions", "Themes", "Filed under", "Bundles"]
SHEETS += ["Statements", "Criteria and values", "Answers", "Measures", "Sources"]
STANCES = ["Agree", "Unsure", "Disagree"]
LOCAL = datetime(2026, 3, 29, 0, 30)  # noqa: DTZ001 - a spreadsheet knows no zones; 23:30 UTC as read in Berlin
DAY = datetime(2026, 5, 3)  # noqa: DTZ001 - as above

Make = Callable[[], StrategyInput]
DOCUMENTS: list[Make] = [
    full,
    nasty_tables,
    lambda: nasty_tables(FORMULAS),
    lambda: replace(full(), dir="rtl", language="ar"),
]


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("make", DOCUMENTS, ids=["full", "nasty", "formulas", "right to left"])
def test_workbook_holds_every_row_of_the_document(key: str, make: Make, tmp_path: Path) -> None:
    document = make()
    found = READERS[key](written(key, document, tmp_path))
    assert list(found) == SHEETS
    for name, table in all_tables(document).items():
        assert same_day(found[name]) == same_day(in_workbook(table, document, CELL_LIMITS[key])), name


@pytest.mark.parametrize("key", READERS)
def test_workbook_in_words(key: str, tmp_path: Path) -> None:
    found = {name: same_day(table) for name, table in READERS[key](written(key, full(), tmp_path)).items()}
    few, hidden = "too few people", "hidden"
    assert found["Votes"] == [
        ["Idea: ID", *STANCES, "People", "Points", "People who gave points", "Why figures are missing"],
        ["1", 12, 3, 4, 19, 40, 9, None],
        ["2", *[hidden] * 6, few],
        ["3", *[hidden] * 6, hidden],
    ]
    first = ["1", "ext-1", "Help with phones", "A weekly hour.\nEverywhere.", "en", "published", "Blue Heron", LOCAL]
    first += ["Participation\nService", "North", "Education", 12, 3, 4, 40, 9, 1, "c1\nc2", "c2", "b1", "s1"]
    first += ["https://example.org/en/ideas/1", "online", "Families\nWater", "Yes (Parks, 2026-05-03)\nFrom autumn on."]
    assert found["Ideas"][1] == first
    assert found["Decisions"][1] == ["1", "idea", "hidden", "insult", "none", DAY, 1.5, "upheld", "00ff"]
    assert found["Filed under"][1:] == [["1", "c2", "yes", "by staff", LOCAL], ["1", "c1", None, "file", LOCAL]]
    about = ["Theme", "Theme (German)", "Theme (Arabic)", "Description", "Description (German)"]
    assert found["Themes"][0][:6] == ["ID", *about]
    assert found["Themes"][1][:6] == ["c1", "Learning", None, "التعلم", "Courses and help", "Kurse und Hilfe"]
    assert found["Statements"][1][2:5] == [
        "The city helps in every district.",
        "Die Stadt hilft in jedem Bezirk.",
        "تساعد المدينة في كل حي.",
    ]
    english, german, arabic = "From autumn on.\nIn two districts first.", "Ab Herbst.", "من الخريف"
    answer = ["a1", "Statement", "s1", "Parks", "Yes, in part", english, german, arabic, LOCAL, DAY, "yes", "yes"]
    assert found["Answers"][1] == answer
    steps = "2026-03-29 · planned\n2026-03-29 · begun · One room is open."
    due = [DAY, DAY - timedelta(days=30), "yes", steps]
    assert found["Measures"][1] == ["m1", "a1", "Two rooms", "Zwei Räume", None, "Libraries", "begun", *due]
    assert found["Sources"][1:3] == [
        [1, "s1", "The city helps in every district.", "c1", "Learning", "1", "Help with phones"],
        [None, None, None, "c2", "Places", "1", "Help with phones"],
    ]


@pytest.mark.parametrize("key", READERS)
def test_notes_say_what_everything_means(key: str, tmp_path: Path) -> None:
    document = full()
    notes = READERS[key](written(key, document, tmp_path))["Notes"]
    pairs = [(row[0], row[1]) for row in notes]
    said = dict(pairs)
    assert pairs[0] == ("Digital strategy", None)
    assert (said["Participants"], said["Status as of"], said["1. Participation"]) == (20, LOCAL, 1)
    assert (said["Share of ideas covered by a statement"], said["Title (German)"]) == (0.6, "Digitalstrategie")
    assert {("No.", "0815-26"), ("Votes", 1904)} <= set(pairs)
    assert said["hidden"] == "“hidden” stands for figures that nobody may see yet, or that too few people stand behind."
    for sheet in sheets(document):
        begin = pairs.index((sheet.title, sheet.note))
        assert pairs[begin + 1 : begin + 1 + len(sheet.columns)] == [(one.heading, one.note) for one in sheet.columns]


def test_translations_stand_beside_originals_and_on_their_own(tmp_path: Path) -> None:
    found = READERS["xlsx"](written("xlsx", translated(), tmp_path))
    head, first, second = found["Ideas"][:3]
    said = dict(zip(head, first, strict=True))
    assert (said["Title"], said["Language"]) == ("Help with phones", "en")
    assert (said["Title, translated"], said["Text, translated"]) == ("Yardım", "Haftada bir saat.")
    assert said["How it was translated"] == "translated by people"
    assert dict(zip(head, second, strict=True))["Title, translated"] is None
    assert found["Translations"][1:] == [
        ["1", "Idea", "1", "tr", "en", "machine", "LibreTranslate", 2, "Yardım", "Haftada bir saat."],
        ["1", "Comment", "2", "tr", "en", "people", None, 2, None, "Neden?"],
    ]


def test_only_languages_that_occur_have_columns(tmp_path: Path) -> None:
    document = replace(full(), spoken={"statements.text": ("de", "en"), "answers.text": (), "clusters.title": ("ar",)})
    found = READERS["xlsx"](written("xlsx", document, tmp_path))
    assert [head for head in found["Statements"][0] if head.startswith("Statement")] == [
        "Statement",
        "Statement (German)",
    ]
    assert [head for head in found["Answers"][0] if head.startswith("Text")] == ["Text"]
    assert [head for head in found["Themes"][0] if head.startswith("Theme")] == ["Theme", "Theme (Arabic)"]
    # Where nobody has looked, every language may occur.
    assert [head for head in found["Measures"][0] if head.startswith("Measure")] == [
        "Measure",
        "Measure (German)",
        "Measure (Arabic)",
    ]


def test_xlsx_runs_nothing_and_can_be_sorted(tmp_path: Path) -> None:
    path = written("xlsx", nasty_tables(FORMULAS), tmp_path)
    for sheet in load_workbook(path).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
        assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
        if sheet.title != "Notes":
            assert sheet.freeze_panes == "A2"
            assert sheet.auto_filter.ref == sheet.dimensions
            assert sheet.print_title_rows == "$1:$1"
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert [b"<f>" in part or b"<f " in part for part in parts] == [False] * len(SHEETS)
        assert [name for name in archive.namelist() if "external" in name.lower() or "hyperlink" in name.lower()] == []


def test_xlsx_dates_are_dates_and_ids_are_text(tmp_path: Path) -> None:
    book = load_workbook(written("xlsx", full(), tmp_path))
    cells = dict(zip((cell.value for cell in book["Answers"][1]), book["Answers"][2], strict=True))
    kinds = {name: (cells[name].data_type, cells[name].number_format) for name in ("ID", "Answered", "Due on")}
    assert kinds == {"ID": ("s", "@"), "Answered": ("d", "yyyy-mm-dd hh:mm"), "Due on": ("d", "yyyy-mm-dd")}
    assert [cells[name].alignment.readingOrder for name in ("Text", "Text (German)", "Text (Arabic)")] == [0, 0, 2]


def test_xlsx_text_stays_text_when_somebody_edits_the_cell(tmp_path: Path) -> None:
    sheet = load_workbook(written("xlsx", nasty_tables((*FORMULAS, "plain", "a = b")), tmp_path))["Comments"]
    free = [row[4].value for row in sheet.iter_rows(min_row=2) if not row[4].quotePrefix]
    assert free == [";=1+1", ",=1+1", "{=1+1}", "of:=1+1", "msoxl:=1+1", "plain", "a = b"]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_ods_types_every_cell_and_can_be_sorted(direction: Literal["ltr", "rtl"], tmp_path: Path) -> None:
    document = replace(nasty_tables(FORMULAS), dir=direction)
    path = written("ods", document, tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read(first)) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"application/vnd.oasis.opendocument.spreadsheet",
        )
        content, settings = (etree.fromstring(archive.read(f"{name}.xml")) for name in ("content", "settings"))
    names = dict(NAMESPACES)
    table = f"{{{names['table']}}}"
    assert [one for one in content.iter() if one.get(f"{table}formula") is not None] == []
    assert {one.tag for one in content.iter() if "xlink" in str(one.attrib)} == set()
    types = {cell.get(f"{{{names['office']}}}value-type") for cell in content.iter(f"{table}table-cell")}
    assert types == {None, "string", "float", "percentage", "date"}
    tables = content.findall(".//table:table", names)
    sizes = {
        one.get(f"{table}name"): (
            len(one.findall(".//table:table-row", names)),
            len(one.findall(".//table:table-column", names)),
            len(one.findall("table:table-header-rows/table:table-row", names)),
        )
        for one in tables
    }
    ranges = content.findall(".//table:database-range", names)
    assert [one.get(f"{table}target-range-address") for one in ranges] == [
        f"'{name}'.A1:'{name}'.{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[columns - 1]}{max(rows, 2)}"
        for name, (rows, columns, head) in sizes.items()
        if head
    ]
    frozen = settings.findall(".//config:config-item[@config:name='VerticalSplitPosition']", names)
    assert [item.text for item in frozen] == ["1"] * len(TABLES)
    modes = content.findall(".//style:table-properties", names)
    mode = {"ltr": "lr-tb", "rtl": "rl-tb"}[direction]
    assert [one.get(f"{{{names['style']}}}writing-mode") for one in modes] == [mode, mode]


@pytest.mark.parametrize("key", READERS)
def test_a_list_longer_than_a_sheet_continues(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "ROW_LIMIT", 4)
    found = READERS[key](written(key, many(6), tmp_path))
    assert [len(found[name]) for name in ("Ideas", "Ideas 2", "Filed under 2")] == [4, 4, 4]
    assert "Ideas 3" not in found
    pages = [found[name] for name in ("Comments", "Comments 2", "Comments 3", "Comments 4")]
    assert [page[0] for page in pages] == [pages[0][0]] * 4
    assert [row[0] for page in pages for row in page[1:]] == [str(number) for number in range(12)]


def test_names_of_sheets_are_unique_and_allowed() -> None:
    names = SheetNames()
    wanted = ("Ideas", "ideas", "A/B: [what]?*'\"", "", "x" * 40, "x" * 50)
    assert [names.new(name) for name in wanted] == ["Ideas", "ideas 2", "A B what", "Sheet", "x" * 31, "x" * 29 + " 2"]


def test_rows_are_as_high_as_their_texts_and_not_much_higher() -> None:
    assert row_height(("short", 5, None), (10, 10, 10)) == 15
    assert row_height(("one\ntwo\nthree",), (10,)) == 45
    assert row_height(("x" * 25 + "\ny",), (10,)) == 60
    assert row_height(("x" * 10_000,), (10,)) == 180


def test_a_text_too_long_for_a_cell_says_so() -> None:
    assert utf16_length(LONG) == 40_000
    short = fit(LONG, 32_767, "[shortened]")
    assert (len(short), short.endswith(" [shortened]")) == (32_767, True)
    faces = fit("😀" * 20_000, 32_767, "[shortened]")
    assert utf16_length(faces) <= 32_767
    assert faces == "😀" * 16_377 + " [shortened]"


def test_texts_read_in_the_direction_of_their_first_letter() -> None:
    texts = ("plain", "12 مكتبة and", "مكتبة", "“שלום”", "123 …", "", "\u202eplain")
    assert [reads(text) for text in texts] == ["ltr", "rtl", "rtl", "rtl", "", "", "ltr"]


@pytest.mark.parametrize("key", READERS)
def test_an_empty_process_is_a_workbook_too(key: str, tmp_path: Path) -> None:
    found = READERS[key](written(key, many(0), tmp_path))
    assert list(found) == SHEETS
    assert [len(found[name]) for name in SHEETS if name not in {"Notes", "Themes", "Sources"}] == [1] * 11
