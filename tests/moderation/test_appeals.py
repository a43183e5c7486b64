"""Objecting to decisions: what authors read, who answers, what changes, and that both texts stay."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.cases.models import Case, CaseKind
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.moderation.appeals.service import answer_appeal, withdraw_appeal
from participation.moderation.grounds import grounds
from participation.moderation.models import Appeal, AppealOutcome, Decision, DecisionKind
from participation.moderation.service import Subject, decide
from participation.moderation.subjects import salted
from participation.moderation.undoing import undo_decision
from participation.receipts.signing import text_digest
from tests import make
from tests.conftest import Sessions
from tests.objecting import (
    AUTHOR,
    DECIDER,
    FACTS,
    OBJECTION,
    OTHER,
    TEXT,
    TITLE,
    Scene,
    decided,
    hidden_idea,
    moderator,
    objected,
    open_cases,
)
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]


@pytest.fixture
def scene(transact: Sessions) -> Scene:
    """An idea that was hidden an hour ago."""
    with transact() as session:
        return hidden_idea(session)


def mine(scene: Scene) -> str:
    """Return the address of the decision as its author reads it."""
    return f"/en/my/decisions/{scene.decision}"


def facts_of(page: Page) -> dict[str, str]:
    """Return the facts beside a decision."""
    return dict(zip(page.texts(".columns__side > .facts dt"), page.texts(".columns__side > .facts dd"), strict=True))


def test_an_objection_is_answered_by_somebody_else(
    app: Flask, member: Member, transact: Sessions, database: Sessions, scene: Scene
) -> None:
    author = member(email=AUTHOR)
    assert "You can object until" in author.get("/en/my/decisions").one(".decision")
    page = author.get(mine(scene))
    assert page.h1 == "Your idea is hidden."
    assert FACTS in page.one(".decision-reasons")
    assert DECIDER not in page.text
    rule = next(ground for ground in grounds() if ground.key == "rule-respect")
    assert page.one(".decision-reasons__name") == f"Rule {rule.cite}: {rule.title['en']}"
    # The rules of this process, with all their versions.
    assert list(page.links(".decision-reasons__name a").values()) == [scene.place.url("/rules", language="en")]
    answer = author.submit(page, ".form", text="   ", status=422)
    assert answer.errors == ["Why do you object?: Please write something here."]
    page = author.follow(author.submit(answer, ".form", text=OBJECTION, status=303))
    assert "answers by" in page.one("main")
    with database() as session:
        appeal = session.scalars(select(Appeal)).one()
        assert (appeal.decision_id, appeal.text, appeal.language) == (scene.decision, OBJECTION, "de")
        assert appeal.due_at - appeal.submitted_at == timedelta(days=app.config["APPEAL_ANSWER_DAYS"])
        assert open_cases(session) == [(CaseKind.APPEAL, scene.idea, scene.decision)]
        case = session.scalars(select(Case)).one()
        assert (case.due_at, case.place_at, case.urgent) == (appeal.due_at, appeal.due_at, False)
    desk = f"/en/desk/processes/digital/appeals/{appeal.id}"
    other = member(Role.MODERATOR, process_id=scene.place.id, email=OTHER)
    decider = member(email=DECIDER)
    page = decider.get(desk)
    assert page.select("main form") == []
    assert "so another moderator answers" in page.one("main")
    page = other.get(desk)
    assert DECIDER in page.one("aside")
    assert {OBJECTION, TEXT} <= set(page.texts(".prose"))
    answer = other.submit(page, ".form", press="Change the decision", answer="", status=422)
    assert answer.errors == ["Reason: Please write something here."]
    page = other.follow(
        other.submit(answer, ".form", press="Change the decision", answer="It was a quote.", status=303)
    )
    assert page.select("main form") == []
    with database() as session:
        appeal = session.scalars(select(Appeal)).one()
        new = session.get_one(Decision, appeal.new_decision_id)
        assert (appeal.outcome, appeal.answer) == (AppealOutcome.CHANGED, "It was a quote.")
        assert (new.kind, new.idea_id, new.objection_until) == (DecisionKind.RESTORE, scene.idea, None)
        assert session.get_one(Idea, scene.idea).state is IdeaState.PUBLISHED
        assert session.get_one(Decision, scene.decision).reason == FACTS
        assert open_cases(session) == []
        assert [case.decision_id for case in session.scalars(select(Case))] == [new.id]
    page = author.get(mine(scene))
    assert page.texts(".appeal .prose") == [OBJECTION, "It was a quote."]
    assert OTHER not in page.text
    assert page.select("main form") == []
    assert "You can object" not in page.one("main")
    assert author.get(page.links()["What was decided instead"]).h1 == "Your idea is public again."


def test_the_page_of_a_decision_says_everything_that_matters(
    member: Member, database: Sessions, transact: Sessions, scene: Scene
) -> None:
    author = member(email=AUTHOR)
    page = author.get(mine(scene), budget=6)
    facts = facts_of(page)
    assert facts["What it covers"] == "The whole contribution: nobody but you and the moderators can read it."
    assert facts["How long"] == "As long as nothing else is decided."
    assert facts["How we came upon it"] == "Moderators came upon it themselves; nobody had pointed them to it."
    assert facts["Was a program involved?"] == "No program took part. People read it and decided."
    assert facts["You can object"].startswith("until ")
    with database() as session:
        decision = session.get_one(Decision, scene.decision)
        assert salted(decision.salt, text_digest(TEXT, title=TITLE)) == decision.content_digest
        shown = page.texts(".disclosure .facts dd")
        assert shown == [decision.content_digest, decision.salt.hex(), text_digest(TEXT, title=TITLE)]
    assert "They belong together" in page.one(".disclosure")
    with transact() as session:
        session.get_one(Idea, scene.idea).text = "Another text"
    assert "Your text has changed since the decision" in author.get(mine(scene)).one(".disclosure")


def test_decisions_belong_to_their_author(member: Member, scene: Scene) -> None:
    stranger = member(email="stranger@example.org")
    stranger.get(mine(scene), status=404)
    assert stranger.get("/en/my/decisions").select(".decision") == []
    token = stranger.get("/en/account").select("[name=csrf_token]")[0].get("value")
    sent = {"csrf_token": token, "text": OBJECTION}
    assert stranger.post(f"{mine(scene)}/appeal", sent).status == 404
    assert stranger.post(f"{mine(scene)}/appeal/withdrawal", sent).status == 404
    stranger.get("/en/my/decisions?before=x", status=400)


def test_nobody_hears_of_what_can_still_be_taken_back(
    app: Flask, member: Member, database: Sessions, transact: Sessions, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    with transact() as session:
        decider = make.actor(session, make.account(session, DECIDER))
        restored = decided(session, decider, scene.idea, DecisionKind.RESTORE, now=clock.now()).id
    author = member(email=AUTHOR)
    assert author.get("/en/my/decisions").texts(".decision__title", seen=True) == ["Your idea is hidden."]
    author.get(f"/en/my/decisions/{restored}", status=404)
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        lines = author.get("/en/my/decisions").texts(".decision__title", seen=True)
        assert lines == ["Your idea is public again.", "Your idea is hidden."]
    with transact() as session:
        undo_decision(session, decider, decision_id=restored, now=clock.now())
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        assert author.get("/en/my/decisions").texts(".decision__title", seen=True) == ["Your idea is hidden."]


def test_the_list_goes_on(member: Member, transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        decider = make.actor(session, make.account(session, DECIDER))
        for number in range(1, 22):
            kind = DecisionKind.RESTORE if number % 2 else DecisionKind.HIDE
            decided(session, decider, scene.idea, kind, now=scene.now + timedelta(minutes=number))
    author = member(email=AUTHOR)
    page = author.get("/en/my/decisions", budget=5)
    assert len(page.select(".decision")) == 20
    page = author.get(page.links(".pagination a")["Next"], budget=5)
    assert len(page.select(".decision")) == 2


def test_with_one_moderator_an_admin_answers(
    member: Member, transact: Sessions, database: Sessions, scene: Scene
) -> None:
    with transact() as session:
        desk = f"/en/desk/processes/digital/appeals/{objected(session, scene.decision).id}"
    decider = member(email=DECIDER)
    page = decider.get(desk)
    assert "Another moderator must be named first" in page.one("main")
    admin = member(Role.ADMIN, email="admin@example.org")
    assert "nobody else moderates this process. So an admin answers." in decider.get(desk).one("main")
    page = admin.get(desk, budget=10)
    assert "So an admin answers, not the one who decided." in page.one("main")
    admin.submit(page, ".form", press="The decision stays", answer="It attacks a person.", status=303)
    with database() as session:
        appeal = session.scalars(select(Appeal)).one()
        assert (appeal.outcome, appeal.new_decision_id) == (AppealOutcome.UPHELD, None)
        assert session.get_one(Idea, scene.idea).state is IdeaState.HIDDEN
        assert open_cases(session) == []
    author = member(email=AUTHOR)
    page = author.get(mine(scene))
    assert "You can still take it to court." in page.one("main")
    assert author.get("/en/my/decisions").texts(".decision__note") == ["You objected. The decision stays."]


def test_the_desk_lists_objections(member: Member, transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        objected(session, scene.decision)
    moderator = member(Role.MODERATOR, process_id=scene.place.id, email=OTHER)
    page = moderator.get("/en/desk/processes/digital/appeals", budget=6)
    assert len(page.select("section[aria-labelledby=waiting] li")) == 1
    with time_machine.travel(clock.now() + timedelta(days=15)):
        page = member(email=OTHER).get("/en/desk/processes/digital/appeals")
        assert len(page.select(".badge--danger")) == 1
    moderator.get("/en/desk/processes/digital/appeals/999", status=404)
    moderator.get("/en/desk/processes/nowhere/appeals", status=404)


def test_objecting_twice_or_too_late_is_refused(transact: Sessions, scene: Scene) -> None:
    with transact() as session:
        until = session.get_one(Decision, scene.decision).objection_until
        assert until is not None
        with pytest.raises(Refused):
            objected(session, scene.decision, now=until + timedelta(seconds=1))
        objected(session, scene.decision, now=until)
        with pytest.raises(Refused):
            objected(session, scene.decision, now=until)
        stranger = make.actor(session, make.account(session))
        with pytest.raises(Missing):
            withdraw_appeal(session, stranger, decision_id=scene.decision, now=until)


def test_the_second_of_two_forms_is_told(member: Member, scene: Scene) -> None:
    author = member(email=AUTHOR)
    page = author.get(mine(scene))
    author.submit(page, ".form", text=OBJECTION, status=303)
    answer = author.submit(page, ".form", text="Noch etwas.", status=409)
    assert answer.errors == ["You have objected to this decision already."]
    assert answer.texts(".appeal__word .prose") == ["Noch etwas.", OBJECTION]


def test_whoever_answers_second_is_told_and_loses_nothing(
    member: Member, transact: Sessions, database: Sessions, scene: Scene
) -> None:
    with transact() as session:
        desk = f"/en/desk/processes/digital/appeals/{objected(session, scene.decision).id}"
    slow = member(Role.MODERATOR, process_id=scene.place.id, email=OTHER)
    page = slow.get(desk)
    quick = member(Role.ADMIN, email="admin@example.org")
    quick.submit(quick.get(desk), ".form", press="The decision stays", answer="It is an insult.", status=303)
    answer = slow.submit(page, ".form", press="Change the decision", answer="It was a quote.", status=409)
    assert answer.errors == ["This objection has been answered already."]
    assert answer.texts(".appeal__word .prose") == ["It was a quote.", OBJECTION, "It is an insult."]
    with database() as session:
        assert session.get_one(Idea, scene.idea).state is IdeaState.HIDDEN
        assert session.scalars(select(Appeal.answer)).all() == ["It is an insult."]
    token = slow.get(desk).select("[name=csrf_token]")[0].get("value")
    assert slow.post(desk, {"csrf_token": token, "outcome": "withdrawn", "answer": "No"}).status == 400


def test_an_objection_is_taken_back(member: Member, transact: Sessions, database: Sessions, scene: Scene) -> None:
    author = member(email=AUTHOR)
    author.submit(author.get(mine(scene)), ".form", text=OBJECTION, status=303)
    page = author.follow(author.submit(author.get(mine(scene)), press="Take the objection back", status=303))
    assert page.texts(".appeal .prose") == [OBJECTION]
    assert page.select("main form") == []
    with database() as session:
        assert session.scalars(select(Appeal.outcome)).all() == [AppealOutcome.WITHDRAWN]
        assert open_cases(session) == []
    with transact() as session:
        other = moderator(session, scene.place, OTHER)
        with pytest.raises(Refused):
            answer_appeal(session, other, appeal_id=1, outcome=AppealOutcome.UPHELD, answer="No.", now=clock.now())


def test_a_comment_below_a_hidden_idea_gives_nothing_of_it_away(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title="Somebody else's telescope")
        author = make.participant(session, place, account_id=make.account(session, AUTHOR))
        comment = make.comment(session, place, idea, author=author, body="A remark")
        decider = moderator(session, place, DECIDER)
        now = clock.now()
        why = {"kind": DecisionKind.HIDE, "ground": "rule-respect", "reason": FACTS, "now": now}
        decision = decide(session, decider, subject=Subject("comment", comment), **why).id
        assert session.get_one(Comment, comment).state is CommentState.HIDDEN
    author = member(email=AUTHOR)
    addresses = ("/en/my/decisions", f"/en/my/decisions/{decision}")
    assert all("Somebody else's telescope" in author.get(address).one("main") for address in addresses)
    with transact() as session:
        decide(session, decider, subject=Subject("idea", idea), **why)
    for address in addresses:
        page = author.get(address)
        assert "telescope" not in page.text
        assert "An idea that is not public at the moment" in page.one("main")
