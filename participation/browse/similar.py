"""Ideas that say something similar, on the page of an idea: found by the worker beforehand, so reading is quick."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.translations import label_of, written_in
from participation.cases.models import SubjectKind
from participation.listings.translated import ShownWordings, title_in
from participation.multilingual import direction
from participation.processes.outline import ProcessOutline
from participation.similarity.queries import SimilarIdea, neighbours_of

SHOWN = 4


@dataclass(frozen=True, slots=True)
class SimilarLink:
    """A similar idea with the reason, words in the language of the original; ``written_in`` names a foreign one.

    ``translated`` says how the title came into the reader's language, where it was not written in that.
    """

    title: str
    url: str
    language: str
    dir: str
    written_in: str
    translated: str
    words: tuple[str, ...]
    words_language: str
    words_dir: str
    means_similar: bool


def similar_to(session: Session, actor: Actor, process: ProcessOutline, idea_id: int) -> tuple[SimilarIdea, ...]:
    """Return the public ideas that say something similar to one, the most similar first."""
    return neighbours_of(session, actor, process_id=process.id, idea_id=idea_id, limit=SHOWN)


def similar_links(ideas: Sequence[SimilarIdea], slug: str, shown: ShownWordings) -> tuple[SimilarLink, ...]:
    """Return similar ideas as links to their pages, in their order, by their names in the wordings ``shown``."""
    return tuple(_link(idea, slug, shown) for idea in ideas)


def _link(idea: SimilarIdea, slug: str, shown: ShownWordings) -> SimilarLink:
    title = title_in(shown, idea.idea_id, idea.title, idea.language)
    return SimilarLink(
        title=title.text,
        url=url_for("browse.idea", slug=slug, idea_id=idea.idea_id),
        language=title.language,
        dir=title.dir,
        written_in=written_in(title.language),
        translated=label_of(shown.get((SubjectKind.IDEA, idea.idea_id))),
        words=idea.shared_words,
        words_language=idea.language,
        words_dir=direction(idea.language),
        means_similar=idea.means_similar,
    )
