"""Pages made for paper, short addresses that lead back, and the place from which all of this is reached."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from participation.accounts.actor import Role
from participation.kit import clock
from participation.processes.models import Capability, Process, ProcessState
from participation.strategy.models import Statement, StatementState
from tests import make
from tests.conftest import Sessions
from tests.kit.test_logo import DRAWN
from tests.pages import PageClient

PROCESS = "/en/processes/digital"
READ_ONLY = frozenset({Capability.VOTE})


@pytest.fixture
def statement(transact: Sessions, place: make.Place) -> int:
    """A public statement on two ideas, one with enough votes for its figures."""
    with transact() as session:
        loved, new = (make.idea(session, place, title=title) for title in ("Benches", "Lamps"))
        make.votes(session, place, loved, agree=6, disagree=1)
        make.votes(session, place, new, agree=2)
        number = make.statement(session, place, [make.cluster(session, place, title="Places", ideas=[loved, new])])
        make.answer(session, statement_id=number)
        return number


def test_a_process_on_paper_says_how_to_take_part_without_the_internet(
    app: Flask, client: PageClient, statement: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logo.svg").write_text(DRAWN)
    settings = {"CONTACT_PHONE": "0231 / 50-0", "POSTAL_ADDRESS": "Town hall", "CITY_LOGO": str(tmp_path / "logo.svg")}
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    page = client.get(f"{PROCESS}/print", budget=19)
    assert page.h1 == "Question of digital? (en)"
    assert page.one(".paper-head .paper-head__address") == "127.0.0.1:8000/p/digital"
    assert page.select(".paper-head [role=img]")
    assert page.select("img.paper-head__logo")[0].get("src").startswith("data:image/svg+xml;base64,")
    ways = " ".join(page.texts(".paper-contacts li"))
    for words in ("0231 / 50-0", "Town hall", "beteiligung@example.org"):
        assert words in ways
    assert page.texts(".paper-ideas a") == ["Benches"], "with fewer than five votes there are no figures"
    assert page.texts(".paper-statements a") == ["The city should act (en)"]
    assert page.one("#paper-form") == "My idea, on paper"
    assert len(page.texts(".paper-form__boxes li")) == len(make.PRINCIPLES)
    assert page.links("main a")["Poster (PDF, A3)"] == f"{PROCESS}/poster.pdf"


def test_on_paper_results_are_hidden_and_forms_are_missing_where_pages_say_so(
    client: PageClient, statement: int, transact: Sessions
) -> None:
    with transact() as session:
        session.get_one(Process, session.get_one(Statement, statement).process_id).hides_results = True
        make.process(session, "reading", allows=READ_ONLY)
    page = client.get(f"{PROCESS}/print")
    assert page.texts(".paper-ideas a") == []
    assert "Results are shown when voting and giving points have ended" in page.one("main")
    assert client.get("/en/processes/reading/print").texts("#paper-form") == []
    on_paper = client.get(f"{PROCESS}/statements/{statement}/print")
    assert "People who voted" not in on_paper.one("main")
    assert on_paper.texts(".data-table thead th") == ["Number", "Idea"]


def test_a_statement_on_paper_says_what_it_rests_on(client: PageClient, statement: int, transact: Sessions) -> None:
    address = f"{PROCESS}/statements/{statement}/print"
    page = client.get(address, budget=31)
    assert page.h1 == "The city should act (en)"
    assert page.one(".paper-head .paper-head__address") == f"127.0.0.1:8000/s/{statement}"
    assert page.texts(".data-table tbody tr") == ["1Benches601", "2Lamps200"]
    assert "1 person disagrees with at least one of its ideas." in page.one("section[aria-labelledby=against]")
    assert page.texts("section[aria-labelledby=answers] .city-answer")
    with transact() as session:
        row = session.get_one(Statement, statement)
        row.state, row.withdrawn_at, row.withdrawn_for = StatementState.WITHDRAWN, clock.now(), {"en": "An error"}
    withdrawn = client.get(address)
    assert "An error" in withdrawn.one("main")
    assert "Poster (PDF, A3)" not in withdrawn.links("main a")


def test_short_addresses_lead_to_the_page_in_the_readers_language(
    client: PageClient, statement: int, transact: Sessions
) -> None:
    german, arabic = ({"Accept-Language": language} for language in ("de-DE,de;q=0.9", "ar"))
    page = client.get("/p/digital", status=302, headers=german, budget=0)
    assert page.location == "/de/processes/digital"
    assert "Accept-Language" in page.headers["Vary"]
    assert client.get("/p/nothing", status=302, headers=arabic).location == "/ar/processes/nothing"
    led = client.get(f"/s/{statement}", status=302, headers=arabic, budget=1)
    assert led.location == f"/ar/processes/digital/statements/{statement}"
    client.get("/s/999", status=404)
    with transact() as session:
        session.get_one(Statement, statement).state = StatementState.DRAFT
    client.get(f"/s/{statement}", status=404)


def test_drafts_are_on_no_paper_but_that_of_the_desk(
    client: PageClient, member: Callable[..., PageClient], statement: int, transact: Sessions
) -> None:
    with transact() as session:
        row = session.get_one(Statement, statement)
        session.get_one(Process, row.process_id).state = ProcessState.DRAFT
    for address in (f"{PROCESS}/print", f"{PROCESS}/statements/{statement}/print", "/en/processes/none/print"):
        client.get(address, status=404)
    client.get(f"/s/{statement}", status=404)
    member(Role.STAFF).get(f"{PROCESS}/print")


def test_process_and_statement_lead_to_all_that_can_be_taken_away(
    app: Flask, client: PageClient, statement: int, transact: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {"Page to print": "print", "Poster (PDF, A3)": "poster.pdf"}
    of_it = f"{PROCESS}/statements/{statement}"
    for address, embed in ((PROCESS, "processes/digital"), (of_it, f"processes/digital/statements/{statement}")):
        page = client.get(address)
        links = page.links(".pass-on a")
        assert links == {
            **{label: f"{address}/{end}" for label, end in whole.items()},
            "Open data": f"{PROCESS}/data",
            "See what it looks like": f"/en/embed/{embed}",
        }
        snippet = page.one("#pass-on-snippet")
        assert snippet.startswith(f'<iframe src="http://127.0.0.1:8000/en/embed/{embed}" title="{page.h1}"')
        for url in links.values():
            client.get(url)
    monkeypatch.setitem(app.config, "EMBED_ANCESTORS", "'none'")
    with transact() as session:
        session.get_one(Process, session.get_one(Statement, statement).process_id).opens_data = False
    assert list(client.get(PROCESS).links(".pass-on a")) == list(whole)
