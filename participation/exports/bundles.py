"""Ideas that say the same, as rows of an export: each idea in its own language, people counted for the whole bundle."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.curation.bundling.queries import BundleFigures, figures_of
from participation.curation.models import Bundle, BundleMember
from participation.exports.document import BundledRow, TogetherFigures
from participation.exports.moments import to_the_second
from participation.exports.wording import Words, answer_in_words
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import in_batches
from participation.strategy.answering.answers import answers_to_bundles
from participation.voting.queries import FEWEST_VOTES

BATCH = 200


def bundled_rows(
    session: Session, process_id: int, said: Words, language: str, *, shows_results: bool
) -> Iterator[BundledRow]:
    """Yield a row for each public idea of a bundle, bundle by bundle: five queries for each so many bundles."""
    after = 0
    while ids := _bundles(session, process_id, after):
        members = _members(session, ids)
        sizes: dict[int, int] = {}
        for row in members:
            sizes[row.id] = sizes.get(row.id, 0) + 1
        figures = together_figures(session, sizes) if shows_results else {}
        answers = answers_to_bundles(session, list(sizes), language) if sizes else {}
        for row in members:
            yield BundledRow(
                bundle_id=str(row.id),
                idea_id=str(row.idea_id),
                title=row.title,
                text=row.text,
                language=row.language,
                ideas=sizes[row.id],
                made_at=to_the_second(row.made_at),
                figures=figures.get(row.id),
                answer=answer_in_words(answers.get(row.id, ()), said),
            )
        after = ids[-1]


def together_figures(session: Session, bundle_ids: Iterable[int]) -> dict[int, TogetherFigures]:
    """Return the people behind each bundle as far as that may be told; bundles with too few are left out."""
    return {
        bundle_id: _shown(figures)
        for batch in in_batches(bundle_ids)
        for bundle_id, figures in figures_of(session, batch).items()
        if figures.people >= FEWEST_VOTES
    }


def bundled_in(session: Session, process_id: int) -> int:
    """Return how many rows ``bundled_rows`` yields."""
    return session.scalar(select(func.count()).select_from(_public(process_id).subquery())) or 0


def _bundles(session: Session, process_id: int, after: int) -> list[int]:
    wanted = select(Bundle.id).where(Bundle.process_id == process_id, Bundle.ended_at.is_(None), Bundle.id > after)
    return list(session.scalars(wanted.order_by(Bundle.id).limit(BATCH)))


def _members(session: Session, bundle_ids: list[int]) -> Sequence[Any]:
    texts = select(Bundle.id, Bundle.made_at, Idea.id.label("idea_id"), Idea.title, Idea.text, Idea.language)
    members = texts.join(BundleMember, BundleMember.bundle_id == Bundle.id).join(Idea, Idea.id == BundleMember.idea_id)
    public = members.where(BundleMember.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
    return session.execute(public.where(Bundle.id.in_(bundle_ids)).order_by(Bundle.id, BundleMember.id)).all()


def _public(process_id: int) -> Any:
    return (
        select(BundleMember.id)
        .join(Bundle, Bundle.id == BundleMember.bundle_id)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(Bundle.process_id == process_id, Bundle.ended_at.is_(None))
        .where(BundleMember.ended_at.is_(None), Idea.state == IdeaState.PUBLISHED)
    )


def _shown(figures: BundleFigures) -> TogetherFigures:
    tells = not figures.both or figures.both >= FEWEST_VOTES
    return TogetherFigures(
        people=figures.people,
        agree=figures.agree,
        disagree=figures.disagree,
        both=figures.both if tells else None,
    )
