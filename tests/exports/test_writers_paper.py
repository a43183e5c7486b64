"""The formats for reading (DOCX, PDF): structure, words, figures, languages, and characters that must not stop them."""

import random
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from participation.exports.document import ClusterRow, IdeaRow, StatementRow, StrategyInput, rows
from participation.exports.writers import WRITERS, paper
from participation.exports.writers.fonts import coverage, printable
from participation.exports.writers.text import excerpt, for_print
from tests.exports.writer_samples import NASTY, UNWRITABLE, nasty, small, streaming

IDEA_HEAD = ["No.", "Idea", "Used in statement", "Agree", "Unsure", "Disagree"]
ANNEX_HEAD = ["No.", "Title", "State", "Theme clusters", "Agree", "Unsure", "Disagree"]
TEXT = (
    "A text of usual length about what the city should do. " * 3
    + "A text of usual length about what the city should do."
)
ANNEX = [
    ["1", "Help with phones", "published", "Learning, Places", "12", "3", "4"],
    ["2", "Idea 2", "published", "Learning", "hidden", "hidden", "hidden"],
    ["3", "Idea 3", "published", "Places", "0", "0", "0"],
    ["4", "Idea 4", "published", "", "hidden", "hidden", "hidden"],
    ["5", "Idea 5", "published", "", "hidden", "hidden", "hidden"],
]
FIGURES = [
    ["Participants", "20"],
    ["Ideas", "5"],
    ["Votes", "1,904"],
    ["Comments", "2"],
    ["Ideas filed in a cluster", "3"],
    ["Share of ideas covered by a statement", "60%"],
]
HEADINGS = [
    (1, "How to read this document"),
    (2, "Licence and status"),
    (1, "Participation in figures"),
    (2, "How the figures were counted"),
    (2, "Phases"),
    (2, "Principles"),
    (1, "Statements"),
    (2, "Statement 1"),
    (2, "Statement 2"),
    (1, "Theme clusters"),
    (2, "Learning"),
    (2, "Places"),
    (2, "Empty but used"),
    (2, "Empty"),
    (1, "Annex: list of ideas"),
]


def quiet(rows_written: int) -> None:
    """Take a report of progress."""


def written(key: str, document: StrategyInput, folder: Path) -> Path:
    path = folder / f"out.{key}"
    WRITERS[key].write(document, path, progress=quiet)
    assert sorted(folder.iterdir()) == [path]
    return path


# ---- Word ------------------------------------------------------------------------------------------------------


def cells(table: Table) -> list[list[str]]:
    """Return the texts of a table, links included."""
    return [["".join(part.text for part in cell.iter_inner_content()) for cell in row.cells] for row in table.rows]


def headings(document: Document) -> list[tuple[int, str]]:
    names = ((paragraph.style.name if paragraph.style else "", paragraph.text) for paragraph in document.paragraphs)
    return [(int((name or "")[-1]), text) for name, text in names if (name or "").startswith("Heading")]


def test_word_says_what_the_document_says(tmp_path: Path) -> None:
    file = docx.Document(str(written("docx", small(), tmp_path)))
    expected = [(1, "Question"), *HEADINGS]
    expected[9:9] = [
        (3, "Reasoning"),
        (3, "In the words of residents"),
        (3, "What speaks against it"),
        (3, "Criteria and values"),
        (3, "Rests on"),
    ]
    expected[15:15] = [(3, "Rests on")]
    assert headings(file) == expected
    figures, phases, principles, learning, places, annex = [cells(table) for table in file.tables]
    assert figures == [["Figure", "Value"], *FIGURES]
    assert phases == [
        ["Phase", "Begins", "Ends"],
        ["Propose", "Mar 29, 2026", "Apr 28, 2026"],
        ["Results", "Apr 28, 2026", "open"],
    ]
    assert principles == [["No.", "Principle", "Number of ideas"], ["1", "Participation", "1"]]
    assert learning == [
        IDEA_HEAD,
        ["1", "Help with phones\nA weekly hour. Everywhere.", "1", "12", "3", "4"],
        ["2", f"Idea 2\n{TEXT}", "1", "hidden", "hidden", "hidden"],
    ]
    assert [row[0] for row in places] == ["No.", "3", "1"]
    assert annex == [ANNEX_HEAD, *ANNEX]
    bullets = [
        paragraph.text for paragraph in file.paragraphs if paragraph.style and paragraph.style.name == "List Bullet"
    ]
    assert bullets == [
        "Learning\nNumber of ideas: 2 · No. 1, 2",
        "Empty but used\nNumber of ideas: 0",
        "Ideas taken up directly\nNumber of ideas: 1 · No. 4",
    ]


def test_word_keeps_every_text_it_can(tmp_path: Path) -> None:
    file = docx.Document(str(written("docx", nasty((*NASTY, UNWRITABLE)), tmp_path)))
    titles = [" ".join(for_print(text).split()) for text in (*NASTY, UNWRITABLE)]
    assert [row[1] for row in cells(file.tables[-1])[1:]] == [excerpt(title, 200) for title in titles]
    assert [text for level, text in headings(file) if level == 2][-len(titles) :] == titles


def test_word_tells_machines_what_it_is(tmp_path: Path) -> None:
    file = docx.Document(str(written("docx", small(), tmp_path)))
    core = file.core_properties
    assert (core.title, core.language, core.author) == ("Digital strategy", "en", "Sample City")
    language = file.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language is not None
    assert language.get(qn("w:val")) == "en"
    for table in file.tables:
        repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert repeated == [True] + [False] * (len(table.rows) - 1)


def test_word_links_lead_somewhere(tmp_path: Path) -> None:
    file = docx.Document(str(written("docx", nasty(), tmp_path)))
    body = file.element.body
    targets = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert len(targets) == len(set(targets)) == 2 * len(NASTY)
    assert anchors == set(targets)
    addresses = {relation.target_ref for relation in file.part.rels.values() if relation.is_external}
    assert addresses == {"https://example.org/?a=1&b=<2>"}


def test_word_reads_from_right_to_left(tmp_path: Path) -> None:
    file = docx.Document(str(written("docx", replace(small(), language="ar", dir="rtl"), tmp_path)))
    properties = [paragraph._p.pPr for paragraph in file.paragraphs if paragraph.text]
    assert [part is not None and part.find(qn("w:bidi")) is not None for part in properties] == [True] * len(properties)
    visual = [table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in file.tables]
    assert visual == [True] * 6


# ---- PDF -------------------------------------------------------------------------------------------------------


def outline(reader: PdfReader) -> list[tuple[int, str]]:
    def walk(items: list[Any], level: int) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for item in items:
            found += walk(item, level + 1) if isinstance(item, list) else [(level, str(item.title))]
        return found

    return walk(reader.outline, 1)


def tags(node: Any) -> list[str]:
    """Return the types of all structure elements, in the order of reading."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for child in node for tag in tags(child)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


def test_pdf_is_tagged(tmp_path: Path) -> None:
    reader = PdfReader(written("pdf", small(), tmp_path))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean is not Python's
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - see above
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Digital strategy"
    assert outline(reader) == HEADINGS
    found = tags(root["/StructTreeRoot"])
    assert [found.count(tag) for tag in ("/Table", "/TH", "/Title", "/H3")] == [6, 27, 1, 6]
    assert found.count("/TD") == 2 * 6 + 3 * 2 + 3 + 6 * 4 + 7 * 5


def pick(pages: list[str]) -> list[tuple[str, str, str]]:
    """Return the last four pages, each with the words around the part to compare."""
    around = [
        ("Participation in figures ", "How the"),
        ("Statement 1 ", "Statement 2"),
        ("Disagree ", "Places"),
        ("Annex: list of ideas ", "Status as of"),
    ]
    return [(page, *words) for page, words in zip(pages[-4:], around, strict=True)]


def test_pdf_says_what_the_document_says(tmp_path: Path) -> None:
    reader = PdfReader(written("pdf", small(), tmp_path))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert [page.partition(begin)[2].partition(end)[0] for page, begin, end in pick(pages)] == [
        " ".join(" ".join(row) for row in [["Figure", "Value"], *FIGURES]) + " ",
        (
            "The city helps in every district. Number of ideas: 2 People: 15 Agree: 11 Unsure: 2 Disagree: 4 "
            "Responsible department: Libraries Principles: Participation Field of action: Education "
            "Signed off: by a second person of the team on 2026-05-04, revision 2 "
            "What it does not rest on any more: idea 9: erased "
            "Reasoning Many ask for it. Nobody objects. "
            "In the words of residents „A weekly hour.“ (idea 1) "
            "What speaks against it Who pays for it? (comment on idea 2) "
            "Criteria and values In conflict · Is it fair? Not in every district. Rests on – Learning "
            "Number of ideas: 2 · No. 1, 2 – Empty but used Number of ideas: 0 "
        ),
        f"1 Help with phones A weekly hour. Everywhere. 1 12 3 4 2 Idea 2 {TEXT} 1 hidden hidden hidden ",
        " ".join(" ".join(cell for cell in row if cell) for row in [ANNEX_HEAD, *ANNEX]) + " ",
    ]
    links = [
        action["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/URI" in (action := note.get_object().get("/A", {}))
    ]
    assert set(links) == {"https://example.org/en/ideas/1"}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_pdf_takes_any_text(language: str, tmp_path: Path) -> None:
    document = replace(nasty((*NASTY, UNWRITABLE)), language=language, dir="rtl" if language == "ar" else "ltr")
    reader = PdfReader(written("pdf", document, tmp_path))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/StructTreeRoot"]["/K"]


def test_pdf_says_when_characters_are_missing(tmp_path: Path) -> None:
    sentence = "� stands for characters this file cannot show; the other formats hold them."
    said = []
    for number, document in enumerate((small(), nasty(("漢字",)))):
        (folder := tmp_path / str(number)).mkdir()
        lines = PdfReader(written("pdf", document, folder)).pages[0].extract_text().splitlines()
        said.append([line for line in lines if "stands for" in line])
    assert said == [[], [sentence]]


def test_pdf_takes_every_character_in_every_company(tmp_path: Path) -> None:
    points = [*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)]
    drawn = [chr(point) for point in points if any(point in font for font in coverage())]
    marks = [character for character in drawn if unicodedata.combining(character)]
    chance = random.Random(13)
    texts = ["".join(drawn[start : start + 150]) for start in range(0, len(drawn), 150)]
    texts += ["".join(chance.choice(chance.choice((drawn, marks))) for _ in range(100)) for _ in range(30)]
    texts += ["".join(chr(chance.choice(points)) for _ in range(100)) for _ in range(10)]
    assert len(PdfReader(written("pdf", nasty(tuple(texts)), tmp_path)).pages) > 10


def test_printable_keeps_what_the_fonts_have() -> None:
    kept = "Straße ę ñ ﬁ – „quote“ Ελλάδα Україна أجهزة للجميع 12.5 % €"
    assert printable(kept) == kept
    assert printable("漢字 and 😀👩‍👩‍👧 end") == "\ufffd and \ufffd end"
    assert printable("e\u0309 \u0628\u0309 \u0628\u064e") == "e\u0309 \u0628 \u0628\u064e"
    assert printable("") == ""


# ---- Both ------------------------------------------------------------------------------------------------------


def test_papers_end_where_the_workbook_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "ANNEX_LIMIT", 3)
    monkeypatch.setattr(paper, "CLUSTER_LIMIT", 2)
    document = streaming(1_200)
    ids = tuple(idea.id for idea in document.ideas() if idea.cluster_ids)
    document = replace(document, clusters=(replace(document.clusters[0], idea_ids=ids),))
    rests = [
        "Shown: 2 of 600 ideas. The workbook of this export lists all of them.",
        "Shown: 3 of 1,200 ideas. The workbook of this export lists all of them.",
    ]
    file = docx.Document(str(written("docx", document, tmp_path)))
    assert [paragraph.text for paragraph in file.paragraphs if paragraph.text.startswith("Shown")] == rests
    assert [[row[0] for row in cells(table)[1:]] for table in file.tables[-2:]] == [["1", "3"], ["0", "1", "2"]]
    (tmp_path / "out.docx").unlink()
    text = " ".join(page.extract_text() for page in PdfReader(written("pdf", document, tmp_path)).pages)
    assert [rest in " ".join(text.split()) for rest in rests] == [True, True]


@pytest.mark.parametrize("key", ["docx", "pdf"])
def test_an_empty_process_is_a_paper_too(key: str, tmp_path: Path) -> None:
    document = replace(
        small(), statements=(), clusters=(), ideas=rows(), comments=rows(), phases=(), principles=(), question=""
    )
    path = written(key, document, tmp_path)
    if key == "docx":
        said = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    else:
        said = [line for page in PdfReader(path).pages for line in page.extract_text().splitlines()]
    sentences = [
        "No statement has been written yet.",
        "No cluster has been created yet.",
        "No idea has been filed here yet.",
    ]
    assert [line for line in said if line.startswith("No ")] == sentences


def test_an_idea_filed_later_is_no_source_of_the_statement() -> None:
    statement = StatementRow(id="s", number=1, text="Text", cluster_ids=("c",))
    cluster = ClusterRow(id="c", title="Cluster", idea_ids=("1", "2"))
    base: IdeaRow = next(iter(streaming(1).ideas()))
    before = replace(base, id="1", cluster_ids=("c",), statement_ids=("s",))
    after = replace(base, id="2", cluster_ids=("c",))
    document = replace(small(), statements=(statement,), clusters=(cluster,), ideas=rows(before, after))
    laid_out = paper.lay_out(document, document.ideas())
    assert [source.numbers for source in laid_out.statements[0].sources] == [("1",)]
    assert [idea.used_in for idea in laid_out.clusters[0].ideas] == [((0, "1"),), ()]
