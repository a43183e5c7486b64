"""Ideas that say the same, as rows of an export: each idea in its own language, people counted for the whole bundle."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.bundling.queries import BundleFigures, figures_of
from participation.curation.models import Bundle, BundleMember
from participation.exports.document import BundledRow, TogetherFigures
from participation.exports.rows import answer_in_words
from participation.exports.wording import Words
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import in_batches
from participation.strategy.answering.answers import answers_to_bundles
from participation.voting.queries import FEWEST_VOTES


def bundled_rows(
    session: Session, process_id: int, said: Words, language: str, *, shows_results: bool
) -> tuple[BundledRow, ...]:
    """Return a row for each public idea of a bundle, bundle by bundle: three queries for each so many bundles."""
    members = session.execute(
        select(Bundle.id, Bundle.made_at, Idea.id.label("idea_id"), Idea.title, Idea.text, Idea.language)
        .join(BundleMember, BundleMember.bundle_id == Bundle.id)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(Bundle.process_id == process_id, Bundle.ended_at.is_(None))
        .where(BundleMember.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
        .order_by(Bundle.id, BundleMember.id)
    ).all()
    sizes: dict[int, int] = {}
    for row in members:
        sizes[row.id] = sizes.get(row.id, 0) + 1
    figures = _figures(session, sizes) if shows_results else {}
    answers = answers_to_bundles(session, list(sizes), language) if sizes else {}
    return tuple(
        BundledRow(
            bundle_id=str(row.id),
            idea_id=str(row.idea_id),
            title=row.title,
            text=row.text,
            language=row.language,
            ideas=sizes[row.id],
            made_at=_plain(row.made_at),
            figures=figures.get(row.id),
            answer=answer_in_words(answers.get(row.id, ()), said),
        )
        for row in members
    )


def _figures(session: Session, bundle_ids: Iterable[int]) -> dict[int, TogetherFigures]:
    return {
        bundle_id: _shown(figures)
        for batch in in_batches(bundle_ids)
        for bundle_id, figures in figures_of(session, batch).items()
        if figures.people >= FEWEST_VOTES
    }


def _shown(figures: BundleFigures) -> TogetherFigures:
    tells = not figures.both or figures.both >= FEWEST_VOTES
    return TogetherFigures(
        people=figures.people,
        agree=figures.agree,
        disagree=figures.disagree,
        both=figures.both if tells else None,
    )


def _plain(moment: datetime) -> datetime:
    # As in the rest of the document: the typesetter takes nothing finer than seconds.
    return moment.replace(microsecond=0)
