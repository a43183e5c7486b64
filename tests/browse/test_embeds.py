"""Views for frames on other sites: without cookies, forms and scripts, and the only ones that may stand in a frame."""

from collections.abc import Callable

import pytest
from flask import Flask
from lxml.html import fromstring
from sqlalchemy import delete

from participation.accounts.actor import Role
from participation.kit import clock
from participation.kit.headers import HEADERS, framed_policy
from participation.processes.models import Process, ProcessState
from participation.strategy.models import Statement, StatementState
from participation.voting.models import Stance, Vote
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

PROCESS = "/en/embed/processes/digital"
SITES = "https://www.example.org https://*.example.org"


@pytest.fixture
def statement(transact: Sessions, place: make.Place) -> int:
    """A public statement on an idea that seven people voted on."""
    with transact() as session:
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=6, disagree=1)
        number = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
        make.answer(session, statement_id=number)
        return number


def test_a_frame_says_little_and_leads_to_the_rest(client: PageClient, statement: int, transact: Sessions) -> None:
    page = client.get(PROCESS, budget=5)
    assert page.h1 == "Question of digital? (en)"
    assert [link.attrib for link in page.select("a")] == [
        {
            "class": "kern-btn kern-btn--primary",
            "href": "http://127.0.0.1:8000/en/processes/digital",
            "target": "_blank",
            "rel": "noopener",
        }
    ]
    of_it = client.get(f"{PROCESS}/statements/{statement}", budget=9)
    assert of_it.h1 == "The city should act (en)"
    assert of_it.texts(".stat__value") == ["1", "7", "6"]
    assert "What the city answers:" in of_it.one("main")
    assert len(of_it.texts("main bdi")) == 2, "a department and a day keep their order in text from right to left"
    assert of_it.links()["Read what it rests on (opens a new window)"].endswith(f"/digital/statements/{statement}")
    with transact() as session:
        session.execute(delete(Vote).where(Vote.stance == Stance.AGREE))
    assert client.get(f"{PROCESS}/statements/{statement}").texts(".stat__value") == ["1"], "too few people to be told"


def test_frames_hold_nothing_to_fill_in_and_nothing_that_runs(client: PageClient, statement: int) -> None:
    for address in (PROCESS, f"{PROCESS}/statements/{statement}"):
        page = client.get(address)
        assert page.select("form, input, button, textarea, select, script, iframe, object") == []
        assert "Set-Cookie" not in page.headers


def test_only_frames_may_be_framed_and_only_by_whom_the_settings_name(
    app: Flask, client: PageClient, statement: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    framed = client.get(PROCESS)
    assert "X-Frame-Options" not in framed.headers
    others = HEADERS.keys() - {"X-Frame-Options", "Content-Security-Policy"}
    assert {name: framed.headers[name] for name in others} == {name: HEADERS[name] for name in others}
    assert framed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    page = "/en/processes/digital"
    for address in (page, f"{page}/statements/{statement}", f"{page}/print", f"{PROCESS}/statements/9"):
        refused = client.get(address, status=None)
        assert {name: refused.headers[name] for name in HEADERS} == HEADERS
    monkeypatch.setitem(app.config, "EMBED_ANCESTORS", SITES)
    policy = client.flask.get(PROCESS).headers["Content-Security-Policy"]
    assert policy == framed_policy(SITES)
    assert policy.endswith(f"frame-ancestors {SITES}")
    assert "script-src" not in policy


def test_whoever_is_signed_in_is_nobody_in_a_frame(
    client: PageClient, member: Callable[..., PageClient], statement: int, transact: Sessions
) -> None:
    admin = member(Role.ADMIN)
    public, own = client.get(PROCESS), admin.get(PROCESS, budget=5)
    assert (own.text, "Set-Cookie" in own.headers) == (public.text, False)
    assert "Cookie" not in own.headers.get("Vary", "")
    with transact() as session:
        session.get_one(Process, session.get_one(Statement, statement).process_id).state = ProcessState.DRAFT
    admin.get("/en/processes/digital")
    for address in (PROCESS, f"{PROCESS}/statements/{statement}"):
        admin.get(address, status=404)


def test_a_frame_shows_what_its_page_shows(
    client: PageClient, cached: PageClient, statement: int, transact: Sessions
) -> None:
    address = f"{PROCESS}/statements/{statement}"
    assert cached.get(address).texts(".stat__value") == ["1", "7", "6"]
    again = cached.get(address, headers={"If-None-Match": cached.get(address).headers["ETag"]}, status=304)
    assert again.headers["Content-Security-Policy"] == framed_policy("*")
    with transact() as session:
        process = session.get_one(Process, session.get_one(Statement, statement).process_id)
        process.hides_results, process.version = True, process.version + 1
    for visitor in (client, cached):
        assert visitor.get(address).texts(".stat__value") == ["1"]
    with transact() as session:
        row = session.get_one(Statement, statement)
        row.state, row.withdrawn_at, row.withdrawn_for = StatementState.WITHDRAWN, clock.now(), {"en": "An error"}
    page = client.get(address)
    assert "This statement was withdrawn on" in page.one("main")
    assert page.texts(".stat__value") == []
    with transact() as session:
        session.get_one(Statement, statement).state = StatementState.DRAFT
    client.get(address, status=404)


def test_titles_cannot_break_out_of_the_lines_to_copy(
    client: PageClient, place: make.Place, transact: Sessions
) -> None:
    with transact() as session:
        session.get_one(Process, place.id).question = {"en": 'A "quote" </textarea><script>go()</script>'}
    snippet = client.get("/en/processes/digital").one("#pass-on-snippet")
    frames = fromstring(f"<div>{snippet}</div>")
    assert [element.tag for element in frames] == ["iframe"]
    assert frames[0].get("title") == 'A "quote" </textarea><script>go()</script>'
