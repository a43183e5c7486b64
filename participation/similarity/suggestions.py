"""Principles that would fit a text, suggested only when reasonably sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.ideas.queries import visible_to
from participation.principles.queries import EntryView, principles_of
from participation.similarity.memory import snapshot_of
from participation.similarity.queries import Candidate, candidates
from participation.similarity.reference import Reference, Wording, reference_of
from participation.similarity.words import Bag, bag_of, shared_words
from participation.texts.vectors import Vector, encoder, unit

METHOD = "principles-1"
"""Changes whenever the same text may be given other principles."""
NEAREST = 10
NEAR = 0.1
"""From this score on an idea has a say about principles; what it says counts for the score above it."""
DOUBT = 0.2
"""Counts like so much likeness to ideas without any tag, so that a single distant idea decides nothing."""
IDEAS_COUNT = 0.5
"""What the tags of similar ideas count beside likeness to the principle itself."""
LEAST = 0.08
MOST_SUGGESTED = 3
Marks = tuple[tuple[float, float], ...]
SURE_BY_MEANING: Marks = ((1.75, 0.57), (2.0, 0.65), (2.5, 0.8))
"""How far a principle stands out, in standard deviations, and how often people had chosen it as well then.

Measured on the 73 ideas of the demo process, each held against the others; by chance it is 0.15. What stands out less
than the first figure is not suggested.
"""
SURE_BY_WORDS: Marks = ((2.25, 0.48), (2.5, 0.56), (3.0, 0.6))
"""The same where meanings are not known."""

NUMBERS = {
    "nearest": NEAREST,
    "half": IDEAS_COUNT,
    "doubt": DOUBT,
    "near": NEAR,
    "most": MOST_SUGGESTED,
    "by_meaning": SURE_BY_MEANING[0][0],
    "right_by_meaning": round(100 * SURE_BY_MEANING[0][1]),
    "by_words": SURE_BY_WORDS[0][0],
    "right_by_words": round(100 * SURE_BY_WORDS[0][1]),
}


@dataclass(frozen=True, slots=True)
class PrincipleSuggestion:
    """A principle that would fit; ``confidence`` lies between 0 and 1.

    ``reasons`` are words of the principle, in the language of the text where there are any, that the text shares with
    it; ``similar_idea_ids`` are the published similar ideas that are tagged with it, the most similar first.
    """

    principle_id: int
    confidence: float
    reasons: tuple[str, ...]
    similar_idea_ids: tuple[int, ...]


def suggest_principles(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    framework_id: int,
    title: str,
    text: str,
    language: str,
    exclude_idea_id: int | None = None,
    limit: int = MOST_SUGGESTED,
) -> tuple[PrincipleSuggestion, ...]:
    """Return the principles that would fit a text, the surest first; nothing when none is reasonably sure.

    Each principle gets a number: how alike the text is to its title, explanation and question, taken together in all
    languages (cosine of vectors of meaning; without them, of stem weights with the wording it is most alike to), and
    half of the share that its tag has among the ``NEAREST`` most similar public ideas, nearer ones counting more. A
    principle is suggested when its number stands out from those of the others by as many standard deviations as
    ``SURE_BY_MEANING`` or ``SURE_BY_WORDS`` say.
    """
    wordings = _wordings(principles_of(session, framework_id))
    if not wordings or not (title.strip() or text.strip()):
        return ()
    bag, used = bag_of(title, text, language), encoder()
    vector = used.encode(title, text) if used else None
    reference = reference_of(session, framework_id, wordings)
    near = _near(session, actor, process_id, bag, vector, exclude_idea_id)
    tagged = _tagged(session, near)
    whole = sum(weight for _idea, weight in near) + DOUBT
    shares = [_weight_of(near, tagged, id_) / whole for id_ in reference.rows]
    if vector is not None and reference.vectors is not None:
        direct, marks = reference.vectors @ unit(vector - reference.centre), SURE_BY_MEANING
    else:
        direct, marks = _words(reference, bag), SURE_BY_WORDS
    scores = np.round(direct + IDEAS_COUNT * np.array(shares), 4)
    chosen = _standing_out(scores, marks)
    found = (
        PrincipleSuggestion(
            principle_id=id_,
            confidence=chosen[place],
            reasons=_reasons(reference, id_, bag, language),
            similar_idea_ids=tuple(idea_id for idea_id, _weight in near if id_ in tagged.get(idea_id, ())),
        )
        for place, id_ in enumerate(reference.rows)
        if place in chosen
    )
    return tuple(sorted(found, key=lambda one: -one.confidence)[:limit])


def _standing_out(scores: NDArray[np.float64], marks: Marks) -> dict[int, float]:
    """Return the places of the numbers that stand out from the others, each with how sure that is."""
    spread = float(scores.std())
    if not spread:
        return {}
    figures, shares = ([mark[side] for mark in marks] for side in (0, 1))
    stand = (scores - scores.mean()) / spread
    return {
        int(place): round(float(np.interp(float(stand[place]), figures, shares)), 2)
        for place in range(len(scores))
        if scores[place] >= LEAST and stand[place] >= figures[0]
    }


def _wordings(principles: Sequence[EntryView]) -> tuple[Wording, ...]:
    return tuple(
        Wording(
            entry.id, language, title, f"{entry.explanation.get(language, '')} {_question(entry, language)}".strip()
        )
        for entry in principles
        for language, title in sorted(entry.title.items())
        if title
    )


def _question(entry: EntryView, language: str) -> str:
    return (entry.question or {}).get(language, "")


def _words(reference: Reference, bag: Bag) -> NDArray[np.float64]:
    """Return for each principle the likeness in words to that of its wordings which is most alike."""
    words = reference.snapshot.likeness(bag, None).words
    return np.array([max((float(words[row]) for row in rows), default=0.0) for rows in reference.rows.values()])


def _near(
    session: Session, actor: Actor, process_id: int, bag: Bag, vector: Vector | None, own: int | None
) -> tuple[tuple[int, float], ...]:
    """Return the most similar public ideas and what each of them counts."""
    snapshot = snapshot_of(session, process_id)
    if snapshot is None or not len(snapshot.idea_ids):
        return ()
    found: Sequence[Candidate] = candidates(
        snapshot, bag, vector, most=2 * NEAREST, without={own} if own else (), at_least=NEAR
    )
    public = visible_to(actor, process_id) & (Idea.state == IdeaState.PUBLISHED)
    shown = set(session.scalars(select(Idea.id).where(public, Idea.id.in_([one.idea_id for one in found]))))
    return tuple((one.idea_id, one.score - NEAR) for one in found if one.idea_id in shown)[:NEAREST]


def _weight_of(near: Sequence[tuple[int, float]], tagged: Mapping[int, set[int]], principle_id: int) -> float:
    return sum(weight for idea_id, weight in near if principle_id in tagged.get(idea_id, ()))


def _tagged(session: Session, near: Sequence[tuple[int, float]]) -> Mapping[int, set[int]]:
    tagged: dict[int, set[int]] = {}
    rows = select(IdeaPrinciple.idea_id, IdeaPrinciple.principle_id)
    for idea_id, principle_id in session.execute(rows.where(IdeaPrinciple.idea_id.in_([one for one, _ in near]))):
        tagged.setdefault(idea_id, set()).add(principle_id)
    return tagged


def _reasons(reference: Reference, principle_id: int, bag: Bag, language: str) -> tuple[str, ...]:
    own = (reference.wordings[row] for row in reference.rows[principle_id])
    return tuple(
        word
        for wording in own
        if wording.language == language
        for word in shared_words(wording.title, wording.text, language, bag, reference.snapshot.weight)
    )
