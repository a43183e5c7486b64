"""The chapter about who took part: figures, phases, when, by which way, where from, and who is missing."""

from collections.abc import Iterator, Sequence

from participation.exports.council.document import Amounts, Answers, Period, Question
from participation.exports.writers.paper.blocks import (
    Block,
    Bullets,
    Heading,
    Mark,
    Panel,
    Paragraph,
    Picture,
    Table,
    Tick,
    line,
)
from participation.exports.writers.paper.saying import Saying, cell, cells, one_line, paragraphs
from participation.insights.plots import scale, spread

AXIS_LABELS = 5
ENDS = (0.25, 0.5, 1.0)
"""How far the axis of shares may reach: as far as needed, so that small shares can be told apart."""


def taking_part(say: Saying) -> Iterator[Block]:
    """Yield the chapter."""
    words, council = say.words, say.council
    yield Heading(text=words.took_part, level=1, new_page=True)
    yield from _in_figures(say)
    yield from _over_time(say)
    if len(council.channels) > 1:
        yield Heading(text=words.channels, level=2)
        yield amounts_table(say, words.channels, words.channel, council.channels)
    if council.districts:
        yield Heading(text=words.by_district, level=2)
        yield Paragraph(line=cell(one_line(council.districts_note)))
        yield bars(say, words.by_district, council.districts)
        yield amounts_table(say, words.by_district, say.labels.district, council.districts)
    yield from _who(say)


def amounts_table(say: Saying, caption: str, what: str, amounts: Sequence[Amounts]) -> Table:
    """Return ideas, comments and, where they may be seen, votes of each line as a table."""
    labels = say.labels
    has_votes = any(one.votes is not None for one in amounts)
    expects = any(one.expected is not None for one in amounts)
    head = [what, labels.ideas, labels.comments]
    head += [labels.votes] if has_votes else []
    head += [say.words.expected] if expects else []
    rows = []
    for one in amounts:
        row = [one_line(one.label), say.count(one.ideas), say.count(one.comments)]
        row += ["" if one.votes is None else say.count(one.votes)] if has_votes else []
        row += ["" if one.expected is None else say.decimal(one.expected)] if expects else []
        rows.append(cells(*row))
    widths = (6.0, *(2.2 for _one in head[1:]))
    return Table(caption=caption, head=tuple(head), rows=tuple(rows), widths=widths, figures=len(head) - 1)


def bars(say: Saying, title: str, amounts: Sequence[Amounts], *, is_titled: bool = False) -> Picture:
    """Return the ideas of each line as bars, with what they are held against if anything.

    Without ``is_titled`` the title is only in the description, because a heading says it already.
    """
    top = max(1, *(max(one.ideas, one.expected or 0) for one in amounts))
    most, least = max(amounts, key=lambda one: one.ideas), min(amounts, key=lambda one: one.ideas)
    expects = any(one.expected is not None for one in amounts)
    alt = say.words.bars_alt.format(
        title=title,
        most=one_line(most.label),
        most_value=say.count(most.ideas),
        least=one_line(least.label),
        least_value=say.count(least.ideas),
    )
    return Picture(
        kind="bars",
        title=title if is_titled else "",
        alt=f"{alt} {say.words.table_below}",
        marks=tuple(
            Mark(
                label=one_line(one.label),
                shown=say.count(one.ideas),
                at=one.ideas / top,
                reference=None if one.expected is None else one.expected / top,
            )
            for one in amounts
        ),
        key=say.words.diamond if expects else "",
    )


def _in_figures(say: Saying) -> Iterator[Block]:
    labels, figures, document = say.labels, say.document.figures, say.document
    rows = (
        (labels.participants, say.count(figures.participants)),
        (labels.ideas, say.count(figures.ideas)),
        (labels.votes, say.count(figures.votes)),
        (labels.comments, say.count(figures.comments)),
        (labels.filed_ideas, say.count(figures.filed_ideas)),
        (labels.coverage, say.percent(figures.coverage)),
    )
    yield Heading(text=say.words.in_figures, level=2)
    yield Table(
        caption=say.words.in_figures,
        head=(labels.figure, labels.value),
        rows=tuple(cells(*row) for row in rows),
        widths=(12.4, 4.0),
        figures=1,
    )
    if said := say.council.took_part:
        yield Paragraph(line=cell(one_line(" ".join(said))))
    if document.phases:
        yield Heading(text=labels.phases, level=2)
        yield Table(
            caption=labels.phases,
            head=(labels.phase, labels.starts_at, labels.ends_at),
            rows=tuple(
                cells(one_line(phase.title), say.day(phase.starts_at), say.last_day(phase.ends_at))
                for phase in document.phases
            ),
            widths=(9.4, 3.5, 3.5),
        )


def _over_time(say: Saying) -> Iterator[Block]:
    periods = say.council.periods
    if not periods:
        return
    words, labels = say.words, say.labels
    series = {
        labels.ideas: [one.ideas for one in periods],
        labels.comments: [one.comments for one in periods],
        labels.votes: [one.votes for one in periods],
        words.new_people: [one.people for one in periods],
    }
    shown = {name: values for name, values in series.items() if any(values)}
    if not shown:
        return
    yield Heading(text=words.over_time, level=2)
    if len(periods) > 1:
        yield _columns(say, shown, periods)
    yield Table(
        caption=f"{words.over_time}: {one_line(say.council.periods_note)}",
        head=(words.time, *shown),
        rows=tuple(
            cells(one_line(period.name), *(say.count(values[place]) for values in shown.values()))
            for place, period in enumerate(periods)
            if any(values[place] for values in shown.values())
        ),
        widths=(5.6, *(2.7 for _name in shown)),
        figures=len(shown),
        is_small=True,
    )


def _columns(say: Saying, shown: dict[str, list[int]], periods: Sequence[Period]) -> Picture:
    panels, sentences = [], []
    for name, values in shown.items():
        top, most = scale(max(values))[-1], values.index(max(values))
        panels.append(Panel(label=name, top=say.count(top), heights=tuple(value / top for value in values)))
        sentences.append(
            say.words.time_alt.format(title=name, most=one_line(periods[most].name), most_value=say.count(values[most]))
        )
    ticks = tuple(
        Tick(at=place / len(periods), label=one_line(periods[place].label))
        for place in spread(len(periods), AXIS_LABELS)
    )
    return Picture(
        kind="columns",
        title=one_line(say.council.periods_note),
        alt=" ".join((*sentences, say.words.table_below)),
        panels=tuple(panels),
        ticks=ticks,
    )


def _who(say: Saying) -> Iterator[Block]:
    council, words = say.council, say.words
    if not council.people_note:
        return
    yield Heading(text=words.who, level=2)
    yield Paragraph(line=cell(one_line(council.people_note)))
    for question in council.questions:
        yield Heading(text=one_line(question.title), level=3)
        yield Paragraph(line=cell(one_line(question.note)), look="quiet")
        yield _shares(say, question)
        yield _shares_table(say, question)
    if council.gaps:
        yield Heading(text=words.gaps, level=3)
        yield Bullets(items=tuple(line(one_line(gap)) for gap in council.gaps))


def _shares(say: Saying, question: Question) -> Picture:
    largest = max((max(one.high, one.residents or 0) for one in question.answers), default=1.0)
    reach = next(end for end in ENDS if largest <= end or end == ENDS[-1])
    title = one_line(question.title)
    has_city = any(one.residents is not None for one in question.answers)
    rows = " ".join(f"{one_line(one.label)}: {one_line(one.shown)}." for one in question.answers)
    key = say.words.interval_mark
    return Picture(
        kind="shares",
        alt=say.words.shares_alt.format(title=title, rows=rows),
        marks=tuple(_share(one, reach) for one in question.answers),
        ticks=tuple(Tick(at=part, label=say.percent(part * reach)) for part in (0, 0.5, 1)),
        key=f"{key}; {say.words.city_mark}" if has_city else key,
    )


def _share(one: Answers, reach: float) -> Mark:
    return Mark(
        label=one_line(one.label),
        shown=one_line(one.shown),
        at=None if one.share is None else min(1.0, one.share / reach),
        low=min(1.0, one.low / reach),
        high=min(1.0, one.high / reach),
        reference=None if one.residents is None else min(1.0, one.residents / reach),
    )


def _shares_table(say: Saying, question: Question) -> Table:
    words = say.words
    has_city = any(one.residents is not None for one in question.answers)
    head = (words.said, say.labels.people, words.share, *((words.in_city,) if has_city else ()))
    return Table(
        caption=one_line(question.title),
        head=head,
        rows=tuple(
            cells(
                " · ".join(filter(None, (one_line(one.label), one_line(one.finding)))),
                one_line(one.people),
                one_line(one.shown),
                *((one_line(one.city),) if has_city else ()),
            )
            for one in question.answers
        ),
        widths=(7.0, 2.4, 3.6, 3.0) if has_city else (8.4, 3.0, 4.6),
        figures=3 if has_city else 2,
    )


def method(say: Saying) -> Iterator[Block]:
    """Yield the chapter about how figures were counted and what they cannot say."""
    document, words, labels = say.document, say.words, say.labels
    yield Heading(text=words.method, level=1, new_page=True)
    for text in (*paragraphs(document.method_note), labels.people_note, labels.votes_note):
        yield Paragraph(line=cell(text))
    if say.council.limits:
        yield Heading(text=words.limits, level=2)
        yield Bullets(items=tuple(cell(one_line(limit)) for limit in say.council.limits))
    if document.source_note:
        yield Heading(text=labels.source_note, level=2)
        for text in paragraphs(document.source_note):
            yield Paragraph(line=cell(text))
    if say.council.glossary:
        yield Heading(text=words.glossary, level=1)
        yield Table(
            caption=words.glossary,
            head=(words.word, words.meaning),
            rows=tuple(cells(one_line(term.word), one_line(term.meaning)) for term in say.council.glossary),
            widths=(4.4, 12.0),
        )
