"""The chapter of the statements: each with its figures, what it rests on as footnotes, and what speaks against it."""

from collections.abc import Iterable, Iterator, Mapping

from participation.exports.document import StatementRow
from participation.exports.writers.paper.blocks import Block, Box, Bullets, Heading, Line, Paragraph, Span
from participation.exports.writers.paper.reading import Basis, Chosen
from participation.exports.writers.paper.saying import Saying, cell, one_line

NO_BASIS = Basis()


def statement_anchor(statement_id: str) -> str:
    """Return the name under which a statement can be linked to."""
    return f"statement-{one_line(statement_id)}"


def theme_anchor(cluster_id: str) -> str:
    """Return the name under which a theme can be linked to."""
    return f"theme-{one_line(cluster_id)}"


def statements(say: Saying, chosen: Chosen) -> Iterator[Block]:
    """Yield the chapter."""
    labels, document = say.labels, say.document
    yield Heading(text=labels.statements, level=1, new_page=True)
    if not document.statements:
        yield Paragraph(line=cell(labels.no_statements))
        return
    yield Paragraph(line=cell(labels.reading_guide))
    if any(statement.people for statement in document.statements):
        yield Paragraph(line=cell(say.words.legend), look="quiet")
    titles = {cluster.id: one_line(cluster.title) for cluster in document.clusters}
    for statement in document.statements:
        yield from _statement(say, statement, tuple(_notes(say, statement, chosen, titles)))


def _statement(say: Saying, statement: StatementRow, notes: tuple[Line, ...]) -> Iterator[Block]:
    labels = say.labels
    yield Heading(
        text=f"{labels.statement} {say.count(statement.number)}", level=2, anchor=statement_anchor(statement.id)
    )
    marks = tuple(Span(text="", note=note) for note in notes)
    yield Box(lines=((*(say.editorial(statement.text, statement.text_in) or cell("–")), *marks),))
    yield Paragraph(line=say.figures(_figures(say, statement)), look="figures")
    yield from say.stances(statement.people)
    for label, text in _facts(say, statement):
        yield Paragraph(line=(Span(text=f"{label}: ", bold=True), Span(text=text)))
    if statement.reasoning:
        yield Heading(text=labels.reasoning, level=3)
        for line in say.editorial_lines(statement.reasoning, statement.reasoning_in):
            yield Paragraph(line=line)
    for heading, voices in ((labels.quotes, statement.quoted), (labels.objections, statement.objected)):
        if voices:
            yield Heading(text=heading, level=3)
            yield Bullets(items=tuple(say.quoted(one) for one in voices))


def _figures(say: Saying, statement: StatementRow) -> Iterable[tuple[str, str]]:
    labels, people = say.labels, statement.people
    yield labels.ideas_count, say.count(statement.ideas)
    if people is None:
        yield labels.people, say.words.too_few if say.document.shows_results else labels.hidden
        return
    yield labels.people, say.count(people.people)
    yield labels.agree, say.count(people.agree)
    yield labels.unsure, say.count(people.unsure)
    yield labels.disagree, say.count(people.disagree)


def _facts(say: Saying, statement: StatementRow) -> Iterable[tuple[str, str]]:
    labels = say.labels
    for label, some in (
        (labels.department, (statement.department,)),
        (labels.principles, statement.principles),
        (labels.field, statement.fields),
        (labels.answer, (statement.answer,)),
    ):
        if text := " · ".join(one_line(one) for one in some if one):
            yield label, text


def _notes(say: Saying, statement: StatementRow, chosen: Chosen, titles: Mapping[str, str]) -> Iterator[Line]:
    """Yield the footnotes: one for each theme it rests on, one for ideas taken up directly, one on who signed it."""
    words = say.words
    for cluster_id in (*statement.cluster_ids, ""):
        basis = chosen.bases.get((statement.id, cluster_id), NO_BASIS)
        if not cluster_id and not basis.count:
            continue
        template = words.note_theme if cluster_id else words.note_direct
        ideas = f"{say.labels.ideas}: {say.count(basis.count)}{_numbers(say, basis)}"
        before, _theme, after = template.partition("{theme}")
        if cluster_id and after:
            theme = Span(text=titles.get(cluster_id, ""), anchor=theme_anchor(cluster_id))
            yield (Span(text=before), theme, Span(text=after.format(ideas=ideas)))
        else:
            yield cell(template.format(theme=titles.get(cluster_id, ""), ideas=ideas))
    yield from _signature(say, statement)


def _numbers(say: Saying, basis: Basis) -> str:
    if not basis.numbers:
        return ""
    named = say.words.note_numbers.format(numbers=", ".join(basis.numbers))
    left = basis.count - len(basis.numbers)
    more = f" {say.words.note_more.format(count=say.count(left))}" if left else ""
    return f" ({named}{more})"


def _signature(say: Saying, statement: StatementRow) -> Iterator[Line]:
    words = say.words
    said = [words.note_signed.format(signed=one_line(statement.signed))] if statement.signed else []
    if lost := "; ".join(one_line(one) for one in statement.lost):
        said.append(words.note_lost.format(lost=lost))
    spans = [Span(text=f"{'. '.join(one.rstrip('.') for one in said)}.")] if said else []
    if statement.url:
        spans += [Span(text=f"{' ' if said else ''}{words.note_where} "), say.linked(statement.url, statement.url)]
    if spans:
        yield tuple(spans)
