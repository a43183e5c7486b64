"""The page with the files of a process: who gets in, asking, following, fetching, cancelling."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.accounts.models import SignIn
from participation.activity.models import Job
from participation.activity.worker import run_due_job
from participation.exports.jobs import EXPORT_JOB, run_export
from participation.exports.models import Export, ExportDownload, ExportState
from participation.exports.service import KEPT, MOST_WAITING
from participation.exports.writers import WRITERS
from participation.ideas.models import Idea, IdeaState
from participation.ideas.service import hide_idea
from participation.kit import clock
from participation.processes.models import RoleGrant
from tests.exports.consultation import Consultation, Transact, build, enter
from tests.pages import Page, PageClient

Database = Callable[[], AbstractContextManager[Session]]
NewClient = Callable[[], PageClient]
PAGE = "/en/desk/processes/strategy/exports"


@pytest.fixture
def made(app: Flask, transact: Transact) -> Consultation:
    """A consultation to export."""
    return build(transact)


@pytest.fixture
def staff(client: PageClient, made: Consultation, transact: Transact) -> PageClient:
    """A member of staff of the process."""
    return enter(client, transact, made.accounts["staff"])


def work(app: Flask) -> None:
    """Let the worker do what waits."""
    with app.app_context():
        while run_due_job({EXPORT_JOB: run_export}):
            pass


def ask(client: PageClient, file_format: str = "csv", **fields: Any) -> Page:
    """Ask for a file and return the list."""
    page = client.submit(
        client.get(PAGE), 'form[action="/en/desk/processes/strategy/exports"]', status=303, format=file_format, **fields
    )
    return client.follow(page)


def fetch(client: PageClient, page: Page) -> Page:
    """Press the button of the first file on the list and return the answer, read to its end."""
    answer = client.submit(page, ".export-list li:first-child form", status=200)
    assert answer.data
    answer.response.close()
    return answer


def states(page: Page) -> list[str]:
    """Return the state of each file on the list."""
    return page.texts(".export-list .badge")


def downloads(database: Database) -> int:
    """Return how many downloads have been written down."""
    with database() as session:
        return session.scalar(select(func.count()).select_from(ExportDownload)) or 0


@pytest.mark.parametrize("file_format", WRITERS)
def test_asking_following_and_fetching(
    app: Flask, made: Consultation, staff: PageClient, database: Database, file_format: str
) -> None:
    page = ask(staff, file_format, language="de")
    assert states(page) == ["Waiting"]
    assert page.select("[data-polled-busy]")
    assert "Refresh the list" in page.links()
    work(app)
    page = staff.get(PAGE)
    assert states(page) == ["Ready"]
    assert page.select("[data-polled-busy]") == []
    assert page.texts(".export-list h3") == [f"{WRITERS[file_format].label}, Deutsch"]
    with database() as session:
        export = session.scalars(select(Export)).one()
    assert "Nobody has fetched it yet." in page.text
    answer = fetch(staff, page)
    [path] = Path(app.config["EXPORT_DIR"]).iterdir()
    assert (path.name, answer.data) == (f"{export.public_id}.{WRITERS[file_format].extension}", path.read_bytes())
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={export.file_name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].split(";")[0] == WRITERS[file_format].mimetype.split(";")[0]
    assert downloads(database) == 1
    page = staff.get(PAGE)
    assert page.texts(".export-list summary", seen=True) == ["Checksum", "Fetched 1 time"]
    assert page.texts(".export-list details li")[0].startswith("staff@example.org on ")


def test_a_file_that_may_hold_what_was_taken_back_says_so(
    app: Flask, made: Consultation, staff: PageClient, transact: Transact
) -> None:
    ask(staff)
    work(app)
    assert states(staff.get(PAGE)) == ["Ready"]
    with transact() as session:
        idea_id = session.scalars(select(Idea.id).where(Idea.state == IdeaState.PUBLISHED).limit(1)).one()
        hide_idea(session, SYSTEM, idea_id=idea_id, now=clock.now())
    assert states(staff.get(PAGE)) == ["Ready", "Out of date"]
    ask(staff)
    work(app)
    assert states(staff.get(PAGE)) == ["Ready", "Ready", "Out of date"]


def test_options_reach_the_file(app: Flask, made: Consultation, staff: PageClient, database: Database) -> None:
    page = staff.get(PAGE)
    assert page.select("#number")[0].get("value") == ""
    ask(staff, "csv", delimiter=",", bom=None, number="  Drs.  17/26 ")
    ask(staff, "json")
    work(app)
    with database() as session:
        exports = session.scalars(select(Export).order_by(Export.id)).all()
    assert [export.options for export in exports] == [
        {"delimiter": ",", "bom": False, "number": "Drs. 17/26"},
        {"delimiter": ";", "bom": True, "number": ""},
    ]
    content = (Path(app.config["EXPORT_DIR"]) / f"{exports[0].public_id}.csv").read_bytes()
    assert content.splitlines()[0].startswith(b'"Statement: No.","Statement: ID"')


def test_nothing_asked_for_yet(staff: PageClient) -> None:
    page = staff.get(PAGE)
    assert page.h1 == "Strategy input as a file"
    assert page.one(".empty-state__title") == "No file has been asked for yet."
    german = staff.get(PAGE.replace("/en/", "/de/"))
    assert german.select("select option[selected]")[0].get("value") == "de"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(app: Flask, made: Consultation, staff: PageClient, count: int) -> None:
    for file_format in list(WRITERS)[:count]:
        ask(staff, file_format)
    work(app)
    assert states(staff.get(PAGE, budget=8)) == ["Ready"] * count


@pytest.mark.parametrize("who", ["colleague", "admin"])
def test_staff_share_their_files(
    app: Flask,
    made: Consultation,
    staff: PageClient,
    new_client: NewClient,
    transact: Transact,
    database: Database,
    who: str,
) -> None:
    ask(staff)
    work(app)
    other = enter(new_client(), transact, made.accounts[who])
    page = other.get(PAGE)
    assert page.texts(".export-list .muted")[0].startswith("staff@example.org asked for it")
    fetch(other, page)
    assert downloads(database) == 1


@pytest.mark.parametrize("who", ["resident", "moderator", "stranger"])
def test_nobody_else_gets_in(
    app: Flask,
    made: Consultation,
    staff: PageClient,
    new_client: NewClient,
    transact: Transact,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    page = ask(staff)
    cancel = page.form(".export-list form").get("action")
    work(app)
    download = staff.get(PAGE).form(".export-list form").get("action")
    other = enter(new_client(), transact, made.accounts[who])
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    other.get(PAGE, status=403)
    for address in (PAGE, cancel, download):
        other.post(address, {"format": "csv", "language": "en"}, status=403)
    with database() as session:
        assert len(session.scalars(select(Export)).all()) == 1
    assert downloads(database) == 0


def test_staff_of_another_process_find_nothing_through_their_own(
    app: Flask,
    made: Consultation,
    staff: PageClient,
    new_client: NewClient,
    transact: Transact,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(staff)
    work(app)
    download = staff.get(PAGE).form(".export-list form").get("action").replace("strategy", "other")
    stranger = enter(new_client(), transact, made.accounts["stranger"])
    assert stranger.get("/en/desk/processes/other/exports").texts(".export-list li") == []
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for address in (download, f"{download}/cancel"):
        stranger.post(address, status=404)


def test_whoever_is_not_signed_in_is_asked_to(client: PageClient, made: Consultation) -> None:
    assert "/sign-in" in str(client.get(PAGE, status=302).location)


def test_permission_is_asked_again_at_the_download(
    app: Flask, made: Consultation, staff: PageClient, transact: Transact, database: Database
) -> None:
    ask(staff)
    work(app)
    page = staff.get(PAGE)
    with transact() as session:
        session.execute(update(RoleGrant).values(ended_at=clock.now()))
    staff.submit(page, ".export-list form", status=403)
    assert downloads(database) == 0


def test_an_address_alone_opens_nothing(
    app: Flask,
    made: Consultation,
    staff: PageClient,
    new_client: NewClient,
    transact: Transact,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(staff)
    work(app)
    page = staff.get(PAGE)
    address = page.form(".export-list form").get("action")
    staff.get(address, status=405)
    fetch(staff, page)
    with transact() as session:
        session.execute(delete(SignIn).where(SignIn.account_id == made.accounts["staff"]))
    # What was sent once, sent again from the same browser, and from another one: who it is is looked up each time.
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for client in (staff, new_client()):
        assert client.post(address, status=401).h1 == "Please sign in"
    assert downloads(database) == 1


def test_a_file_is_handed_out_whole_and_kept_by_nobody(app: Flask, made: Consultation, staff: PageClient) -> None:
    ask(staff)
    work(app)
    address = staff.get(PAGE).form(".export-list form").get("action")
    token = staff.get(PAGE).select(".export-list input[name=csrf_token]")[0].get("value")
    [path] = Path(app.config["EXPORT_DIR"]).iterdir()
    asked = {"Range": "bytes=0-9", "If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    answer = staff.flask.post(address, data={"csrf_token": token}, headers=asked)
    assert (answer.status_code, answer.data) == (200, path.read_bytes())
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not {"ETag", "Last-Modified", "Accept-Ranges"} & {name for name, _value in answer.headers}
    answer.close()


def test_cancelling(app: Flask, made: Consultation, staff: PageClient) -> None:
    page = ask(staff)
    page = staff.follow(staff.submit(page, ".export-list form", press="Cancel", status=303))
    assert states(page) == ["Cancelled"]
    assert page.select(".export-list form") == []
    work(app)
    assert states(staff.get(PAGE)) == ["Cancelled"]


def test_cancelling_too_late_says_so(app: Flask, made: Consultation, staff: PageClient) -> None:
    page = ask(staff)
    work(app)
    answer = staff.submit(page, ".export-list form", press="Cancel", status=403)
    assert "nothing to cancel" in answer.text


def test_a_file_that_is_gone(
    app: Flask, made: Consultation, staff: PageClient, transact: Transact, database: Database
) -> None:
    ask(staff)
    work(app)
    page = staff.get(PAGE)
    for path in Path(app.config["EXPORT_DIR"]).iterdir():
        path.unlink()
    staff.submit(page, ".export-list form", status=404)
    assert downloads(database) == 0
    with transact() as session:
        session.execute(update(Export).values(expires_at=clock.now() - KEPT))
    assert states(staff.get(PAGE)) == ["Deleted"]
    gone = staff.submit(page, ".export-list form", status=410)
    assert "time was over" in gone.one(".alert--error")
    assert gone.select(f'form[action="{PAGE}"]')


def test_what_went_wrong_is_said(app: Flask, made: Consultation, staff: PageClient, transact: Transact) -> None:
    ask(staff)
    with transact() as session:
        session.execute(update(Export).values(failure="no_space"))
    assert "The last try did not work. It is tried again." in staff.get(PAGE).text
    with transact() as session:
        session.execute(update(Export).values(state=ExportState.FAILED))
    page = staff.get(PAGE)
    assert states(page) == ["Failed"]
    assert "The file could not be stored." in page.text


def test_progress_is_shown(app: Flask, made: Consultation, staff: PageClient, transact: Transact) -> None:
    ask(staff)
    assert states(staff.get(PAGE)) == ["Waiting"]
    with transact() as session:
        session.execute(update(Job).values(progress=12_500))
        session.execute(update(Export).values(expected=50_000))
    page = staff.get(PAGE)
    assert states(page) == ["Being read"]
    assert page.texts(".progress *")[::2] == ["Step 1 of 2: the data is read", "12,500 of 50,000 rows read and written"]
    bar = page.select("progress")[0]
    assert (bar.get("value"), bar.get("max")) == ("12500", "50000")
    with transact() as session:
        session.execute(update(Job).values(progress=60_000))
        session.execute(update(Export).values(read_at=clock.now()))
    page = staff.get(PAGE)
    assert states(page) == ["Being written"]
    assert page.texts(".progress *")[::2] == [
        "Step 2 of 2: the file is written",
        "50,000 of 50,000 rows read and written",
    ]


@pytest.mark.parametrize(
    "wrong", [{"format": "exe"}, {"format": None}, {"language": "xx"}, {"language": None}, {"format": "\0"}]
)
def test_a_wrong_choice_is_refused(
    app: Flask, made: Consultation, staff: PageClient, database: Database, wrong: dict[str, Any]
) -> None:
    page = staff.get(PAGE)
    form = f'form[action="{PAGE}"]'
    gone = {name: None for name, value in wrong.items() if value is None}
    forged = {name: value for name, value in wrong.items() if value is not None}
    answer = staff.submit(page, form, status=422, forge=forged, **gone)
    assert answer.errors
    with database() as session:
        assert session.scalars(select(Export)).all() == []


def test_too_many_at_once(app: Flask, made: Consultation, staff: PageClient) -> None:
    for file_format in list(WRITERS)[:MOST_WAITING]:
        ask(staff, file_format)
    page = staff.submit(staff.get(PAGE), f'form[action="{PAGE}"]', status=422, language="de")
    assert page.errors == ["Several of your exports are not finished yet. Please wait for them or cancel one."]


def test_unknown_things(made: Consultation, staff: PageClient, monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    staff.get("/en/desk/processes/nowhere/exports", status=404)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    staff.post(f"{PAGE}/unknown", status=404)
    staff.post(f"{PAGE}/unknown/cancel", status=404)
    staff.get(f"{PAGE}/unknown", status=405)


def test_old_exports_leave_the_list(made: Consultation, staff: PageClient, transact: Transact) -> None:
    with transact() as session:
        for number in range(31):
            session.add(
                Export(
                    public_id=f"old-{number}",
                    process_id=made.process_id,
                    format="csv",
                    language="en",
                    requested_by=made.accounts["staff"],
                    requested_at=clock.now() - timedelta(days=30 + number),
                    state=ExportState.CANCELLED,
                )
            )
    page = staff.get(PAGE)
    assert len(page.select(".export-list__entry")) == 30
    assert "Older exports are not listed." in page.text
