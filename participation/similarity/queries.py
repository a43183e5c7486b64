"""Ideas of a process that say something similar to a text or to another idea, best first, with the reasons."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import visible_to
from participation.kit.db import read_rows
from participation.similarity.memory import snapshot_of
from participation.similarity.models import Neighbourhood
from participation.similarity.snapshot import Likeness, Snapshot
from participation.similarity.words import Bag, bag_of, shared_words
from participation.texts import excerpt
from participation.texts.vectors import Vector, encoder

ALIKE = 0.21
"""From this score on an idea is offered. About 5 % of 80 statements from two other conversations reached it."""
MEANS_ALIKE = 0.33
"""From this cosine on the meaning is given as a reason; 95 % of unlike texts stay below."""
SPARE = 30
"""How many candidates more than wanted are looked up: some of them may not be public."""
# Asked with every idea page: it stands ready, because putting a statement together takes longer than running it.
_NEIGHBOURS = (
    select(Neighbourhood.entries)
    .join(Idea, (Idea.id == Neighbourhood.idea_id) & (Idea.revision == Neighbourhood.revision))
    .where(Neighbourhood.idea_id == bindparam("idea_id"), Neighbourhood.process_id == bindparam("process_id"))
)


@dataclass(frozen=True, slots=True)
class SimilarIdea:
    """An idea that says something similar.

    ``score`` lies between 0 and 1; ``shared_words`` are words as they stand in the idea, the telling ones first;
    ``means_similar`` says that the meaning is close whatever the words, also across languages.
    """

    idea_id: int
    title: str
    excerpt: str
    language: str
    state: IdeaState
    score: float
    shared_words: tuple[str, ...]
    means_similar: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea that may be similar, before anybody has looked whether it may be shown."""

    idea_id: int
    revision: int
    score: float
    meaning: float


def similar_ideas(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    title: str,
    text: str,
    language: str,
    exclude_idea_id: int | None = None,
    limit: int = 5,
    with_unpublished: bool = False,
) -> tuple[SimilarIdea, ...]:
    """Return the published ideas of a process that say something similar to a new text, best first.

    The score is ``VECTOR_SHARE`` times the cosine of the vectors of meaning, seen from their mean, and for the rest the
    cosine of the weights of the stems (TF-IDF); without vectors it is the latter alone. The same ideas give the same
    answer. ``with_unpublished`` takes everything that ``actor`` may see. Nothing comes back while the ideas are being
    read for the first time and that takes longer than a few seconds.
    """
    snapshot = snapshot_of(session, process_id)
    bag = bag_of(title, text, language)
    if snapshot is None or not len(snapshot.idea_ids) or not (title.strip() or text.strip()):
        return ()
    used = encoder()
    vector = used.encode(title, text) if used else None
    found = candidates(snapshot, bag, vector, most=limit + SPARE, without={exclude_idea_id} if exclude_idea_id else ())
    rule = _rule(actor, process_id, with_unpublished=with_unpublished)
    return _shown(session, rule, snapshot, bag, found, limit)


def similar_to_idea(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_id: int,
    limit: int = 5,
    with_unpublished: bool = False,
) -> tuple[SimilarIdea, ...]:
    """Return the published ideas of a process that say something similar to one of its ideas, best first.

    Worked out now, with the vector that is stored; nothing for an idea that the process does not have. Whether the idea
    itself may be seen is for the caller to decide.
    """
    snapshot = snapshot_of(session, process_id)
    idea = session.execute(
        select(Idea.title, Idea.text, Idea.language).where(Idea.id == idea_id, Idea.process_id == process_id)
    ).one_or_none()
    if snapshot is None or idea is None:
        return ()
    bag = bag_of(idea.title, idea.text, idea.language)
    found = candidates(snapshot, bag, snapshot.vector(idea_id), most=limit + SPARE, without={idea_id})
    rule = _rule(actor, process_id, with_unpublished=with_unpublished)
    return _shown(session, rule, snapshot, bag, found, limit)


def neighbours_of(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_id: int,
    limit: int = 5,
    with_unpublished: bool = False,
) -> tuple[SimilarIdea, ...]:
    """Return the published ideas that the worker found to be similar to an idea, best first: two small queries.

    An idea whose text has changed since is left out until the worker has looked at it again. ``with_unpublished`` takes
    everything that ``actor`` may see.
    """
    row = read_rows(session, _NEIGHBOURS, {"idea_id": idea_id, "process_id": process_id}).one_or_none()
    if row is None:
        return ()
    entries = {entry["idea_id"]: entry for entry in row.entries["ideas"]}
    rule = _rule(actor, process_id, with_unpublished=with_unpublished)
    ideas = {idea.id: idea for idea in _rows(session, rule, entries)}
    return tuple(
        SimilarIdea(
            idea_id=idea_id,
            title=ideas[idea_id].title,
            excerpt=excerpt(ideas[idea_id].text),
            language=ideas[idea_id].language,
            state=ideas[idea_id].state,
            score=entry["score"],
            shared_words=tuple(entry["words"]),
            means_similar=entry["means_similar"],
        )
        for idea_id, entry in entries.items()
        if idea_id in ideas and ideas[idea_id].revision == entry["revision"]
    )[:limit]


def candidates(
    snapshot: Snapshot,
    bag: Bag,
    vector: Vector | None,
    *,
    most: int,
    without: Collection[int] = (),
    at_least: float = ALIKE,
) -> tuple[Candidate, ...]:
    """Return the ideas of a snapshot that are like a text, whoever may see them, best first; ids decide ties."""
    likeness = snapshot.likeness(bag, vector)
    scores = rounded(likeness)
    chosen = np.flatnonzero(scores >= at_least)
    if len(chosen) > most + len(without):
        # Ties at the edge are kept together, so that the ids decide about them below.
        edge = np.partition(scores[chosen], -(most + len(without)))[-(most + len(without))]
        chosen = chosen[scores[chosen] >= edge]
    order = chosen[np.lexsort((snapshot.idea_ids[chosen], -scores[chosen]))]
    found = (
        Candidate(
            int(snapshot.idea_ids[row]), int(snapshot.revisions[row]), float(scores[row]), float(likeness.meaning[row])
        )
        for row in order
    )
    return tuple(candidate for candidate in found if candidate.idea_id not in without)[:most]


def shown_ideas(
    session: Session,
    wanted: Sequence[ColumnElement[bool]],
    snapshot: Snapshot,
    bag: Bag,
    found: Sequence[Candidate],
    limit: int,
) -> tuple[SimilarIdea, ...]:
    """Return at most ``limit`` of the candidates, of those that are ``wanted`` and still say what was compared."""
    return _shown(session, and_(*wanted), snapshot, bag, found, limit) if found else ()


def by_meaning(candidate: Candidate, words: Sequence[str]) -> bool:
    """Return whether the meaning is a reason beside ``words``; where there are no words it is the only one."""
    return candidate.meaning >= MEANS_ALIKE or not words


def rounded(likeness: Likeness) -> NDArray[np.float64]:
    """Return the scores as they are compared and shown."""
    # Beyond that it would be the order of additions that decides.
    return np.minimum(np.round(likeness.score.astype(np.float64), 4), 1.0)


def _rule(actor: Actor, process_id: int, *, with_unpublished: bool) -> ColumnElement[bool]:
    rule = visible_to(actor, process_id)
    return rule if with_unpublished else rule & (Idea.state == IdeaState.PUBLISHED)


def _rows(session: Session, rule: ColumnElement[bool], idea_ids: Collection[int]) -> Sequence[Idea]:
    columns = select(Idea.id, Idea.title, Idea.text, Idea.language, Idea.state, Idea.revision)
    return session.execute(columns.where(rule, Idea.id.in_(idea_ids))).all()  # type: ignore[return-value]  # rows with the columns of an idea


def _shown(
    session: Session, rule: ColumnElement[bool], snapshot: Snapshot, bag: Bag, found: Sequence[Candidate], limit: int
) -> tuple[SimilarIdea, ...]:
    """Return the candidates that the rule lets through and whose text is still the one compared."""
    ideas: Mapping[int, Idea] = {row.id: row for row in _rows(session, rule, [one.idea_id for one in found])}
    shown: list[SimilarIdea] = []
    for candidate in found:
        idea = ideas.get(candidate.idea_id)
        if idea is None or idea.revision != candidate.revision:
            continue
        if len(shown) == limit:
            break
        words = shared_words(idea.title, idea.text, idea.language, bag, snapshot.weight)
        shown.append(
            SimilarIdea(
                idea_id=idea.id,
                title=idea.title,
                excerpt=excerpt(idea.text),
                language=idea.language,
                state=idea.state,
                score=candidate.score,
                shared_words=words,
                means_similar=by_meaning(candidate, words),
            )
        )
    return tuple(shown)
