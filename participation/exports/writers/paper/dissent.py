"""The chapters about opinion groups and about what a smaller part of people sees differently."""

from collections.abc import Iterator, Sequence

from participation.exports.council.document import NamedIdea
from participation.exports.writers.paper.blocks import Block, Bullets, Heading, Line, Paragraph, Span, Table
from participation.exports.writers.paper.saying import Saying, cell, one_line
from participation.exports.writers.paper.statements import statement_anchor


def opinions(say: Saying) -> Iterator[Block]:
    """Yield the chapter about opinion groups, where results may be seen."""
    words, found = say.words, say.council.opinions
    if found is None:
        return
    yield Heading(text=words.opinions, level=1, new_page=bool(found.groups))
    yield Paragraph(line=cell(one_line(found.summary)))
    for text in (found.robustness, found.basis):
        if text:
            yield Paragraph(line=cell(one_line(text)), look="plain" if text is found.robustness else "quiet")
    names = [one_line(group.name) for group in found.groups]
    yield from _compared(say, words.shared, found.shared, names)
    yield from _compared(say, words.dividing, found.dividing, names)
    for group in found.groups:
        yield Heading(text=f"{one_line(group.name)}: {one_line(group.size)}", level=2)
        yield from _ideas(say, words.holds, group.holds, level=3)


def minority(say: Saying) -> Iterator[Block]:
    """Yield the chapter about minority views: of groups, on contested ideas, and objections to statements."""
    words, council = say.words, say.council
    yield Heading(text=words.minority, level=1)
    yield Paragraph(line=cell(words.minority_guide))
    if council.hidden:
        yield Paragraph(line=cell(one_line(council.hidden)))
    parts = (*_differing(say), *_contested(say), *_objections(say))
    yield from parts
    if not parts and not council.hidden:
        yield Paragraph(line=cell(words.nothing_dissents))


def _differing(say: Saying) -> Iterator[Block]:
    found = say.council.opinions
    if found is None or not found.groups:
        return
    yield Heading(text=say.words.differs, level=2)
    if not any(group.differs for group in found.groups):
        yield Paragraph(line=cell(say.words.no_differs))
    for group in found.groups:
        yield from _ideas(say, one_line(group.name), group.differs, level=3)


def _contested(say: Saying) -> Iterator[Block]:
    words, council = say.words, say.council
    if council.contested:
        yield Heading(text=words.contested, level=2)
        yield Paragraph(line=cell(words.contested_guide))
        yield Bullets(items=tuple(say.idea(idea) for idea in council.contested))
    yield from _ideas(say, words.rejected, council.rejected, level=2)


def _objections(say: Saying) -> Iterator[Block]:
    against = [statement for statement in say.document.statements if statement.objected]
    if not against:
        return
    yield Heading(text=say.words.objections, level=2)
    items: list[Line] = []
    for statement in against:
        name = f"{say.labels.statement} {say.count(statement.number)}"
        head = (Span(text=name, anchor=statement_anchor(statement.id)), Span(text=": "))
        items += [(*head, *say.quoted(objection)) for objection in statement.objected]
    yield Bullets(items=tuple(items))


def _compared(say: Saying, title: str, ideas: Sequence[NamedIdea], groups: Sequence[str]) -> Iterator[Block]:
    if not ideas:
        return
    yield Heading(text=title, level=2)
    yield Table(
        caption=title,
        head=(say.labels.idea, *groups),
        rows=tuple((say.idea(idea), *(cell(one_line(words)) for words in idea.by_group)) for idea in ideas),
        widths=(16.4 - 2.6 * len(groups), *(2.6 for _group in groups)),
        is_small=True,
    )


def _ideas(say: Saying, title: str, ideas: Sequence[NamedIdea], *, level: int) -> Iterator[Block]:
    if ideas:
        yield Heading(text=title, level=level)
        yield Bullets(items=tuple(say.idea(idea) for idea in ideas))
