"""Voting in a row: one idea after the other, what is stored of it, and what it shows to whom."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import Role
from participation.ideas.models import Idea, IdeaState
from participation.ideas.service import IdeaDraft
from participation.kit import clock
from participation.processes.models import Capability, Electorate, Participant, Process, ProcessState
from participation.voting.models import Skip, Stance, Vote
from participation.voting.queries import tally_breaks
from tests import make
from tests.conftest import Sessions
from tests.ideas.test_editing import OLD, edit, own_idea
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
FORM, SKIP, UNDO = ".vote-buttons form", "[data-skip] form", "[data-undo]"


def ideas(transact: Sessions, place: Place, count: int) -> list[int]:
    """Return new ideas, each by somebody else."""
    with transact() as session:
        return [make.idea(session, place, title=f"Idea {number}") for number in range(count)]


def row(visitor: PageClient, place: Place) -> Page:
    """Open the row and return the page it leads to."""
    page = visitor.get(place.url("/vote", language="en"), status=None)
    return visitor.follow(page) if page.status == 302 else page


def shown(page: Page) -> int:
    """Return the idea that a page of the row shows."""
    return int(re.findall(r"/vote/(\d+)", page.url)[0])


def stored(database: Sessions) -> tuple[dict[int, Stance], set[int]]:
    """Return all votes by idea, and the skipped ideas."""
    with database() as session:
        votes = dict(session.execute(select(Vote.idea_id, Vote.stance)).all())
        return votes, set(session.scalars(select(Skip.idea_id)))


def test_a_statement_that_is_its_own_title_is_not_said_twice(
    client: PageClient, place: Place, transact: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place, title="Mehr Bäume", body="Mehr Bäume.")
    for page in (row(client, place), client.get(place.url(f"/ideas/{idea}", language="en"))):
        assert (page.h1, page.select("article .prose")) == ("Mehr Bäume", [])


def test_walking_through_the_row(member: Member, place: Place, transact: Sessions, database: Sessions) -> None:
    wanted = set(ideas(transact, place, 4))
    voter, votes, skipped = member(), dict[int, Stance](), set[int]()
    page = row(voter, place)
    for number, answer in enumerate(("agree", "skip", "disagree", "unsure")):
        idea = shown(page)
        assert idea not in {*votes, *skipped}
        with database() as session:
            assert page.h1 == session.get_one(Idea, idea).title
        if answer == "skip":
            skipped.add(idea)
            page = voter.follow(voter.submit(page, SKIP, status=303))
            assert "Skipped, without a vote:" in page.one("[data-last]")
            assert page.select("[data-last] .stance-bar") == []
        else:
            votes[idea] = Stance(answer)
            page = voter.follow(voter.submit(page, FORM, press=answer, status=303))
            assert "Stored: you" in page.one("[data-last]")
            assert len(page.select("[data-last] .stance-bar")) == 1
            assert page.links("[data-last] a")["Your receipt"] == f"/en/my/receipts/vote/{idea}"
        assert stored(database) == (votes, skipped)
        if number < 3:
            left = "1 of them skipped" if skipped else ""
            assert page.one(".progress") == f"{number + 1} of 4 ideas seen {left}".strip()
    assert {*votes, *skipped} == wanted
    assert page.h1 == "You have seen them all"
    assert "You voted on 3 ideas. You skipped 1." in page.one("main")
    again = voter.follow(voter.submit(page, "main .row form", status=303))
    assert {shown(again)} == skipped
    assert stored(database) == (votes, set())
    last = voter.follow(voter.submit(again, FORM, press="agree", status=303))
    assert "skipped" not in last.one("main")
    with database() as session:
        assert tally_breaks(session, place.id) == []


def test_undoing_the_last_answer(member: Member, place: Place, transact: Sessions, database: Sessions) -> None:
    ideas(transact, place, 3)
    voter = member()
    page = row(voter, place)
    for button, form in ((None, SKIP), ("agree", FORM)):
        idea = shown(page)
        after = voter.follow(voter.submit(page, form, press=button, status=303))
        assert stored(database) != ({}, set())
        page = voter.follow(voter.submit(after, UNDO, status=303))
        assert shown(page) == idea
        assert stored(database) == ({}, set())
        assert page.select("[data-last], .vote-buttons button[aria-pressed=true]") == []
        assert page.one(".messages") == "Taken back. Nothing is stored about this idea now."
        # From a second window, once more.
        voter.submit(after, UNDO, status=303)
    assert stored(database) == ({}, set())


def test_voting_later_on_what_was_skipped(member: Member, place: Place, transact: Sessions, database: Sessions) -> None:
    first, _second = ideas(transact, place, 2)
    voter = member()
    page = voter.get(place.url(f"/vote/{first}"))
    voter.submit(page, SKIP, status=303)
    voter.submit(voter.get(place.url(f"/ideas/{first}")), FORM, press="disagree", status=303)
    assert voter.get(place.url(f"/vote/{first}", language="en")).one(".progress") == "1 of 2 ideas seen"
    # Passing over what one has voted on leaves the vote alone.
    voter.submit(page, SKIP, status=303)
    assert stored(database)[0] == {first: Stance.DISAGREE}
    assert voter.get(place.url(f"/vote/{first}", language="en")).one(".progress") == "1 of 2 ideas seen"


def test_own_ideas_never_come(member: Member, place: Place, transact: Sessions) -> None:
    voter = member(email="author@example.org")
    with transact() as session:
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        make.idea(session, place, author=author)
    page = row(voter, place)
    assert page.h1 == "No ideas yet"
    other = ideas(transact, place, 1)[0]
    page = row(voter, place)
    assert shown(page) == other
    assert page.one(".progress") == "0 of 1 ideas seen"


def test_without_an_account_an_idea_and_the_way_in(client: PageClient, place: Place, transact: Sessions) -> None:
    ideas(transact, place, 2)
    page = row(client, place)
    assert page.select("main form") == []
    assert page.select(".progress") == []
    here = place.url(f"/vote/{shown(page)}", language="en")
    assert page.links("main a")["Vote on this idea"] == f"/en/sign-in?next={here}"
    another = client.follow(client.get(page.links("main a")["Show me another one"], status=302))
    assert shown(another) != shown(page)
    assert "Set-Cookie" not in another.headers


@pytest.mark.parametrize("hides", [True, False])
def test_figures_come_after_the_vote_and_only_where_results_may_be_seen(
    member: Member, transact: Sessions, hides: bool
) -> None:
    with transact() as session:
        place = make.process(session, hides_results=hides)
        many = [make.idea(session, place) for _ in range(2)]
        for idea in many:
            make.votes(session, place, idea, agree=13, disagree=11)
    voter = member()
    page = row(voter, place)
    # How many voted says why it came, how they voted would sway.
    assert page.select(".stance-bar") == []
    why = voter.get(f"{page.url.partition('?')[0]}?why=gain").one(".vote-row__side > p:last-child")
    assert ("This one has 24 votes so far." in why) is not hides
    page = voter.follow(voter.submit(page, FORM, press="agree", status=303))
    figures = [element.text for element in page.select("[data-last] .stance-bar .number")]
    assert figures == ([] if hides else ["14", "0", "11"])


def test_a_text_that_changed_meanwhile_is_shown_anew_and_the_row_goes_on(
    member: Member, place: Place, transact: Sessions, database: Sessions
) -> None:
    idea, author = own_idea(transact, place)
    voter = member(email="voter@example.org")
    opened = voter.get(place.url(f"/vote/{idea}", language="en"))
    edit(transact, place, idea, author, draft=IdeaDraft(OLD[0], OLD[1].replace("at first", "at last"), "de"))
    answer = voter.submit(opened, FORM, press="agree", status=409)
    assert answer.texts("del, ins") == ["[removed: first]", "[added: last]"]
    assert stored(database) == ({}, set())
    onward = voter.submit(answer, FORM, press="agree", status=303)
    assert onward.location == place.url(f"/vote?after={idea}", language="en")
    assert stored(database) == ({idea: Stance.AGREE}, set())


def test_an_idea_that_is_gone_makes_room_for_the_next(
    member: Member, place: Place, transact: Sessions, database: Sessions
) -> None:
    gone, left = ideas(transact, place, 2)
    voter = member()
    opened = voter.get(place.url(f"/vote/{gone}", language="en"))
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == gone).values(state=IdeaState.HIDDEN))
    page = voter.follow(voter.submit(opened, FORM, press="agree", status=303))
    assert shown(page) == left
    assert "That idea is not public any more. Here is the next one." in page.one(".messages")
    assert stored(database) == ({}, set())
    voter.get(place.url(f"/vote/{gone}"), status=404)
    assert voter.get(place.url(f"/vote/{left}?after={gone}")).select("[data-last]") == []


def test_where_nobody_can_vote_the_page_says_so(
    client: PageClient, member: Member, transact: Sessions, database: Sessions
) -> None:
    now = clock.now()
    with transact() as session:
        place = make.process(session, allows=frozenset({Capability.COMMENT}))
        idea = make.idea(session, place)
        make.phase(session, place, starts_at=now + timedelta(days=20), ends_at=now + timedelta(days=30))
    for visitor in (client, member()):
        page = row(visitor, place)
        assert page.h1 == "Voting is closed"
        assert "Voting will be possible from" in page.one("main")
        page = visitor.get(place.url(f"/vote/{idea}", language="en"))
        assert page.select("main form") == []
        assert "Voting will be possible from" in page.one(".vote-row__answer")
    voter = member(email="late@example.org")
    token = {"csrf_token": voter.get("/de/account").select("[name=csrf_token]")[0].get("value"), "revision": "1"}
    for stance in ("agree", "skip", "none"):
        voter.post(place.url(f"/vote/{idea}"), {**token, "stance": stance}, status=403)
    with database() as session:
        assert session.scalars(select(Participant).where(Participant.account_id.is_not(None))).all() == []


def test_only_the_electorate_votes(member: Member, place: Place, transact: Sessions, database: Sessions) -> None:
    idea = ideas(transact, place, 1)[0]
    with transact() as session:
        session.execute(update(Process).values(electorate=Electorate.VERIFIED))
    voter = member()
    page = row(voter, place)
    assert shown(page) == idea
    assert page.select("main form") == []
    assert any("/residence" in link for link in page.links("main a").values())
    token = {"csrf_token": voter.get("/de/account").select("[name=csrf_token]")[0].get("value"), "revision": "1"}
    for stance in ("agree", "skip"):
        voter.post(place.url(f"/vote/{idea}"), {**token, "stance": stance}, status=403)
    assert stored(database) == ({}, set())


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        ("/vote?after=x", 400),
        ("/vote?left=-1", 400),
        ("/vote/{idea}?why=money", 400),
        ("/vote/{idea}?why=chance&after=", 400),
        (f"/vote/{{idea}}?after={'9' * 18}", 200),
        (f"/vote/{'9' * 18}", 404),
        ("/vote/{elsewhere}", 404),
        ("/vote/{waiting}", 404),
    ],
)
def test_odd_addresses(
    member: Member, client: PageClient, place: Place, transact: Sessions, rest: str, status: int
) -> None:
    with transact() as session:
        known = {
            "idea": make.idea(session, place),
            "elsewhere": make.idea(session, make.process(session, "other")),
            "waiting": make.idea(session, place, state=IdeaState.IN_REVIEW),
        }
        make.participant(session, place, account_id=make.account(session, "voter@example.org"))
    member(email="voter@example.org").get(place.url(rest.format(**known)), status=status)
    if "after" not in rest or "/vote/" not in rest:
        client.get(place.url(rest.format(**known)), status=status)


@pytest.mark.parametrize("forge", [{"stance": ""}, {"stance": "SKIP"}, {"revision": "x"}, {"stance": "agree\x00"}])
def test_odd_answers(
    member: Member, place: Place, transact: Sessions, database: Sessions, forge: dict[str, str]
) -> None:
    ideas(transact, place, 1)
    voter = member()
    voter.submit(row(voter, place), FORM, press="agree", forge=forge, status=400)
    assert stored(database) == ({}, set())


def test_a_draft_is_not_for_residents(
    app: Flask, member: Member, transact: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        place = make.process(session, state=ProcessState.DRAFT)
        idea = make.idea(session, place)
    resident, moderator = member(), member(Role.MODERATOR, process_id=place.id)
    for rest in ("/vote", f"/vote/{idea}"):
        resident.get(place.url(rest), status=404)
        moderator.get(place.url(rest), status=200)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for rest in (f"/vote/{idea}", "/vote/again"):
        assert resident.post(place.url(rest), data={"stance": "agree", "revision": "1"}).status == 404


def test_what_a_page_costs_does_not_depend_on_how_many_ideas_there_are(
    member: Member, place: Place, transact: Sessions
) -> None:
    first = ideas(transact, place, 2)[0]
    voter = member()
    voter.submit(voter.get(place.url(f"/vote/{first}")), FORM, press="agree", status=303)
    for more in (0, 6):
        for idea in ideas(transact, place, more):
            voter.submit(voter.get(place.url(f"/vote/{idea}")), SKIP, status=303)
        voter.get(place.url("/vote"), status=302, budget=6)
        voter.get(place.url(f"/vote/{first + 1}?why=gain&after={first}"), budget=12)


def test_the_ways_into_the_row(client: PageClient, place: Place, transact: Sessions) -> None:
    ideas(transact, place, 1)
    target = place.url("/vote", language="en")
    for address in ("/en/", place.url(language="en"), place.url("/ideas", language="en")):
        assert target in client.get(address).links("main a").values(), address
    with transact() as session:
        closed = make.process(session, "closed", allows=frozenset({Capability.COMMENT}))
    for rest in ("", "/ideas"):
        links = client.get(closed.url(rest, language="en")).links("main a").values()
        assert closed.url("/vote", language="en") not in links
