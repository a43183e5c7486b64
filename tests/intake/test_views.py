"""The pages of imports: uploading, looking, trying out, importing, calling off, and keeping column mappings."""

import io
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.activity.models import LogEntry
from participation.activity.worker import run_due_job
from participation.ideas.models import Idea, IdeaState
from participation.intake.jobs import INTAKE_JOB, run_intake
from participation.intake.models import ColumnMapping, IntakeRun, IntakeState
from participation.voting.models import Tally
from tests import make
from tests.conftest import Sessions
from tests.intake import platform_files as files
from tests.make import Place
from tests.pages import Page, PageClient

HERE = "/en/desk/processes/{}/imports"
UPLOAD, FORM = "form[enctype]", "form.form--wide"
OWN = "Nr;Überschrift;Wunsch;Wer\n1;Radweg;Am Wall fehlt ein Radweg.;a\n2;;\x07;b\n3;<b>Bank</b>;=cmd|x;c\n"


@pytest.fixture
def staff(member: Callable[..., PageClient], place: Place) -> PageClient:
    """A member of staff of the process."""
    return member(Role.STAFF, process_id=place.id)


@pytest.fixture(autouse=True)
def nothing_left(app: Flask) -> None:
    """Databases of tests are fresh, their folders are not."""
    for path in kept(app):
        path.unlink()


def send(client: PageClient, place: Place, content: str | bytes, name: str = "a.csv", **fields: Any) -> Page:
    """Upload a file and return the answer."""
    data = content if isinstance(content, bytes) else content.encode()
    page = client.get(HERE.format(place.slug))
    return client.submit(page, UPLOAD, file=(io.BytesIO(data), name), **fields)


def opened(client: PageClient, place: Place, content: str | bytes, name: str = "a.csv", **fields: Any) -> Page:
    """Upload a file and return the page about it."""
    return client.follow(send(client, place, content, name, **fields))


def work(app: Flask) -> None:
    """Let the worker do what waits."""
    with app.app_context():
        while run_due_job({INTAKE_JOB: run_intake}):
            pass


def kept(app: Flask) -> list[Path]:
    """Return the uploaded files that are still there."""
    return sorted(Path(app.config["IMPORT_DIR"]).glob("*"))


def figures(page: Page) -> dict[str, str]:
    """Return the figures of the report by label."""
    return dict(zip(page.texts(".stat__label"), page.texts(".stat__value"), strict=True))


def test_an_export_is_recognised_tried_out_and_imported_once(
    app: Flask, place: Place, staff: PageClient, database: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    page = opened(staff, place, files.DECIDIM_PROPOSALS, "proposals.csv")
    assert page.h1 == "Import of proposals.csv"
    assert "This looks like an export: Decidim: proposals." in page.one(".alert--info")
    assert stat.S_IMODE(kept(app)[0].stat().st_mode) == 0o600
    waiting = staff.follow(staff.submit(page, FORM, press="try", status=303))
    assert waiting.select("progress")
    assert waiting.select("[data-polled-busy]")
    work(app)
    tried = staff.get(waiting.url)
    expected = {"Rows read": "5", "Could be added": "2", "Already there": "0", "Refused": "0"}
    assert figures(tried) == expected
    assert tried.texts("#left-out + div li") == [
        "Changes to other proposals: 1",
        "Rejected there: 1",
        "Withdrawn there: 1",
    ]
    with database() as session:
        assert session.scalars(select(Idea.id)).all() == []
    staff.submit(tried, FORM, press="import", status=303, takes_left_out=True)
    work(app)
    done = staff.get(waiting.url)
    assert figures(done) == {"Rows read": "5", "Added": "5", "Already there": "0", "Refused": "0"}
    assert done.select(FORM) == []
    assert kept(app) == []
    with database() as session:
        ideas = {idea.external_id: idea for idea in session.scalars(select(Idea))}
        run = session.scalars(select(IntakeRun)).one()
        actions = list(
            session.scalars(select(LogEntry.action).where(LogEntry.action.like("Intake%")).order_by(LogEntry.id))
        )
    assert {key: idea.state for key, idea in ideas.items() if idea.state is IdeaState.HIDDEN}.keys() == {"104"}
    assert (ideas["101"].source_url, ideas["102"].source_url) == (
        "https://decidim.example.org/f/12/proposals/101",
        None,
    )
    assert (ideas["102"].language, run.state) == ("en", IntakeState.DONE)
    assert actions == ["IntakeUploaded", *["IntakeStarted", "IntakeFinished"] * 2]
    assert "Bänke" not in json.dumps(run.report, ensure_ascii=False) + caplog.text
    shown = staff.get(f"/en/processes/{place.slug}/ideas/{ideas['101'].id}")
    link = shown.select('a[href="https://decidim.example.org/f/12/proposals/101"]')[0]
    assert (link.text, link.get("rel")) == ("decidim.example.org", "nofollow ugc noopener noreferrer")
    again = opened(staff, place, files.DECIDIM_PROPOSALS.replace("Park", "Garten"), "proposals.csv")
    staff.submit(again, FORM, press="import", status=303)
    work(app)
    page = staff.get(again.url)
    assert figures(page)["Already there"] == "2"
    assert "1 of the rows that are already there has another text here." in page.one(".alert--warning")
    assert page.status == staff.get(HERE.format(place.slug), budget=7).status


def test_columns_are_chosen_by_hand_saved_and_offered_again(
    app: Flask, place: Place, staff: PageClient, database: Sessions
) -> None:
    page = opened(staff, place, OWN.replace("Überschrift", "Über").replace("Wunsch", "Was"))
    assert page.texts("#first-rows-caption ~ tbody td")[:3] == ["Radweg", "Am Wall fehlt ein Radweg.", "a"]
    refused = staff.submit(page, FORM, press="import", status=422)
    assert refused.errors or "Please say in which column" in refused.one(".error-summary, [data-error-summary]")
    chosen = {"column_title": "Über", "column_text": "Was", "column_more": "Wer"}
    page = staff.submit(refused, FORM, press="save", status=422, **chosen)
    assert page.select('option[selected][value="Was"]')
    saved = staff.follow(staff.submit(page, FORM, press="save", status=303, mapping_name=" Survey <b> ", **chosen))
    assert saved.select('option[selected][value="Wer"]')
    staff.submit(saved, FORM, press="import", status=303)
    work(app)
    done = staff.get(saved.url.partition("?")[0])
    assert figures(done) == {"Rows read": "3", "Added": "2", "Already there": "0", "Refused": "1"}
    assert done.texts("#refused-caption ~ tbody td") == ["the text contains control characters"]
    with database() as session:
        assert set(session.scalars(select(Idea.text))) == {"Am Wall fehlt ein Radweg.\n\na", "=cmd|x\n\nc"}
        assert "".join(session.scalars(select(Idea.title))).count("<b>") == 1
    # The next file with these columns needs no hand.
    page = opened(staff, place, "Nr;Über;Was;Wer\n7;x;y;z\n", name="../../<svg onload=x>.csv")
    assert page.h1 == "Import of <svg onload=x>.csv"
    assert page.select('option[selected][value="Über"]')
    assert "Survey <b>" in page.links()
    mappings = staff.get("/en/desk/column-mappings", budget=4)
    assert mappings.texts("h2") == ["Survey <b>"]
    staff.submit(mappings, 0, status=303, name="Yearly survey")
    mappings = staff.get("/en/desk/column-mappings")
    assert mappings.texts("h2") == ["Yearly survey"]
    staff.follow(staff.submit(mappings, 0, status=303, name=" "))
    staff.submit(mappings, ".post-button", status=303)
    with database() as session:
        assert session.scalars(select(ColumnMapping)).all() == []
        actions = session.scalars(
            select(LogEntry.action).where(LogEntry.action.like("Mapping%")).order_by(LogEntry.id)
        ).all()
    assert actions == ["MappingSaved", "MappingRenamed", "MappingDeleted"]


def test_discussions_and_votes_follow_their_ideas(
    app: Flask, place: Place, staff: PageClient, database: Sessions
) -> None:
    for content in (files.POLIS_COMMENTS, files.POLIS_ACROSS, files.POLIS_VOTES, files.POLIS_ACROSS):
        staff.submit(opened(staff, place, content), FORM, press="import", status=303)
        work(app)
    for content in (files.ADHOCRACY_IDEAS, files.ADHOCRACY_COMMENTS):
        page = opened(staff, place, content)
        staff.submit(page, FORM, press="import", status=303)
        work(app)
    assert figures(staff.get(page.url))["Added"] == "2"
    with database() as session:
        runs = session.scalars(select(IntakeRun).order_by(IntakeRun.id)).all()
        rows = session.execute(select(Idea.external_id, Tally).join(Tally, Tally.idea_id == Idea.id)).all()
    named = [[run.report[name] for name in ("added", "changed", "present", "refused")] for run in runs]
    # Statement 2 was moderated out, so nobody finds it; a dated vote counts more than one that is not.
    assert named == [[2, 0, 0, 1], [3, 0, 0, 0], [0, 0, 3, 0], [0, 0, 3, 0], [1, 0, 0, 0], [2, 0, 0, 0]]
    assert {key: (tally.agree, tally.unsure, tally.disagree) for key, tally in rows} == {"0": (1, 0, 0), "1": (0, 1, 1)}
    other = files.POLIS_COMMENTS.replace("Weniger Lärm", "Etwas ganz anderes")
    page = opened(staff, place, other)
    staff.submit(page, FORM, press="import", status=303)
    work(app)
    assert "the process has another text under the id 0" in staff.get(page.url).one(".alert--error")
    assert kept(app) == []


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("", "empty.csv", "empty.csv is empty"),
        (b"%PDF-1.7 and more", "a.csv", "a.csv is a PDF file, no table"),
        (b"PK\x03\x04 nothing", "a.xlsx", "a.xlsx is a broken archive"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "a.xls", "a.xls is in Excel's old format"),
        ("\n\n", "a.csv", "there is no row with column names"),
        ("small;enough", "a.csv", "a.csv is bigger than 0 MB"),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(
    app: Flask,
    place: Place,
    staff: PageClient,
    monkeypatch: pytest.MonkeyPatch,
    content: str | bytes,
    name: str,
    sentence: str,
) -> None:
    monkeypatch.setitem(app.config, "IMPORT_MEGABYTES", 0 if "0 MB" in sentence else 32)
    page = send(staff, place, content, name)
    assert page.status == 422
    assert sentence in page.one(".field__error")
    assert kept(app) == []


def test_only_staff_send_more_than_others(
    app: Flask,
    place: Place,
    staff: PageClient,
    client: PageClient,
    member: Callable[..., PageClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 20_000)
    big = b"title\n" + b"word\n" * 10_000
    address = HERE.format(place.slug)
    for other in (client, member(email="resident@example.org"), member(Role.MODERATOR)):
        sent = {"file": (io.BytesIO(big), "a.csv")}
        assert other.post(address, sent, content_type="multipart/form-data").status == 413
    assert send(staff, place, big).status == 303
    monkeypatch.setitem(app.config, "IMPORT_MEGABYTES", 0)
    assert send(staff, place, big * 7).status == 413


def test_calling_off_keeps_the_file_of_a_trial_only(
    app: Flask, place: Place, staff: PageClient, database: Sessions
) -> None:
    page = opened(staff, place, OWN)
    running = staff.follow(staff.submit(page, FORM, press="try", status=303))
    back = staff.follow(staff.submit(running, ".post-button", status=303))
    assert back.select(FORM)
    assert len(kept(app)) == 1
    running = staff.follow(staff.submit(back, FORM, press="import", status=303))
    forged = staff.submit(back, FORM, press="import")
    assert (forged.status, "being read already" in forged.text) == (422, True)
    staff.submit(running, ".post-button", status=303)
    work(app)
    assert kept(app) == []
    with database() as session:
        assert session.scalars(select(IntakeRun.state)).one() is IntakeState.CANCELLED
        assert session.scalars(select(Idea.id)).all() == []
    over = staff.get(running.url)
    assert over.texts("main .badge") == ["Cancelled"]
    assert staff.submit(running, ".post-button").status == 403


def test_imports_belong_to_the_staff_of_one_process(
    place: Place, staff: PageClient, member: Callable[..., PageClient], transact: Sessions
) -> None:
    page = opened(staff, place, OWN)
    with transact() as session:
        other = make.process(session, "other")
        make.column_mapping(session)
    path = page.url.removeprefix("http://localhost")
    stranger, moderator = member(Role.STAFF, process_id=other.id), member(Role.MODERATOR, process_id=place.id)
    assert stranger.get(path, status=403)
    assert stranger.get(path.replace(place.slug, other.slug), status=404)
    assert moderator.get(path, status=403)
    assert moderator.get("/en/desk/column-mappings", status=403)
    assert stranger.get("/en/desk/column-mappings").texts("h2") == ["Survey"]
    assert staff.get(f"{path}?kind=nonsense", status=400)
    assert staff.get(f"{path}?mapping=nonsense", status=404)
    assert staff.get(f"{path}?kind=votes").one("#columns ~ form h2, #columns") == "What is taken from it"
