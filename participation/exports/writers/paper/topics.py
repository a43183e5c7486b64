"""The chapters about principles and fields of action: how much there is of each, and what finds agreement."""

from collections.abc import Iterator, Sequence

from participation.exports.council.document import Amounts, Topic
from participation.exports.writers.paper.blocks import Block, Bullets, Heading, Paragraph, Span, Table, line
from participation.exports.writers.paper.people import bars
from participation.exports.writers.paper.saying import Saying, cell, cells, one_line


def by_principle(say: Saying) -> Iterator[Block]:
    """Yield the chapter about principles, where any idea names one.

    Without anything read for the paper it only says how many ideas name each.
    """
    labels, words = say.labels, say.words
    if any(topic.ideas for topic in say.council.principles):
        yield from _chapter(say, words.by_principle, labels.principle, say.council.principles)
    elif say.document.principles and any(one.ideas for one in say.document.principles):
        yield Heading(text=words.by_principle, level=1, new_page=True)
        yield Table(
            caption=labels.principles,
            head=(labels.number, labels.principle, labels.ideas_count),
            rows=tuple(
                cells(str(one.number), one_line(one.title), say.count(one.ideas)) for one in say.document.principles
            ),
            widths=(1.6, 11.8, 3.0),
            figures=1,
        )


def by_field(say: Saying) -> Iterator[Block]:
    """Yield the chapter about fields of action, where any idea names one."""
    if any(topic.ideas for topic in say.council.fields):
        yield from _chapter(say, say.words.by_field, say.labels.field, say.council.fields)


def _chapter(say: Saying, title: str, what: str, topics: Sequence[Topic]) -> Iterator[Block]:
    words, council = say.words, say.council
    yield Heading(text=title, level=1, new_page=True)
    yield Paragraph(line=cell(one_line(council.topics_note)))
    if council.hidden:
        yield Paragraph(line=cell(one_line(council.hidden)))
    else:
        yield Paragraph(line=cell(words.legend), look="quiet")
    amounts = [Amounts(label=one.title, ideas=one.ideas, comments=one.comments) for one in topics]
    yield Heading(text=words.at_a_glance, level=2)
    yield bars(say, f"{what}: {say.labels.ideas}", amounts, is_titled=True)
    yield _table(say, title, what, topics)
    if unnamed := "; ".join(one_line(topic.title) for topic in topics if not topic.ideas):
        yield Paragraph(line=cell(words.unnamed.format(topics=unnamed)))
    yield Heading(text=words.one_by_one, level=2)
    for topic in topics:
        if topic.ideas:
            yield from _topic(say, topic)


def _table(say: Saying, title: str, what: str, topics: Sequence[Topic]) -> Table:
    labels = say.labels
    has_votes = any(topic.stances for topic in topics)
    votes = (labels.agree, labels.unsure, labels.disagree) if has_votes else ()
    head = (labels.number, what, labels.ideas, labels.comments, *votes)
    rows = []
    for topic in topics:
        row = [say.count(topic.number), one_line(topic.title), say.count(topic.ideas), say.count(topic.comments)]
        if has_votes and topic.stances:
            row += [say.count(one) for one in (topic.stances.agree, topic.stances.unsure, topic.stances.disagree)]
        elif has_votes:
            row += [say.words.too_few if topic.ideas else "–"] * 3
        rows.append(cells(*row))
    widths = (1.0, 5.0, 1.5, 2.5, 2.2, 2.0, 2.2) if has_votes else (1.2, 9.6, 2.6, 3.0)
    return Table(caption=title, head=head, rows=tuple(rows), widths=widths, figures=len(head) - 2, is_small=has_votes)


def _topic(say: Saying, topic: Topic) -> Iterator[Block]:
    labels, words = say.labels, say.words
    yield Heading(text=f"{say.count(topic.number)} · {one_line(topic.title)}", level=3)
    figures = [(labels.ideas, say.count(topic.ideas)), (labels.comments, say.count(topic.comments))]
    if topic.stances:
        stances = topic.stances
        figures += [
            (label, say.count(one))
            for label, one in (
                (labels.agree, stances.agree),
                (labels.unsure, stances.unsure),
                (labels.disagree, stances.disagree),
            )
        ]
    yield Paragraph(line=say.figures(figures), look="figures")
    yield from say.stances(topic.stances)
    if topic.verdict:
        yield Paragraph(line=cell(one_line(topic.verdict)))
    if topic.themes:
        named = (
            words.themes_and_count.format(theme=one_line(one.title), count=say.count(one.ideas)) for one in topic.themes
        )
        yield Paragraph(line=line(f"{words.themes}: {'; '.join(named)}"))
    if topic.best:
        yield Paragraph(line=(Span(text=f"{words.best}:", bold=True),), look="figures")
        yield Bullets(items=tuple(say.idea(idea) for idea in topic.best))
