"""The desk's pages about one statement: quotes, sign-off, what a colleague did meanwhile, withdrawing, the inbox."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.activity.worker import work_once
from participation.handlers import JOBS
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.strategy.models import Statement, StatementState
from participation.strategy.statements.content import content_in_force
from participation.strategy.statements.losses import review_sources
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital/statements"
SENTENCES = ["Trees give shade.", "Plant them in every street."]
TEXT = " ".join(SENTENCES)
BUDGETS = {"": 32, "/quotes": 9, "/quotes?idea={idea}": 11, "/sign-off": 21, "/revisions": 9, "/withdraw": 5}


@pytest.fixture
def ids(transact: Sessions) -> Mapping[str, int]:
    """Return a draft on a theme with one idea that has a comment, and its writer's process."""
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title="More trees", body=TEXT)
        comment = make.comment(session, place, idea, body="Benches, too, please")
        theme = make.cluster(session, place, ideas=[idea])
        statement = make.statement(session, place, [theme], published=False)
        return {"place": place.id, "idea": idea, "comment": comment, "theme": theme, "statement": statement}


def quotes_in(database: Sessions, statement_id: int) -> int:
    """Return how many quotes a draft has."""
    with database() as session:
        return len(content_in_force(session, session.get_one(Statement, statement_id)).quotes)


def test_words_are_quoted_by_pasting_them(member: Member, database: Sessions, ids: Mapping[str, int]) -> None:
    writer = member(Role.STAFF, process_id=ids["place"])
    url = f"{DESK}/{ids['statement']}/quotes"
    page = writer.get(f"{url}?q=shade")
    assert list(page.links("#ideas ~ ol a").values()) == [f"{url}?idea={ids['idea']}#source"]
    assert "No idea of these themes" in writer.get(f"{url}?q=nothinglikethis").text
    page = writer.get(f"{url}?idea={ids['idea']}")
    answer = writer.submit(page, "quote-form", words="Plant them in each street", status=422)
    assert answer.errors == ["Words to quote: These words do not stand in the original like this."]
    assert "Plant them in" in answer.one("#difference q")
    assert answer.texts("#difference ins") == ["every street."]
    assert answer.texts("#difference del") == ["each street"]
    assert answer.one("[name=words]") == "Plant them in each street"
    for words in ("every street", "Benches, too"):
        page = writer.follow(writer.submit(page, "quote-form", words=words, status=303))
    assert page.texts(".quotation__words") == ["every street", "Benches, too"]
    page = writer.follow(writer.submit(page, "raise-2", status=303))
    assert page.texts(".quotation__words") == ["Benches, too", "every street"]
    page = writer.follow(writer.submit(page, "remove-1", status=303))
    assert page.texts(".quotation__words") == ["every street"]
    assert quotes_in(database, ids["statement"]) == 1


def test_words_are_quoted_by_ticking_sentences(member: Member, database: Sessions, ids: Mapping[str, int]) -> None:
    writer = member(Role.STAFF, process_id=ids["place"])
    url = f"{DESK}/{ids['statement']}/quotes?idea={ids['idea']}"
    page = writer.get(url)
    assert page.texts(".quote-passages label") == ["More trees", *SENTENCES, "Benches, too, please"]
    own = f"idea-{ids['idea']}"
    for ticked, words in (((0,), "More trees"), ((0, 1), SENTENCES[0]), ((1, 2), TEXT), ((77,), "")):
        page = writer.get(url + "".join(f"&passage={own}-{number}" for number in ticked))
        assert page.one("[name=words]") == words
    assert quotes_in(database, ids["statement"]) == 0


def test_a_colleagues_change_is_shown_and_nothing_is_lost(
    member: Member, database: Sessions, ids: Mapping[str, int]
) -> None:
    mine = member(Role.STAFF, process_id=ids["place"])
    theirs = member(Role.MODERATOR, process_id=ids["place"])
    page = mine.get(f"{DESK}/{ids['statement']}")
    theirs.submit(theirs.get(f"{DESK}/{ids['statement']}"), "statement-form", text_en="Theirs", status=303)
    answer = mine.submit(page, "statement-form", text_en="Mine", status=409)
    assert (answer.one("[name=text_en]"), "Theirs" in answer.one("#theirs")) == ("Mine", True)
    mine.submit(answer, "statement-form", status=303)
    with database() as session:
        assert session.get_one(Statement, ids["statement"]).text["en"] == "Mine"


def test_sending_back_and_signing_off_tell_those_who_wait(
    app: Flask, member: Member, database: Sessions, ids: Mapping[str, int]
) -> None:
    writer = member(Role.STAFF, process_id=ids["place"], email="one@example.org")
    signer = member(Role.MODERATOR, process_id=ids["place"], email="two@example.org")
    url = f"{DESK}/{ids['statement']}"
    page = writer.follow(writer.submit(writer.get(url), "statement-form", text_en="The city plants trees", status=303))
    writer.submit(page, 'form[action$="/submit"]', status=303)
    _deliver(app)
    assert "Statement 1 waits for somebody to sign it off" in signer.get("/en/my/inbox").text
    signer.submit(signer.get(f"{url}/sign-off"), "send-back-form", remark="", status=422)
    signer.submit(signer.get(f"{url}/sign-off"), "send-back-form", remark="Name the streets", status=303)
    _deliver(app)
    inbox = writer.get("/en/my/inbox").text
    assert "Your statement 1 came back" in inbox
    assert "Name the streets" in inbox
    page = writer.get(url)
    assert "Name the streets" in page.one("main")
    writer.submit(page, 'form[action$="/submit"]', status=303)
    page = signer.get(f"{url}/sign-off")
    assert writer.get(f"{url}/sign-off").select("#sign-off-form") == []
    token = page.one("#sign-off-form [name=csrf_token]")
    assert token is not None
    page = signer.submit(page, "sign-off-form", seen="", status=409)
    assert "Please read it again" in page.text
    signer.submit(page, "sign-off-form", status=303)
    with database() as session:
        assert session.get_one(Statement, ids["statement"]).state is StatementState.PUBLISHED
    page = signer.get(f"{url}/revisions")
    assert page.texts("h2")[:2] == ["Revision 3", "Revision 2"]


def test_a_lost_source_reaches_the_desk_and_the_public_page(
    app: Flask, client: PageClient, member: Member, transact: Sessions, ids: Mapping[str, int]
) -> None:
    writer = member(Role.STAFF, process_id=ids["place"], email="one@example.org")
    signer = member(Role.MODERATOR, process_id=ids["place"], email="two@example.org")
    url, public = f"{DESK}/{ids['statement']}", f"/en/processes/digital/statements/{ids['statement']}"
    page = writer.get(f"{url}/quotes?idea={ids['idea']}")
    writer.submit(page, "quote-form", words="in every street", status=303)
    writer.submit(writer.get(url), 'form[action$="/submit"]', status=303)
    signer.submit(signer.get(f"{url}/sign-off"), "sign-off-form", status=303)
    assert client.get(public).texts(".quotation__words") == ["in every street"]
    with transact() as session:
        session.get_one(Idea, ids["idea"]).state = IdeaState.HIDDEN
    # At once, before anything was written down about it.
    page = client.get(public)
    assert page.texts(".quotation__words") == []
    assert f"Idea {ids['idea']} is not public any more" in page.one(".tombstones")
    assert "street" not in page.one("main")
    with transact() as session:
        review_sources(session, now=clock.now())
    _deliver(app)
    for person in (writer, signer):
        assert "Statement 1 lost a source and has to be signed off anew" in person.get("/en/my/inbox").text
    page = writer.get(url)
    assert "This has to be signed off anew" in page.one("main")
    answer = writer.submit(page, 'form[action$="/submit"]', status=403)
    assert "Quote 1 cannot be read in its original any more" in answer.text


def test_a_withdrawn_statement_says_why(client: PageClient, member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        theme = make.cluster(session, place, ideas=[make.idea(session, place)])
        public, draft = (make.statement(session, place, [theme], published=state) for state in (True, False))
    author = member(Role.STAFF, process_id=place.id)
    for statement in (public, draft):
        page = author.get(f"{DESK}/{statement}/withdraw")
        author.submit(page, press="Withdraw the statement", reason_en="", status=422)
        author.submit(page, press="Withdraw the statement", reason_en="It says too much", status=303)
        assert author.get(f"{DESK}/{statement}").select("#statement-form") == []
    assert "It says too much" in client.get(place.url(f"/statements/{public}", language="en")).one("main")
    client.get(place.url(f"/statements/{draft}", language="en"), status=404)
    listed = client.get(place.url("/statements", language="en"))
    assert listed.texts("#withdrawn ~ ul a") == ["Statement 1"]


@pytest.mark.parametrize("number", [1, 3])
def test_query_budgets(member: Member, transact: Sessions, number: int) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(number)]
        for idea in ideas:
            make.comment(session, place, idea)
        themes = [make.cluster(session, place, ideas=ideas) for _ in range(number)]
        statements = [make.statement(session, place, themes) for _ in range(number)]
        submitted = make.submitted_statement(session, place, themes)
    author = member(Role.MODERATOR, process_id=place.id)
    for statement in (statements[0], submitted):
        for part, budget in BUDGETS.items():
            author.get(f"{DESK}/{statement}{part.format(idea=ideas[0])}", budget=budget)
    author.get(DESK, budget=10)


def test_nobody_else_gets_in(member: Member, client: PageClient, transact: Sessions, ids: Mapping[str, int]) -> None:
    with transact() as session:
        elsewhere = make.process(session, "elsewhere").id
    resident, outsider = member(), member(Role.STAFF, process_id=elsewhere)
    for part in BUDGETS:
        for person in (resident, outsider):
            person.get(f"{DESK}/{ids['statement']}{part.format(**ids)}", status=403)
        outsider.get(f"/en/desk/processes/elsewhere/statements/{ids['statement']}{part.format(**ids)}", status=404)
    assert client.get(f"{DESK}/{ids['statement']}/sign-off", status=302).location
    values: dict[str, Any] = {"before": "x", "idea": "-1"}
    author = member(Role.STAFF, process_id=ids["place"])
    for name, value in values.items():
        author.get(f"{DESK}/{ids['statement']}/quotes?{name}={value}", status=400)
    author.get(f"{DESK}/{ids['statement']}/quotes?idea={10**6}", status=404)


def test_lists_leave_nothing_public_of_a_draft(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        theme = make.cluster(session, place, ideas=[make.idea(session, place)])
        draft = make.statement(session, place, [theme], words="Secret words", published=False)
        assert session.scalars(select(Statement.state)).one() is StatementState.DRAFT
    assert "Secret words" not in client.get(place.url("/statements")).text
    client.get(place.url(f"/statements/{draft}"), status=404)


def _deliver(app: Flask) -> None:
    with app.app_context():
        while work_once(JOBS):
            pass
