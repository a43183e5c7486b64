"""What the newest run proposes for single ideas, with confidence and reasons, as far as it still holds."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.board.places import positions_of
from participation.ideas.models import Idea, IdeaState
from participation.multilingual import Phrase
from participation.suggestions.queries import IdeaSuggestions, Outcome

MOST_THEMES = 3
MOST_NEAR = 3
MOST_SHARED = 6


class Sureness(enum.Enum):
    """How sure a proposal is, for people; the number stands beside it."""

    VERY_LIKELY = "very_likely"
    LIKELY = "likely"
    POSSIBLE = "possible"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class OfferedTheme:
    """A cluster that an idea may belong to; ``percent`` is how sure that is, only about so where it is rough."""

    cluster_id: int
    title: Phrase
    percent: int
    is_rough: bool = False

    @property
    def sureness(self) -> Sureness:
        """Return how sure it is, in steps."""
        steps = ((80, Sureness.VERY_LIKELY), (60, Sureness.LIKELY), (35, Sureness.POSSIBLE))
        return next((step for least, step in steps if self.percent >= least), Sureness.GUESS)


@dataclass(frozen=True, slots=True)
class NearIdea:
    """A filed idea that says something similar, and the cluster it stands in."""

    id: int
    title: str
    language: str
    theme: Phrase


@dataclass(frozen=True, slots=True)
class Offer:
    """Where an idea may belong, best first, and why."""

    themes: tuple[OfferedTheme, ...]
    near: tuple[NearIdea, ...]
    words: tuple[str, ...]


def offers_for(
    session: Session, outcome: Outcome | None, idea_ids: Collection[int], titles: Mapping[int, Phrase]
) -> dict[int, Offer]:
    """Return what is proposed for each of these ideas that has a proposal; ``titles`` are the clusters there are now.

    Reasons name only what is public and filed at this moment, whatever the run knew.
    """
    if outcome is None or not titles:
        return {}
    proposed = {idea_id: outcome.of(idea_id) for idea_id in idea_ids}
    near = _near(session, {near for each in proposed.values() for near in each.nearest}, titles)
    offers = {idea_id: _offer(each, near, titles, is_rough=outcome.is_rough) for idea_id, each in proposed.items()}
    return {idea_id: offer for idea_id, offer in offers.items() if offer.themes}


def percent(confidence: float) -> int:
    """Return a confidence in whole per cent, rounded down: 99.9 % sure is not certain."""
    return int(100 * max(0.0, min(1.0, confidence)))


def _offer(
    proposed: IdeaSuggestions, near: Mapping[int, NearIdea], titles: Mapping[int, Phrase], *, is_rough: bool
) -> Offer:
    themes = [one for one in proposed.ranked if one.cluster_id in titles][:MOST_THEMES]
    return Offer(
        themes=tuple(
            OfferedTheme(one.cluster_id, titles[one.cluster_id], percent(one.confidence), is_rough) for one in themes
        ),
        near=tuple(near[one] for one in proposed.nearest if one in near)[:MOST_NEAR],
        words=proposed.words[:MOST_SHARED],
    )


def _near(session: Session, idea_ids: Collection[int], titles: Mapping[int, Phrase]) -> dict[int, NearIdea]:
    if not idea_ids:
        return {}
    wanted = sorted(idea_ids)
    positions = positions_of(session, wanted)
    rows = session.execute(
        select(Idea.id, Idea.title, Idea.language).where(Idea.id.in_(wanted), Idea.state == IdeaState.PUBLISHED)
    )
    return {
        idea_id: NearIdea(idea_id, title, language, titles[positions[idea_id][0].cluster_id])
        for idea_id, title, language in rows
        if positions.get(idea_id) and positions[idea_id][0].cluster_id in titles
    }
