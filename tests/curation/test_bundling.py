"""Bundles from what is alike, merged and undone, filed together, kept apart, told to authors, and read in public."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import SYSTEM, Role
from participation.accounts.models import Account
from participation.activity.worker import work_once
from participation.curation.bundling.candidates import MOST_TOGETHER, bundle_candidates
from participation.curation.bundling.refusals import kept_apart, offer_pair_again, refuse_pair
from participation.curation.bundling.service import (
    InSeveral,
    bundle_ideas,
    dissolve,
    merge_bundles,
    put_back,
    take_out,
)
from participation.curation.models import Bundle, BundleExit, BundleMember, Filing
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Refused
from participation.notifications.models import EntryKind, InboxEntry
from participation.processes.models import Process
from participation.similarity.models import Neighbourhood
from participation.similarity.service import Neighbour
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.curation.test_bundles import DESK, bundled, together
from tests.make import Place
from tests.pages import PageClient, queries

Member = Callable[..., PageClient]
BUDGET = 11


@pytest.fixture
def ideas(transact: Sessions, place: Place) -> list[int]:
    """Six ideas; author@example.org wrote the first."""
    with transact() as session:
        account = make.account(session, "author@example.org")
        author = make.participant(session, place, account_id=account)
        return [
            make.idea(session, place, title=f"Bench {number}", **({} if number else {"author": author}))
            for number in range(6)
        ]


def alike(transact: Sessions, place: Place, *pairs: tuple[int, int, float]) -> None:
    """Keep which ideas are near each other."""
    ids = sorted({one for pair in pairs for one in pair[:2]})
    near: dict[int, list[Neighbour]] = {idea_id: [] for idea_id in ids}
    for one, other, score in pairs:
        near[one].append(Neighbour(other, 1, score, True, ("bench",)))
        near[other].append(Neighbour(one, 1, score, True, ("bench",)))
    rows = [
        {
            "idea_id": idea_id,
            "process_id": place.id,
            "revision": 1,
            "method": "test",
            "entries": {"ideas": [one.entry() for one in sorted(several, key=lambda one: -one.score)]},
            "made_at": clock.now(),
        }
        for idea_id, several in near.items()
    ]
    with transact() as session:
        session.add_all(Neighbourhood(**row) for row in rows)


def groups(database: Sessions, place: Place) -> list[tuple[int, ...]]:
    with database() as session:
        return [tuple(idea.id for idea in group.ideas) for group in bundle_candidates(session, place.id).groups]


def in_place(place: Place) -> dict[str, Any]:
    return {"process_id": place.id, "now": clock.now()}


def told(database: Sessions) -> list[EntryKind]:
    with database() as session:
        mine = select(InboxEntry.kind).join(Account, Account.id == InboxEntry.account_id)
        return list(session.scalars(mine.where(Account.email == "author@example.org").order_by(InboxEntry.id)))


def test_groups_grow_along_the_strongest_likeness(
    transact: Sessions, place: Place, ideas: list[int], database: Sessions
) -> None:
    a, b, c, d, e, f = ideas
    alike(transact, place, (a, b, 0.9), (b, c, 0.7), (d, e, 0.5), (e, f, 0.44))
    assert groups(database, place) == [(a, b, c), (d, e)]
    with transact() as session:
        refuse_pair(session, SYSTEM, one=c, other=a, **in_place(place))
    assert groups(database, place) == [(a, b), (d, e)], "c would come beside a"
    with transact() as session:
        assert offer_pair_again(session, SYSTEM, one=a, other=c, **in_place(place))
        assert not offer_pair_again(session, SYSTEM, one=a, other=c, **in_place(place))
    bundled(transact, a, b)
    bundled(transact, d, e)
    assert groups(database, place) == [(a, b, c)], "who is together anyway is not offered"
    with transact() as session:
        session.get_one(Idea, c).state = IdeaState.HIDDEN
    assert groups(database, place) == []


def test_a_group_stays_small(transact: Sessions, place: Place, database: Sessions) -> None:
    with transact() as session:
        chain = [make.idea(session, place) for _ in range(MOST_TOGETHER + 3)]
    alike(transact, place, *((one, other, 0.8) for one, other in pairwise(chain)))
    assert max(map(len, groups(database, place))) == MOST_TOGETHER


def test_what_an_author_objected_to_is_neither_offered_nor_merged_nor_restored(
    member: Member, transact: Sessions, place: Place, ideas: list[int], database: Sessions
) -> None:
    own, b, c, d, *_rest = ideas
    alike(transact, place, (own, b, 0.9), (c, d, 0.8))
    first = bundled(transact, own, b, c)
    author = member(email="author@example.org")
    author.submit(author.get(place.url(f"/ideas/{own}/bundle-exit", language="en")), status=303)
    assert together(database) == {first: {b, c}}
    assert groups(database, place) == [(b, c, d)]
    with database() as session:
        assert kept_apart(session, place.id) == {(own, b), (own, c)}
    second = bundled(transact, own, d)
    with pytest.raises(Refused), transact() as session:
        merge_bundles(session, SYSTEM, bundle_ids=[first, second], **in_place(place))
    assert together(database) == {first: {b, c}, second: {own, d}}


def test_merging_and_undoing_it(transact: Sessions, place: Place, ideas: list[int], database: Sessions) -> None:
    a, b, c, d, e, _f = ideas
    first, second = bundled(transact, a, b), bundled(transact, c, d, e)
    with pytest.raises(InSeveral):
        bundled(transact, a, c)
    with transact() as session:
        assert merge_bundles(session, SYSTEM, bundle_ids=[second, first], **in_place(place)).id == first
    assert together(database) == {first: {a, b, c, d, e}}
    with database() as session:
        left = session.scalars(select(BundleMember.id).where(BundleMember.bundle_id == second)).first() or 0
    with transact() as session:
        put_back(session, SYSTEM, member_id=left, **in_place(place))
    assert together(database) == {first: {a, b}, second: {c, d, e}}


def test_undoing_a_merge_leaves_out_whose_author_objected_since(
    transact: Sessions, place: Place, ideas: list[int], database: Sessions
) -> None:
    own, b, c, d, e, _f = ideas
    first, second = bundled(transact, d, e), bundled(transact, own, b, c)
    with transact() as session:
        merge_bundles(session, SYSTEM, bundle_ids=[first, second], **in_place(place))
    with transact() as session:
        author = session.scalars(select(Account.id).where(Account.email == "author@example.org")).one()
        actor = make.actor(session, author)
        assert take_out(session, actor, idea_id=own, **in_place(place)).ended_for is BundleExit.AUTHOR
    with database() as session:
        left = session.scalars(select(BundleMember.id).where(BundleMember.bundle_id == second)).first() or 0
    with transact() as session:
        put_back(session, SYSTEM, member_id=left, **in_place(place))
    assert together(database) == {first: {d, e}, second: {b, c}}


def test_overlapping_pairs_at_once_lose_nothing(app: Flask, ideas: list[int], database: Sessions) -> None:
    """Six moderators at once, each with a pair that shares an idea with the next: all end up together."""
    pairs = list(pairwise(ideas))
    barrier = threading.Barrier(len(pairs))

    def run(pair: tuple[int, int]) -> None:
        with app.app_context():
            barrier.wait(30)
            with transaction() as session:
                bundle_ideas(session, SYSTEM, idea_ids=pair, merging=True, now=clock.now())

    with ThreadPoolExecutor(len(pairs)) as pool:
        list(pool.map(run, pairs))
    assert [*together(database).values()] == [set(ideas)]
    with database() as session:
        open_ones = session.scalars(select(Bundle.id).where(Bundle.ended_at.is_(None))).all()
    assert len(open_ones) == 1


def test_authors_hear_of_joining_and_leaving_once_it_is_certain(
    app: Flask, transact: Sessions, place: Place, ideas: list[int], database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, b, *_others = ideas
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    wait, start = timedelta(seconds=120), clock.now()
    moments = {"at": start}
    monkeypatch.setattr(clock, "now", lambda: moments["at"])

    def later(seconds: int) -> None:
        moments["at"] += timedelta(seconds=seconds)

    def work() -> list[EntryKind]:
        with app.app_context():
            work_once({})
        return told(database)

    def do(change: Callable[..., Any], **about: Any) -> Any:
        with transact() as session:
            return change(session, SYSTEM, told_after=wait, now=clock.now(), **about).id

    first = do(bundle_ideas, idea_ids=[own, b])
    later(30)
    do(dissolve, process_id=place.id, bundle_id=first)
    later(300)
    assert work() == [], "undone at once"
    do(bundle_ideas, idea_ids=[own, b])
    assert work() == [], "it may still be undone"
    later(130)
    assert work() == [EntryKind.BUNDLE]
    left = do(take_out, process_id=place.id, idea_id=own)
    later(30)
    do(put_back, process_id=place.id, member_id=left)
    later(300)
    assert work() == [EntryKind.BUNDLE], "back before anybody was told"
    do(take_out, process_id=place.id, idea_id=own)
    later(130)
    assert work() == [EntryKind.BUNDLE, EntryKind.UNBUNDLED]


def test_candidates_page(
    app: Flask, member: Member, transact: Sessions, place: Place, ideas: list[int], database: Sessions
) -> None:
    a, b, c, d, *_rest = ideas
    alike(transact, place, (a, b, 0.9))
    moderator = member(Role.MODERATOR, process_id=place.id)
    with queries(app, BUDGET):
        moderator.get(f"{DESK}/bundles/candidates")
    alike(transact, place, (c, d, 0.5))
    with queries(app, BUDGET):
        page = moderator.get(f"{DESK}/bundles/candidates")
    assert "likeness 0.9 of 1" in page.one("main")
    assert "Words in common: bench" in page.one("main")
    page = moderator.follow(moderator.submit(page, 1, status=303))
    assert groups(database, place) == [(c, d)]
    page = moderator.follow(moderator.submit(page, 2, status=303))
    moderator.submit(moderator.get(f"{DESK}/bundles/candidates"), 0, status=303)
    assert [*together(database).values()] == [{a, b}]
    with transact() as session:
        session.get_one(Process, place.id).suggests = False
    page = moderator.get(f"{DESK}/bundles/candidates")
    assert "Suggestions are switched off" in page.one("main")
    assert page.select(".desk-list") == []
    member(email="somebody@example.org").get(f"{DESK}/bundles/candidates", status=None)


def test_filing_and_bundling_from_the_board(
    member: Member, transact: Sessions, place: Place, ideas: list[int], database: Sessions
) -> None:
    with transact() as session:
        theme = make.cluster(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/board")
    together_ = "Bundle them: they say the same"
    answer = moderator.submit(page, "board-form", press=together_, forge={"ideas": ideas[:2]}, status=303)
    assert [*together(database).values()] == [set(ideas[:2])]
    page = moderator.follow(answer)
    moderator.submit(page, "board-form", press="File", forge={"ideas": ideas[0], "cluster": theme}, status=303)
    with database() as session:
        assert set(session.scalars(select(Filing.idea_id).where(Filing.is_main))) == {ideas[0], ideas[1]}


def test_public_page(
    client: PageClient, member: Member, app: Flask, transact: Sessions, place: Place, ideas: list[int]
) -> None:
    own, b, c, *_rest = ideas
    bundle = bundled(transact, own, b, c)
    address = place.url(f"/bundles/{bundle}", language="en")
    with transact() as session:
        people = [make.participant(session, place) for _ in range(6)]
        for person in people:
            make.vote(session, place, own, Stance.AGREE, by=person)
            make.vote(session, place, b, Stance.DISAGREE, by=person)
    page = client.get(address)
    assert page.texts(".bundle__figures .number") == ["6", "6", "6"]
    assert page.texts(".bundle__title a") == ["Bench 0", "Bench 1", "Bench 2"]
    assert page.select("form[method=post]") == [], "nobody votes on a bundle"
    posts = [rule for rule in app.url_map.iter_rules() if "bundle" in rule.endpoint and "vot" in rule.rule]
    assert posts == []
    with transact() as session:
        session.get_one(Idea, b).state = IdeaState.HIDDEN
    page = client.get(address)
    assert page.texts(".bundle__title a") == ["Bench 0", "Bench 2"]
    assert f"Idea {b} was hidden by moderators." in page.one(".tombstones")
    assert "Bench 1" not in page.text
    author = member(email="author@example.org")
    assert "My idea says something else" in author.get(address).links("main a")
    with transact() as session:
        dissolve(session, SYSTEM, bundle_id=bundle, **in_place(place))
    client.get(address, status=404)
