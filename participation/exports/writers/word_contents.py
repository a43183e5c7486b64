"""The contents of a Word document: a field that the word processor fills, with the headings already in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from participation.exports.writers.word import element

DEPTH = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading with the bookmark that stands at it."""

    text: str
    level: int
    bookmark: str


def entry_style(level: int) -> str:
    """Return the name of the style of entries of a level."""
    return f"toc {level}"


def add_contents(document: Document, entries: Sequence[Entry]) -> list[Paragraph]:
    """Append the contents and return its paragraphs.

    They have no page numbers: only who lays the pages out knows them, and is asked to when the file is opened.
    """
    paragraphs: list[Paragraph] = []
    for position, entry in enumerate(entries):
        paragraph = document.add_paragraph(style=entry_style(entry.level))
        if not position:
            _field_begins(paragraph, f'TOC \\o "1-{DEPTH}" \\h \\z \\u')
        link = element("hyperlink", anchor=entry.bookmark, history="1")
        link.append(paragraph.add_run(entry.text)._r)  # noqa: SLF001 - python-docx reads links but cannot make them
        paragraph._p.append(link)  # noqa: SLF001 - see above
        if position == len(entries) - 1:
            _mark(paragraph, "end")
        paragraphs.append(paragraph)
    if paragraphs:
        _wrap(paragraphs)
    return paragraphs


def _field_begins(paragraph: Paragraph, instruction: str) -> None:
    begin = _mark(paragraph, "begin")
    begin._r[-1].set(_DIRTY, "true")  # noqa: SLF001 - python-docx offers no fields
    said = paragraph.add_run()
    text = element("instrText")
    text.text = f" {instruction} "
    said._r.append(text)  # noqa: SLF001 - see above
    _mark(paragraph, "separate")


def _mark(paragraph: Paragraph, kind: str) -> Run:
    run = paragraph.add_run()
    run._r.append(element("fldChar", fldCharType=kind))  # noqa: SLF001 - see above
    return run


def _wrap(paragraphs: Sequence[Paragraph]) -> None:
    """Put the entries into the frame by which Word offers to update them."""
    frame, properties, part = element("sdt"), element("sdtPr"), element("docPartObj")
    part.append(element("docPartGallery", val="Table of Contents"))
    part.append(element("docPartUnique"))
    properties.append(part)
    content: BaseOxmlElement = element("sdtContent")
    frame.append(properties)
    frame.append(content)
    paragraphs[0]._p.addprevious(frame)  # noqa: SLF001 - python-docx offers no frames
    for paragraph in paragraphs:
        content.append(paragraph._p)  # noqa: SLF001 - see above


_DIRTY = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}dirty"
