"""The formats for reading: Word and PDF hold the same paper, are fit for assistive technology, and take any text."""

import random
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import outloud
import pikepdf
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from participation.exports.document import StrategyInput
from participation.exports.writers import WRITERS
from participation.exports.writers.fonts import coverage, printable
from participation.exports.writers.paper import lay_out
from participation.exports.writers.paper.blocks import Block, Box, Bullets, Heading, Line, Paragraph, Picture, Table
from participation.exports.writers.paper.saying import one_line
from participation.exports.writers.typeset import as_pdf
from tests.exports.council_samples import council, nasty_paper, whole
from tests.exports.office import converted, needs_office
from tests.exports.writer_samples import MOMENT, nasty, small

MISSING = "� stands for characters this file cannot show; the other formats hold them."
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10" fill="#047"/></svg>'
NOTE = f"{qn('w:footnotes')[:-9]}footnote"


def quiet(rows_written: int) -> None:
    """Take a report of progress."""


def written(key: str, document: StrategyInput, folder: Path) -> Path:
    path = folder / f"out.{key}"
    WRITERS[key].write(document, path, progress=quiet)
    assert [one for one in folder.iterdir() if one.suffix == ".part"] == []
    return path


def blocks_of(document: StrategyInput) -> list[Block]:
    paper = lay_out(document, document.ideas())
    return [*paper.summary, *paper.blocks]


def heads_of(document: StrategyInput) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in blocks_of(document) if isinstance(block, Heading)]


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def lines_of(blocks: list[Block]) -> list[Line]:
    """Return every line of paragraphs, boxes and lists."""
    found: list[Line] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.line)
        if isinstance(block, Box):
            found += block.lines
        if isinstance(block, Bullets):
            found += block.items
    return found


def notes_of(blocks: list[Block]) -> list[str]:
    return [text_of(span.note) for line in lines_of(blocks) for span in line if span.note]


# ---- Word ------------------------------------------------------------------------------------------------------


def cells(table: WordTable) -> list[list[str]]:
    """Return the texts of a table, links included."""
    return [["".join(part.text for part in cell.iter_inner_content()) for cell in row.cells] for row in table.rows]


def styled(file: Document, *names: str) -> list[tuple[str, str]]:
    """Return style and text of the paragraphs with one of the styles."""
    found = ((paragraph.style.name if paragraph.style else "", paragraph.text) for paragraph in file.paragraphs)
    return [(name or "", text) for name, text in found if (name or "").startswith(names)]


def footnotes(path: Path) -> list[str]:
    """Return the footnotes of a Word file, read without the library that wrote it."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/footnotes.xml"))
    return [
        "".join(text.text or "" for text in note.iter(qn("w:t"))).strip()
        for note in root.iter(NOTE)
        if note.get(qn("w:type")) is None
    ]


def test_word_says_what_the_paper_says(tmp_path: Path) -> None:
    document = whole()
    blocks, path = blocks_of(document), written("docx", document, tmp_path)
    file = docx.Document(str(path))
    assert [(int(style[-1]), text) for style, text in styled(file, "Heading")] == heads_of(document)
    wanted = [
        [list(block.head), *([text_of(cell) for cell in row] for row in block.rows)]
        for block in blocks
        if isinstance(block, Table)
    ]
    assert [cells(table) for table in file.tables] == wanted
    bullets = [text_of(item) for block in blocks if isinstance(block, Bullets) for item in block.items]
    assert [text for _style, text in styled(file, "List Bullet")] == bullets
    assert footnotes(path) == notes_of(blocks)
    marks = [mark.get(qn("w:id")) for mark in file.element.body.iter(qn("w:footnoteReference"))]
    assert marks == [str(number) for number in range(1, len(footnotes(path)) + 1)]
    assert styled(file, "Title") == [("Title", "Digital strategy")]
    assert [text for _style, text in styled(file, "Cover")] == [
        "Input for the strategy · Paper no. 12/2026",
        "Sample City · Status as of March 29, 2026, 12:30\u202fAM",
    ]


def test_word_has_contents_that_it_can_renew(tmp_path: Path) -> None:
    path = written("docx", whole(), tmp_path)
    body = docx.Document(str(path)).element.body
    frame = body.find(f".//{qn('w:sdt')}")
    assert frame is not None
    entries = ["".join(text.text or "" for text in entry.iter(qn("w:t"))) for entry in frame.iter(qn("w:p"))]
    assert entries == [text for level, text in heads_of(whole()) if level < 3]
    assert [part.text.strip() for part in frame.iter(qn("w:instrText"))] == ['TOC \\o "1-2" \\h \\z \\u']
    targets = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    anchors = [link.get(qn("w:anchor")) for link in frame.iter(qn("w:hyperlink"))]
    assert len(anchors) == len(entries)
    assert set(anchors) <= targets


def test_word_tells_machines_what_it_is(tmp_path: Path) -> None:
    document = whole()
    file = docx.Document(str(written("docx", document, tmp_path)))
    core = file.core_properties
    assert (core.title, core.language, core.author) == ("Digital strategy", "en", "Sample City")
    language = file.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language is not None
    assert language.get(qn("w:val")) == "en"
    for table in file.tables:
        repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert repeated == [True] + [False] * (len(table.rows) - 1)
    captions = [table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for table in file.tables]
    assert captions == [block.caption for block in blocks_of(document) if isinstance(block, Table)]
    described = [shape._inline.docPr.get("descr") for shape in file.inline_shapes]
    assert described == [block.alt for block in blocks_of(document) if isinstance(block, Picture)]
    assert all(described)


def test_word_links_lead_somewhere(tmp_path: Path) -> None:
    file = docx.Document(str(written("docx", nasty(), tmp_path)))
    body = file.element.body
    targets = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert len(targets) == len(set(targets))
    assert anchors <= set(targets)
    addresses = {relation.target_ref for relation in file.part.rels.values() if relation.is_external}
    assert addresses == {"https://example.org/?a=1&b=<2>"}


def test_word_reads_from_right_to_left(tmp_path: Path) -> None:
    file = docx.Document(str(written("docx", replace(whole(), language="ar", dir="rtl"), tmp_path)))
    normal = file.styles["Normal"].element.pPr
    assert normal is not None
    assert normal.find(qn("w:bidi")) is not None
    turned = {
        (paragraph._p.pPr.find(qn("w:bidi")).get(qn("w:val")) or "1") if paragraph._p.pPr is not None else "none"
        for paragraph in file.paragraphs
        if paragraph.text
    }
    assert turned == {"1"}
    assert {run.font.rtl for paragraph in file.paragraphs for run in paragraph.runs if run.text.strip()} == {True, None}
    assert {table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in file.tables} == {True}
    # What residents wrote in a language that is read from left to right stays so.
    annex = file.tables[-1].rows[1].cells[1].paragraphs[0]
    assert annex._p.pPr.find(qn("w:bidi")).get(qn("w:val")) == "0"


# ---- PDF -------------------------------------------------------------------------------------------------------


def outline(reader: PdfReader) -> list[tuple[int, str]]:
    def walk(items: list[Any], level: int) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for item in items:
            found += walk(item, level + 1) if isinstance(item, list) else [(level, str(item.title))]
        return found

    return walk(reader.outline, 1)


def elements(node: Any) -> list[Any]:
    """Return all structure elements, in the order of reading."""
    node = node.get_object()
    if isinstance(node, list):
        return [element for child in node for element in elements(child)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [node] if "/S" in node else []
    return own + (elements(node["/K"]) if "/K" in node else [])


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_pdf_is_fit_for_assistive_technology(language: str, tmp_path: Path) -> None:
    document = replace(whole(), language=language, dir="rtl" if language == "ar" else "ltr")
    path = written("pdf", document, tmp_path)
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == (language, True)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    result = outloud.check(str(path))
    assert [finding for finding in result.findings if finding.severity == "error"] == []
    reader = PdfReader(path)
    root: Any = reader.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Digital strategy"
    assert outline(reader) == [(level, text) for level, text in heads_of(document) if level < 3]
    _check_tags(document, elements(root["/StructTreeRoot"]))


def _check_tags(document: StrategyInput, found: list[Any]) -> None:
    """Hold headings, tables, drawings and notes of the structure tree against the paper."""
    blocks, tags = blocks_of(document), [str(element["/S"]) for element in found]
    heads = [f"/H{block.level}" for block in blocks if isinstance(block, Heading)]
    contents = tags.index("/TOC")
    assert [tag for tag in tags if tag in ("/H1", "/H2", "/H3")] == [*heads[:2], "/H1", *heads[2:]]
    assert tags[:contents].count("/H1") == 2
    drawn = [str(element["/Alt"]) for element in found if element["/S"] == "/Figure"]
    assert drawn == [block.alt for block in blocks if isinstance(block, Picture)]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert tags.count("/Table") == len(tables)
    assert tags.count("/TH") == sum(len(table.head) for table in tables)
    assert tags.count("/TD") == sum(len(table.head) * len(table.rows) for table in tables)
    assert sum(tag in ("/Note", "/FENote") for tag in tags) == len(notes_of(blocks))


def test_pdf_says_what_the_paper_says(tmp_path: Path) -> None:
    document = whole()
    reader = PdfReader(written("pdf", document, tmp_path))
    said = words(reader)
    blocks = blocks_of(document)
    lines = [text_of(line) for line in lines_of(blocks)]
    lines += [text_of(cell) for block in blocks if isinstance(block, Table) for row in block.rows for cell in row]
    lines += notes_of(blocks)
    # Footnote marks and line ends stand between words: letters are what counts.
    letters = "".join(character for character in said if character.isalpha())
    lost = [line for line in lines if "".join(filter(str.isalpha, line)) not in letters]
    assert lost == []
    addresses = {
        action["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/URI" in (action := note.get_object().get("/A", {}))
    }
    assert addresses == {f"https://example.org/en/ideas/{number}" for number in (1, 2, 3)}


def test_pdf_says_when_characters_are_missing(tmp_path: Path) -> None:
    said = []
    for number, document in enumerate((small(), nasty(("漢字",)))):
        (folder := tmp_path / str(number)).mkdir()
        lines = PdfReader(written("pdf", document, folder)).pages[0].extract_text().splitlines()
        said.append([line for line in lines if "stands for" in line])
    assert said == [[], [MISSING]]


def test_pdf_takes_every_character_in_every_company(tmp_path: Path) -> None:
    points = [*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)]
    drawn = [chr(point) for point in points if any(point in font for font in coverage())]
    marks = [character for character in drawn if unicodedata.combining(character)]
    chance = random.Random(13)
    texts = ["".join(drawn[start : start + 150]) for start in range(0, len(drawn), 150)]
    texts += ["".join(chance.choice(chance.choice((drawn, marks))) for _ in range(100)) for _ in range(30)]
    texts += ["".join(chr(chance.choice(points)) for _ in range(100)) for _ in range(10)]
    assert len(PdfReader(written("pdf", nasty(tuple(texts)), tmp_path)).pages) > 10


def test_a_paper_without_links_is_better_than_none() -> None:
    span = {"text": "Away", "bold": False, "quiet": False, "language": "", "dir": "", "url": "", "note": []}
    line = [{**span, "anchor": "nowhere"}]
    data: Any = {
        "title": "Paper",
        "kind": "Kind",
        "city": "City",
        "number": "",
        "status": "Today",
        "logo": "",
        "depth": 2,
        "language": "en",
        "dir": "ltr",
        "missing": False,
        "question": [],
        "summary": [],
        "words": {"page": "Page", "of_pages": "of", "contents": "Contents", "question": "Question"},
        "blocks": [{"block": "paragraph", "look": "plain", "line": line}],
    }
    made = as_pdf(data, files={}, moment=MOMENT)
    assert made.startswith(b"%PDF")


def test_printable_keeps_what_the_fonts_have() -> None:
    kept = "Straße ę ñ ﬁ – „quote“ Ελλάδα Україна أجهزة للجميع 12.5 % €"
    assert printable(kept) == kept
    assert printable("漢字 and 😀👩‍👩‍👧 end") == "\ufffd and \ufffd end"
    assert printable("e\u0309 \u0628\u0309 \u0628\u064e") == "e\u0309 \u0628 \u0628\u064e"
    assert printable("\u06da\u200dend ^") == "end ^"
    assert printable("") == ""


# ---- Both ------------------------------------------------------------------------------------------------------


def test_a_figure_stays_with_its_sign() -> None:
    assert one_line(" some \n93\u00a0% and\t1\u202f000 ") == "some 93\u00a0% and 1\u202f000"


def test_no_text_stops_a_paper(tmp_path: Path) -> None:
    document = nasty_paper("ar")
    file = docx.Document(str(written("docx", document, tmp_path)))
    assert [text for _style, text in styled(file, "Heading")] == [text for _level, text in heads_of(document)]
    with pikepdf.open(written("pdf", document, tmp_path)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.Root.Lang == "ar"


def test_a_logo_stands_first_and_says_whose_it_is(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO, encoding="utf-8")
    for setting, expected in ((str(logo), ["Logo: Sample City"]), (str(tmp_path / "none.png"), [])):
        document = replace(small(), council=replace(council(), logo=setting))
        file = docx.Document(str(written("docx", document, tmp_path)))
        described = [shape._inline.docPr.get("descr") for shape in file.inline_shapes]
        assert [text for text in described if text.startswith("Logo")] == expected
        reader = PdfReader(written("pdf", document, tmp_path))
        found = elements(reader.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]  # a catalogue is a mapping
        drawn = [str(element["/Alt"]) for element in found if element["/S"] == "/Figure"]
        assert [text for text in drawn if text.startswith("Logo")] == expected


@needs_office
def test_libreoffice_opens_the_word_file(tmp_path: Path) -> None:
    (path,) = converted(tmp_path, "pdf", written("docx", whole(), tmp_path))
    letters = "".join(filter(str.isalpha, words(PdfReader(path))))
    wanted = [text for _level, text in heads_of(whole())] + notes_of(blocks_of(whole()))
    assert [text for text in wanted if "".join(filter(str.isalpha, text)) not in letters] == []
