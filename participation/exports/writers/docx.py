"""The paper as a Word document that staff can edit on: real headings, contents, footnotes and repeated table heads."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Length, RGBColor
from docx.styles.style import BaseStyle
from docx.table import _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from participation.exports.council.document import Council
from participation.exports.document import StrategyInput
from participation.exports.writers import word
from participation.exports.writers.output import Counter, whole_file
from participation.exports.writers.paper import lay_out
from participation.exports.writers.paper.blocks import (
    Block,
    Box,
    Bullets,
    Heading,
    Line,
    Paper,
    Picture,
    Span,
    Table,
)
from participation.exports.writers.paper.blocks import (
    Paragraph as Said,
)
from participation.exports.writers.text import language_tag
from participation.exports.writers.typeset import as_pictures, picture_of
from participation.exports.writers.word_contents import DEPTH, Entry, add_contents
from participation.exports.writers.word_notes import Footnotes
from participation.exports.writers.word_styles import (
    ACCENT,
    BOX_STYLE,
    CELL_STYLE,
    COVER_STYLE,
    GAP_STYLE,
    QUIET,
    QUIET_STYLE,
    SMALL_CELL_STYLE,
    TEXT_WIDTH,
    TINT,
    set_head_and_foot,
    set_styles,
)
from participation.kit.logo import city_logo

LONGEST_PROPERTY = 255
LOGO_HEIGHT, LOGO_WIDTH = Cm(1.6), Cm(6)


def write(document: StrategyInput, path: Path, *, progress: Callable[[int], None]) -> None:
    """Write a .docx in the document's language and direction, with as many ideas as `paper` allows."""
    counter = Counter(progress)
    paper = lay_out(document, counter.over(document.ideas()))
    with whole_file(path) as part:
        _Word(document, paper).save(part)
    counter.done()


class _Word:
    """The Word document being written."""

    def __init__(self, document: StrategyInput, paper: Paper) -> None:
        self._source = document
        self._paper = paper
        self._labels = document.labels
        self._words = (document.council or Council()).labels
        self._rtl = document.dir == "rtl"
        self._language = language_tag(document.language) or "en"
        self._file = docx.Document()
        set_styles(self._file, self._language, rtl=self._rtl)
        self._styles: dict[str, BaseStyle] = {style.name or "": style for style in self._file.styles}
        self._notes = Footnotes(self._file)
        self._marks = 0
        blocks = (*paper.summary, *paper.blocks)
        pictures = [block for block in blocks if isinstance(block, Picture)]
        self._drawn = dict(
            zip(map(id, pictures), as_pictures(pictures, language=self._language, direction=document.dir), strict=True)
        )
        self._bookmarks = {id(block): f"_Toc{number:05d}" for number, block in enumerate(_headings(blocks), start=1)}
        self._targets = {block.anchor: self._bookmarks[id(block)] for block in _headings(blocks) if block.anchor}

    def save(self, path: Path) -> None:
        """Write everything and save it."""
        self._set_properties()
        self._title_page()
        self._blocks(self._paper.summary)
        self._contents()
        self._blocks(self._paper.blocks)
        self._file.save(str(path))

    def _set_properties(self) -> None:
        core, paper = self._file.core_properties, self._paper
        core.title = paper.title[:LONGEST_PROPERTY]
        core.subject = paper.kind[:LONGEST_PROPERTY]
        core.author = paper.city[:LONGEST_PROPERTY]
        core.language = self._language
        core.comments = ""
        core.created = core.modified = self._source.generated_at
        place = " · ".join(filter(None, (paper.city, paper.number)))
        pages = (self._labels.page, self._words.of_pages)
        for paragraph in set_head_and_foot(self._file, head=f"{paper.kind} · {place}", foot=paper.status, page=pages):
            self._turn(paragraph, paragraph.runs)

    def _title_page(self) -> None:
        paper = self._paper
        self._logo()
        self._say(" · ".join(filter(None, (paper.kind, paper.number))), COVER_STYLE)
        self._say(paper.title, "Title")
        self._say(f"{paper.city} · {paper.status}", COVER_STYLE)
        if paper.question:
            self._add(GAP_STYLE)
            self._say(self._labels.question, QUIET_STYLE)
            self._box(Box(lines=tuple((Span(text=text),) for text in paper.question)))

    def _logo(self) -> None:
        logo = city_logo(self._paper.logo)
        if logo is None:
            return
        try:
            content = logo.content if logo.kind == "png" else picture_of(logo.content)
        except typst.TypstError:
            return
        height = min(LOGO_HEIGHT, Length(int(LOGO_WIDTH * logo.height / logo.width)))
        paragraph = self._file.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(content), height=height)
        word.describe_picture(shape, name=self._paper.logo_alt, description=self._paper.logo_alt)
        self._turn(paragraph, ())

    def _contents(self) -> None:
        title = self._say(self._labels.contents, "TOC Heading")
        title.paragraph_format.page_break_before = True
        entries = [
            Entry(block.text, block.level, self._bookmarks[id(block)])
            for block in _headings((*self._paper.summary, *self._paper.blocks))
            if block.level <= DEPTH
        ]
        for paragraph in add_contents(self._file, entries):
            self._turn(paragraph, word.runs_in(paragraph))

    def _blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Heading():
                    self._heading(block)
                case Said():
                    self._paragraph(block)
                case Box():
                    self._box(block)
                case Bullets():
                    for item in block.items:
                        self._line(self._add("List Bullet"), item)
                case Table():
                    self._table(block)
                case Picture():
                    self._picture(block)

    def _heading(self, block: Heading) -> None:
        paragraph = self._say(block.text, f"Heading {block.level}")
        paragraph.paragraph_format.page_break_before = block.new_page or None
        self._marks += 1
        word.add_bookmark(paragraph, self._bookmarks[id(block)], self._marks)

    def _paragraph(self, block: Said) -> None:
        paragraph = self._add(QUIET_STYLE if block.look == "quiet" else "Normal")
        self._line(paragraph, block.line)
        paragraph.paragraph_format.keep_with_next = block.look == "figures" or None

    def _box(self, block: Box) -> None:
        for line in block.lines:
            paragraph = self._add(BOX_STYLE)
            self._line(paragraph, line)
            word.frame(paragraph, fill=TINT, bar=ACCENT, rtl=self._rtl)

    def _picture(self, block: Picture) -> None:
        if block.title:
            title = self._say(block.title, QUIET_STYLE)
            title.runs[0].bold = True
            title.paragraph_format.keep_with_next = True
        paragraph = self._add("Normal")
        shape = paragraph.add_run().add_picture(io.BytesIO(self._drawn[id(block)]), width=TEXT_WIDTH)
        word.describe_picture(shape, name=block.title or block.alt[:LONGEST_PROPERTY], description=block.alt)

    def _table(self, block: Table) -> None:
        unit = TEXT_WIDTH / sum(block.widths)
        widths = [Length(int(width * unit)) for width in block.widths]
        table = self._file.add_table(rows=1, cols=len(block.head))
        word.set_table_look(table, rtl=self._rtl, description=block.caption)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        numeric = range(len(block.head) - block.figures, len(block.head))
        style = self._styles[SMALL_CELL_STYLE if block.is_small else CELL_STYLE]
        word.set_header_row(table.rows[0])
        word.shade_row(table.rows[0], TINT)
        head = tuple((Span(text=text, bold=True),) for text in block.head)
        self._row(table.rows[0], head, widths, numeric, style)
        for cells in block.rows:
            row = table.add_row()
            word.keep_row_together(row)
            self._row(row, cells, widths, numeric, style)
        self._add(GAP_STYLE)

    def _row(
        self, row: _Row, lines: Sequence[Line], widths: Sequence[Length], numeric: range, style: BaseStyle
    ) -> None:
        for position, (cell, line, width) in enumerate(zip(row.cells, lines, widths, strict=True)):
            cell.width = width
            paragraph = cell.paragraphs[0]
            word.set_style(paragraph, style)
            self._line(paragraph, line)
            if position in numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT  # the end of the line: mirrored when read to the left

    def _line(self, paragraph: Paragraph, line: Line) -> None:
        """Append the spans; a line that is wholly in another language is read in the direction of that."""
        for position, span in enumerate(line):
            for run in self._span(paragraph, span):
                if span.dir == "rtl" or (self._rtl and not span.dir):
                    run.font.rtl = True
            if span.note:
                if position and line[position - 1].note:
                    # Two marks beside each other would read as one number.
                    paragraph.add_run(", ").font.superscript = True
                self._line(self._notes.add(paragraph), span.note)
        directions = {span.dir or self._source.dir for span in line if span.text.strip()}
        rtl = directions == {"rtl"} if directions and len(directions) == 1 else self._rtl
        if rtl or self._rtl:
            word.set_direction(paragraph, rtl=rtl)

    def _span(self, paragraph: Paragraph, span: Span) -> list[Run]:
        if not span.text:
            return []
        if (span.anchor and span.anchor in self._targets) or span.url:
            run = word.add_link(paragraph, span.text, anchor=self._targets.get(span.anchor, ""), url=span.url)
            run.font.color.rgb = RGBColor.from_string(ACCENT)
            run.font.underline = True
        else:
            run = paragraph.add_run(span.text)
            if span.quiet:
                run.font.color.rgb = RGBColor.from_string(QUIET)
        # Arabic goes by a mark of its own.
        run.bold = run.font.cs_bold = span.bold or None
        if span.language and span.language != self._language:
            word.set_run_language(run, span.language)
        return [run]

    def _say(self, text: str, style: str) -> Paragraph:
        paragraph = self._add(style)
        self._line(paragraph, (Span(text=text),))
        return paragraph

    def _add(self, style: str) -> Paragraph:
        paragraph = self._file.add_paragraph()
        word.set_style(paragraph, self._styles[style])
        return paragraph

    def _turn(self, paragraph: Paragraph, runs: Sequence[Run]) -> None:
        if self._rtl:
            word.set_direction(paragraph, rtl=True)
            for run in runs:
                run.font.rtl = True


def _headings(blocks: Sequence[Block]) -> list[Heading]:
    return [block for block in blocks if isinstance(block, Heading)]
