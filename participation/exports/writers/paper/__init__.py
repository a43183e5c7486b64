"""What the paper formats print: the document as a paper for a council, every figure and date put into words."""

from collections.abc import Iterable, Iterator

from participation.exports.document import IdeaRow, StrategyInput
from participation.exports.writers.paper.afterwards import answers_and_measures, follow_up, matrix
from participation.exports.writers.paper.annexes import ideas as annex_of_ideas
from participation.exports.writers.paper.annexes import themes as annex_of_themes
from participation.exports.writers.paper.blocks import Block, Bullets, Heading, Paper, Paragraph
from participation.exports.writers.paper.dissent import minority, opinions
from participation.exports.writers.paper.people import method, taking_part
from participation.exports.writers.paper.reading import choose
from participation.exports.writers.paper.saying import Saying, cell, one_line, paragraphs
from participation.exports.writers.paper.statements import statements
from participation.exports.writers.paper.topics import by_field, by_principle

__all__ = ["lay_out"]


def lay_out(document: StrategyInput, ideas: Iterable[IdeaRow]) -> Paper:
    """Return the paper of a document, reading `ideas` (all of them) once and keeping only what is printed."""
    say = Saying(document)
    found = follow_up(document)
    chosen = choose(document, ideas, also=found.idea_ids())
    labels, words = document.labels, say.words
    city = one_line(document.city)
    number = one_line(document.number)
    status = f"{labels.generated_at} {say.moment(document.generated_at)}"

    def chapters() -> Iterator[Block]:
        yield from taking_part(say)
        yield from by_principle(say)
        yield from by_field(say)
        yield from statements(say, chosen)
        yield from opinions(say)
        yield from minority(say)
        yield from matrix(say)
        yield from answers_and_measures(say, found, chosen)
        yield from method(say)
        yield from annex_of_themes(say, chosen)
        yield from annex_of_ideas(say, chosen)

    return Paper(
        title=one_line(document.process_title) or labels.document_kind,
        kind=labels.document_kind,
        city=city,
        number=f"{words.paper_number} {number}" if number else "",
        status=status,
        question=paragraphs(document.question),
        summary=tuple(_summary(say)),
        blocks=tuple(chapters()),
        logo=say.council.logo,
        logo_alt=words.logo.format(city=city),
    )


def _summary(say: Saying) -> Iterator[Block]:
    sentences = say.council.summary
    if sentences:
        yield Heading(text=say.words.summary, level=1)
        yield Bullets(items=tuple(cell(one_line(sentence)) for sentence in sentences))
        if say.council.best:
            yield Heading(text=say.words.best_of_all, level=2)
            yield Bullets(items=tuple(say.idea(idea) for idea in say.council.best))
        if say.council.what_follows:
            yield Heading(text=say.words.what_follows, level=2)
        for text in say.council.what_follows:
            yield from (Paragraph(line=cell(one)) for one in paragraphs(text))
    else:
        yield Heading(text=say.labels.how_to_read, level=1)
        yield Paragraph(line=cell(say.labels.reading_guide))
