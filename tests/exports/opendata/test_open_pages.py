"""The pages of open data, its files as they are sent, and the records: who gets what, and what stays shut."""

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from rdflib import Graph
from rdflib.namespace import DCAT
from sqlalchemy import update

from participation.accounts.actor import Role
from participation.activity.worker import run_due_job
from participation.exports.opendata.jobs import OPEN_DATA_JOB, renew_releases, run_release
from participation.processes.models import DataLicence, Process, ProcessState
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
PAGE_BUDGET, CATALOGUE_BUDGET, FILE_BUDGET = 5, 4, 3


@pytest.fixture
def offered(app: Flask, transact: Sessions) -> make.Place:
    """A process whose data is offered, and a draft beside it."""
    with transact() as session:
        place = make.process(session)
        make.idea(session, place, title="Brunnen")
        make.process(session, "draft", state=ProcessState.DRAFT)
    write_releases(app)
    return place


def write_releases(app: Flask) -> None:
    """Let the worker write what is due."""
    with app.app_context():
        renew_releases(lambda: None)
        while run_due_job({OPEN_DATA_JOB: run_release}):
            pass


@pytest.fixture
def fetch(client: PageClient) -> Iterator[Callable[..., Page]]:
    """Get what is sent as a file, and close it in the end."""
    pages: list[Page] = []

    def get(address: str, **options: object) -> Page:
        pages.append(client.get(address, **options))  # type: ignore[arg-type]  # passed on
        return pages[-1]

    yield get
    for page in pages:
        page.response.close()


def test_the_page_shows_all_that_is_needed(
    app: Flask, offered: make.Place, client: PageClient, transact: Sessions
) -> None:
    page = client.get(offered.url("/data", language="en"), budget=PAGE_BUDGET)
    assert page.texts("h1") == ["Open data"]
    assert "Release 1" in page.texts("h2")
    links = page.links()
    assert links["ideas.csv"] == "/en/processes/digital/data/1/ideas.csv"
    assert links["RDF/XML"] == "/en/processes/digital/data/record.rdf"
    assert links["Data licence Germany – attribution – version 2.0"] == "https://www.govdata.de/dl-de/by-2-0"
    assert "Stadt Dortmund: Process digital (en). Open data, release 1, as of" in page.text
    assert page.select("#columns-ideas")
    # A sum and a name for each file; all but the ZIP have a link in the lists.
    assert len(page.texts("#checksums code")[0].split()) == 2 * (len(page.select("a[download]")) + 1)
    with transact() as session:
        session.execute(update(Process).values(data_licence=DataLicence.CC_BY))
    german = client.get(offered.url("/data"))
    assert "Creative Commons Namensnennung 4.0 International" in german.links()
    assert "So nennen Sie" not in page.text
    with transact() as session:
        for _number in range(2):
            make.idea(session, offered)
        session.execute(update(Process).values(losses=Process.losses + 1))
    waiting = client.get(offered.url("/data", language="en"))
    assert "A new release is being written." in waiting.text
    assert "Withdrawn, because something in it is not public any more" in waiting.text
    write_releases(app)
    again = client.get(offered.url("/data", language="en"), budget=PAGE_BUDGET)
    assert "Release 2" in again.texts("h2")


def test_the_catalogue_asks_as_much_for_three_as_for_one(
    app: Flask, offered: make.Place, client: PageClient, transact: Sessions
) -> None:
    page = client.get("/en/data", budget=CATALOGUE_BUDGET)
    assert page.texts("main h2") == ["Process digital (en)", "For programs"]
    client.get("/en/data/record.ttl", budget=CATALOGUE_BUDGET)
    with transact() as session:
        for slug in ("second", "third"):
            make.process(session, slug)
    write_releases(app)
    assert len(client.get("/en/data", budget=CATALOGUE_BUDGET).texts("main h2")) == 4
    record = client.get("/en/data/record.ttl", budget=CATALOGUE_BUDGET)
    assert record.text.count("a dcat:Dataset ;") == 3


def test_files_are_sent_whole_fresh_and_to_programs_elsewhere(offered: make.Place, fetch: Callable[..., Page]) -> None:
    page = fetch(offered.url("/data/1/ideas.csv"), budget=FILE_BUDGET)
    headers = page.response.headers
    assert page.text.startswith("idea_id,title,")
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == "attachment; filename=digital-1-ideas.csv"
    assert headers["Cache-Control"] == "no-cache, must-revalidate"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Link"].endswith('/de/processes/digital/data>; rel="describedby"')
    assert "Set-Cookie" not in headers
    fresh = fetch(offered.url("/data/1/ideas.csv"), status=304, headers={"If-None-Match": headers["ETag"]})
    assert fresh.data == b""
    part = fetch(offered.url("/data/1/ideas.csv"), status=206, headers={"Range": "bytes=0-6"})
    assert part.text == "idea_id"
    whole = fetch(offered.url("/data/1/digital-1.zip"))
    assert whole.data[:2] == b"PK"
    assert whole.response.headers["Content-Disposition"] == "attachment; filename=digital-1.zip"


@pytest.mark.parametrize(
    "rest",
    [
        *("/data/1/nothing.csv", "/data/2/ideas.csv", "/data/0/ideas.csv", "/data/1/", "/data/1", "/data/x/ideas.csv"),
        *("/data/1/..%2F..%2Fparticipation.sqlite", "/data/1/../1/ideas.csv%00", "/data/1/%2e%2e/%2e%2e/receipt.key"),
        *("/data/1/ideas.csv/", "/data/1/IDEAS.CSV", "/data/-1/ideas.csv", "/data/record.html", "/data/record."),
        *("/data/99999999999999999999/ideas.csv", "/data/999999999999999999/ideas.csv"),
    ],
)
def test_no_other_address_leads_to_a_file(offered: make.Place, client: PageClient, rest: str) -> None:
    assert client.get(offered.url(rest), status=None).status == 404


def test_drafts_are_for_the_desk(offered: make.Place, client: PageClient, member: Member) -> None:
    for rest in ("/data", "/data/record.ttl", "/data/1/ideas.csv"):
        client.get(f"/de/processes/draft{rest}", status=404)
    staff = member(Role.STAFF)
    page = staff.get("/en/processes/draft/data")
    assert page.texts(".empty-state__title") == ["This process offers no open data."]
    assert "draft" not in client.get("/de/data").text


def test_records_can_be_read_and_compared(offered: make.Place, client: PageClient) -> None:
    for ending, kind, media in (
        ("rdf", "xml", "application/rdf+xml"),
        ("ttl", "turtle", "text/turtle"),
    ):
        for address in (offered.url(f"/data/record.{ending}"), f"/de/data/record.{ending}"):
            page = client.get(address)
            assert page.response.headers["Content-Type"] == f"{media}; charset=utf-8"
            assert len(Graph().parse(data=page.text, format=kind)) > 50
            etag = page.response.headers["ETag"]
            # The record names the thing, so it is the same in each language.
            english = client.get(address.replace("/de/", "/en/", 1), status=304, headers={"If-None-Match": etag})
            assert english.data == b""
    assert json.loads(client.get(offered.url("/data/record.jsonld")).text)["@context"]["dcat"] == str(DCAT)


def test_an_admin_says_whether_and_how(member: Member, offered: make.Place, database: Sessions) -> None:
    admin = member(Role.ADMIN)
    page = admin.get("/en/desk/processes/digital/edit")
    admin.submit(page, press="Save", status=303, opens_data=False, data_licence="cc-by-4.0", paper_number=" 12345-27 ")
    with database() as session:
        process = session.get_one(Process, offered.id)
        assert (process.opens_data, process.data_licence, process.paper_number) == (
            False,
            DataLicence.CC_BY,
            "12345-27",
        )
    again = admin.get("/en/desk/processes/digital/edit")
    assert again.select("input[name=paper_number]")[0].get("value") == "12345-27"
    refused = admin.submit(again, press="Save", status=422, forge={"paper_number": "1" * 41})
    assert refused.select("input[name=paper_number]")[0].get("value") == "1" * 41
