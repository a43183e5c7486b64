"""Points: never more than a person has, whatever comes at once; tallies agree with them, and nothing typed is lost."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from participation.accounts.actor import ANONYMOUS, Actor
from participation.activity.models import LogEntry
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Missing, Refused
from participation.processes.models import Capability, Electorate, Phase, Process
from participation.processes.policies import GRACE
from participation.voting.models import Priority, PriorityTally, Stance
from participation.voting.priorities import PointsRefused, TooManyPoints, give_points
from participation.voting.priority_queries import PointFigures, point_figures, priority_breaks
from tests import make
from tests.conftest import Sessions
from tests.make import POINTS_MOST, Place
from tests.pages import Page, PageClient
from tests.points import give

Member = Callable[..., PageClient]
FORM = "points-form"
VOTER = "voter@example.org"


@pytest.fixture
def ideas(transact: Sessions, place: Place) -> list[int]:
    """Five ideas, all of which the voter agrees with."""
    with transact() as session:
        made = [make.idea(session, place, title=f"Idea {letter}") for letter in "ABCDE"]
        voter = make.participant(session, place, account_id=make.account(session, VOTER))
        for idea in made:
            make.vote(session, place, idea, Stance.AGREE, by=voter)
        return made


def stored(database: Sessions) -> dict[int, int]:
    """Return all points by idea, after checking tallies against a recount and the limits."""
    with database() as session:
        for process_id in session.scalars(select(Process.id)):
            assert priority_breaks(session, process_id) == []
        rows = session.execute(select(Priority.idea_id, Priority.points).order_by(Priority.idea_id)).all()
    return dict(rows)


def figures(database: Sessions, idea: int) -> PointFigures:
    """Return what an idea got in the only phase there is."""
    with database() as session:
        return point_figures(session, session.scalars(select(Phase.id)).one(), [idea])[idea]


def typed(ideas: list[int], *values: str) -> dict[str, str]:
    """Return the fields of the form beside the ideas."""
    return {f"points-{idea}": value for idea, value in zip(ideas, values, strict=False)}


def save(client: PageClient, place: Place, ideas: list[int], *values: str, status: int = 303) -> Page:
    """Type the values beside the ideas and save."""
    page = client.get(place.url("/priorities", language="en"))
    return client.submit(page, FORM, press="Save points", status=status, **typed(ideas, *values))


def shown(page: Page) -> dict[str, str]:
    """Return what stands in the number fields."""
    return {field.get("name"): field.get("value") for field in page.select("input[type=number]") if field.get("value")}


def test_giving_changing_and_taking_back(member: Member, place: Place, ideas: list[int], database: Sessions) -> None:
    voter = member(email=VOTER)
    answer = save(voter, place, ideas, "3", "", "1")
    assert answer.location == place.url("/priorities", language="en")
    page = voter.follow(answer)
    assert "Your points are stored. You have 6 left." in page.text
    assert page.texts("section[aria-labelledby=own] .points-row__title") == ["Idea A", "Idea C"]
    assert page.one("[data-points-left]") == "Points left: 6 of 10"
    assert stored(database) == {ideas[0]: 3, ideas[2]: 1}
    assert figures(database, ideas[0]) == PointFigures((0, 0, 1))
    save(voter, place, ideas, "1", "2", "0")
    assert stored(database) == {ideas[0]: 1, ideas[1]: 2}
    assert figures(database, ideas[0]) == PointFigures((1,))
    save(voter, place, ideas, "", " ")
    assert stored(database) == {}
    assert figures(database, ideas[0]) == PointFigures()


def test_nothing_says_who_gave_what(member: Member, place: Place, ideas: list[int], database: Sessions) -> None:
    save(member(email=VOTER), place, ideas, "3")
    with database() as session:
        assert session.scalars(select(LogEntry)).all() == []


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        (["4"], ["Idea A: At most 3 points can go to one idea."]),
        (["3", "3", "3", "3"], ["You have 10 points and gave 13. Please take back 3."]),
        (["-1"], ["Idea A: Please enter a whole number from 0 to 3."]),
        (["1.5"], ["Idea A: Please enter a whole number from 0 to 3."]),
        (["two", "٢"], ["Idea A: Please enter a whole number from 0 to 3."] * 2),
        (["9" * 19], ["Idea A: Please enter a whole number from 0 to 3."]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    member: Member, place: Place, ideas: list[int], database: Sessions, values: list[str], errors: list[str]
) -> None:
    voter = member(email=VOTER)
    save(voter, place, ideas, "", "", "", "", "1")
    answer = save(voter, place, ideas, *values, status=422)
    assert [error.replace("Idea B", "Idea A") for error in answer.errors] == errors
    assert ("Too many points: take back 3" in answer.text) is (len(values) == 4)
    assert shown(answer) == {**typed(ideas, *values), f"points-{ideas[4]}": "1"}
    assert stored(database) == {ideas[4]: 1}


def test_searching_keeps_what_was_typed(member: Member, transact: Sessions, place: Place, ideas: list[int]) -> None:
    with transact() as session:
        other = make.idea(session, place, title="A telescope for the school")
        make.idea(session, place, title="A hidden telescope", state=IdeaState.HIDDEN)
    voter = member(email=VOTER)
    page = voter.get(place.url("/priorities", language="en"))
    found = voter.submit(page, FORM, press="Search", status=200, q="telescope", **typed(ideas, "2", "x"))
    assert sorted(found.texts("section[aria-labelledby=own] .points-row__title")) == ["Idea A", "Idea B"]
    assert found.texts("section[aria-labelledby=more] .points-row__title") == ["A telescope for the school"]
    assert shown(found) == typed(ideas, "2", "x")
    answer = voter.submit(found, FORM, press="Save points", status=303, **typed([ideas[1], other], "", "1"))
    assert answer.location == place.url("/priorities?q=telescope", language="en")
    again = voter.follow(answer)
    assert again.texts("section[aria-labelledby=own] .points-row__title") == ["Idea A", "A telescope for the school"]
    assert again.texts("section[aria-labelledby=more] .points-row__title") == []


def test_more_to_choose_from(member: Member, transact: Sessions, place: Place, ideas: list[int]) -> None:
    with transact() as session:
        voter_id = make.participant(session, place, account_id=make.account(session, VOTER))
        later = [make.idea(session, place) for _ in range(12)]
        for idea in later:
            make.vote(session, place, idea, Stance.AGREE, by=voter_id)
    voter = member(email=VOTER)
    page = voter.get(place.url("/priorities", language="en"), budget=9)
    assert len(page.select("input[type=number]")) == 12
    more = voter.submit(page, FORM, press="show", status=200, **typed(later, "1"))
    assert len(more.select("input[type=number]")) == 17
    assert shown(more) == typed(later, "1")
    wanted = voter.get(place.url(f"/priorities?idea={ideas[0]}", language="en"))
    assert wanted.texts(".points-row__title")[0] == "Idea A"
    voter.get(place.url("/priorities?idea=x"), status=400)


def test_ideas_that_are_not_public_any_more_only_give_points_back(
    member: Member, transact: Sessions, database: Sessions, place: Place, ideas: list[int]
) -> None:
    voter = member(email=VOTER)
    save(voter, place, ideas, "2", "1")
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == ideas[0]).values(state=IdeaState.HIDDEN))
    page = voter.get(place.url("/priorities", language="en"))
    assert "Idea A" not in page.text
    assert "An idea that is not public at the moment" in page.text
    answer = save(voter, place, ideas, "3", status=422)
    assert answer.errors == [": This idea is not public any more. You can only take your points back."]
    save(voter, place, ideas, "1")
    assert stored(database) == {ideas[0]: 1, ideas[1]: 1}


def test_other_tabs_do_not_take_back_what_they_do_not_show(
    transact: Sessions, database: Sessions, place: Place, ideas: list[int]
) -> None:
    with transact() as session:
        giver = give(session, place, {ideas[0]: 3, ideas[1]: 3})
    with transact() as session:
        give(session, place, {ideas[2]: 3}, account_id=giver)
    assert stored(database) == dict.fromkeys(ideas[:3], 3)
    with pytest.raises(TooManyPoints) as problem, transact() as session:
        give(session, place, {ideas[3]: 2}, account_id=giver)
    assert problem.value.over == 1
    assert stored(database) == dict.fromkeys(ideas[:3], 3)


def test_policies_in_the_service(transact: Sessions, database: Sessions, place: Place, ideas: list[int]) -> None:
    with transact() as session:
        account = make.account(session)
        closed = make.process(session, "closed", allows=frozenset({Capability.VOTE}))
        elsewhere = make.idea(session, closed)
        hidden = make.idea(session, place, state=IdeaState.HIDDEN)
    for actor, slug, points, problem in (
        (ANONYMOUS, place.slug, {ideas[0]: 1}, Refused),
        (Actor(account), closed.slug, {elsewhere: 1}, Refused),
        (Actor(account), place.slug, {elsewhere: 1}, Missing),
        (Actor(account), place.slug, {ideas[0]: -1}, Missing),
        (Actor(account), place.slug, {hidden: 1}, PointsRefused),
        (Actor(account), place.slug, {ideas[0]: POINTS_MOST + 1}, PointsRefused),
        (Actor(account), place.slug, dict.fromkeys(ideas, POINTS_MOST), TooManyPoints),
        (Actor(account), "unknown", {ideas[0]: 1}, Missing),
    ):
        with pytest.raises(problem), transact() as session:
            give_points(session, actor, slug=slug, points=points, now=clock.now())
    assert stored(database) == {}


def test_a_page_opened_in_time_has_a_grace(transact: Sessions, member: Member, database: Sessions) -> None:
    ends_at = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    with transact() as session:
        place = make.process(session, starts_at=ends_at - timedelta(days=9), ends_at=ends_at)
        idea = make.idea(session, place)
    with time_machine.travel(ends_at - timedelta(minutes=1), tick=False) as travel:
        voter = member()
        page = voter.get(place.url(f"/priorities?idea={idea}", language="en"))
        travel.move_to(ends_at + GRACE)
        voter.submit(page, FORM, press="Save points", status=303, **typed([idea], "2"))
        travel.shift(timedelta(seconds=1))
        late = voter.submit(page, FORM, press="Save points", status=403, **typed([idea], "1"))
        assert "Giving points has been closed since 1 July 2026, 18:00." in late.text
        over = voter.get(place.url("/priorities", language="en"))
        assert over.texts(".points-row__given") == ["2 points"]
        assert over.select("form#points-form") == []
    assert stored(database) == {idea: 2}


def test_anonymous_people_read_what_it_is_about(client: PageClient, place: Place, ideas: list[int]) -> None:
    page = client.get(place.url("/priorities", language="en"))
    assert "You have 10 points." in page.text
    assert next(link.get("href") for link in page.select(".alert a")) == (
        f"/en/sign-in?next={place.url('/priorities', language='en')}"
    )
    assert page.response.headers.get("Set-Cookie") is None


def test_only_residents_where_the_process_says_so(
    member: Member, transact: Sessions, database: Sessions, place: Place, ideas: list[int]
) -> None:
    with transact() as session:
        session.get_one(Process, place.id).electorate = Electorate.VERIFIED
    voter = member(email=VOTER)
    page = voter.get(place.url("/priorities", language="en"))
    assert "Please enter the code from the letter you got." in page.text
    assert next(link.get("href") for link in page.select(".alert a")) == (
        f"/en/my/residence?next={place.url('/priorities', language='en')}"
    )
    for account_id, verified in ((1, False), (1, True)):
        actor = Actor(account_id, is_verified=verified)
        if verified:
            with transact() as session:
                give_points(session, actor, slug=place.slug, points={ideas[0]: 1}, now=clock.now())
        else:
            with pytest.raises(Refused), transact() as session:
                give_points(session, actor, slug=place.slug, points={ideas[0]: 1}, now=clock.now())
    assert stored(database) == {ideas[0]: 1}


def test_fifty_requests_at_once_never_give_more_than_there_is(
    app: Flask, member: Member, place: Place, ideas: list[int], database: Sessions
) -> None:
    """Real threads give three points each to another idea; only three of the five ideas can get any."""
    voter = member(email=VOTER)
    page = voter.get(place.url("/priorities"))
    token = page.select("#points-form input[name=csrf_token]")[0].get("value")
    cookie = voter.flask.get_cookie("participation").value
    barrier, statuses = threading.Barrier(10), list[int]()

    def send(number: int) -> None:
        client = app.test_client()
        client.set_cookie("participation", cookie)
        barrier.wait(30)
        for step in range(5):
            data = {"csrf_token": token, **typed([ideas[(number + step) % 5]], "3")}
            statuses.append(client.post(place.url("/priorities"), data=data).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(statuses).keys() == {303, 422}
    assert len(statuses) == 50
    given = stored(database)
    assert (len(given), set(given.values())) == (3, {3})


def test_many_people_at_once_are_counted_right(
    app: Flask, transact: Sessions, database: Sessions, place: Place, ideas: list[int]
) -> None:
    with transact() as session:
        people = [make.account(session) for _ in range(6)]
    failures: list[Exception] = []

    def give_all(place_in_line: int) -> None:
        try:
            for step in range(4):
                points = {idea: (place_in_line + step + number) % 3 for number, idea in enumerate(ideas)}
                with app.app_context(), transaction() as session:
                    give_points(session, Actor(people[place_in_line]), slug=place.slug, points=points, now=clock.now())
        except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
            failures.append(problem)

    threads = [threading.Thread(target=give_all, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with database() as session:
        assert priority_breaks(session, place.id) == []
        assert session.scalar(select(func.count(Priority.participant_id.distinct()))) == 6


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.dictionaries(st.integers(0, 2), st.integers(0, POINTS_MOST + 1), max_size=3)),
    max_size=20,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_giving_counts_like_a_recount(
    transact: Sessions, database: Sessions, steps: list[tuple[int, dict[int, int]]]
) -> None:
    with transact() as session:
        for table in (Priority, PriorityTally):
            session.execute(delete(table))
        if not session.scalar(select(func.count()).select_from(Idea)):
            place = make.process(session)
            session.execute(update(Phase).values(points=5))
            for _ in range(3):
                make.idea(session, place)
                make.account(session)
    with database() as session:
        ideas = list(session.scalars(select(Idea.id).order_by(Idea.id)))
        phase_id = session.scalars(select(Phase.id)).one()
    expected: dict[int, dict[int, int]] = {person: {} for person in range(3)}
    for person, points in steps:
        wanted = {**expected[person], **points}
        try:
            with transact() as session:
                named = {ideas[number]: given for number, given in points.items()}
                give_points(session, Actor(person + 1), slug="digital", points=named, now=clock.now())
        except (PointsRefused, TooManyPoints):
            assert sum(wanted.values()) > 5 or max(wanted.values()) > POINTS_MOST
        else:
            assert sum(wanted.values()) <= 5
            expected[person] = wanted
    with database() as session:
        found = point_figures(session, phase_id, ideas)
        for number, idea in enumerate(ideas):
            counted = Counter(spread.get(number, 0) for spread in expected.values())
            assert [found[idea].spread[given - 1 : given] or (0,) for given in (1, 2, 3)] == [
                (counted[given],) for given in (1, 2, 3)
            ]
    stored(database)


def test_planted_breaks_are_found(transact: Sessions, database: Sessions, place: Place, ideas: list[int]) -> None:
    with transact() as session:
        give(session, place, {ideas[0]: 3, ideas[1]: 1})
        give(session, place, {ideas[0]: 2, ideas[2]: 2})
    stored(database)
    with transact() as session:
        phase_id = session.scalars(select(Phase.id)).one()
        tally = update(PriorityTally).where(PriorityTally.points == 1)
        session.execute(tally.values(people=2))
    with database() as session:
        assert priority_breaks(session, place.id) == [(phase_id, ideas[1])]
    with transact() as session:
        session.execute(update(Phase).values(points=3, points_most=2))
    with database() as session:
        assert priority_breaks(session, place.id) == [(phase_id, 0), (phase_id, ideas[0]), (phase_id, ideas[1])]


def test_odd_requests_are_refused(member: Member, place: Place, ideas: list[int], database: Sessions) -> None:
    voter = member(email=VOTER)
    page = voter.get(place.url("/priorities"))
    token = {"csrf_token": page.select("#points-form input[name=csrf_token]")[0].get("value")}
    url = place.url("/priorities")
    voter.post(url, {**token, **{f"points-{number}": "1" for number in range(1, 302)}}, status=400)
    voter.post(url, {**token, "points-999999": "1"}, status=404)
    voter.post(url, {**token, f"points-{'9' * 40}": "1", "points-x": "1", f"points-0{ideas[0]}": "1"}, status=303)
    voter.post(url, {**token, "show": "x"}, status=400)
    voter.post(url, {**token, f"points-{ideas[0]}": "1\x00", "q": "a\x00b"}, status=422)
    voter.post(url, {**token, f"points-{ideas[0]}": "1", "q": "a\x00b"}, status=303)
    assert stored(database) == {ideas[0]: 1}
    voter.post("/de/processes/unknown/priorities", token, status=404)
