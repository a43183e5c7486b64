"""The page of a statement in public: quotes, sign-off, tombstones, and what speaks against it."""

import pytest
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentStance, CommentState
from participation.principles.queries import districts_of
from tests import group_runs, make
from tests.conftest import Sessions
from tests.pages import PageClient

BUDGET = 26


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_much_there_is(client: PageClient, transact: Sessions, number: int) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(number)]
        for idea in ideas:
            make.votes(session, place, idea, agree=number)
            _object(session, make.comment(session, place, idea))
        statement = make.statement(session, place, [make.cluster(session, place, ideas=ideas) for _ in range(number)])
    client.get(place.url(f"/statements/{statement}"), budget=BUDGET)


def _object(session: Session, comment_id: int) -> int:
    session.get_one(Comment, comment_id).stance = CommentStance.OBJECTS
    session.flush()
    return comment_id


@pytest.mark.parametrize("hides_results", [False, True])
def test_what_speaks_against_it_stands_beside_it(client: PageClient, transact: Sessions, hides_results: bool) -> None:
    with transact() as session:
        place = make.process(session, hides_results=hides_results)
        north = districts_of(session, place.framework_id)[0].id
        ideas = [make.idea(session, place, district_id=north) for _ in range(4)]
        make.votes(session, place, ideas[2], agree=12, disagree=3)
        group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.shaken(ideas))
        _object(session, make.comment(session, place, ideas[0], body="Who pays for all of it?"))
        hidden = make.comment(session, place, ideas[0], body="Secret objection", state=CommentState.HIDDEN)
        _object(session, hidden)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=ideas)])
    page = client.get(place.url(f"/statements/{statement}", language="en"))
    against = page.one("[aria-labelledby=against]")
    assert "Who pays for all of it?" in against
    assert "Secret objection" not in page.text
    told = ("3 people disagree with at least one of its ideas.", "Group B takes the other side:")
    assert [words in against for words in told] == [not hides_results] * 2
    figures = ["4"] if hides_results else ["4", "12"]
    assert page.texts("[aria-labelledby=districts-caption] tbody td") == figures


def test_few_people_are_not_counted_by_district(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, district_id=districts_of(session, place.framework_id)[0].id)
        make.votes(session, place, idea, agree=9)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
    page = client.get(place.url(f"/statements/{statement}", language="en"))
    assert page.texts("[aria-labelledby=districts-caption] tbody td") == ["1", "fewer than 10"]
