"""Votes: one per person and idea whatever happens, tallies that always agree with them, results that stay hidden."""

import re
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
from participation.processes.models import Capability, Participant
from participation.processes.policies import GRACE
from participation.voting.models import Stance, Tally, Vote
from participation.voting.priority_queries import point_figures
from participation.voting.queries import (
    VoteFigures,
    stance_of,
    tallies,
    tally_breaks,
)
from participation.voting.service import cast_vote
from tests import make
from tests.conftest import NewClient, Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
FORM = ".vote-buttons form"


def press(client: PageClient, place: Place, idea: int, stance: str, **options: object) -> Page:
    """Press one of the buttons on the idea's page and return the answer."""
    return client.submit(client.get(place.url(f"/ideas/{idea}")), FORM, press=stance, **options)


def figures(database: Sessions, idea: int) -> VoteFigures:
    """Return the tally of an idea, after checking it against a recount."""
    with database() as session:
        counted = Counter(session.scalars(select(Vote.stance).where(Vote.idea_id == idea)))
        tally = tallies(session, [idea])[idea]
        assert tally == VoteFigures(*(counted[stance] for stance in (Stance.AGREE, Stance.DISAGREE, Stance.UNSURE)))
        return tally


def test_voting_changing_and_withdrawing(member: Member, place: Place, idea: int, database: Sessions) -> None:
    voter = member()
    for stance, expected in (
        ("agree", VoteFigures(agree=1)),
        ("agree", VoteFigures(agree=1)),
        ("unsure", VoteFigures(unsure=1)),
        ("disagree", VoteFigures(disagree=1)),
        ("none", VoteFigures()),
    ):
        answer = press(voter, place, idea, stance)
        assert (answer.status, answer.location) == (303, place.url(f"/ideas/{idea}#vote"))
        assert figures(database, idea) == expected
        page = voter.follow(answer)
        pressed = [button.get("value") for button in page.select(".vote-buttons button[aria-pressed=true]")]
        assert pressed == ([] if stance == "none" else [stance])
    assert voter.get(place.url(f"/ideas/{idea}")).select("button[value=none]") == []


def test_nothing_says_who_voted_what(member: Member, place: Place, idea: int, database: Sessions) -> None:
    press(member(), place, idea, "agree")
    with database() as session:
        assert session.scalars(select(LogEntry)).all() == []


@pytest.mark.parametrize(
    "forge",
    [
        {"stance": ""},
        {"stance": "AGREE"},
        {"stance": "agree\x00"},
        {"revision": ""},
        {"revision": "x"},
        {"revision": "-1"},
        {"revision": "1" * 30},
        {"revision": "١"},
    ],
)
def test_odd_values_are_refused(
    member: Member, place: Place, idea: int, database: Sessions, forge: dict[str, str]
) -> None:
    assert press(member(), place, idea, "agree", forge=forge).status == 400
    assert figures(database, idea) == VoteFigures()


def test_a_vote_on_other_words_than_the_current_ones_is_refused(
    member: Member, place: Place, idea: int, database: Sessions, transact: Sessions
) -> None:
    voter = member()
    page = voter.get(place.url(f"/ideas/{idea}", language="en"))
    with transact() as session:
        session.execute(update(Idea).values(revision=2))
    answer = voter.submit(page, FORM, press="agree")
    assert answer.status == 409
    assert answer.h1 == "The text has changed"
    assert figures(database, idea) == VoteFigures()


def test_wrong_ids_are_not_found(
    member: Member, place: Place, idea: int, database: Sessions, transact: Sessions
) -> None:
    with transact() as session:
        other = make.process(session, "other")
    voter = member()
    page = voter.get(place.url(f"/ideas/{idea}"))
    fields = {name: page.select(f"{FORM} [name={name}]")[0].get("value") for name in ("csrf_token", "revision")}
    for address in (
        other.url(f"/ideas/{idea}/vote"),
        place.url(f"/ideas/{idea + 1}/vote"),
        place.url(f"/ideas/{'9' * 18}/vote"),
        place.url(f"/ideas/{'9' * 40}/vote"),
        "/de/processes/unknown/ideas/1/vote",
        f"/de/processes/%00/ideas/{idea}/vote",
    ):
        voter.post(address, {**fields, "stance": "agree"}, status=404)
    assert figures(database, idea) == VoteFigures()


@pytest.mark.parametrize("state", [state for state in IdeaState if state is not IdeaState.PUBLISHED])
def test_ideas_that_are_not_public_take_no_votes(
    transact: Sessions, database: Sessions, place: Place, state: IdeaState
) -> None:
    with transact() as session:
        author = make.account(session)
        idea = make.idea(session, place, state=state, author=make.participant(session, place, account_id=author))
    with pytest.raises(Refused), transact() as session:
        cast_vote(
            session, Actor(author), slug=place.slug, idea_id=idea, stance=Stance.AGREE, revision=1, now=clock.now()
        )
    assert figures(database, idea) == VoteFigures()


def test_policies_in_the_service(transact: Sessions, database: Sessions, place: Place, idea: int) -> None:
    with transact() as session:
        account = make.account(session)
        closed = make.process(session, "closed", allows=frozenset({Capability.COMMENT}))
        elsewhere = make.idea(session, closed)
    for actor, slug, idea_id, problem in (
        (ANONYMOUS, place.slug, idea, Refused),
        (Actor(account), closed.slug, elsewhere, Refused),
        (Actor(account), place.slug, elsewhere, Missing),
        (Actor(account), "unknown", idea, Missing),
    ):
        with pytest.raises(problem), transact() as session:
            cast_vote(session, actor, slug=slug, idea_id=idea_id, stance=Stance.AGREE, revision=1, now=clock.now())
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Vote)) == 0


def test_a_page_opened_in_time_has_a_grace(transact: Sessions, member: Member, database: Sessions) -> None:
    ends_at = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    with transact() as session:
        place = make.process(session, starts_at=ends_at - timedelta(days=9), ends_at=ends_at)
        idea = make.idea(session, place)
    with time_machine.travel(ends_at - timedelta(minutes=1), tick=False) as travel:
        voter = member()
        page = voter.get(place.url(f"/ideas/{idea}", language="en"))
        travel.move_to(ends_at + GRACE)
        assert voter.submit(page, FORM, press="agree").status == 303
        travel.shift(timedelta(seconds=1))
        late = voter.submit(page, FORM, press="disagree")
        assert late.status == 403
        assert "Voting has been closed since 1 July 2026, 18:00." in late.text
        assert voter.get(place.url(f"/ideas/{idea}")).select(FORM) == []
    assert figures(database, idea) == VoteFigures(agree=1)


def test_fifty_votes_at_once_are_one(
    app: Flask, member: Member, new_client: NewClient, place: Place, idea: int, database: Sessions
) -> None:
    """Real threads send the same form through the whole application at the same moment."""
    voter = member()
    page = voter.get(place.url(f"/ideas/{idea}"))
    data = {element.get("name"): element.get("value") for element in page.select(f"{FORM} input[type=hidden]")} | {
        "stance": "agree"
    }
    cookie = voter.flask.get_cookie("participation").value
    barrier, statuses = threading.Barrier(10), list[int]()

    def send() -> None:
        client = app.test_client()
        client.set_cookie("participation", cookie)
        barrier.wait(30)
        statuses.extend(client.post(place.url(f"/ideas/{idea}/vote"), data=data).status_code for _ in range(5))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [303] * 50
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Vote)) == 1
        assert (
            session.scalar(select(func.count()).select_from(Participant).where(Participant.account_id.is_not(None)))
            == 1
        )
    assert figures(database, idea) == VoteFigures(agree=1)


def test_many_people_at_once_are_counted_right(
    app: Flask, transact: Sessions, database: Sessions, place: Place, idea: int
) -> None:
    with transact() as session:
        people = [make.account(session) for _ in range(8)]
    failures: list[Exception] = []

    def vote(account: int) -> None:
        try:
            for stance in (Stance.AGREE, Stance.UNSURE, None, Stance.DISAGREE):
                with app.app_context(), transaction() as session:
                    cast_vote(
                        session,
                        Actor(account),
                        slug=place.slug,
                        idea_id=idea,
                        stance=stance,
                        revision=1,
                        now=clock.now(),
                    )
        except Exception as problem:  # noqa: BLE001  # told to the test, which is another thread
            failures.append(problem)

    threads = [threading.Thread(target=vote, args=(account,)) for account in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert figures(database, idea) == VoteFigures(disagree=8)


STEPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.sampled_from([*Stance, None])), max_size=25)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_votes_counts_like_a_recount(
    app: Flask, transact: Sessions, database: Sessions, steps: list[tuple[int, int, Stance | None]]
) -> None:
    with transact() as session:
        for table in (Vote, Tally):
            session.execute(delete(table))
        known = session.scalar(select(func.count()).select_from(Idea))
        if not known:
            place = make.process(session)
            for _ in range(2):
                make.idea(session, place)
            for _ in range(4):
                make.account(session)
    with database() as session:
        ideas = list(session.scalars(select(Idea.id).order_by(Idea.id)))
        process_id = session.scalars(select(Idea.process_id).limit(1)).one()
    with transact() as session:
        for person, number, stance in steps:
            cast_vote(
                session,
                Actor(person + 1),
                slug="digital",
                idea_id=ideas[number],
                stance=stance,
                revision=1,
                now=clock.now(),
            )
    last = {(person, number): stance for person, number, stance in steps}
    for number, idea in enumerate(ideas):
        counted = Counter(stance for (_person, at), stance in last.items() if at == number and stance)
        assert figures(database, idea) == VoteFigures(
            *(counted[stance] for stance in (Stance.AGREE, Stance.DISAGREE, Stance.UNSURE))
        )
    with database() as session:
        assert tally_breaks(session, process_id) == []


def test_a_planted_break_is_found(transact: Sessions, database: Sessions, place: Place) -> None:
    with transact() as session:
        ideas = [make.idea(session, place) for _ in range(5)]
        for idea in ideas[:4]:
            make.votes(session, place, idea, agree=2, unsure=1)
        other = make.process(session, "other")
        foreign = make.idea(session, other)
        make.votes(session, other, foreign, agree=1)
    with database() as session:
        assert tally_breaks(session, place.id) == []
    with transact() as session:
        session.execute(update(Tally).where(Tally.idea_id == ideas[1]).values(agree=3))
        session.execute(delete(Tally).where(Tally.idea_id == ideas[2]))
        session.add(Tally(idea_id=ideas[4], agree=0, disagree=0, unsure=1))
        session.execute(update(Tally).where(Tally.idea_id == foreign).values(agree=0))
    with database() as session:
        assert tally_breaks(session, place.id) == [ideas[1], ideas[2], ideas[4]]


def test_everybody_finds_the_own_stance_again(transact: Sessions, database: Sessions, place: Place) -> None:
    with transact() as session:
        three = make.idea(session, place)
        person = make.vote(session, place, three, Stance.DISAGREE)
    with database() as session:
        assert stance_of(session, idea_id=three, participant_id=person) is Stance.DISAGREE
        assert stance_of(session, idea_id=three, participant_id=None) is None


def hidden_away(transact: Sessions, ends_at: datetime) -> tuple[Place, int, int]:
    """Return a process that hides its results until ``ends_at``, an idea with unusual figures, and a statement."""
    with transact() as session:
        place = make.process(session, hides_results=True, starts_at=ends_at - timedelta(days=30), ends_at=ends_at)
        # Builders number what has no name, and the number might be one of the figures.
        author = make.participant(session, place, pseudonym="Alder")
        idea = make.idea(session, place, author=author, title="A quiet room", body="With lamps")
        make.votes(session, place, idea, agree=67, disagree=61, unsure=71)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
    return place, idea, statement


# No day, hour or minute, and no id either.
FIGURES = (67, 61, 71, 199)


def numbers_on(page: Page) -> set[int]:
    """Return which of the figures stand on the page, anywhere: in the text, in a picture, in an attribute."""
    source = re.sub(r'(name="(csrf_token|opened|submission_key)" [^>]*value|href|src)="[^"]*"', "", page.text)
    source = re.sub(r'id="(opened|submission_key|csrf_token)"[^>]*>', "", source)
    return {number for number in FIGURES if re.search(rf"(?<![\d.:]){number}(?![\d.:])", source)}


def test_hidden_results_are_nowhere_until_voting_has_ended(
    transact: Sessions, client: PageClient, member: Member
) -> None:
    ends_at = clock.now() + timedelta(days=3, hours=5)
    place, idea, statement = hidden_away(transact, ends_at)
    results = (place.url("/ideas"), place.url(f"/ideas/{idea}"), place.url(f"/statements/{statement}"))
    for visitor in (client, member()):
        for address in ("/de/", place.url(), *results, place.url("/statements")):
            # How many people take part in the process is no result.
            found = numbers_on(visitor.get(address)) - {199}
            assert found == set(), address
        for address in results:
            assert 199 not in numbers_on(visitor.get(address)), address
    with time_machine.travel(ends_at, tick=False):
        assert numbers_on(client.get(place.url(f"/ideas/{idea}"))) >= {67, 61, 71}
        assert numbers_on(client.get(place.url("/ideas"))) >= {67, 61, 71}
        assert numbers_on(client.get(place.url(f"/statements/{statement}"))) >= {67, 61, 199}


def test_more_ideas_than_a_statement_takes_values(database: Sessions, place: make.Place, idea: int) -> None:
    with database() as session:
        figures = tallies(session, range(idea, idea + 40_000))
        assert (len(figures), figures[idea]) == (40_000, VoteFigures())
        assert len(point_figures(session, 1, range(40_000))) == 40_000
