"""The numbers of the map, held against counting in plain Python; nothing that is not public is among them."""

import random
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.listings.leitbild import (
    Grid,
    Participation,
    became_of,
    districts_under,
    grid_of,
    participation_under,
)
from participation.principles.models import District, FieldOfAction
from participation.strategy.models import AnswerOutcome
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions


def ids(session: Session, table: type[District] | type[FieldOfAction]) -> list[int]:
    """Return the ids of a list of the framework in order."""
    return list(session.scalars(select(table.id).order_by(table.position)))


def test_every_public_idea_is_in_the_map(transact: Sessions, database: Sessions) -> None:
    chance = random.Random(7)
    expected, by_field = Counter[tuple[int | None, int | None]](), Counter[int | None]()
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        fields: list[int | None] = [*ids(session, FieldOfAction), None]
        for _ in range(40):
            tags = chance.sample(make.PRINCIPLES, chance.randint(0, 3))
            field_id = chance.choice(fields)
            make.idea(session, place, principles=tags, field_id=field_id)
            by_field[field_id] += 1
            expected.update((tag, field_id) for tag in (make.principle_ids(session, place, tags) or [None]))
        for state in set(IdeaState) - {IdeaState.PUBLISHED}:
            make.idea(session, place, state=state, principles=["climate"], field_id=fields[0])
        make.idea(session, other, principles=["climate"], field_id=fields[0])
    with database() as session:
        grid = grid_of(session, place.id)
        assert grid == Grid(dict(expected), dict(by_field), 40)
        for principle_id in (*make.principle_ids(session, place, make.PRINCIPLES), None):
            named = sum(count for (tag, _field), count in expected.items() if tag == principle_id)
            assert grid.row(principle_id) == named


def test_the_biggest_gaps_are_where_most_could_be_expected() -> None:
    cells = {(1, 10): 6, (1, 11): 0, (2, 10): 3, (2, 12): 1, (3, 12): 2, (None, 11): 4, (4, None): 5}
    grid = Grid(cells, {10: 9, 11: 4, 12: 3, None: 5}, 21)
    assert grid.expected(1, 11) == pytest.approx(6 * 4 / 21)
    # 24/21 for (1, 11), 18/21 for (1, 12) and (3, 10), 16/21 for (2, 11), 8/21 for (3, 11); 4 and 13 name nothing here.
    found = grid.biggest_gaps([1, 2, 3, 5], [10, 11, 12, 13], most=9)
    assert found == [(1, 11), (1, 12), (3, 10), (2, 11), (3, 11)]
    assert grid.biggest_gaps([1, 2, 3, 5], [10, 11, 12, 13], most=2) == [(1, 11), (1, 12)]
    assert Grid({}, {}, 0).biggest_gaps([1], [10], most=5) == []


def test_people_count_once_and_votes_only_where_they_are_shown(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        author, talker, voter = (make.participant(session, place) for _ in range(3))
        one, two = (make.idea(session, place, author=author, principles=["climate", "access"]) for _ in range(2))
        other = make.idea(session, place, principles=["education"])
        hidden = make.idea(session, place, principles=["climate"], state=IdeaState.HIDDEN)
        for idea in (one, two, other, hidden):
            make.comment(session, place, idea, author=talker)
            make.vote(session, place, idea, Stance.AGREE, by=voter)
        make.vote(session, place, two, Stance.DISAGREE, by=talker)
        make.vote(session, place, other, Stance.UNSURE)
        make.comment(session, place, one, state=CommentState.IN_REVIEW)
        (climate,) = make.principle_ids(session, place, ["climate"])
        (equality,) = make.principle_ids(session, place, ["equality"])
    with database() as session:
        shown = participation_under(session, place.id, climate, shows_results=True)
        assert shown == Participation(comments=2, people=3, votes=3)
        kept_back = participation_under(session, place.id, climate, shows_results=False)
        assert kept_back == Participation(comments=2, people=2, votes=None)
        assert participation_under(session, place.id, equality, shows_results=True) == Participation(0, 0, 0)


def test_what_became_of_the_ideas(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        north, south = ids(session, District)
        one, two, three = (
            make.idea(session, place, principles=["climate"], district_id=district) for district in (north, None, south)
        )
        elsewhere = make.idea(session, place, principles=["education"], district_id=north)
        hidden = make.idea(session, place, principles=["climate"], state=IdeaState.HIDDEN, district_id=south)
        trees = make.cluster(session, place, title="Trees", ideas=[one, two, hidden, elsewhere])
        make.cluster(session, place, title="Schools", ideas=[elsewhere])
        public = make.statement(session, place, [trees], words="More trees")
        make.statement(session, place, [trees], words="Secret", published=False)
        make.answer(session, idea_id=one, outcome=AnswerOutcome.NO)
        make.answer(session, idea_id=one, outcome=AnswerOutcome.EXPERIMENT)
        make.answer(session, idea_id=elsewhere, outcome=AnswerOutcome.PARTLY)
        make.answer(session, statement_id=public, outcome=AnswerOutcome.YES)
        (climate,) = make.principle_ids(session, place, ["climate"])
    with database() as session:
        became = became_of(session, place.id, climate, "en", statements_url="/s")
        assert [(theme.id, theme.title["en"], theme.ideas) for theme in became.themes] == [(trees, "Trees (en)", 2)]
        assert [(line.text.text, line.url) for line in became.statements] == [("More trees (en)", f"/s/{public}")]
        assert became.answered == 2
        assert became.outcomes == {AnswerOutcome.EXPERIMENT: 1, AnswerOutcome.YES: 1}, "only the latest answer counts"
        assert districts_under(session, place.id, climate) == {north: 1, None: 1, south: 1}
        assert three not in (one, two)
