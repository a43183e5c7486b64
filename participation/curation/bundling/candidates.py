"""Which ideas of a process may say the same: groups of near neighbours, with what makes them alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.bundling.policies import MOST_MEMBERS
from participation.curation.bundling.refusals import Pair, kept_apart
from participation.curation.models import BundleMember
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import read_rows
from participation.similarity.models import Neighbourhood
from participation.texts import excerpt

OFFERED = 0.45
"""From this score on ideas are offered as saying the same; `similarity` offers ideas to readers from 0.21 on."""
VERY_ALIKE = 0.6
NEARLY_EQUAL = 0.8
MOST_TOGETHER = 12
"""Further ideas are not drawn into a group by others: with each step it would say less of the same."""
GROUPS_SHOWN = 15
PAIRS_SHOWN = 12
METHOD = "bundle candidates 1"
NUMBERS = {"offered": OFFERED, "very_alike": VERY_ALIKE, "nearly_equal": NEARLY_EQUAL, "most": MOST_TOGETHER}


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two ideas are offered together; ``words`` stand like this in the idea ``words_of``."""

    first_id: int
    second_id: int
    score: float
    words: tuple[str, ...]
    words_of: int
    means_similar: bool

    @property
    def pair(self) -> Pair:
        """The two ideas, the smaller number first."""
        return self.first_id, self.second_id


@dataclass(frozen=True, slots=True)
class CandidateIdea:
    """An idea that is offered; ``bundle_id`` is the bundle that it is part of."""

    id: int
    title: str
    excerpt: str
    language: str
    bundle_id: int | None


@dataclass(frozen=True, slots=True)
class CandidateGroup:
    """Ideas that may say the same, and the likenesses that hold them together, the strongest first."""

    ideas: tuple[CandidateIdea, ...]
    likenesses: tuple[Likeness, ...]

    @property
    def bundle_ids(self) -> tuple[int, ...]:
        """The bundles that some of them are part of, the oldest first."""
        return tuple(sorted({idea.bundle_id for idea in self.ideas if idea.bundle_id is not None}))

    @property
    def by_id(self) -> dict[int, CandidateIdea]:
        """The ideas by their numbers."""
        return {idea.id: idea for idea in self.ideas}

    @property
    def score(self) -> float:
        return self.likenesses[0].score


@dataclass(frozen=True, slots=True)
class Candidates:
    """A page of groups, those with the strongest likeness first, of so many; ``page`` begins at 1."""

    groups: tuple[CandidateGroup, ...]
    number: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Group:
    ids: tuple[int, ...]
    likenesses: tuple[Likeness, ...]


def bundle_candidates(session: Session, process_id: int, *, page: int = 1) -> Candidates:
    """Return groups of public ideas that may say the same, from the neighbours that were found before: six queries.

    Ideas that somebody keeps apart, and those whose author took one out of a bundle with the other, are in no group
    together; nor are those listed whose text has changed since, or who are in the same bundle anyway. The same data
    give the same groups.
    """
    revisions, entries = _neighbours(session, process_id)
    held = _bundled(session, process_id)
    groups = _grouped(_likenesses(revisions, entries), held, kept_apart(session, process_id))
    pages = max(1, ceil(len(groups) / GROUPS_SHOWN))
    page = min(max(page, 1), pages)
    shown = groups[(page - 1) * GROUPS_SHOWN : page * GROUPS_SHOWN]
    ideas = _ideas(session, {idea_id for group in shown for idea_id in group.ids}, held)
    return Candidates(
        groups=tuple(
            CandidateGroup(tuple(ideas[one] for one in group.ids), group.likenesses[:PAIRS_SHOWN]) for group in shown
        ),
        number=len(groups),
        page=page,
        pages=pages,
    )


def _neighbours(session: Session, process_id: int) -> tuple[dict[int, int], dict[int, Sequence[dict[str, Any]]]]:
    """Return the revision of each public idea with known neighbours, and these."""
    rows = read_rows(
        session,
        select(Idea.id, Idea.revision, Neighbourhood.entries)
        .join(Neighbourhood, (Neighbourhood.idea_id == Idea.id) & (Neighbourhood.revision == Idea.revision))
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
        .order_by(Idea.id),
    )
    revisions: dict[int, int] = {}
    entries: dict[int, Sequence[dict[str, Any]]] = {}
    for row in rows:
        revisions[row.id] = row.revision
        entries[row.id] = row.entries["ideas"]
    return revisions, entries


def _likenesses(revisions: dict[int, int], entries: dict[int, Sequence[dict[str, Any]]]) -> list[Likeness]:
    found: dict[Pair, Likeness] = {}
    for idea_id, near in entries.items():
        for entry in near:
            other = entry["idea_id"]
            # The nearest come first.
            if entry["score"] < OFFERED:
                break
            if revisions.get(other) == entry["revision"]:
                first, second = min(idea_id, other), max(idea_id, other)
                one = Likeness(first, second, entry["score"], tuple(entry["words"]), other, entry["means_similar"])
                found.setdefault(one.pair, one)
    return sorted(found.values(), key=lambda one: (-one.score, one.pair))


def _grouped(likenesses: Iterable[Likeness], held: dict[int, int], apart: set[Pair]) -> list[_Group]:
    """Return groups of ideas, grown along the strongest likenesses first; bundles are whole from the start."""
    group_of: dict[int, set[int]] = {}
    for idea_id, bundle_id in held.items():
        mates = group_of.setdefault(-bundle_id, set())
        mates.add(idea_id)
        group_of[idea_id] = mates
    inside: list[Likeness] = []
    for one in likenesses:
        left, right = (group_of.setdefault(idea_id, {idea_id}) for idea_id in one.pair)
        if left is not right:
            if len(left) + len(right) > _limit(left, right, held) or not _may_join(left, right, apart):
                continue
            left |= right
            for idea_id in right:
                group_of[idea_id] = left
        inside.append(one)
    reasons: dict[int, list[Likeness]] = {}
    for one in inside:
        same_bundle = one.first_id in held and held[one.first_id] == held.get(one.second_id)
        if not same_bundle and one.pair not in apart:
            reasons.setdefault(min(group_of[one.first_id]), []).append(one)
    groups = (_Group(tuple(sorted(group_of[first])), tuple(several)) for first, several in reasons.items())
    return sorted(groups, key=lambda group: (-group.likenesses[0].score, group.ids))


def _limit(left: set[int], right: set[int], held: dict[int, int]) -> int:
    # What is a bundle already may be larger, and take in one more idea or bundle.
    return MOST_MEMBERS if any(idea_id in held for idea_id in left | right) else MOST_TOGETHER


def _may_join(left: set[int], right: set[int], apart: set[Pair]) -> bool:
    return not apart or not any((min(one, two), max(one, two)) in apart for one in left for two in right)


def _bundled(session: Session, process_id: int) -> dict[int, int]:
    """Return the bundle of each public idea that is in one."""
    rows = session.execute(
        select(BundleMember.idea_id, BundleMember.bundle_id)
        .join(Idea, Idea.id == BundleMember.idea_id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED, BundleMember.ended_at.is_(None))
        .order_by(BundleMember.id)
    )
    return dict(rows.all())


def _ideas(session: Session, ids: set[int], held: dict[int, int]) -> dict[int, CandidateIdea]:
    rows = session.execute(select(Idea.id, Idea.title, Idea.text, Idea.language).where(Idea.id.in_(sorted(ids))))
    return {row.id: CandidateIdea(row.id, row.title, excerpt(row.text), row.language, held.get(row.id)) for row in rows}
