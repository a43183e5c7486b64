"""Taking passages out: they are nowhere any more, everything else stays, and everybody can see that it happened."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import Delivery
from participation.exports.files import snapshot
from participation.exports.queries import Place as ExportPlace
from participation.exports.queries import strategy_input
from participation.ideas.models import Addendum, Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.queries import visible_to
from participation.ideas.redaction import NotFound
from participation.ideas.revisions import says_the_same
from participation.ideas.search import matching
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Refused
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.service import redact
from participation.processes.queries import process_by_id
from participation.texts.redaction import MARK
from participation.voting.models import Stance, Vote
from tests import make
from tests.channels import saying
from tests.conftest import NewServer, Sessions
from tests.ideas.test_editing import own_idea
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
SECRET, NUMBER = "Erika Beispielfrau", "0231 4711"
REASON = "Name and number of somebody else"


@pytest.fixture
def idea(transact: Sessions, place: Place) -> int:
    """An idea that names somebody in title, text, an addendum and an earlier revision, in a theme and a statement."""
    idea, _author = own_idea(transact, place)
    with transact() as session:
        row = session.get_one(Idea, idea)
        moment = clock.now()
        for number, text in ((1, "Nothing about anybody, to begin with."), (2, f"Ask {SECRET} about the library.")):
            session.add(
                IdeaRevision(
                    idea_id=idea,
                    revision=number,
                    title="An earlier title of it",
                    text=text,
                    language="en",
                    written_at=moment,
                    replaced_at=moment,
                    replaced_by=Replacement.EDIT,
                )
            )
        row.title, row.revision, row.revised_at = f"Library hours with {SECRET}", 3, moment
        row.text = f"Longer hours, please.\n\nAsk {SECRET},\nphone {NUMBER}."
        for text in (f"{SECRET} has agreed.", "Nobody is named here."):
            session.add(
                Addendum(
                    process_id=place.id,
                    idea_id=idea,
                    state=IdeaState.PUBLISHED,
                    text=text,
                    language="en",
                    submitted_at=moment,
                    published_at=moment,
                )
            )
        make.vote(session, place, idea, Stance.AGREE)
        make.comment(session, place, idea)
        make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
    return idea


def values(place: Place, idea: int) -> dict[str, object]:
    """Return what addresses about the idea are made of."""
    return {"slug": place.slug, "idea_id": idea, "comment_id": 1, "statement_id": 1, "cluster_id": 1}


def take_out(transact: Sessions, idea: int, *passages: str, actor: Actor = SYSTEM, reason: str = REASON) -> None:
    """Take passages out of the idea."""
    with transact() as session:
        redact(session, actor, idea_id=idea, passages=passages, reason=reason, ground="rule-privacy", now=clock.now())


def test_what_stands_there_afterwards(transact: Sessions, database: Sessions, idea: int) -> None:
    take_out(transact, idea, SECRET, f"phone {NUMBER}")
    with database() as session:
        row = session.get_one(Idea, idea)
        assert row.title == f"Library hours with {MARK}"
        assert row.text == f"Longer hours, please.\n\nAsk {MARK},\n{MARK}."
        assert (row.revision, row.frozen_at is None) == (4, False)
        rows = session.scalars(select(IdeaRevision).order_by(IdeaRevision.revision))
        kept = [(row.revision, row.replaced_by, row.reason, row.closed_at is None) for row in rows]
        assert kept == [
            (1, Replacement.EDIT, "", True),
            (2, Replacement.EDIT, REASON, False),
            (3, Replacement.REDACTION, REASON, False),
        ]
        addenda = session.scalars(select(Addendum.text).order_by(Addendum.id)).all()
        assert addenda == [f"{MARK} has agreed.", "Nobody is named here."]
        decided = session.execute(
            select(Decision.kind, Decision.reason, Decision.idea_id, Decision.addendum_id).order_by(Decision.id)
        ).all()
        assert decided == [(DecisionKind.REDACT, REASON, idea, None), (DecisionKind.REDACT, REASON, None, 1)]
        letters = session.scalars(select(Delivery.handler)).all()
        assert [name for name in letters if "telling" in name] == ["participation.notifications.telling.of_decision"]


def test_it_is_nowhere_any_more(
    app: Flask, transact: Sessions, database: Sessions, member: Member, client: PageClient, place: Place, idea: int
) -> None:
    moderator, resident = member(Role.ADMIN), member(email="somebody@example.org")
    before = saying(app, client, values(place, idea), SECRET)
    assert {place.url(rest, language="en") for rest in ("/ideas", f"/ideas/{idea}", f"/ideas/{idea}/history")} <= set(
        before
    )
    take_out(transact, idea, SECRET, f"phone {NUMBER}")
    for visitor in (client, resident, moderator, member(email="resident-everywhere@example.org")):
        assert saying(app, visitor, values(place, idea), SECRET, NUMBER) == {}
    with database() as session:
        for words in ("Beispielfrau", "4711"):
            found = select(Idea.id).where(visible_to(ANONYMOUS, place.id), matching(words))
            assert session.scalars(found).all() == []
        found = select(Idea.id).where(visible_to(ANONYMOUS, place.id), matching("longer hours"))
        assert session.scalars(found).all() == [idea]
    with app.app_context(), snapshot(db.engine) as session:
        where = ExportPlace(city="City", timezone="Europe/Berlin", idea_url=str)
        process = process_by_id(session, place.id)
        document = strategy_input(session, SYSTEM, process, language="en", now=clock.now(), place=where)
        exported = str([*document.ideas(), *document.comments()])
    assert MARK in exported
    assert "Nobody is named here." in exported
    assert SECRET not in exported
    assert NUMBER not in exported


@pytest.fixture
def cached(new_server: NewServer) -> PageClient:
    """A visitor of a server that keeps pages in memory for long, on the same database."""
    return PageClient(new_server(PAGE_CACHE_SECONDS=600))


def test_no_page_is_kept_with_it(cached: PageClient, transact: Sessions, place: Place, idea: int) -> None:
    pages = [place.url(rest) for rest in ("", "/ideas", f"/ideas/{idea}", f"/ideas/{idea}/history", "/ideas.atom")]
    for _round in range(2):
        assert [SECRET in cached.get(page).text for page in pages] == [True] * len(pages)
    take_out(transact, idea, SECRET)
    assert [SECRET in cached.get(page).text for page in pages] == [False] * len(pages)


def test_everybody_sees_that_and_why(client: PageClient, transact: Sessions, place: Place, idea: int) -> None:
    take_out(transact, idea, SECRET)
    page = client.get(place.url(f"/ideas/{idea}", language="en"))
    notes = page.texts(".redaction-note")
    assert len(notes) == 2
    assert all(note.endswith(f"Reason: {REASON}") for note in notes)
    assert "[redacted]" in page.h1
    history = client.get(place.url(f"/ideas/{idea}/history", language="en"))
    assert [item.get("id") for item in history.select(".revision")] == [f"revision-{number}" for number in (4, 3, 2, 1)]
    assert [item.get("id") for item in history.select(".revision--closed")] == ["revision-3", "revision-2"]
    assert history.texts(".revision--closed .redaction-note")[0].endswith(REASON)
    assert history.select("ins, del") == history.select(".difference-key > *"), (
        "no change next to a closed one is shown"
    )


def test_votes_stay_and_forms_opened_before_count(
    member: Member, transact: Sessions, database: Sessions, place: Place, idea: int
) -> None:
    voter = member(email="voter@example.org")
    opened = voter.get(place.url(f"/ideas/{idea}", language="en"))
    take_out(transact, idea, SECRET)
    voter.submit(opened, ".vote-buttons form", press="agree", status=303)
    with database() as session:
        assert sorted(session.scalars(select(Vote.revision))) == [1, 3]
        row = session.get_one(Idea, idea)
        assert [says_the_same(session, row, number) for number in (0, 2, 3, 4, 5)] == [False, False, True, True, False]


def test_what_is_refused(transact: Sessions, database: Sessions, place: Place, idea: int) -> None:
    with transact() as session:
        resident = Actor(make.account(session))
    with pytest.raises(Refused):
        take_out(transact, idea, SECRET, actor=resident)
    with pytest.raises(NotFound) as problem:
        take_out(transact, idea, SECRET, "Nobody else")
    assert problem.value.passages == ("Nobody else",)
    for passages, reason in (((SECRET,), ""), (("ab",), REASON), ((), REASON), ((SECRET,), f"It named {SECRET}")):
        with pytest.raises(Refused):
            take_out(transact, idea, *passages, reason=reason)
    with database() as session:
        assert session.get_one(Idea, idea).revision == 3
        assert session.scalars(select(Decision)).all() == []


def test_only_an_earlier_revision_has_it(transact: Sessions, database: Sessions, idea: int) -> None:
    take_out(transact, idea, "about the library")
    with database() as session:
        assert session.get_one(Idea, idea).revision == 3, "the current text has not changed"
        closed = select(IdeaRevision.revision).where(IdeaRevision.closed_at.is_not(None))
        assert session.scalars(closed).all() == [2]


def test_the_form(member: Member, client: PageClient, database: Sessions, place: Place, idea: int) -> None:
    url = f"/en/desk/processes/digital/ideas/{idea}/redaction"
    moderator = member(Role.MODERATOR, process_id=place.id)
    form = moderator.get(url)
    assert SECRET in form.texts("[data-source]")[0]
    empty = moderator.submit(form, "redaction-form", press="preview", status=422)
    assert len(empty.errors) == 3
    wrong = moderator.submit(
        form,
        "redaction-form",
        press="preview",
        passage_1="Nobody else",
        reason=REASON,
        ground="rule-privacy",
        status=200,
    )
    unknown = moderator.submit(wrong, "redaction-form", press="redact", status=422)
    assert unknown.errors == [
        "Passage 1: This stands nowhere in the idea. Please copy it exactly as it is written there."
    ]
    assert unknown.select("#passage_1")[0].text == "Nobody else"
    preview = moderator.submit(unknown, "redaction-form", press="preview", passage_1=SECRET, reason=REASON, status=200)
    assert len(preview.select(".difference__removed")) == 3
    with database() as session:
        assert SECRET in session.get_one(Idea, idea).title, "nothing has been changed yet"
    done = moderator.submit(preview, "redaction-form", press="redact", status=303)
    assert done.location == f"/en/desk/processes/digital/ideas/{idea}"
    assert "Passages taken out" in moderator.get(done.location).text
    assert "Passages taken out" in moderator.get("/en/desk/processes/digital/decisions").text
    member().get(url, status=403)


def test_a_hidden_idea_keeps_its_reason(member: Member, transact: Sessions, place: Place, idea: int) -> None:
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"/en/desk/processes/digital/ideas/{idea}/decision")
    moderator.submit(page, decision="hide", ground="rule-privacy", reason="Names somebody", status=303)
    take_out(transact, idea, SECRET)
    author = member()
    assert "Names somebody" in author.get(place.url(f"/ideas/{idea}", language="en")).one(".alert--warning")
    decisions = moderator.get("/en/desk/processes/digital/decisions")
    assert len(decisions.select("main form")) == 1, "it can be restored still"
