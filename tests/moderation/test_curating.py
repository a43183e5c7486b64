"""Putting an idea into its place: other principles, another field, answered elsewhere, and the public trace of it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.cases.models import Case
from participation.ideas.models import Idea, IdeaState
from participation.ideas.queries import principle_ids_of
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.moderation.curating.forms import pointer_in
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.service import Subject, decide
from participation.moderation.undoing import undo_decision
from participation.principles.models import FieldOfAction
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"


def field(session: Session, place: Place, key: str) -> int:
    """Return the id of a field of action."""
    wanted = (FieldOfAction.framework_id == place.framework_id, FieldOfAction.key == key)
    return session.scalars(select(FieldOfAction.id).where(*wanted)).one()


def curator(place: Place, account: int) -> Actor:
    """Return a moderator of the process."""
    return Actor(account, grants=frozenset({(Role.MODERATOR, place.id)}))


def curate(transact: Sessions, place: Place, number: int, kind: DecisionKind, **details: Any) -> tuple[int, int]:
    """Take such a decision as a moderator of the process; return its id and that of the account."""
    with transact() as session:
        account = make.account(session, "curator@example.org")
        subject = Subject("idea", number)
        actor = curator(place, account)
        return decide(session, actor, subject=subject, kind=kind, details=details, now=clock.now()).id, account


@pytest.fixture
def tagged(transact: Sessions, place: Place) -> int:
    """An idea about climate in schools."""
    with transact() as session:
        return make.idea(
            session, place, title="Roofs", principles=["climate"], field_id=field(session, place, "schools")
        )


def test_a_move_keeps_what_was_before(
    client: PageClient, member: Member, transact: Sessions, place: Place, tagged: int, database: Sessions
) -> None:
    address = place.url(f"/ideas/{tagged}", language="en")
    assert "History" not in client.get(address).links("main a")
    with database() as session:
        wanted = make.principle_ids(session, place, ["climate", "access"])
        mobility, schools = (field(session, place, key) for key in ("mobility", "schools"))
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{tagged}")
    reason = "It is about roads <b>too</b>."
    answer = moderator.submit(page, "place-form", principles=wanted, field=mobility, reason=reason, status=303)
    assert answer.location == f"{DESK}/ideas/{tagged}#place"
    with database() as session:
        idea, decision = session.get_one(Idea, tagged), session.scalars(select(Decision)).one()
        assert (principle_ids_of(session, [tagged])[tagged], idea.field_id) == (sorted(wanted), mobility)
        assert decision.details == {
            "before": {"principles": wanted[:1], "field": schools},
            "after": {"principles": sorted(wanted), "field": mobility},
        }
    page = client.get(client.get(address).links("main a")["History"])
    assert page.texts(".trace__head strong") == ["Put into another place"]
    assert page.texts(".trace del") == ["before: Climate (en)", "before: Schools (en)"]
    assert page.texts(".trace ins") == ["since then: Climate (en), Access (en)", "since then: Mobility (en)"]
    assert reason in page.one(".trace")
    assert "moderator-" not in page.text


def test_what_is_not_named_stays_and_nothing_is_no_move(
    transact: Sessions, place: Place, tagged: int, database: Sessions
) -> None:
    with transact() as session:
        equality = make.principle_ids(session, place, ["equality"])
    curate(transact, place, tagged, DecisionKind.MOVE, principles=equality)
    with database() as session:
        assert session.get_one(Idea, tagged).field_id == field(session, place, "schools")
    for details in ({"principles": equality}, {}):
        with pytest.raises(Refused):
            curate(transact, place, tagged, DecisionKind.MOVE, **details)
    wrong: list[dict[str, Any]] = [{"principles": [10**9]}, {"field": 10**9}]
    for details in wrong:
        with pytest.raises(Refused):
            curate(transact, place, tagged, DecisionKind.MOVE, **details)
    with database() as session:
        assert principle_ids_of(session, [tagged])[tagged] == equality


def test_undoing_a_move_puts_the_idea_back_and_leaves_no_trace(
    client: PageClient,
    app: Flask,
    transact: Sessions,
    place: Place,
    tagged: int,
    database: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decision, account = curate(transact, place, tagged, DecisionKind.MOVE, principles=[], field=None)
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    with transact() as session:
        undo_decision(session, curator(place, account), decision_id=decision, now=clock.now())
    with database() as session:
        climate = make.principle_ids(session, place, ["climate"])
        idea = session.get_one(Idea, tagged)
        assert (principle_ids_of(session, [tagged])[tagged], idea.field_id) == (
            climate,
            field(session, place, "schools"),
        )
    assert "History" not in client.get(place.url(f"/ideas/{tagged}", language="en")).links("main a")


def test_an_idea_in_review_still_waits_after_a_move(transact: Sessions, place: Place, database: Sessions) -> None:
    with transact() as session:
        waiting, read = (make.idea(session, place, state=state) for state in (IdeaState.IN_REVIEW, IdeaState.PUBLISHED))
        climate = make.principle_ids(session, place, ["climate"])
    for idea in (waiting, read):
        curate(transact, place, idea, DecisionKind.MOVE, principles=climate)
    with database() as session:
        assert session.get_one(Idea, waiting).state is IdeaState.IN_REVIEW
        assert session.scalars(select(Case.subject_id).where(Case.closed_at.is_(None))).all() == [waiting]


@pytest.mark.parametrize("state", [IdeaState.HIDDEN, IdeaState.WITHDRAWN])
@pytest.mark.parametrize("kind", [DecisionKind.MOVE, DecisionKind.ELSEWHERE])
def test_what_is_not_public_has_no_place(
    transact: Sessions, place: Place, kind: DecisionKind, state: IdeaState
) -> None:
    with transact() as session:
        idea = make.idea(session, place, state=state, principles=["climate"])
    with pytest.raises(Refused):
        curate(transact, place, idea, kind, principles=[], url="https://www.example.org")


def test_an_idea_is_answered_in_another_one(
    client: PageClient, member: Member, transact: Sessions, place: Place, tagged: int
) -> None:
    with transact() as session:
        other = make.idea(session, place, title="Roofs of all schools")
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{tagged}/elsewhere")
    moderator.submit(page, target=f"#{other}", reason="The same roofs.", status=303)
    page = client.get(place.url(f"/ideas/{tagged}", language="en"))
    assert "Answered elsewhere" in page.one(".alert")
    assert page.links(".alert a") == {"Roofs of all schools": place.url(f"/ideas/{other}", language="en")}
    listed = client.get(place.url("/ideas", language="en"))
    assert listed.texts(".idea-card__labels") == ["Answered elsewhere"]
    history = client.get(page.links("main a")["History"])
    assert history.links(".trace a") == {f"Idea {other}": place.url(f"/ideas/{other}", language="en")}
    with transact() as session:
        session.get_one(Idea, other).state = IdeaState.HIDDEN
    page = client.get(place.url(f"/ideas/{tagged}", language="en"))
    assert "not public any more" in page.one(".alert")
    assert "Roofs of all schools" not in page.text
    assert client.get(page.links("main a")["History"]).links(".trace a") == {}


def test_an_idea_is_answered_on_a_page_of_the_city_until_it_is_not(
    app: Flask,
    client: PageClient,
    member: Member,
    place: Place,
    tagged: int,
    database: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "ELSEWHERE_HOSTS", ("city.example",))
    moderator = member(Role.MODERATOR, process_id=place.id)
    form = f"{DESK}/ideas/{tagged}/elsewhere"
    page = moderator.submit(moderator.get(form), target="https://evil.example/x", status=422)
    assert page.errors == ["Where is it answered?: Only pages on city.example can be named here."]
    moderator.submit(moderator.get(form), target="https://www.city.example/roofs", status=303)
    page = client.get(place.url(f"/ideas/{tagged}", language="en"))
    link = page.select(".alert a")[0]
    assert (link.get("href"), link.text, link.get("rel")) == (
        "https://www.city.example/roofs",
        "www.city.example",
        "nofollow noopener",
    )
    assert moderator.submit(moderator.get(form), status=409).errors, "nothing has changed"
    moderator.submit(moderator.get(form), target="", status=303)
    page = client.get(place.url(f"/ideas/{tagged}", language="en"))
    assert page.select(".alert") == []
    assert client.get(place.url("/ideas", language="en")).texts(".idea-card__labels") == []
    traces = client.get(page.links("main a")["History"]).texts(".trace__head strong")
    assert traces == ["Not answered elsewhere any more", "Marked as answered elsewhere"]


def test_undoing_takes_the_mark_away(
    app: Flask,
    client: PageClient,
    transact: Sessions,
    place: Place,
    tagged: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decision, account = curate(transact, place, tagged, DecisionKind.ELSEWHERE, url="https://www.example.org/x")
    address = place.url(f"/ideas/{tagged}", language="en")
    assert client.get(address).select(".alert")
    monkeypatch.setitem(app.config, "UNDO_SECONDS", 120)
    with transact() as session:
        undo_decision(session, curator(place, account), decision_id=decision, now=clock.now())
    assert client.get(address).select(".alert") == []


def test_what_can_be_pointed_at(app: Flask, transact: Sessions, place: Place, tagged: int) -> None:
    with transact() as session:
        far = make.idea(session, make.process(session, "elsewhere"))
        waiting = make.idea(session, place, state=IdeaState.IN_REVIEW)
    for target in (tagged, far, waiting, 10**9):
        with pytest.raises(Refused):
            curate(transact, place, tagged, DecisionKind.ELSEWHERE, idea=target)
    with pytest.raises(Refused):
        curate(transact, place, tagged, DecisionKind.ELSEWHERE, url="javascript:alert(1)")
    with pytest.raises(Refused):
        curate(transact, place, tagged, DecisionKind.ELSEWHERE)
    base = app.config["BASE_URL"]
    typed = {
        "": {},
        " 12 ": {"idea": 12},
        "# 12": {"idea": 12},
        f"{base}/de/processes/digital/ideas/12?x=1#vote": {"idea": 12},
        "/en/processes/digital/ideas/12": {"idea": 12},
        "https://www.example.org/ideas/12": {"url": "https://www.example.org/ideas/12"},
        f"{base}/de/processes/other/ideas/12": None,
        "http://www.example.org": None,
        "Idea 12": None,
        "9" * 19: None,
    }
    with app.app_context():
        assert {text: pointer_in(text, slug="digital") for text in typed} == typed


def test_a_form_that_cannot_be_taken_keeps_what_was_typed(
    member: Member, transact: Sessions, place: Place, tagged: int
) -> None:
    with transact() as session:
        four = make.principle_ids(session, place, ["innovation", "equality", "education", "climate"])
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{tagged}/place")
    page = moderator.submit(page, principles=four, reason="Four at once", status=422)
    assert len(page.select("input[name=principles][checked]")) == 4
    assert page.one("textarea") == "Four at once"
    assert page.errors
    # Somebody hides it meanwhile.
    page = moderator.get(f"{DESK}/ideas/{tagged}/place")
    with transact() as session:
        session.get_one(Idea, tagged).state = IdeaState.HIDDEN
    page = moderator.submit(page, principles=four[:1], reason="Better there", status=409)
    assert page.one("textarea") == "Better there"
    assert page.errors


def test_from_the_queue_back_to_the_same_case(
    member: Member, transact: Sessions, place: Place, database: Sessions
) -> None:
    with transact() as session:
        idea = make.idea(session, place, state=IdeaState.IN_REVIEW)
        climate = make.principle_ids(session, place, ["climate"])
    with database() as session:
        case = session.scalars(select(Case.id)).one()
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{idea}/place")
    answer = moderator.submit(page, principles=climate, forge={"back": "case", "case": case}, status=303)
    assert answer.location
    assert f"/cases/{case}" in answer.location
