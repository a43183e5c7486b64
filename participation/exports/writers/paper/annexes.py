"""The annexes: themes with their ideas, and the list of ideas."""

from collections.abc import Iterator, Mapping

from participation.exports.document import ClusterRow, IdeaRow
from participation.exports.writers.paper.blocks import Block, Heading, Line, Paragraph, Span, Table
from participation.exports.writers.paper.reading import CLUSTER_LIMIT, EXCERPT_LIMIT, Chosen
from participation.exports.writers.paper.saying import Saying, cell, cells, one_line
from participation.exports.writers.paper.statements import statement_anchor, theme_anchor

Numbers = Mapping[str, int]


def themes(say: Saying, chosen: Chosen) -> Iterator[Block]:
    """Yield the annex of the themes."""
    labels, document = say.labels, say.document
    yield Heading(text=say.words.annex_themes, level=1, new_page=True)
    if not document.clusters:
        yield Paragraph(line=cell(labels.no_clusters))
        return
    yield Paragraph(line=cell(labels.excerpt_note), look="quiet")
    numbers = {statement.id: statement.number for statement in document.statements}
    for cluster in document.clusters:
        yield from _theme(say, cluster, chosen, numbers)


def ideas(say: Saying, chosen: Chosen) -> Iterator[Block]:
    """Yield the annex of the ideas."""
    labels = say.labels
    yield Heading(text=labels.annex, level=1, new_page=True)
    if rest := say.rest(len(chosen.annex), chosen.total, labels.annex_rest):
        yield Paragraph(line=cell(rest))
    if not chosen.annex:
        yield Paragraph(line=cell(labels.no_ideas))
        return
    titles = {cluster.id: one_line(cluster.title) for cluster in say.document.clusters}
    yield Table(
        caption=labels.annex,
        head=(labels.number, labels.title, labels.clusters, labels.agree, labels.unsure, labels.disagree),
        rows=tuple(
            (
                (say.linked(idea.id, idea.url),),
                say.titled(idea.title, idea.language, idea.translated),
                cell(", ".join(titles[cluster_id] for cluster_id in idea.cluster_ids)),
                *cells(*say.votes(idea.votes)),
            )
            for idea in chosen.annex
        ),
        widths=(1.3, 5.4, 3.3, 2.2, 2.0, 2.2),
        figures=3,
        is_small=True,
    )


def _theme(say: Saying, cluster: ClusterRow, chosen: Chosen, numbers: Numbers) -> Iterator[Block]:
    labels = say.labels
    yield Heading(text=one_line(cluster.title), level=2, anchor=theme_anchor(cluster.id))
    for line in say.editorial_lines(cluster.description, cluster.description_in):
        yield Paragraph(line=line)
    votes = say.votes(cluster.votes)
    figures = (
        (labels.ideas_count, say.count(cluster.ideas)),
        *zip((labels.agree, labels.unsure, labels.disagree), votes, strict=True),
    )
    yield Paragraph(line=say.figures(figures), look="figures")
    yield from say.stances(cluster.votes)
    listed = [chosen.named[key] for key in cluster.top_idea_ids[:CLUSTER_LIMIT] if key in chosen.named]
    if not listed:
        yield Paragraph(line=cell(labels.no_ideas))
        return
    yield Table(
        caption=one_line(cluster.title),
        head=(labels.number, labels.idea, labels.used_in, labels.agree, labels.unsure, labels.disagree),
        rows=tuple(_idea(say, idea, numbers) for idea in listed),
        widths=(1.3, 6.7, 2.0, 2.2, 2.0, 2.2),
        figures=3,
        is_small=True,
    )
    if rest := say.rest(len(listed), cluster.ideas, labels.cluster_rest):
        yield Paragraph(line=cell(rest), look="quiet")


def _idea(say: Saying, idea: IdeaRow, numbers: Numbers) -> tuple[Line, ...]:
    title = say.titled(idea.title, idea.language, idea.translated, bold=True)
    said = idea.translated or idea
    text = say.residents(said.text, said.language, limit=EXCERPT_LIMIT)
    used = sorted((numbers[key], key) for key in idea.statement_ids if key in numbers)
    links: list[Span] = []
    for number, key in used:
        links += [Span(text=", ")] if links else []
        links.append(Span(text=say.count(number), anchor=statement_anchor(key)))
    told = (*title, Span(text="\n"), text) if text.text else title
    return ((say.linked(idea.id, idea.url),), told, tuple(links), *cells(*say.votes(idea.votes)))
