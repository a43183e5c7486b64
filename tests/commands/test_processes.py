"""Frameworks, processes, exports and the look at the database from the command line."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from participation.activity.models import Delivery, DeliveryState, Job, JobState, RecordedEvent
from participation.commands.group import OUTDATED
from participation.commands.processes import BUNDLED
from participation.exports.writers import WRITERS
from participation.ideas.models import Idea
from participation.kit import clock
from participation.kit.db import db
from participation.principles.models import Framework, Principle
from participation.processes.models import Capability, Process, ProcessState
from participation.processes.queries import process_by_slug
from participation.voting.models import Tally
from tests import make


def test_a_framework_can_be_imported_again(done: Callable, database: Callable) -> None:
    for _ in range(2):
        assert done("framework", "import", str(BUNDLED)) == (
            "dortmund-2020: 13 principles, 12 criteria, 4 values, 30 terms, 12 districts, 12 fields of action\n"
        )
    with database() as session:
        assert len(session.scalars(select(Principle.id)).all()) == 13


def test_a_file_that_cannot_be_read(refused: Callable, tmp_path: Path) -> None:
    missing, broken = tmp_path / "missing.yaml", tmp_path / "broken.yaml"
    broken.write_text("key: [", encoding="utf-8")
    assert refused("framework", "import", str(missing)) == f"{missing}: No such file or directory"
    assert refused("framework", "import", str(broken)).startswith("broken.yaml is neither YAML nor JSON")


def test_a_new_process_is_open_at_once(done: Callable, database: Callable) -> None:
    output = done("process", "create", "parks", "--title", "Parks", "--title-en", "Parks!", "--open-days", "7")
    until = clock.now() + timedelta(days=7)
    assert output == f"parks: open until {until:%Y-%m-%d}\n"
    with database() as session:
        process = process_by_slug(session, "parks")
        assert session.scalars(select(Framework.key)).all() == ["dortmund-2020"]
    assert process.title == process.question == {"de": "Parks", "en": "Parks!"}
    # How many points there are to give is for people to decide, on the page of the process.
    assert not process.is_open(Capability.PRIORITISE, clock.now())
    for capability in (Capability.PROPOSE, Capability.COMMENT, Capability.VOTE):
        assert process.is_open(capability, clock.now())
        assert not process.is_open(capability, until)
    assert done("process", "list") == "parks\tpublished\tpropose, comment, vote\tParks\n"


def test_a_draft_has_no_phases(done: Callable, database: Callable) -> None:
    assert done("process", "create", "parks", "--title", "Parks", "--draft") == "parks: draft\n"
    with database() as session:
        process = process_by_slug(session, "parks")
    assert (process.state, process.phases) == (ProcessState.DRAFT, ())


def test_a_process_under_another_framework(done: Callable, refused: Callable, transact: Callable) -> None:
    with transact() as session:
        make.framework(session)
    line = refused("process", "create", "parks", "--title", "Parks", "--framework", "other")
    assert line == "there is no framework 'other'; there are: sample"
    assert done("process", "create", "parks", "--title", "Parks", "--framework", "sample")


@pytest.mark.parametrize("slug", ["Parks", "a--b", "-a", "a b", "ä", "a" * 61])
def test_addresses_that_cannot_be(refused: Callable, database: Callable, slug: str) -> None:
    assert "cannot be part of an address" in refused("process", "create", "--title", "Parks", "--", slug)
    with database() as session:
        assert session.scalars(select(Process)).all() == []


def test_an_address_that_is_taken(done: Callable, refused: Callable) -> None:
    done("process", "create", "parks", "--title", "Parks")
    assert refused("process", "create", "parks", "--title", "Parks") == "there is a process 'parks' already"


@pytest.fixture
def place(transact: Callable) -> make.Place:
    """A process with an idea in a cluster behind a statement."""
    with transact() as session:
        made = make.process(session)
        idea_id = make.idea(session, made, title="More benches")
        make.votes(session, made, idea_id, agree=3, disagree=1)
        make.statement(session, made, [make.cluster(session, made, ideas=[idea_id])])
        return made


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("name", list(WRITERS))
def test_every_format_is_written(done: Callable, tmp_path: Path, name: str) -> None:
    target = tmp_path / "input"
    output = done("export", "digital", "--format", name, "--out", str(target))
    assert output == f"{target}: {target.stat().st_size} bytes\n"
    assert target.stat().st_size > 500


@pytest.mark.usefixtures("place")
def test_the_name_says_the_format(done: Callable, refused: Callable, tmp_path: Path) -> None:
    done("export", "digital", "--out", str(tmp_path / "input.JSON"), "--language", "en")
    document = json.loads((tmp_path / "input.JSON").read_text(encoding="utf-8"))
    assert [idea["title"] for idea in document["ideas"]] == ["More benches"]
    assert "say which format" in refused("export", "digital", "--out", str(tmp_path / "input.odt"))


@pytest.mark.usefixtures("place")
def test_how_csv_is_written_and_the_number_of_the_paper(done: Callable, tmp_path: Path) -> None:
    heads = []
    for name, chosen in (("a", []), ("b", ["--delimiter", "comma", "--no-bom"]), ("c", ["--delimiter", ","])):
        target = tmp_path / f"{name}.csv"
        done("export", "digital", "--out", str(target), *chosen)
        heads.append(target.read_bytes().splitlines()[0])
    marked = "\ufeff".encode()
    assert [head.startswith(marked) for head in heads] == [True, False, True]
    assert [b'";"' in head for head in heads] == [True, False, False]
    assert [b'","' in head for head in heads] == [False, True, True]
    done("export", "digital", "--out", str(tmp_path / "all.zip"), "--number", "17/26")
    assert zipfile.is_zipfile(tmp_path / "all.zip")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".csv", ".csv", ".zip"]


@pytest.mark.usefixtures("place")
def test_exports_that_cannot_be(refused: Callable, tmp_path: Path) -> None:
    target = str(tmp_path / "input.csv")
    assert refused("export", "nothing", "--out", target) == "there is no process 'nothing'; there are: digital"
    assert refused("export", "digital", "--out", target, "--language", "xx").startswith("there is no language 'xx'")
    assert refused("export", "digital", "--out", str(tmp_path / "no" / "x.csv")) == f"there is no folder {tmp_path}/no"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("place")
def test_a_look_at_a_healthy_database(done: Callable) -> None:
    assert done("check") == "All is well.\n"


def test_a_look_finds_what_is_wrong(command: Callable, transact: Callable, place: make.Place) -> None:
    with transact() as session:
        (idea_id,) = session.scalars(select(Idea.id).where(Idea.process_id == place.id))
        session.execute(update(Tally).where(Tally.idea_id == idea_id).values(agree=99))
        moment = clock.now()
        event = RecordedEvent(name="Decided", payload={}, recorded_at=moment)
        session.add(event)
        session.flush()
        session.add(Delivery(event_id=event.id, handler="letters.x", state=DeliveryState.DEAD, available_at=moment))
        session.add(Job(kind="export", payload={}, state=JobState.FAILED, available_at=moment, requested_at=moment))
    result = command("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"digital: the tally of 1 ideas differs from their votes: {idea_id}",
        # The place in the list follows from the tally, so it is wrong as well.
        f"digital: 1 ideas stand elsewhere than their votes and comments say: {idea_id}",
        "1 dead deliveries to letters.x",
        "1 failed jobs: export",
    ]
    assert result.stderr == "error: 4 findings\n"


def test_an_outdated_database_is_said_to_be(app: Flask, refused: Callable, done: Callable) -> None:
    assert done("migrate") == "The database is up to date already.\n"
    with app.app_context():
        with db.engine.begin() as connection:
            versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
            connection.exec_driver_sql("DELETE FROM alembic_version")
        try:
            assert refused("check") == OUTDATED
            assert refused("work", "--once") == OUTDATED
            assert refused("serve") == OUTDATED
        finally:
            with db.engine.begin() as connection:
                for version in versions:
                    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{version}')")


def test_what_is_waiting_is_handled_once(done: Callable, transact: Callable) -> None:
    with transact() as session:
        session.execute(delete(Delivery))
        moment = clock.now()
        event = RecordedEvent(name="AccountCreated", payload={"account_id": 1}, recorded_at=moment)
        session.add(event)
        session.flush()
        handler = "participation.notifications.letters.ask_for_confirmation"
        session.add(Delivery(event_id=event.id, handler=handler, available_at=moment))
    assert done("work", "--once") == "1 handled\n"
    assert done("work", "--once") == "0 handled\n"
