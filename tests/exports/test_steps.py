"""The two steps of an export: how far it is, what stays after a failure, and what the next worker goes on from."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from participation.activity.models import Job
from participation.activity.pace import LEASE
from participation.activity.worker import run_due_job
from participation.exports import jobs
from participation.exports.files import READING
from participation.exports.jobs import EXPORT_JOB, READING_KEPT, run_export
from participation.exports.models import Export, ExportState
from participation.exports.service import cancel_export, expire_exports, request_export
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.processes.models import Process
from tests.exports.consultation import Consultation, Transact, build
from tests.exports.stuck_worker import FORMAT
from tests.live import ROOT

Database = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def made(app: Flask, transact: Transact) -> Consultation:
    """A consultation to export."""
    return build(transact)


def ask(transact: Transact, made: Consultation) -> int:
    """Ask for a file and return the number of the export."""
    with transact() as session:
        return request_export(
            session,
            made.actor("staff"),
            process_id=made.process_id,
            file_format=FORMAT,
            language="en",
            now=clock.now(),
        ).id


@pytest.fixture
def kill_a_worker(app: Flask) -> Iterator[Callable[[str], None]]:
    """Let a worker begin in a process of its own, and kill it when it has come to a stage."""
    environment = {**os.environ, "DATABASE_URL": app.config["DATABASE_URL"], "DATA_DIR": str(app.config["DATA_DIR"])}
    environment |= {"SECRET_KEY": app.config["SECRET_KEY"], "ANALYSIS": "off"}
    command = [sys.executable, "-m", "tests.exports.stuck_worker"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True, start_new_session=True
    ) as workers:
        assert workers.stdin is not None
        assert workers.stdout is not None
        told, heard = workers.stdin, workers.stdout

        def kill(stage: str) -> None:
            print(stage, file=told, flush=True)
            word, number = heard.readline().split()
            assert word == "stuck"
            os.kill(int(number), signal.SIGKILL)
            assert heard.readline() == "gone\n"

        try:
            yield kill
        finally:
            os.killpg(workers.pid, signal.SIGKILL)


def work(app: Flask) -> None:
    """Let the next worker find the job, once the claim of the dead one is over."""
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)), app.app_context():
        assert run_due_job({EXPORT_JOB: run_export}) == 1


def left(app: Flask, export: Export) -> list[str]:
    """Return what lies in the folder, without the name of the export and of the single try."""
    names = (path.name.removeprefix(export.public_id) for path in Path(app.config["EXPORT_DIR"]).iterdir())
    return sorted(name if name.count(".") == 1 else f".*.{name.split('.', 2)[2]}" for name in names)


def change(transact: Transact, made: Consultation, title: str = "Changed meanwhile") -> None:
    """Change the process after it was read."""
    with transact() as session:
        session.get_one(Idea, made.ideas[0]).title = title


def titles(app: Flask, export: Export) -> set[str]:
    """Return the titles of the ideas in the file."""
    path = Path(app.config["EXPORT_DIR"]) / f"{export.public_id}.{FORMAT}"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["Idea: Title"] for row in csv.DictReader(file, delimiter=";")}


def test_killed_workers(
    app: Flask, made: Consultation, transact: Transact, database: Database, kill_a_worker: Callable[[str], None]
) -> None:
    kill_a_writer(app, made, transact, database, kill_a_worker)
    shutil.rmtree(app.config["EXPORT_DIR"])
    kill_a_reader(app, made, transact, database, kill_a_worker)


def kill_a_writer(
    app: Flask, made: Consultation, transact: Transact, database: Database, kill_a_worker: Callable[[str], None]
) -> None:
    """Kill one while it writes: the next one writes what was read then."""
    number = ask(transact, made)
    kill_a_worker("writing")
    with database() as session:
        export = session.get_one(Export, number)
        read_at, expected = export.read_at, export.expected
    assert (export.state, left(app, export)) == (ExportState.WAITING, [".*.csv.part", READING])
    assert read_at is not None
    change(transact, made)
    work(app)
    with database() as session:
        export = session.get_one(Export, number)
        job = session.get_one(Job, export.job_id)
    assert (export.state, export.read_at, export.expected) == (ExportState.DONE, read_at, expected)
    assert (left(app, export), job.progress) == ([f".{FORMAT}"], expected)
    assert "Changed meanwhile" not in titles(app, export)


def kill_a_reader(
    app: Flask, made: Consultation, transact: Transact, database: Database, kill_a_worker: Callable[[str], None]
) -> None:
    """Kill one while it reads: the next one reads anew."""
    number = ask(transact, made)
    kill_a_worker("reading")
    with database() as session:
        export = session.get_one(Export, number)
    assert (export.state, export.read_at, left(app, export)) == (ExportState.WAITING, None, [".*.part"])
    change(transact, made, "Changed again")
    work(app)
    with database() as session:
        export = session.get_one(Export, number)
    assert (export.state, left(app, export)) == (ExportState.DONE, [f".{FORMAT}"])
    assert "Changed again" in titles(app, export)


def fail_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the writing fail after everything was read."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("x")

    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(jobs, "_write", fail)
        assert run_due_job({EXPORT_JOB: run_export}) == 1


def test_cancelled_between_two_tries(
    app: Flask, made: Consultation, transact: Transact, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(transact, made)
    fail_once(app, monkeypatch)
    with transact() as session:
        export = session.get_one(Export, number)
        cancel_export(
            session, made.actor("staff"), process_id=made.process_id, public_id=export.public_id, now=clock.now()
        )
    assert left(app, export) == [READING]
    with transact() as session:
        expire_exports(session, folder=Path(app.config["EXPORT_DIR"]), now=clock.now())
    assert left(app, export) == []


def test_how_far_it_is(
    app: Flask, made: Consultation, transact: Transact, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, int | None, bool]] = []
    number = ask(transact, made)

    def watched(progress: Callable[[int], None]) -> Callable[[int], None]:
        def report(rows: int) -> None:
            with database() as session:
                now = session.get_one(Export, number)
            heard.append((rows, now.expected, now.read_at is not None))
            progress(rows)

        return report

    monkeypatch.setattr(jobs, "now_and_then", watched)
    with app.app_context():
        run_due_job({EXPORT_JOB: run_export})
    read, written = heard[0], heard[-1]
    # Ideas and votes on them, comments, filings are read; this format writes the ideas.
    assert read == (5 + 5 + 4 + 5, 5 + 5 + 4 + 5 + 5, False)
    assert written == (read[1], read[1], True)


@pytest.mark.parametrize("spoiled", ["hidden since", "long ago", "cut off", "another version"])
def test_what_cannot_be_trusted_is_read_anew(
    app: Flask,
    made: Consultation,
    transact: Transact,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    spoiled: str,
) -> None:
    number = ask(transact, made)
    fail_once(app, monkeypatch)
    with database() as session:
        export = session.get_one(Export, number)
    assert (export.failure, left(app, export)) == ("unexpected", [READING])
    folder = Path(app.config["EXPORT_DIR"]) / f"{export.public_id}{READING}"
    change(transact, made)
    if spoiled == "hidden since":
        with transact() as session:
            session.get_one(Idea, made.ideas[1]).state = IdeaState.HIDDEN
            session.execute(update(Process).values(losses=Process.losses + 1))
    elif spoiled == "long ago":
        monkeypatch.setattr(jobs, "READING_KEPT", -READING_KEPT)
    elif spoiled == "cut off":
        part = folder / "ideas.jsonl"
        part.write_bytes(part.read_bytes()[:-20])
    else:
        note = folder / "reading.json"
        note.write_text(note.read_text(encoding="utf-8").replace('"shape": "', '"shape": "0'), encoding="utf-8")
    work(app)
    with database() as session:
        export = session.get_one(Export, number)
    assert (export.state, left(app, export)) == (ExportState.DONE, [f".{FORMAT}"])
    found = titles(app, export)
    assert "Changed meanwhile" in found
    assert ("Idea number 1" in found) == (spoiled != "hidden since")
