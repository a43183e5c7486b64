"""The long parts of an export, published ideas and comments, read in batches so that memory does not grow with them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select, tuple_
from sqlalchemy.orm import Session, aliased

from participation.comments.models import Comment, CommentState, Voice
from participation.comments.queries import comment_counts
from participation.curation.bundling.queries import bundle_of_idea
from participation.curation.models import Cluster, Filing
from participation.exports.bundles import together_figures
from participation.exports.document import CommentRow, IdeaRow, TogetherFigures
from participation.exports.moments import to_the_second
from participation.exports.translations import Translated
from participation.exports.votes import told_points, told_votes
from participation.exports.wording import Words, answer_in_words
from participation.ideas.addenda import AddendumView, public_addenda
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import aspect_ids_by_idea, principle_ids_of
from participation.processes.models import Participant
from participation.strategy.answering.answers import answers_to_ideas
from participation.voting.priority_queries import point_figures
from participation.voting.queries import tallies

BATCH = 500
_Key = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rows refer to: titles by id, which statements rest on a cluster, and whether votes may be shown.

    ``points_phase`` is the phase whose points are shown, if any are.
    """

    process_id: int
    words: Words
    principles: Mapping[int, str]
    districts: Mapping[int, str]
    fields: Mapping[int, str]
    aspects: Mapping[int, str]
    language: str
    statements_on: Mapping[int, tuple[int, ...]]
    shows_results: bool
    points_phase: int | None
    idea_url: Callable[[int], str]


def idea_rows(session: Session, around: Surroundings) -> Iterator[IdeaRow]:
    """Yield the published ideas in the order in which they came.

    Nine queries for each 500 of them, one more with points, one where some are in other languages than the document,
    two where some of them are in bundles. What an author added later stands below the text, each addendum headed by its
    day.
    """
    for batch in _batches(session, around.process_id):
        ids = [idea.id for idea in batch]
        tagged = principle_ids_of(session, ids)
        filed = _clusters_of(session, ids)
        counts = comment_counts(session, ids)
        figures = tallies(session, ids) if around.shows_results else {}
        points = point_figures(session, around.points_phase, ids) if around.points_phase else {}
        added = public_addenda(session, ids)
        touched = aspect_ids_by_idea(session, ids)
        together = _together(session, around, {idea.bundle_id for idea in batch if idea.bundle_id})
        answers = answers_to_ideas(session, ids, around.language)
        facts = [(idea.id, idea.language, idea.revision) for idea in batch]
        translated = Translated(session, around.language, facts, added, around.words)
        for idea in batch:
            in_clusters = filed.get(idea.id, {})
            yield IdeaRow(
                id=str(idea.id),
                external_id=idea.external_id or "",
                title=idea.title,
                text=_with_addenda(idea.text, added.get(idea.id, ()), around.words),
                language=idea.language,
                state=around.words.published,
                pseudonym=idea.pseudonym,
                submitted_at=to_the_second(idea.submitted_at),
                principles=tuple(title for key, title in around.principles.items() if key in tagged[idea.id]),
                principle_ids=tuple(str(key) for key in around.principles if key in tagged[idea.id]),
                district=around.districts.get(idea.district_id, ""),
                field=around.fields.get(idea.field_id, ""),
                field_id=str(idea.field_id or ""),
                votes=told_votes(figures.get(idea.id)),
                points=told_points(points.get(idea.id)),
                comments=counts[idea.id],
                cluster_ids=tuple(map(str, in_clusters)),
                main_cluster_id=next((str(key) for key, is_main in in_clusters.items() if is_main), ""),
                bundle_id=str(idea.bundle_id or ""),
                together=together.get(idea.bundle_id),
                statement_ids=_statement_ids(around.statements_on, in_clusters),
                url=around.idea_url(idea.id),
                source=around.words.sources[idea.source],
                source_code=idea.source.value,
                aspects=tuple(title for key, title in around.aspects.items() if key in touched.get(idea.id, ())),
                answer=answer_in_words(answers.get(idea.id, ()), around.words),
                translated=translated.of(idea.id),
            )


def comment_rows(session: Session, around: Surroundings) -> Iterator[CommentRow]:
    """Yield the published comments on published ideas, in the order of the ideas and then of time.

    An answer to a comment that is not public any more stands without the one it answers. Official voices stand in
    place of the name of whoever lent them theirs.
    """
    for batch in _batches(session, around.process_id):
        for comment in _comments_on(session, [idea.id for idea in batch]):
            yield CommentRow(
                id=str(comment.id),
                idea_id=str(comment.idea_id),
                parent_id=str(comment.parent_id) if comment.parent_id else "",
                pseudonym=around.words.voices.get(comment.voice, comment.pseudonym),
                voice_code="" if comment.voice is Voice.RESIDENT else comment.voice.value,
                text=comment.text,
                language=comment.language,
                submitted_at=to_the_second(comment.submitted_at),
            )


def _with_addenda(text: str, addenda: Sequence[AddendumView], said: Words) -> str:
    return "\n\n".join((text, *(said.below(one, one.text) for one in addenda)))


def _together(session: Session, around: Surroundings, bundle_ids: set[int]) -> dict[int, TogetherFigures]:
    return together_figures(session, bundle_ids) if around.shows_results and bundle_ids else {}


def _batches(session: Session, process_id: int) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    after: _Key | None = None
    while batch := session.execute(_next_ideas(process_id, after)).all():
        yield batch
        after = (batch[-1].submitted_at, batch[-1].id)


def _next_ideas(process_id: int, after: _Key | None) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            Idea.id,
            Idea.external_id,
            Idea.title,
            Idea.text,
            Idea.language,
            Idea.revision,
            Idea.submitted_at,
            Idea.district_id,
            Idea.field_id,
            Idea.source,
            Participant.pseudonym,
            bundle_of_idea().label("bundle_id"),
        )
        .join(Participant, Participant.id == Idea.participant_id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
        .order_by(Idea.submitted_at, Idea.id)
        .limit(BATCH)
    )
    if after is None:
        return statement
    key = tuple_(Idea.submitted_at, Idea.id)
    return statement.where(key > tuple_(*after, types=[Idea.submitted_at.type, Idea.id.type]))


def _clusters_of(session: Session, idea_ids: list[int]) -> dict[int, dict[int, bool]]:
    """Return the clusters of each idea that has any, in the order of the board, and whether each is its main one."""
    statement = (
        select(Filing.idea_id, Filing.cluster_id, Filing.is_main)
        .join(Cluster, and_(Cluster.id == Filing.cluster_id, Cluster.removed_at.is_(None)))
        .where(Filing.idea_id.in_(idea_ids), Filing.ended_at.is_(None))
        .order_by(Cluster.position, Cluster.id)
    )
    filed: dict[int, dict[int, bool]] = {}
    for idea_id, cluster_id, is_main in session.execute(statement):
        filed.setdefault(idea_id, {})[cluster_id] = is_main
    return filed


def _statement_ids(statements_on: Mapping[int, tuple[int, ...]], cluster_ids: Iterable[int]) -> tuple[str, ...]:
    found = dict.fromkeys(statement_id for cluster_id in cluster_ids for statement_id in statements_on[cluster_id])
    return tuple(map(str, found))


def _comments_on(session: Session, idea_ids: list[int]) -> Iterator[Row[*tuple[Any, ...]]]:
    answered = aliased(Comment)
    statement = (
        select(
            Comment.id,
            Comment.idea_id,
            answered.id.label("parent_id"),
            Comment.text,
            Comment.language,
            Comment.voice,
            Comment.submitted_at,
            Participant.pseudonym,
        )
        .join(Idea, Idea.id == Comment.idea_id)
        .join(Participant, Participant.id == Comment.participant_id)
        .outerjoin(answered, and_(answered.id == Comment.parent_id, answered.state == CommentState.PUBLISHED))
        .where(Comment.idea_id.in_(idea_ids), Comment.state == CommentState.PUBLISHED)
        .order_by(Idea.submitted_at, Idea.id, Comment.submitted_at, Comment.id)
    )
    yield from session.execute(statement, execution_options={"yield_per": BATCH})
