"""How a Word paper looks: its styles, margins, header and footer, language and direction."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

from participation.exports.writers import word
from participation.exports.writers.word_contents import DEPTH, entry_style
from participation.exports.writers.word_notes import MARK_STYLE, NOTE_STYLE

ACCENT, QUIET, TINT = "1F4E79", "55606E", "F1F5F9"
PAGE_WIDTH, MARGIN, TEXT_WIDTH = Cm(21), Cm(2.3), Cm(16.4)
CELL_STYLE, SMALL_CELL_STYLE, QUIET_STYLE, BOX_STYLE = "Table Text", "Table Text Small", "Quiet", "Statement"
COVER_STYLE, GAP_STYLE = "Cover", "Gap"
WHITE = "FFFFFF"

_HEADING_SIZES = {"Title": 25, "Heading 1": 16, "Heading 2": 12.5, "Heading 3": 10}
_BODIES = (
    (CELL_STYLE, 9, 0),
    (SMALL_CELL_STYLE, 8, 0),
    (QUIET_STYLE, 9, 6),
    (BOX_STYLE, 11.5, 6),
    (COVER_STYLE, 10, 0),
    (GAP_STYLE, 2, 0),
)
_COMPATIBLE = "http://schemas.microsoft.com/office/word"


def set_styles(document: Document, language: str, *, rtl: bool) -> None:
    """Give the document its styles, its language and the direction in which whatever staff add is read, too."""
    word.set_document_language(document, language, rtl=rtl)
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, Cm(29.7)
    section.left_margin = section.right_margin = MARGIN
    section.different_first_page_header_footer = True
    normal = _paragraph_style(document.styles["Normal"])
    word.set_size(normal, 10)
    normal.paragraph_format.space_after = Pt(6)
    word.set_font(normal)
    if rtl:
        word.set_style_right_to_left(normal)
    for name, size in _HEADING_SIZES.items():
        _heading(document, name, size)
    for name, size, after in _BODIES:
        _body(document, name, size, after)
    for name in ("Title", COVER_STYLE):
        cover = _paragraph_style(document.styles[name])
        word.set_style_band(cover, ACCENT)
        _colour(cover, WHITE)
    _colour(_paragraph_style(document.styles[QUIET_STYLE]), QUIET)
    _notes_and_contents(document)
    _be_current(document)


def set_head_and_foot(document: Document, *, head: str, foot: str, page: tuple[str, str]) -> list[Paragraph]:
    """Write the head of all pages but the first, and the foot of all, with the number of the page and of pages.

    Returns their paragraphs; ``page`` are the words before both numbers.
    """
    section, quiet = document.sections[0], document.styles[QUIET_STYLE]
    parts = (section.header, section.footer, section.first_page_footer)
    for part in parts:
        part.is_linked_to_previous = False
        word.set_style(part.paragraphs[0], quiet)
    section.header.paragraphs[0].add_run(head)
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{foot}\t{page[0]} ")
        word.add_field(paragraph, "PAGE")
        paragraph.add_run(f" {page[1]} ")
        word.add_field(paragraph, "NUMPAGES")
    return [part.paragraphs[0] for part in parts]


def _heading(document: Document, name: str, size: float) -> None:
    style = _paragraph_style(document.styles[name])
    word.set_font(style)
    word.set_size(style, size, bold=True)
    _colour(style, ACCENT)
    style.paragraph_format.keep_with_next = True
    is_title = name == "Title"
    style.paragraph_format.space_before = Pt(8 if is_title else size)
    style.paragraph_format.space_after = Pt(8 if is_title else size / 2)
    word.remove_letter_spacing(style)


def _body(document: Document, name: str, size: float, after: float) -> None:
    style = _paragraph_style(document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = document.styles["Normal"]
    word.set_size(style, size)
    style.paragraph_format.space_after = Pt(after)


def _notes_and_contents(document: Document) -> None:
    styles = document.styles
    for level in range(1, DEPTH + 1):
        style = _paragraph_style(styles.add_style(entry_style(level), WD_STYLE_TYPE.PARAGRAPH, builtin=True))
        style.base_style = styles["Normal"]
        word.set_size(style, 10, bold=True if level == 1 else None)
        style.paragraph_format.space_before = Pt(4 if level == 1 else 0)
        style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.left_indent = Cm(0.6 * (level - 1))
        stops = style.paragraph_format.tab_stops
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    note = _paragraph_style(styles.add_style(NOTE_STYLE, WD_STYLE_TYPE.PARAGRAPH, builtin=True))
    note.base_style = styles["Normal"]
    word.set_size(note, 8)
    note.paragraph_format.space_after = Pt(1)
    mark = styles.add_style(MARK_STYLE, WD_STYLE_TYPE.CHARACTER, builtin=True)
    mark.font.superscript = True


def _be_current(document: Document) -> None:
    """Say that this is a document of today, so that Word does not open it in its compatibility mode."""
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = word.element("compat")
        settings.append(compat)
    for old in compat.findall(qn("w:compatSetting")):
        if old.get(qn("w:name")) == "compatibilityMode":
            compat.remove(old)
    compat.append(word.element("compatSetting", name="compatibilityMode", uri=_COMPATIBLE, val="15"))


def _colour(style: ParagraphStyle, colour: str) -> None:
    style.font.color.rgb = RGBColor.from_string(colour)


def _paragraph_style(style: BaseStyle) -> ParagraphStyle:
    assert isinstance(style, ParagraphStyle)
    return style
