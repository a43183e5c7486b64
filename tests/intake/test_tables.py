"""Reading CSV files: delimiters, encodings, shapes, and whatever is wrong with them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.intake import tables
from participation.intake.rows import HEADER_WITHIN, ImportProblem, Row
from participation.intake.tables import TableFile, detect_delimiter

Write = Callable[..., Path]
GERMAN = "Nr;Titel;Text\r\n1;Bäume an Straßen;Mehr Grün für die Südstadt – „schnell“\r\n2;Fußweg;Öfter räumen\r\n"


def read(file: TableFile, *wanted: str) -> tuple[tuple[str, ...], list[Row], str]:
    with file.open(wanted) as table:
        return table.columns, list(table.rows), table.description


def cells(file: TableFile, *wanted: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read(file, *wanted)[1]]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_found_out(write: Write, encoding: str, found: str) -> None:
    columns, rows, description = read(TableFile(write(GERMAN.encode(encoding))))
    assert columns == ("Nr", "Titel", "Text")
    assert rows[0].cells == ("1", "Bäume an Straßen", "Mehr Grün für die Südstadt – „schnell“")
    assert description == f"CSV, semicolon, {found}"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "назва;текст\nБільше дерев у місті;Ми хочемо безпечні дороги для дітей\n"),
        ("cp1253", "τίτλος;κείμενο\nΠερισσότερα δέντρα στην πόλη;Θέλουμε ασφαλείς δρόμους για τα παιδιά\n"),
        ("cp1254", "başlık;metin\nŞehirde daha fazla ağaç;Çocuklar için güvenli yollar istiyoruz, ışık yok\n"),
        ("cp1256", "عنوان;نص\nأشجار أكثر في المدينة;نريد طرقا آمنة للأطفال في كل مكان\n"),
    ],
)
def test_other_alphabets_are_told_apart(write: Write, encoding: str, text: str) -> None:
    assert cells(TableFile(write(text.encode(encoding)))) == [tuple(text.splitlines()[1].split(";"))]


def test_a_fault_far_down_in_the_file_counts_too(write: Write) -> None:
    path = write(b"title,text\n" + b"a,b\n" * 400_000 + "ä,ö\n".encode("cp1252"))
    _, rows, description = read(TableFile(path))
    assert description == "CSV, comma, cp1252"
    assert rows[-1] == Row(400_002, ("ä", "ö"))


def test_an_encoding_that_does_not_fit_is_refused(write: Write) -> None:
    path = write(GERMAN.encode("cp1252"))
    with pytest.raises(ImportProblem, match=r"table\.csv is not written in utf-8: see byte 19"):
        read(TableFile(path, encoding="utf-8"))
    with pytest.raises(ImportProblem, match="no encoding called “klingon”"):
        read(TableFile(path, encoding="klingon"))
    assert len(cells(TableFile(path, encoding="cp1252"))) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(write: Write, delimiter: str) -> None:
    lines = [["title", "text"], ["a, b; c", "x | y; z, z"], ["d", "eins\nzwei, drei"]]
    text = "\n".join(delimiter.join(f'"{cell}"' if not cell.isalpha() else cell for cell in line) for line in lines)
    assert cells(TableFile(write(text))) == [("a, b; c", "x | y; z, z"), ("d", "eins\nzwei, drei")]


def test_the_wanted_columns_decide_between_delimiters(write: Write) -> None:
    text = "Name, first;Idea\nx, y;less noise\n"
    assert cells(TableFile(write(text)), "Idea") == [("x, y", "less noise")]


def test_one_column_keeps_its_commas(write: Write) -> None:
    assert cells(TableFile(write("text\nmore trees, please; soon\nless noise\n")), "text") == [
        ("more trees, please; soon",),
        ("less noise",),
    ]


def test_excels_own_line_names_the_delimiter(write: Write) -> None:
    columns, rows, _ = read(TableFile(write("sep=|\r\na|b\r\n1|2\r\n")))
    assert (columns, rows) == (("a", "b"), [Row(2, ("1", "2"))])


def test_a_given_delimiter_is_obeyed(write: Write) -> None:
    columns, *_ = read(TableFile(write("a;b,c\n1;2,3\n"), delimiter=","))
    assert columns == ("a;b", "c")


def test_cells_over_several_lines_count_as_one_row(write: Write) -> None:
    text = 'title,text\nA,"first\nsecond ""quoted"""\n\nB,after a blank row\n'
    assert read(TableFile(write(text)))[1] == [
        Row(2, ("A", 'first\nsecond "quoted"')),
        Row(4, ("B", "after a blank row")),
    ]


def test_rows_of_another_shape_are_reported(write: Write) -> None:
    text = "a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1,2,\n"
    assert read(TableFile(write(text)))[1] == [
        Row(2, (), "has 2 cells where the header has 3"),
        Row(3, (), "has 4 cells where the header has 3"),
        Row(4, ("1", "2", "3")),
        Row(5, ("1", "2", "")),
    ]


def test_nul_characters_are_reported(write: Write) -> None:
    assert read(TableFile(write(b"a,b\nx,y\0z\nx,y\n")))[1] == [
        Row(2, (), "contains NUL characters"),
        Row(3, ("x", "y")),
    ]


def test_broken_quotation_marks_are_reported(write: Write) -> None:
    rows = read(TableFile(write('a,b\n1,"x"y\n2,z\n3,"never closed\n4,lost\n')))[1]
    assert [(row.number, row.problem) for row in rows] == [
        (2, "has quotation marks in the wrong place"),
        (3, None),
        (4, "opens a quotation mark that nothing closes; everything after it was taken for its text"),
    ]


def test_a_cell_without_end_stops_the_reading(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONGEST_CELL", 1000)
    monkeypatch.setattr(tables, "SAMPLE_CHARACTERS", 500)
    rows = read(TableFile(write("a,b\n1,2\n" + "x" * 2000 + ",y\n3,4\n")))[1]
    assert rows == [
        Row(2, ("1", "2")),
        Row(3, (), "has a cell of more than 1,000 characters; nothing after it can be read"),
    ]


def test_header_names_are_trimmed_and_may_stand_lower(write: Write) -> None:
    columns, rows, _ = read(TableFile(write("Report of 2024,\n,\n  Title ,Text \t here\na,b\n")), "title")
    assert columns == ("Title", "Text here")
    assert rows == [Row(4, ("a", "b"))]


@pytest.mark.parametrize(
    ("text", "wanted", "sentence"),
    [
        ("", "a", "table.csv is empty"),
        ("\n\n  \n", "a", "there is no row with column names"),
        ("a,b\n1,2\n", "c", "there is no column “c”; the columns are “a”, “b”"),
        ("a,A,a\n1,2,3\n", "a", "there are 2 columns called “a”; rename all but one"),
        (",".join(f"c{n}" for n in range(1200)) + "\n", "c1", "there are 1,200 columns, at most 1,000 can be read"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "a", "table.csv is in Excel's old format; save it as .xlsx or .csv"),
    ],
)
def test_files_that_cannot_be_used_say_why(write: Write, text: str | bytes, wanted: str, sentence: str) -> None:
    with pytest.raises(ImportProblem) as problem:
        read(TableFile(write(text)), wanted)
    assert str(problem.value) == sentence


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match=r"nothing\.csv: No such file or directory"):
        read(TableFile(tmp_path / "nothing.csv"))


def test_reading_is_a_stream_and_knows_how_far_it_is(write: Write) -> None:
    path = write("title,text\n" + "a,some text that fills the line\n" * 200_000)
    with TableFile(path).open() as table:
        first = next(table.rows)
        assert (first.number, table.position() < 0.2) == (2, True)
        assert sum(1 for _ in table.rows) == 199_999
        assert table.position() == 1.0


@given(st.text(alphabet="ab,;|\t\"' \n", max_size=80), st.booleans())
def test_detection_copes_with_any_text(sample: str, is_whole: bool) -> None:
    text = "a\n" * HEADER_WITHIN + sample
    assert detect_delimiter(text, ["a"], is_whole=is_whole) in {*tables.DELIMITERS, tables.NO_DELIMITER}


def test_single_bytes_of_windows_1252_in_utf_8_are_read_as_such(write: Write) -> None:
    content = "Größe;naïve „Bänke“\n".encode() + b"M\xfcll \x96 \x80;\x81\n" + "später;Änderung\n".encode()
    with TableFile(write(content)).open() as table:
        assert table.description == "CSV, semicolon, utf-8-with-leftovers"
        assert [row.cells for row in table.rows] == [("Müll – €", "\x81"), ("später", "Änderung")]
    with TableFile(write(content), encoding="utf-8-with-leftovers").open() as table:
        assert table.columns == ("Größe", "naïve „Bänke“")
    with TableFile(write("Größe;ä\nMüll;ö\n".encode("cp1252"))).open() as table:
        assert (table.columns, table.description) == (("Größe", "ä"), "CSV, semicolon, cp1252")
