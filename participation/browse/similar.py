"""Ideas that say something similar, on the page of an idea: found by the worker beforehand, so reading is quick."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.multilingual import direction, language_name
from participation.processes.outline import ProcessOutline
from participation.similarity.queries import SimilarIdea, neighbours_of

SHOWN = 4


@dataclass(frozen=True, slots=True)
class SimilarLink:
    """A similar idea with the reason; ``written_in`` is empty in the reader's language."""

    title: str
    url: str
    language: str
    dir: str
    written_in: str
    words: tuple[str, ...]
    means_similar: bool


def similar_part(session: Session, actor: Actor, process: ProcessOutline, idea_id: int) -> tuple[SimilarLink, ...]:
    """Return the public ideas that say something similar to one, the most similar first, as links."""
    found = neighbours_of(session, actor, process_id=process.id, idea_id=idea_id, limit=SHOWN)
    return similar_links(found, process.slug)


def similar_links(ideas: Sequence[SimilarIdea], slug: str) -> tuple[SimilarLink, ...]:
    """Return similar ideas as links to their pages, in their order."""
    return tuple(
        SimilarLink(
            title=idea.title,
            url=url_for("browse.idea", slug=slug, idea_id=idea.idea_id),
            language=idea.language,
            dir=direction(idea.language),
            written_in="" if idea.language == g.language else language_name(idea.language, shown_in=g.language),
            words=idea.shared_words,
            means_similar=idea.means_similar,
        )
        for idea in ideas
    )
