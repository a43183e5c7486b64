"""The paper as a Word document that staff can edit on: real headings, repeated table headers, internal links."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.table import _Row
from docx.text.paragraph import Paragraph

from participation.exports.document import StrategyInput
from participation.exports.writers import word
from participation.exports.writers.output import Counter, whole_file
from participation.exports.writers.paper import Paper, PaperCluster, PaperIdea, PaperSource, PaperStatement, lay_out
from participation.exports.writers.text import language_tag

ACCENT, QUIET, TINT = "1F4E79", "55606E", "F1F5F9"
PAGE_WIDTH, MARGIN = Cm(21), Cm(2.3)

Fill: TypeAlias = Callable[[Paragraph], None]
"""Writes a table cell that is more than a text, its direction included."""

_HEADING_SIZES = {"Title": 25, "Heading 1": 16, "Heading 2": 12.5, "Heading 3": 10}


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
        self._rtl = document.dir == "rtl"
        self._language = language_tag(document.language) or "en"
        self._bookmarks = 0
        self._file = docx.Document()
        self._cell_style = _style(self._file.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH))

    def save(self, path: Path) -> None:
        """Write everything and save it."""
        self._set_up()
        self._cover()
        self._overview()
        self._statements()
        self._clusters()
        self._annex()
        self._file.save(str(path))

    def _set_up(self) -> None:
        core = self._file.core_properties
        core.title = self._paper.title[:255]
        core.subject = self._labels.document_kind[:255]
        core.author = dict(self._paper.facts)[self._labels.city][:255]
        core.language = self._language
        core.comments = ""
        core.created = core.modified = self._source.generated_at
        word.set_document_language(self._file, self._language, rtl=self._rtl)
        section = self._file.sections[0]
        section.page_width, section.page_height = PAGE_WIDTH, Cm(29.7)
        section.left_margin = section.right_margin = MARGIN
        normal = _style(self._file.styles["Normal"])
        word.set_size(normal, 10)
        normal.paragraph_format.space_after = Pt(6)
        word.set_font(normal)
        for name, size in _HEADING_SIZES.items():
            style = _style(self._file.styles[name])
            word.set_font(style)
            word.set_size(style, size, bold=True)
            style.font.color.rgb = RGBColor.from_string(ACCENT)
            style.paragraph_format.keep_with_next = True
        self._cell_style.base_style = normal
        word.set_size(self._cell_style, 9)
        self._cell_style.paragraph_format.space_after = Pt(0)
        footer = section.footer.paragraphs[0]
        self._add(footer, f"{self._labels.page} ", quiet=True)
        word.add_page_number(footer)
        self._turn(footer)

    def _cover(self) -> None:
        self._say(self._labels.document_kind, quiet=True)
        self._turn(self._file.add_paragraph(self._paper.title, style="Title"))
        for name, value in self._paper.facts:
            paragraph = self._file.add_paragraph()
            self._add(paragraph, f"{name}: ", quiet=True)
            self._add(paragraph, value)
            self._turn(paragraph)
        if self._paper.question:
            self._head(self._labels.question, 1)
            for line in self._paper.question:
                paragraph = self._say(line)
                word.set_size(paragraph.runs[0], 12)
                word.frame(paragraph, fill=TINT, bar=ACCENT, rtl=self._rtl)

    def _overview(self) -> None:
        labels, paper = self._labels, self._paper
        self._head(labels.how_to_read, 1)
        self._say(labels.reading_guide)
        self._section(labels.source_note, paper.source_note)
        self._head(labels.figures, 1)
        self._table((labels.figure, labels.value), paper.figures, (12.4, 4), figures=1, caption=labels.figures)
        self._section(labels.method_note, (*paper.method_note, labels.people_note, labels.votes_note))
        if paper.phases:
            self._head(labels.phases, 2)
            head = (labels.phase, labels.starts_at, labels.ends_at)
            self._table(head, paper.phases, (9.4, 3.5, 3.5), caption=labels.phases)
        if paper.principles:
            self._head(labels.principles, 2)
            head = (labels.number, labels.principle, labels.ideas_count)
            self._table(head, paper.principles, (1.6, 11.8, 3), figures=1, caption=labels.principles)

    def _statements(self) -> None:
        self._head(self._labels.statements, 1, new_page=True)
        if not self._paper.statements:
            self._say(self._labels.no_statements)
        for index, statement in enumerate(self._paper.statements):
            self._statement(index, statement)

    def _statement(self, index: int, statement: PaperStatement) -> None:
        labels = self._labels
        self._mark(self._head(f"{labels.statement} {statement.number}", 2), f"statement_{index}")
        for line in statement.text:
            paragraph = self._say(line)
            word.set_size(paragraph.runs[0], 11.5)
            word.frame(paragraph, fill=TINT, bar=ACCENT, rtl=self._rtl)
        self._counts(statement.figures)
        for label, text in statement.facts:
            self._say(f"{label}: {text}", quiet=True)
        if statement.reasoning:
            self._head(labels.reasoning, 3)
            for line in statement.reasoning:
                self._say(line)
        for heading, lines in statement.voices:
            self._head(heading, 3)
            for line in lines:
                self._say(line)
        if statement.sources:
            self._head(labels.rests_on, 3)
            for source in statement.sources:
                self._source_line(source)

    def _source_line(self, source: PaperSource) -> None:
        paragraph = self._file.add_paragraph(style="List Bullet")
        if source.cluster is None:
            paragraph.add_run(source.title).bold = True
        else:
            self._link(paragraph, source.title, anchor=f"cluster_{source.cluster}")
        numbers = f" · {self._labels.number} {', '.join(source.numbers)}" if source.numbers else ""
        paragraph.add_run().add_break()
        self._add(
            paragraph, f"{self._labels.ideas_count}: {source.ideas}{numbers}{', …' if source.more else ''}", quiet=True
        )
        self._turn(paragraph)

    def _clusters(self) -> None:
        self._head(self._labels.clusters, 1, new_page=True)
        self._say(self._labels.excerpt_note if self._paper.clusters else self._labels.no_clusters, quiet=True)
        for index, cluster in enumerate(self._paper.clusters):
            self._cluster(index, cluster)

    def _cluster(self, index: int, cluster: PaperCluster) -> None:
        labels = self._labels
        self._mark(self._head(cluster.title, 2), f"cluster_{index}")
        for line in cluster.description:
            self._say(line)
        self._counts(cluster.figures)
        if not cluster.ideas:
            self._say(labels.no_ideas)
            return
        head = (labels.number, labels.idea, labels.used_in, labels.agree, labels.unsure, labels.disagree)
        rows = ((self._number(idea), self._told(idea), self._used_in(idea), *idea.figures) for idea in cluster.ideas)
        self._table(head, rows, (1.5, 7.3, 2, 1.8, 1.8, 2), figures=3, caption=cluster.title)
        if cluster.rest:
            self._say(cluster.rest, quiet=True)

    def _annex(self) -> None:
        labels = self._labels
        self._head(labels.annex, 1, new_page=True)
        if self._paper.annex_rest:
            self._say(self._paper.annex_rest)
        if not self._paper.annex:
            self._say(labels.no_ideas)
            return
        head = (
            labels.number,
            labels.title,
            labels.state,
            labels.clusters,
            labels.agree,
            labels.unsure,
            labels.disagree,
        )
        rows = (
            (self._number(idea), self._titled(idea), idea.state, idea.clusters, *idea.figures)
            for idea in self._paper.annex
        )
        self._table(head, rows, (1.5, 4.7, 2.2, 2.7, 1.7, 1.7, 1.9), figures=3, caption=labels.annex)

    def _number(self, idea: PaperIdea) -> Fill:
        def fill(paragraph: Paragraph) -> None:
            if idea.url:
                self._link(paragraph, idea.number, url=idea.url)
            else:
                paragraph.add_run(idea.number)
            self._turn(paragraph)

        return fill

    def _titled(self, idea: PaperIdea) -> Fill:
        def fill(paragraph: Paragraph) -> None:
            self._quote(paragraph, idea, idea.title)
            _turn_to(idea.dir, paragraph)

        return fill

    def _told(self, idea: PaperIdea) -> Fill:
        def fill(paragraph: Paragraph) -> None:
            self._quote(paragraph, idea, idea.title, bold=True)
            if idea.excerpt:
                paragraph.add_run().add_break()
                self._quote(paragraph, idea, idea.excerpt)
            _turn_to(idea.dir, paragraph)

        return fill

    def _used_in(self, idea: PaperIdea) -> Fill:
        def fill(paragraph: Paragraph) -> None:
            for position, (index, number) in enumerate(idea.used_in):
                if position:
                    paragraph.add_run(", ")
                self._link(paragraph, number, anchor=f"statement_{index}")
            self._turn(paragraph)

        return fill

    def _quote(self, paragraph: Paragraph, idea: PaperIdea, text: str, *, bold: bool = False) -> None:
        """Append a resident's words in their own language."""
        run = paragraph.add_run(text)
        run.bold = bold or None
        if idea.language != self._language:
            word.set_run_language(run, idea.language)

    def _table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str | Fill]],
        widths: Sequence[float],
        *,
        caption: str,
        figures: int = 0,
    ) -> None:
        """Append a table with a repeated header; the last `figures` columns hold numbers, `widths` are in cm."""
        table = self._file.add_table(rows=1, cols=len(head))
        word.set_table_look(table, rtl=self._rtl, description=caption)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        numeric = range(len(head) - figures, len(head))
        word.set_header_row(table.rows[0])
        word.shade_row(table.rows[0], TINT)
        self._fill(table.rows[0], head, widths, numeric, bold=True)
        for cells in rows:
            row = table.add_row()
            word.keep_row_together(row)
            self._fill(row, cells, widths, numeric)
        self._file.add_paragraph().paragraph_format.space_after = Pt(0)

    def _fill(
        self, row: _Row, values: Sequence[str | Fill], widths: Sequence[float], numeric: range, *, bold: bool = False
    ) -> None:
        for position, (cell, value, width) in enumerate(zip(row.cells, values, widths, strict=True)):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            word.set_style(paragraph, self._cell_style)
            if callable(value):
                value(paragraph)
                continue
            paragraph.add_run(value).bold = bold or None
            paragraph.paragraph_format.keep_with_next = bold or None
            if position in numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT  # the end of the line: mirrored when read to the left
            self._turn(paragraph)

    def _section(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            self._head(title, 2)
            for line in lines:
                self._say(line)

    def _counts(self, figures: Iterable[tuple[str, str]]) -> None:
        paragraph = self._file.add_paragraph()
        for position, (name, value) in enumerate(figures):
            self._add(paragraph, f"{' · ' if position else ''}{name}: ", quiet=True)
            paragraph.add_run(value).bold = True
        paragraph.paragraph_format.keep_with_next = True
        self._turn(paragraph)

    def _head(self, text: str, level: int, *, new_page: bool = False) -> Paragraph:
        paragraph: Paragraph = self._file.add_heading(text, level)
        paragraph.paragraph_format.page_break_before = new_page or None
        self._turn(paragraph)
        return paragraph

    def _say(self, text: str, *, quiet: bool = False) -> Paragraph:
        paragraph = self._file.add_paragraph()
        self._add(paragraph, text, quiet=quiet)
        self._turn(paragraph)
        return paragraph

    def _add(self, paragraph: Paragraph, text: str, *, quiet: bool = False) -> None:
        run = paragraph.add_run(text)
        if quiet:
            word.set_size(run, 9)
            run.font.color.rgb = RGBColor.from_string(QUIET)

    def _link(self, paragraph: Paragraph, text: str, *, anchor: str = "", url: str = "") -> None:
        run = word.add_link(paragraph, text, anchor=anchor, url=url)
        run.font.color.rgb = RGBColor.from_string(ACCENT)
        run.font.underline = True

    def _mark(self, paragraph: Paragraph, name: str) -> None:
        self._bookmarks += 1
        word.add_bookmark(paragraph, name, self._bookmarks)

    def _turn(self, paragraph: Paragraph) -> None:
        _turn_to(self._source.dir, paragraph)


def _turn_to(direction: str, paragraph: Paragraph) -> None:
    if direction == "rtl":
        word.set_right_to_left(paragraph)


def _style(style: BaseStyle) -> ParagraphStyle:
    assert isinstance(style, ParagraphStyle)
    return style
