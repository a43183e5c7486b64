"""The one pass over the ideas of a document that keeps only what a paper prints."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from participation.exports.document import IdeaRow, Links, StrategyInput
from participation.exports.writers.paper.saying import one_line
from participation.exports.writers.text import excerpt, for_print

ANNEX_LIMIT = 2_000
"""How many ideas the annex of a paper lists; the workbook holds all."""
CLUSTER_LIMIT = 25
"""How many ideas a paper lists below one theme."""
EXCERPT_LIMIT = 280
NOTE_LIMIT = 12
"""How many ideas a footnote names by their numbers."""


@dataclass(slots=True)
class Basis:
    """What a statement takes from one cluster, or from ideas taken up directly: how many ideas, the first of them."""

    count: int = 0
    numbers: list[str] = field(default_factory=list)

    def add(self, idea_id: str) -> None:
        """Count an idea."""
        self.count += 1
        if len(self.numbers) < NOTE_LIMIT:
            self.numbers.append(one_line(idea_id))


@dataclass(slots=True)
class Chosen:
    """The ideas that are printed, and what statements rest on: by statement and cluster, "" for directly."""

    annex: list[IdeaRow] = field(default_factory=list)
    named: dict[str, IdeaRow] = field(default_factory=dict)
    bases: dict[tuple[str, str], Basis] = field(default_factory=dict)
    total: int = 0


def _shortened(idea: IdeaRow) -> IdeaRow:
    translated = idea.translated and replace(
        idea.translated, text=excerpt(for_print(idea.translated.text), EXCERPT_LIMIT)
    )
    return replace(idea, text=excerpt(for_print(idea.text), EXCERPT_LIMIT), translated=translated)


def choose(document: StrategyInput, ideas: Iterable[IdeaRow], *, also: Iterable[str] = ()) -> Chosen:
    """Return what is printed of the ideas, reading all of them once; ``also`` are ids that are named elsewhere."""
    wanted = {idea_id for cluster in document.clusters for idea_id in cluster.top_idea_ids[:CLUSTER_LIMIT]}
    wanted.update(also)
    links, chosen = Links(document), Chosen()
    for idea in ideas:
        chosen.total += 1
        if idea.id in wanted or len(chosen.annex) < ANNEX_LIMIT:
            kept = _shortened(idea)
            if len(chosen.annex) < ANNEX_LIMIT:
                chosen.annex.append(kept)
            if idea.id in wanted:
                chosen.named[idea.id] = kept
        for edge in links.of(idea):
            if edge.statement:
                key = (edge.statement.id, edge.cluster.id if edge.cluster else "")
                chosen.bases.setdefault(key, Basis()).add(idea.id)
    return chosen
