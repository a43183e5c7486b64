"""An export from the request to the file: queued, written once, called off, failed, taken up again, deleted."""

import hashlib
import os
import stat
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.activity.models import Job, JobState, LogEntry
from participation.activity.worker import run_due_job
from participation.exports import jobs
from participation.exports.jobs import EXPORT_JOB, now_and_then, run_export
from participation.exports.models import Export, ExportDownload, ExportState
from participation.exports.options import Options
from participation.exports.service import (
    KEPT,
    MOST_WAITING,
    cancel_export,
    expire_exports,
    record_download,
    remove_files,
    request_export,
)
from participation.exports.writers import WRITERS
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.processes.models import RoleGrant
from tests.exports.consultation import Consultation, Transact, build

Database = Callable[[], AbstractContextManager[Session]]
JOBS = {EXPORT_JOB: run_export}


@pytest.fixture
def made(app: Flask, transact: Transact) -> Consultation:
    """A consultation to export."""
    return build(transact)


def request(transact: Transact, made: Consultation, who: str = "staff", **options: Any) -> Export:
    """Ask for an export as one of the accounts."""
    settings = {"process_id": made.process_id, "file_format": "csv", "language": "en", "now": clock.now(), **options}
    with transact() as session:
        return request_export(session, made.actor(who), **settings)


def work(app: Flask) -> int:
    """Let the worker run one job, as it does in its own process."""
    with app.app_context():
        return run_due_job(JOBS)


def files(app: Flask) -> list[Path]:
    """Return everything in the folder of exports."""
    folder = Path(app.config["EXPORT_DIR"])
    return sorted(folder.iterdir()) if folder.exists() else []


def row(database: Database, export: Export) -> Export:
    """Return the export as it is now."""
    with database() as session:
        return session.get_one(Export, export.id)


def logged(database: Database) -> list[tuple[str, int | None]]:
    """Return what the log says about exports, and who did it."""
    with database() as session:
        entries = session.execute(
            select(LogEntry.action, LogEntry.account_id)
            .where(LogEntry.action.startswith("Export"))
            .order_by(LogEntry.id)
        )
        return [tuple(entry) for entry in entries]


def due_again(transact: Transact) -> None:
    """Let the lease or the pause of every waiting job be over."""
    with transact() as session:
        session.execute(update(Job).values(available_at=clock.now() - timedelta(seconds=1)))


def test_the_worker_writes_the_file(app: Flask, made: Consultation, transact: Transact, database: Database) -> None:
    asked = request(transact, made, file_format="xlsx")
    assert (row(database, asked).state, files(app)) == (ExportState.WAITING, [])
    assert work(app) == 1
    export = row(database, asked)
    [path] = files(app)
    assert (export.state, export.failure, path.name) == (ExportState.DONE, None, f"{export.public_id}.xlsx")
    assert (export.size_bytes, export.sha256) == (
        path.stat().st_size,
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    day = clock.now().astimezone(clock.zone("Europe/Berlin")).date()
    assert export.file_name == f"strategy-{day.isoformat()}.xlsx"
    assert export.finished_at is not None
    assert export.expires_at == export.finished_at + KEPT
    staff = made.accounts["staff"]
    assert logged(database) == [("ExportRequested", staff), ("ExportFinished", staff)]
    with database() as session:
        assert session.get_one(Job, export.job_id).state is JobState.DONE


def test_running_again_writes_nothing(app: Flask, made: Consultation, transact: Transact, database: Database) -> None:
    asked = request(transact, made)
    work(app)
    before = [(path, path.stat().st_mtime_ns) for path in files(app)]
    with transact() as session:
        session.execute(update(Job).values(state=JobState.WAITING, available_at=clock.now()))
    assert work(app) == 1
    assert [(path, path.stat().st_mtime_ns) for path in files(app)] == before
    assert row(database, asked).state is ExportState.DONE


def test_a_killed_job_is_taken_up_again(
    app: Flask, made: Consultation, transact: Transact, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(transact, made)

    class Killed(BaseException):
        """Stands for the end of the process: nothing below may catch it."""

    def die(*_: object, **__: object) -> None:
        folder = Path(app.config["EXPORT_DIR"])
        (folder / f"{asked.public_id}.dead.csv.part").write_text("half")
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_write", die)
        with pytest.raises(Killed):
            work(app)
    assert work(app) == 0
    due_again(transact)
    assert work(app) == 1
    export = row(database, asked)
    assert export.state is ExportState.DONE
    assert [path.name for path in files(app)] == [f"{export.public_id}.csv"]


def test_cancelled_before_it_began(app: Flask, made: Consultation, transact: Transact, database: Database) -> None:
    asked = request(transact, made)
    cancel(transact, made, asked)
    assert work(app) == 0
    assert (row(database, asked).state, files(app)) == (ExportState.CANCELLED, [])
    with pytest.raises(Refused):
        cancel(transact, made, asked)


@pytest.mark.parametrize("stage", ["reading", "writing"])
@pytest.mark.parametrize("removed", [False, True])
def test_cancelled_while_it_runs(
    app: Flask,
    made: Consultation,
    transact: Transact,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    removed: bool,
) -> None:
    asked = request(transact, made)
    stages = iter(("reading", "writing"))

    def watched(progress: Callable[[int], None]) -> Callable[[int], None]:
        current = next(stages)

        def report(rows: int) -> None:
            if current == stage:
                cancel(transact, made, asked, who="colleague")
                if removed:
                    remove_files(Path(app.config["EXPORT_DIR"]), asked.public_id)
                    raise FileNotFoundError
            progress(rows)

        return report

    monkeypatch.setattr(jobs, "now_and_then", watched)
    assert work(app) == 1
    export = row(database, asked)
    assert (export.state, files(app)) == (ExportState.CANCELLED, [])
    with database() as session:
        assert session.get_one(Job, export.job_id).state is JobState.CANCELLED
    assert logged(database)[-1] == ("ExportCancelled", made.accounts["colleague"])


def test_cancelled_at_the_last_moment(
    app: Flask, made: Consultation, transact: Transact, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(transact, made)
    digest = jobs._digest

    def late(path: Path) -> str:
        cancel(transact, made, asked)
        return digest(path)

    monkeypatch.setattr(jobs, "_digest", late)
    work(app)
    assert (row(database, asked).state, files(app)) == (ExportState.CANCELLED, [])


def cancel(transact: Transact, made: Consultation, export: Export, who: str = "staff") -> None:
    """Call an export off."""
    with transact() as session:
        cancel_export(session, made.actor(who), process_id=made.process_id, public_id=export.public_id, now=clock.now())


@pytest.mark.parametrize(("problem", "reason"), [(OSError(28, "full"), "no_space"), (ValueError("x"), "unexpected")])
def test_a_failure_is_tried_again_and_then_said(
    app: Flask,
    made: Consultation,
    transact: Transact,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    reason: str,
) -> None:
    asked = request(transact, made)

    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(jobs, "read_into", fail)
    for _attempt in range(jobs.MOST_ATTEMPTS - 1):
        work(app)
        export = row(database, asked)
        assert (export.state, export.failure) == (ExportState.WAITING, reason)
        due_again(transact)
    work(app)
    export = row(database, asked)
    assert (export.state, export.failure, files(app)) == (ExportState.FAILED, reason, [])
    assert logged(database)[-1][0] == "ExportFailed"
    due_again(transact)
    assert work(app) == 1
    assert row(database, asked).state is ExportState.FAILED
    assert work(app) == 0


def test_a_failure_that_passes_leaves_no_trace(
    app: Flask, made: Consultation, transact: Transact, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(transact, made)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "read_into", fail)
        work(app)
    due_again(transact)
    work(app)
    export = row(database, asked)
    assert (export.state, export.failure) == (ExportState.DONE, None)


def test_whoever_lost_the_role_gets_no_file(
    app: Flask, made: Consultation, transact: Transact, database: Database
) -> None:
    asked = request(transact, made)
    with transact() as session:
        session.execute(
            update(RoleGrant).where(RoleGrant.account_id == made.accounts["staff"]).values(ended_at=clock.now())
        )
    work(app)
    export = row(database, asked)
    assert (export.state, export.failure, files(app)) == (ExportState.FAILED, "not_allowed", [])


@pytest.mark.parametrize("who", ["resident", "moderator", "stranger"])
def test_only_staff_ask_cancel_and_fetch(
    app: Flask, made: Consultation, transact: Transact, database: Database, who: str
) -> None:
    asked = request(transact, made)
    with pytest.raises(Refused):
        request(transact, made, who)
    with pytest.raises(Refused):
        cancel(transact, made, asked, who)
    work(app)
    with pytest.raises(Refused):
        fetch(transact, made, asked, who)
    assert row(database, asked).state is ExportState.DONE
    with database() as session:
        assert session.scalars(select(ExportDownload)).all() == []


def fetch(transact: Transact, made: Consultation, export: Export, who: str = "staff", **options: Any) -> Export:
    """Fetch the file of an export."""
    settings = {"process_id": made.process_id, "now": clock.now(), **options}
    with transact() as session:
        return record_download(session, made.actor(who), public_id=export.public_id, **settings)


def test_every_download_is_written_down(app: Flask, made: Consultation, transact: Transact, database: Database) -> None:
    asked = request(transact, made)
    with pytest.raises(Refused):
        fetch(transact, made, asked)
    work(app)
    fetch(transact, made, asked)
    fetch(transact, made, asked, "colleague")
    with database() as session:
        rows = session.execute(
            select(ExportDownload.export_id, ExportDownload.account_id).order_by(ExportDownload.id)
        ).all()
    expected = [(asked.id, made.accounts["staff"]), (asked.id, made.accounts["colleague"])]
    assert [tuple(entry) for entry in rows] == expected
    assert [entry for entry in logged(database) if entry[0] == "ExportDownloaded"] == [
        ("ExportDownloaded", account) for _export, account in expected
    ]
    with pytest.raises(Missing):
        fetch(transact, made, asked, "admin", process_id=made.other_id)


def test_a_file_is_deleted_when_its_time_is_over(
    app: Flask, made: Consultation, transact: Transact, database: Database
) -> None:
    asked = request(transact, made)
    work(app)
    folder = Path(app.config["EXPORT_DIR"])
    left_behind, later = folder / f"{32 * 'x'}.dead.csv.part", clock.now() + KEPT + timedelta(minutes=1)
    left_behind.write_text("half")
    read_before = folder / f"{32 * 'y'}.reading"
    read_before.mkdir()
    for path in (left_behind, read_before):
        os.utime(path, (0, 0))
    with pytest.raises(Refused):
        fetch(transact, made, asked, now=later)
    with transact() as session:
        assert expire_exports(session, folder=folder, now=clock.now()) == 0
    assert len(files(app)) == 1
    with transact() as session:
        assert expire_exports(session, folder=folder, now=later) == 1
    assert (files(app), row(database, asked).removed_at) == ([], later)
    with transact() as session:
        assert expire_exports(session, folder=folder, now=later) == 0


def test_asking_twice_is_asking_once(made: Consultation, transact: Transact) -> None:
    first = request(transact, made)
    assert request(transact, made).id == first.id
    assert request(transact, made, language="de").id != first.id
    assert request(transact, made, options=Options(bom=False)).id != first.id
    assert request(transact, made, "colleague").id != first.id


def test_asking_for_what_does_not_exist(made: Consultation, transact: Transact) -> None:
    for options in ({"file_format": "exe"}, {"file_format": "../x"}):
        with pytest.raises(Refused):
            request(transact, made, **options)
    with pytest.raises(Missing):
        request(transact, made, "admin", process_id=999)


def test_nobody_floods_the_queue(made: Consultation, transact: Transact) -> None:
    for file_format in list(WRITERS)[:MOST_WAITING]:
        request(transact, made, file_format=file_format)
    with pytest.raises(Refused):
        request(transact, made, language="de")


def test_progress_is_reported_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((10.0, 10.1, 10.1, 10.3, 10.7, 10.7))
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    heard: list[int] = []
    report = now_and_then(heard.append)
    for rows in (500, 1000, 1500):
        report(rows)
    assert heard == [500, 1500]
