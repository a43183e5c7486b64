"""What stands beside a statement: objections to its ideas, groups that see it otherwise, districts of its ideas."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentStance, CommentState
from participation.ideas.models import Idea
from participation.kit.schema import Translated
from participation.kit.suppression import K
from participation.opinions.queries import latest_run
from participation.opinions.results import Against, Counts, GroupResult
from participation.principles.models import District
from participation.strategy.behind import rests_on
from participation.voting.models import Stance, Vote

MOST_OBJECTIONS = 3
MOST_OPPOSED = 3


@dataclass(frozen=True, slots=True)
class Objection:
    """A comment that objects to an idea behind a statement; ``helpful`` is how many people found it so."""

    comment_id: int
    idea_id: int
    idea_title: str
    idea_language: str
    text: str
    language: str
    helpful: int


@dataclass(frozen=True, slots=True)
class GroupOnStatement:
    """How an opinion group stands to the ideas behind a statement: of so many it is for, against, or split.

    ``unknown`` ideas have too few votes of the group to say. ``opposed`` are those on which it takes the other side
    than most people.
    """

    number: int
    people: int
    agrees: int
    disagrees: int
    split: int
    unknown: int
    opposed: tuple[Against, ...] = ()


@dataclass(frozen=True, slots=True)
class DistrictBehind:
    """How many ideas behind a statement are about a district (``None``: about none), and how many people agree.

    ``agree`` counts people once; ``None`` stands for fewer than 10 or, for all districts, for results not shown yet.
    """

    title: Translated | None
    ideas: int
    agree: int | None


def objections_to(session: Session, statement_ids: Iterable[int]) -> dict[int, tuple[Objection, ...]]:
    """Return for each statement the public comments that object to its ideas, the most helpful first; one query."""
    ids = list(statement_ids)
    rests = rests_on(ids).subquery()
    rank = func.row_number().over(partition_by=rests.c.statement_id, order_by=(Comment.helpful.desc(), Comment.id))
    ranked = (
        select(rests.c.statement_id, Comment.id.label("comment_id"), rank.label("rank"))
        .join(rests, rests.c.idea_id == Comment.idea_id)
        .where(Comment.stance == CommentStance.OBJECTS, Comment.state == CommentState.PUBLISHED)
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.statement_id, Comment, Idea.title, Idea.language)
        .join(Comment, Comment.id == ranked.c.comment_id)
        .join(Idea, Idea.id == Comment.idea_id)
        .where(ranked.c.rank <= MOST_OBJECTIONS)
        .order_by(ranked.c.statement_id, ranked.c.rank)
    )
    found: dict[int, tuple[Objection, ...]] = dict.fromkeys(ids, ())
    for statement_id, comment, title, language in rows:
        found[statement_id] += (
            Objection(comment.id, comment.idea_id, title, language, comment.text, comment.language, comment.helpful),
        )
    return found


def groups_on(session: Session, process_id: int, statement_id: int) -> tuple[GroupOnStatement, ...]:
    """Return how each opinion group of the newest run stands to a statement; nothing where nobody can be told apart."""
    run = latest_run(session, process_id)
    if run is None or len(run.result.groups) < 2:
        return ()
    return group_stands(run.result, set(session.scalars(_ideas_behind(statement_id))))


def group_stands(result: GroupResult, idea_ids: Iterable[int]) -> tuple[GroupOnStatement, ...]:
    """Return how each group stands to these ideas, by what may be published of its votes."""
    wanted = set(idea_ids)
    places = [place for place, idea_id in enumerate(result.ideas.ids) if idea_id in wanted]
    stands = []
    for group in result.groups:
        sides = [_side(result.ideas.agree[place], result.ideas.disagree[place], group.number) for place in places]
        opposed = tuple(one for one in group.against_majority if one.idea_id in wanted)
        stands.append(
            GroupOnStatement(
                number=group.number,
                people=group.size,
                agrees=sides.count("agree"),
                disagrees=sides.count("disagree"),
                split=sides.count("split"),
                unknown=len(wanted) - len(places) + sides.count("unknown"),
                opposed=opposed[:MOST_OPPOSED],
            )
        )
    return tuple(stands)


def districts_behind(session: Session, statement_id: int, *, shows_results: bool) -> tuple[DistrictBehind, ...]:
    """Return which districts the ideas of a statement are about, in their order, those about none last.

    Nothing where no idea names a district.
    """
    behind = _ideas_behind(statement_id).subquery()
    counted = session.execute(
        select(Idea.district_id, func.count()).join(behind, behind.c.idea_id == Idea.id).group_by(Idea.district_id)
    )
    ideas: dict[int | None, int] = {row[0]: row[1] for row in counted}
    named = [district_id for district_id in ideas if district_id is not None]
    if not named:
        return ()
    agree: dict[int | None, int] = {}
    if shows_results:
        people = (
            select(Idea.district_id, func.count(Vote.participant_id.distinct()))
            .join(behind, behind.c.idea_id == Idea.id)
            .join(Vote, Vote.idea_id == Idea.id)
            .where(Vote.stance == Stance.AGREE)
            .group_by(Idea.district_id)
        )
        agree = {row[0]: row[1] for row in session.execute(people)}
    districts = session.execute(
        select(District.id, District.title).where(District.id.in_(named)).order_by(District.position, District.id)
    )
    rows: list[tuple[int | None, Translated | None]] = [(row.id, row.title) for row in districts]
    if None in ideas:
        rows.append((None, None))
    return tuple(DistrictBehind(title, ideas[id_], _enough(agree.get(id_, 0))) for id_, title in rows)


def _ideas_behind(statement_id: int) -> Select[int]:
    behind = rests_on([statement_id]).subquery()
    return select(behind.c.idea_id)


def _side(agree: Counts, disagree: Counts, group: int) -> str:
    yes, no = agree[group] if agree else None, disagree[group] if disagree else None
    if yes is None or no is None:
        return "unknown"
    if yes == no:
        return "split"
    return "agree" if yes > no else "disagree"


def _enough(people: int) -> int | None:
    return people if people >= K else None
