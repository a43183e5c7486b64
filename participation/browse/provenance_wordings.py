"""A lineage with what residents wrote in it in the reader's language."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from participation.browse.translations import shown_here
from participation.cases.models import SubjectKind
from participation.listings.translated import Written, text_in, title_in, written_idea
from participation.provenance.lineage import CommentRecord, IdeaRecord, Lineage


def lineage_here(session: Session, lineage: Lineage) -> Lineage:
    """Return a lineage with ideas and comments in the wordings that the page shows; one query at most."""
    shown = shown_here(session, _written(lineage))

    def idea(one: IdeaRecord) -> IdeaRecord:
        title = title_in(shown, one.id, one.title, one.language)
        return replace(one, title=title.text, language=title.language)

    def comment(one: CommentRecord) -> CommentRecord:
        text = text_in(shown, SubjectKind.COMMENT, one.id, one.text, one.language)
        return replace(one, text=text.text, language=text.language)

    if not shown:
        return lineage
    ideas = {idea_id: idea(one) for idea_id, one in lineage.ideas.items()}
    return replace(lineage, ideas=ideas, comments=tuple(comment(one) for one in lineage.comments))


def _written(lineage: Lineage) -> Iterator[Written]:
    yield from (written_idea(one.id, one.language, one.revision) for one in lineage.ideas.values())
    yield from (Written(SubjectKind.COMMENT, one.id, one.language) for one in lineage.comments)
