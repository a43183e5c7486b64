"""Footnotes of a Word document: a part of its own, which python-docx can keep but not make."""

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.story import StoryPart
from docx.text.paragraph import Paragraph

from participation.exports.writers.word import element

NOTE_STYLE, MARK_STYLE = "footnote text", "footnote reference"
_SEPARATORS = (("separator", -1), ("continuationSeparator", 0))
_BEFORE_COMPAT = (
    "w:endnotePr",
    "w:compat",
    "w:docVars",
    "w:rsids",
    "m:mathPr",
    "w:themeFontLang",
    "w:clrSchemeMapping",
)


class Footnotes:
    """The footnotes of one document, numbered in the order in which they are added."""

    def __init__(self, document: Document) -> None:
        """Add the part with the two separators that word processors expect."""
        part = document.part
        lines = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
            f'w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for kind, number in _SEPARATORS
        )
        root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}>{lines}</w:footnotes>")
        self._part = StoryPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, part.package)
        part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        self._styles = document.styles
        self._count = 0
        _declare(document)

    def add(self, paragraph: Paragraph) -> Paragraph:
        """Append the mark of a new footnote to ``paragraph``; return the note's own paragraph, still without text."""
        self._count += 1
        number = str(self._count)
        mark = paragraph.add_run()
        mark.style = self._styles[MARK_STYLE]
        mark._r.append(element("footnoteReference", id=number))  # noqa: SLF001 - python-docx offers no footnotes
        note = element("footnote", id=number)
        made = element("p")
        note.append(made)
        self._part.element.append(note)
        text = Paragraph(made, self._part)
        text.style = self._styles[NOTE_STYLE]
        head = text.add_run()
        head.style = self._styles[MARK_STYLE]
        head._r.append(element("footnoteRef"))  # noqa: SLF001 - see above
        text.add_run(" ")
        return text


def _declare(document: Document) -> None:
    """Name the separators in the settings, without which Word calls the document damaged."""
    settings = document.settings.element
    if settings.find(qn("w:footnotePr")) is not None:
        return
    declared = element("footnotePr")
    for _kind, number in _SEPARATORS:
        declared.append(element("footnote", id=str(number)))
    settings.insert_element_before(declared, *_BEFORE_COMPAT)
