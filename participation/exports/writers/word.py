"""The parts of WordprocessingML that python-docx has no words for: languages, direction, links, table headers."""

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shape import InlineShape
from docx.shared import Pt
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Arial"
_FONT_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
_THEME_SLOTS = ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme")


def element(tag: str, /, **attributes: str) -> BaseOxmlElement:
    """Return an element of the `w` namespace with attributes of the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def set_document_language(document: Document, language: str, *, rtl: bool) -> None:
    """Set the language of every style (screen readers and spelling go by it) and the direction of the pages."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}") if defaults is not None else None
    if properties is not None:
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        properties.append(element("lang", val=language, bidi=language, eastAsia=language))
    if rtl:
        for section in document.sections:
            page = section._sectPr  # noqa: SLF001 - python-docx offers no direction of a section
            page.insert_element_before(element("bidi"), "w:rtlGutter", "w:docGrid")


def set_font(style: ParagraphStyle) -> None:
    """Let the style use `FONT` for all scripts, instead of the theme's fonts."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in _THEME_SLOTS:
        fonts.attrib.pop(qn(f"w:{slot}"), None)
    for slot in _FONT_SLOTS:
        fonts.set(qn(f"w:{slot}"), FONT)


def remove_letter_spacing(style: ParagraphStyle) -> None:
    """Take out the space between letters that the style may have: it would tear joined scripts apart."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)


def set_size(target: Run | ParagraphStyle, points: float, *, bold: bool | None = None) -> None:
    """Set size and weight for all scripts; Arabic and Hebrew go by elements of their own (`szCs`, `bCs`)."""
    target.font.size = Pt(points)
    if bold is not None:
        target.font.bold = bold
    properties = target.element.get_or_add_rPr()
    for plain, complex_script in (("w:sz", "szCs"), ("w:b", "bCs")):
        found = properties.find(qn(plain))
        old = properties.find(qn(f"w:{complex_script}"))
        if old is not None:
            properties.remove(old)
        if found is not None:
            twin = element(complex_script)
            twin.attrib.update(found.attrib)
            found.addnext(twin)


def set_style(paragraph: Paragraph, style: BaseStyle) -> None:
    """Give the paragraph the style; unlike `paragraph.style` this does not search all styles, once per table cell."""
    paragraph._p.style = style.style_id  # noqa: SLF001 - see above


def set_direction(paragraph: Paragraph, *, rtl: bool) -> None:
    """Let the paragraph read from right to left, or from left to right in a document that does not."""
    _add_direction(paragraph._p.get_or_add_pPr(), rtl=rtl)  # noqa: SLF001 - python-docx offers no direction


def set_style_right_to_left(style: ParagraphStyle) -> None:
    """Let paragraphs of the style, and of those based on it, read from right to left."""
    _add_direction(style.element.get_or_add_pPr(), rtl=True)


def _add_direction(properties: BaseOxmlElement, *, rtl: bool) -> None:
    made = element("bidi") if rtl else element("bidi", val="0")
    after = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
    properties.insert_element_before(made, *after)


def set_run_language(run: Run, language: str) -> None:
    """Mark the run as being in another language than the document."""
    run._r.get_or_add_rPr().append(element("lang", val=language, bidi=language))  # noqa: SLF001 - no public way


def set_header_row(row: _Row) -> None:
    """Repeat the row at the top of every page, which also marks it as the table's header."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))  # noqa: SLF001 - python-docx offers no header rows


def keep_row_together(row: _Row) -> None:
    """Forbid a page break inside the row."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))  # noqa: SLF001 - no public way


def set_table_look(table: Table, *, rtl: bool, description: str) -> None:
    """Give the table thin horizontal rules, room in its cells, its direction and a description for screen readers."""
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx offers no borders, margins or descriptions
    if rtl:
        style = properties.find(qn("w:tblStyle"))
        bidi = element("bidiVisual")
        if style is None:
            properties.insert(0, bidi)
        else:
            style.addnext(bidi)
    borders = element("tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(side, val="single", sz="4", space="0", color="C3CCD6"))
    margins = element("tblCellMar")
    for side, width in (("top", "50"), ("left", "80"), ("bottom", "50"), ("right", "80")):
        margins.append(element(side, w=width, type="dxa"))
    look = properties.find(qn("w:tblLook"))
    for part in (borders, margins):
        if look is None:
            properties.append(part)
        else:
            look.addprevious(part)
    properties.append(element("tblCaption", val=description))


def shade_row(row: _Row, colour: str) -> None:
    """Fill every cell of the row."""
    for cell in row.cells:
        properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx offers no shading
        properties.append(element("shd", val="clear", color="auto", fill=colour))


def frame(paragraph: Paragraph, *, fill: str, bar: str, rtl: bool) -> None:
    """Put the paragraph into a tinted box with a bar at the side where reading begins."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx offers no borders of a paragraph
    borders = element("pBdr")
    borders.append(element("right" if rtl else "left", val="single", sz="24", space="8", color=bar))
    after = ("w:shd", "w:tabs", "w:bidi", "w:spacing", "w:ind", "w:jc", "w:rPr")
    properties.insert_element_before(borders, *after)
    properties.insert_element_before(element("shd", val="clear", color="auto", fill=fill), *after[1:])


def set_style_band(style: ParagraphStyle, colour: str) -> None:
    """Let paragraphs of the style stand on a band of the colour; those that follow each other share one."""
    properties = style.element.get_or_add_pPr()
    for old in (*properties.findall(qn("w:pBdr")), *properties.findall(qn("w:shd"))):
        properties.remove(old)
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        borders.append(element(side, val="single", sz="48", space="6", color=colour))
    after = ("w:shd", "w:tabs", "w:bidi", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
    properties.insert_element_before(borders, *after)
    properties.insert_element_before(element("shd", val="clear", color="auto", fill=colour), *after[1:])


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Make the paragraph the target `name`; `number` is unique in the document."""
    paragraph._p.append(element("bookmarkStart", id=str(number), name=name))  # noqa: SLF001 - no public way
    paragraph._p.append(element("bookmarkEnd", id=str(number)))  # noqa: SLF001 - no public way


def add_link(paragraph: Paragraph, text: str, *, anchor: str = "", url: str = "") -> Run:
    """Append a link to a bookmark or to an address and return its run."""
    link = element("hyperlink", history="1")
    if anchor:
        link.set(qn("w:anchor"), anchor)
    else:
        relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), relation)
    run = paragraph.add_run(text)
    link.append(run._r)  # noqa: SLF001 - python-docx reads links but cannot make them
    paragraph._p.append(link)  # noqa: SLF001 - see above
    return run


def runs_in(paragraph: Paragraph) -> list[Run]:
    """Return all runs of a paragraph, those in links too."""
    return [Run(run, paragraph) for run in paragraph._p.iter(qn("w:r"))]  # noqa: SLF001 - no public way


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """Append a field such as PAGE that the word processor fills."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        if kind:
            run._r.append(element("fldChar", fldCharType=kind))  # noqa: SLF001 - python-docx offers no fields
        else:
            said = element("instrText")
            said.text = instruction
            run._r.append(said)  # noqa: SLF001 - see above


def describe_picture(shape: InlineShape, *, name: str, description: str) -> None:
    """Give a picture its name and what screen readers say instead of it, and let it begin where text does."""
    inline = shape._inline  # noqa: SLF001 - python-docx offers no descriptions
    for side in ("distL", "distR"):
        inline.set(side, "0")
    properties = inline.docPr
    properties.set("name", name)
    properties.set("descr", description)
