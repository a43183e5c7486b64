"""One pass over the published ideas: how much there is of each topic, and which ideas stand out in it."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.ideas.standing import lower_bound
from participation.insights.figures import says_something
from participation.tallies.figures import is_enough
from participation.voting.models import Tally
from participation.voting.queries import VoteFigures

BATCH = 1_000
BEST = 3
"""How many ideas are named for each topic."""
STANDING_OUT = 5
"""How many ideas are named as contested, and as rejected."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Counted:
    """One published idea as the pass meets it."""

    id: int
    field_id: int | None
    district_id: int | None
    source: IdeaSource
    comments: int
    votes: VoteFigures
    principle_ids: tuple[int, ...]


@dataclass(slots=True)
class Best:
    """The ideas with the highest score met so far, at most so many; of equals those with the lower number."""

    most: int
    _heap: list[tuple[float, int, VoteFigures]] = field(default_factory=list)

    def meet(self, score: float, idea: Counted) -> None:
        """Keep the idea if it is among the best."""
        heapq.heappush(self._heap, (score, -idea.id, idea.votes))
        if len(self._heap) > self.most:
            heapq.heappop(self._heap)

    def ranked(self) -> list[tuple[int, VoteFigures]]:
        """Return the ideas with their votes, the highest score first."""
        return [(-negative, votes) for _score, negative, votes in sorted(self._heap, reverse=True)]


@dataclass(slots=True)
class TopicSums:
    """What was counted for one topic. Votes are those on ideas whose figures may be told, so that no sum tells more.

    ``agreed`` and ``rejected`` of its ``judged`` ideas have a clear majority: Wilson's interval leaves out one half.
    """

    ideas: int = 0
    comments: int = 0
    agree: int = 0
    unsure: int = 0
    disagree: int = 0
    judged: int = 0
    agreed: int = 0
    rejected: int = 0
    best: Best = field(default_factory=lambda: Best(BEST))

    @property
    def votes(self) -> int:
        """All votes that are told."""
        return self.agree + self.unsure + self.disagree

    def add(self, idea: Counted) -> None:
        """Count an idea."""
        self.ideas += 1
        self.comments += idea.comments
        votes = idea.votes
        if is_enough(votes):
            self.agree += votes.agree
            self.unsure += votes.unsure
            self.disagree += votes.disagree
        if says_something(votes):
            self.judged += 1
            self._judge(idea)

    def _judge(self, idea: Counted) -> None:
        sides = idea.votes.agree + idea.votes.disagree
        agreement = lower_bound(idea.votes.agree, sides)
        if agreement > HALF:
            self.agreed += 1
            self.best.meet(agreement, idea)
        elif lower_bound(idea.votes.disagree, sides) > HALF:
            self.rejected += 1


@dataclass(slots=True)
class Sums:
    """What the pass counted; ``None`` stands for ideas that name none. ``all_votes`` is every vote, told or not."""

    total: TopicSums = field(default_factory=lambda: TopicSums(best=Best(STANDING_OUT)))
    principles: dict[int | None, TopicSums] = field(default_factory=dict)
    fields: dict[int | None, TopicSums] = field(default_factory=dict)
    districts: dict[int | None, TopicSums] = field(default_factory=dict)
    sources: dict[IdeaSource, TopicSums] = field(default_factory=dict)
    contested: Best = field(default_factory=lambda: Best(STANDING_OUT))
    rejected: Best = field(default_factory=lambda: Best(STANDING_OUT))
    all_votes: int = 0

    def add(self, idea: Counted) -> None:
        """Count an idea where it belongs."""
        self.all_votes += idea.votes.people
        topics = [
            self.total,
            self.fields.setdefault(idea.field_id, TopicSums()),
            self.districts.setdefault(idea.district_id, TopicSums()),
            self.sources.setdefault(idea.source, TopicSums()),
        ]
        topics += [self.principles.setdefault(key, TopicSums()) for key in idea.principle_ids or (None,)]
        for topic in topics:
            topic.add(idea)
        if says_something(idea.votes):
            self._argue(idea)

    def _argue(self, idea: Counted) -> None:
        agree, disagree = idea.votes.agree, idea.votes.disagree
        for_it, against = (lower_bound(side, agree + disagree) for side in (agree, disagree))
        if against > HALF:
            self.rejected.meet(against, idea)
        elif for_it <= HALF:
            self.contested.meet(min(for_it, against), idea)


def count_topics(session: Session, process_id: int) -> Sums:
    """Return what there is of each topic of a process; memory does not grow with the number of its ideas."""
    sums = Sums()
    for idea in _published(session, process_id):
        sums.add(idea)
    return sums


def _published(session: Session, process_id: int) -> Iterator[Counted]:
    tags = (
        select(func.aggregate_strings(cast(IdeaPrinciple.principle_id, String), ","))
        .where(IdeaPrinciple.idea_id == Idea.id)
        .correlate(Idea)
        .scalar_subquery()
    )
    comments_on = (
        select(func.count())
        .where(Comment.idea_id == Idea.id, Comment.state == CommentState.PUBLISHED)
        .correlate(Idea)
        .scalar_subquery()
    )
    statement = (
        select(
            Idea.id,
            Idea.field_id,
            Idea.district_id,
            Idea.source,
            comments_on,
            func.coalesce(Tally.agree, 0),
            func.coalesce(Tally.disagree, 0),
            func.coalesce(Tally.unsure, 0),
            tags,
        )
        .outerjoin(Tally, Tally.idea_id == Idea.id)
        .where(Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
        .order_by(Idea.id)
    )
    for row in session.execute(statement, execution_options={"yield_per": BATCH}):
        idea_id, field_id, district_id, source, comments, agree, disagree, unsure, named = row
        yield Counted(
            id=idea_id,
            field_id=field_id,
            district_id=district_id,
            source=source,
            comments=comments,
            votes=VoteFigures(agree, disagree, unsure),
            principle_ids=tuple(int(key) for key in named.split(",")) if named else (),
        )
