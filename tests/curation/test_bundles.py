"""Ideas that say the same: put together, taken apart, counted together, and objected to by their authors."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import LogEntry
from participation.curation.bundling.policies import MOST_MEMBERS, ExitFacts, may_bundle, may_put_back, may_take_out
from participation.curation.bundling.queries import BundleFigures, figures_of
from participation.curation.bundling.service import bundle_ideas, dissolve, put_back, take_out
from participation.curation.models import Bundle, BundleExit, BundleMember
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Missing, Refused
from participation.similarity.service import Found, Neighbour, put_neighbours
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
MODERATOR = Actor(1, grants=frozenset({(Role.MODERATOR, 1)}))
ELSEWHERE = Actor(2, grants=frozenset({(Role.MODERATOR, 2)}))
RESIDENT = Actor(3)
PUBLIC, WAITING, HIDDEN, WITHDRAWN = (
    IdeaState.PUBLISHED,
    IdeaState.IN_REVIEW,
    IdeaState.HIDDEN,
    IdeaState.WITHDRAWN,
)


def bundled(transact: Sessions, *idea_ids: int) -> int:
    """Put ideas together and return the number of their bundle."""
    with transact() as session:
        return bundle_ideas(session, SYSTEM, idea_ids=idea_ids, now=clock.now()).id


def together(database: Sessions) -> dict[int, set[int]]:
    """Return the ideas of each bundle that holds."""
    with database() as session:
        rows = session.execute(
            select(BundleMember.bundle_id, BundleMember.idea_id)
            .join(Bundle, Bundle.id == BundleMember.bundle_id)
            .where(BundleMember.ended_at.is_(None), Bundle.ended_at.is_(None))
        ).all()
    found: dict[int, set[int]] = {}
    for bundle, idea in rows:
        found.setdefault(bundle, set()).add(idea)
    return found


@pytest.fixture
def own(transact: Sessions, place: Place) -> int:
    """The idea of author@example.org."""
    with transact() as session:
        account = make.account(session, "author@example.org")
        return make.idea(session, place, author=make.participant(session, place, account_id=account), title="My bench")


@pytest.fixture
def others(transact: Sessions, place: Place) -> list[int]:
    """Three more ideas."""
    with transact() as session:
        return [make.idea(session, place, title=f"Bench {number}") for number in range(3)]


@pytest.mark.parametrize(
    ("actor", "states", "members", "allowed"),
    [
        (MODERATOR, {PUBLIC, WAITING}, 2, True),
        (MODERATOR, {PUBLIC}, MOST_MEMBERS, True),
        (MODERATOR, {PUBLIC}, MOST_MEMBERS + 1, False),
        (MODERATOR, {PUBLIC}, 1, False),
        (MODERATOR, {PUBLIC, HIDDEN}, 2, False),
        (MODERATOR, {WAITING, WITHDRAWN}, 2, False),
        (ELSEWHERE, {PUBLIC}, 2, False),
        (RESIDENT, {PUBLIC}, 2, False),
        (ANONYMOUS, {PUBLIC}, 2, False),
        (SYSTEM, {PUBLIC}, 2, True),
    ],
)
def test_who_may_put_which_ideas_together(actor: Actor, states: set[IdeaState], members: int, allowed: bool) -> None:
    answer = may_bundle(actor, 1, states, members=members)
    assert (bool(answer), bool(answer.reason)) == (allowed, not allowed)


@pytest.mark.parametrize(
    ("actor", "is_author", "takes_out", "puts_back"),
    [
        (MODERATOR, False, True, True),
        (ELSEWHERE, False, False, False),
        (RESIDENT, True, True, False),
        (RESIDENT, False, False, False),
        (ANONYMOUS, True, False, False),
    ],
)
def test_who_may_take_them_apart_and_undo_that(actor: Actor, is_author: bool, takes_out: bool, puts_back: bool) -> None:
    assert bool(may_take_out(actor, 1, is_author=is_author)) is takes_out
    assert bool(may_put_back(actor, ExitFacts(1, BundleExit.MODERATION))) is puts_back
    assert not may_put_back(actor, ExitFacts(1, BundleExit.AUTHOR)), "what an author wanted holds"


def test_more_ideas_join_the_bundle_and_twice_is_once(
    transact: Sessions, own: int, others: list[int], database: Sessions
) -> None:
    first = bundled(transact, own, others[0])
    assert bundled(transact, others[0], own) == bundled(transact, others[1], own) == first
    assert together(database) == {first: {own, others[0], others[1]}}
    with database() as session:
        assert session.scalar(select(func.count()).select_from(LogEntry).where(LogEntry.action == "IdeaBundled")) == 3


def test_ideas_that_cannot_be_together(transact: Sessions, place: Place, own: int, others: list[int]) -> None:
    bundled(transact, own, others[0])
    with transact() as session:
        far = make.idea(session, make.process(session, "elsewhere"))
        fresh = make.idea(session, place)
    bundled(transact, others[1], others[2])
    for wrong, problem in (
        ([own, others[1]], Refused),
        ([fresh, far], Refused),
        ([own], Refused),
        ([own, 10**9], Missing),
        ([], Missing),
    ):
        with pytest.raises(problem):
            bundled(transact, *wrong)


def test_two_moderators_at_once_make_one_bundle(app: Flask, own: int, others: list[int], database: Sessions) -> None:
    """Both want the own idea: whoever comes second joins the bundle of the first."""
    barrier = threading.Barrier(2)

    def run(other: int) -> None:
        with app.app_context():
            barrier.wait(30)
            with transaction() as session:
                bundle_ideas(session, SYSTEM, idea_ids=[other, own], now=clock.now())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, others[:2]))
    assert [*together(database).values()] == [{own, *others[:2]}]


def test_taking_out_and_undoing_it(
    transact: Sessions, place: Place, own: int, others: list[int], database: Sessions
) -> None:
    bundle = bundled(transact, own, *others)
    where: dict[str, Any] = {"process_id": place.id, "now": clock.now()}
    with transact() as session:
        left = take_out(session, SYSTEM, idea_id=own, **where).id
    assert together(database) == {bundle: set(others)}
    with transact() as session:
        assert put_back(session, SYSTEM, member_id=left, **where).id == bundle
    assert together(database) == {bundle: {own, *others}}
    # It is not out any more, so there is nothing to undo.
    with pytest.raises(Refused), transact() as session:
        put_back(session, SYSTEM, member_id=left, **where)
    with transact() as session:
        dissolve(session, SYSTEM, bundle_id=bundle, **where)
    assert together(database) == {}
    with pytest.raises(Missing), transact() as session:
        dissolve(session, SYSTEM, bundle_id=bundle, **where)
    with transact() as session:
        latest = session.scalars(select(func.max(BundleMember.id))).one()
        put_back(session, SYSTEM, member_id=latest, **where)
    assert together(database) == {bundle: {own, *others}}


def test_a_bundle_of_one_is_none(
    transact: Sessions, place: Place, own: int, others: list[int], database: Sessions
) -> None:
    bundle = bundled(transact, own, others[0])
    where: dict[str, Any] = {"process_id": place.id, "now": clock.now()}
    with transact() as session:
        left = take_out(session, SYSTEM, idea_id=own, **where).id
    assert together(database) == {}
    with transact() as session:
        put_back(session, SYSTEM, member_id=left, **where)
    assert together(database) == {bundle: {own, others[0]}}
    with transact() as session:
        take_out(session, SYSTEM, idea_id=own, **where)
    second = bundled(transact, others[0], others[1])
    with pytest.raises(Refused), transact() as session:
        # The other one of the two is somewhere else by now.
        put_back(session, SYSTEM, member_id=left + 2, **where)
    assert together(database) == {second: {others[0], others[1]}}


def test_what_an_author_took_out_stays_out(
    member: Member, transact: Sessions, place: Place, own: int, others: list[int], database: Sessions
) -> None:
    bundle = bundled(transact, own, *others[:2])
    author = member(email="author@example.org")
    page = author.get(place.url(f"/ideas/{own}", language="en"))
    assert page.texts(".bundle a")[:2] == ["Bench 0", "Bench 1"]
    page = author.get(page.links(".bundle a")["My idea says something else"])
    assert page.texts("main li a") == ["Bench 0", "Bench 1"]
    page = author.follow(author.submit(page, status=303))
    assert page.select(".bundle") == []
    assert together(database) == {bundle: {*others[:2]}}
    with database() as session:
        left = session.scalars(select(BundleMember).where(BundleMember.ended_at.is_not(None))).one()
        assert (left.idea_id, left.ended_for) == (own, BundleExit.AUTHOR)
    with pytest.raises(Refused), transact() as session:
        put_back(session, SYSTEM, process_id=place.id, member_id=left.id, now=clock.now())
    for again in ([own, others[0]], [own, others[1], others[2]]):
        with pytest.raises(Refused):
            bundled(transact, *again)
    # With others it may well be the same.
    bundled(transact, own, others[2])
    assert {own, others[2]} in together(database).values()


def test_nobody_else_takes_ideas_out(
    client: PageClient, member: Member, transact: Sessions, place: Place, own: int, others: list[int]
) -> None:
    address = place.url(f"/ideas/{own}/bundle-exit", language="en")
    author = member(email="author@example.org")
    author.get(address, status=404)
    bundled(transact, own, others[0])
    assert client.get(address, status=None).status in (302, 303)
    stranger = member(email="somebody@example.org")
    stranger.get(address, status=404)
    forged = author.get(address)
    stranger.submit(forged, forge={"csrf_token": "x"}, status=400)
    with pytest.raises(Refused), transact() as session:
        take_out(session, Actor(10**6), process_id=place.id, idea_id=own, now=clock.now())


def test_each_person_counts_once(
    client: PageClient, transact: Sessions, place: Place, own: int, others: list[int], database: Sessions
) -> None:
    bundle = bundled(transact, own, *others[:2])
    with transact() as session:
        people = [make.participant(session, place) for _ in range(7)]
        agree, disagree, unsure = Stance.AGREE, Stance.DISAGREE, Stance.UNSURE
        for person, stances in zip(
            people,
            (
                (agree, agree, agree),
                (agree, None, None),
                (None, agree, unsure),
                (disagree, None, disagree),
                (unsure, None, None),
                (agree, disagree, None),
                (None, unsure, agree),
            ),
            strict=True,
        ):
            for idea, stance in zip((own, *others[:2]), stances, strict=True):
                if stance:
                    make.vote(session, place, idea, stance, by=person)
        make.votes(session, place, others[2], agree=5)
    with database() as session:
        assert figures_of(session, [bundle, 10**9]) == {
            bundle: BundleFigures(people=7, agree=5, disagree=2, both=1),
            10**9: BundleFigures(),
        }
    page = client.get(place.url(f"/ideas/{own}", language="en"))
    assert page.texts(".bundle__figures .number") == ["5", "2"]
    assert "Very few people do both." in page.one(".bundle"), "one person is nobody's business"
    # What moderators hide takes its votes along.
    with transact() as session:
        session.get_one(Idea, others[0]).state = IdeaState.HIDDEN
    with database() as session:
        assert figures_of(session, [bundle])[bundle] == BundleFigures(people=7, agree=4, disagree=1, both=0)


def test_too_few_people_or_hidden_results_have_no_numbers(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        shown = make.process(session, "shown")
        hidden_pair, few_pair = ([make.idea(session, where) for _ in range(2)] for where in (place, shown))
        make.votes(session, place, hidden_pair[0], agree=9)
        make.votes(session, shown, few_pair[0], agree=4)
    for pair in (hidden_pair, few_pair):
        bundled(transact, *pair)
    for where, pair, said in ((place, hidden_pair, "Results are shown when"), (shown, few_pair, "from 5 people on")):
        page = client.get(where.url(f"/ideas/{pair[1]}", language="en"))
        assert page.select(".bundle__figures") == []
        assert said in page.one(".bundle")


def test_only_public_ideas_are_named(client: PageClient, member: Member, transact: Sessions, place: Place) -> None:
    with transact() as session:
        seen, waiting, hidden = (
            make.idea(session, place, title=f"Title {number}", state=state)
            for number, state in enumerate((PUBLIC, WAITING, WAITING))
        )
    bundled(transact, seen, waiting, hidden)
    with transact() as session:
        session.get_one(Idea, hidden).state = HIDDEN
    for visitor in (client, member(email="somebody@example.org")):
        page = visitor.get(place.url(f"/ideas/{seen}", language="en"))
        assert page.select(".bundle") == []
        assert "Title 1" not in page.text
    page = member(Role.MODERATOR, process_id=place.id).get(f"{DESK}/bundles")
    assert page.texts(".desk-history li a") == ["Title 0", "Title 1", "Title 2"]


def test_at_the_desk_from_similar_ideas(
    member: Member, transact: Sessions, place: Place, own: int, others: list[int], database: Sessions
) -> None:
    with transact() as session:
        near = tuple(Neighbour(idea, 1, 0.9, True, ("bench",)) for idea in others[:2])
        back = tuple(Neighbour(own, 1, 0.9, True, ("bench",)) for _idea in others[:2])
        put_neighbours(session, place.id, [Found(own, 1, near, back)], method="test", now=clock.now())
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{own}")
    answer = moderator.submit(page, "bundle-form", forge={"ideas": [own, others[0]]}, status=303)
    assert answer.location == f"{DESK}/ideas/{own}#bundle"
    assert [*together(database).values()] == [{own, others[0]}]
    page = moderator.submit(moderator.follow(answer), "bundle-form", status=422)
    assert "Please choose at least two ideas." in page.one(".alert")
    page = moderator.get(f"{DESK}/ideas/{own}")
    page = moderator.follow(moderator.submit(page, "#bundle ~ form.post-button", status=303))
    assert together(database) == {}
    moderator.submit(page, "#bundle ~ form.post-button", press="Put it back", status=303)
    assert [*together(database).values()] == [{own, others[0]}]
    page = moderator.get(f"{DESK}/bundles")
    page = moderator.follow(moderator.submit(page, press="Dissolve", status=303))
    moderator.submit(page, press="Put together again", status=303)
    assert [*together(database).values()] == [{own, others[0]}]
