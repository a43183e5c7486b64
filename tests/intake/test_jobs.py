"""The job behind imports: it goes on after a crash, stops when called off, and leaves no files behind."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update

from participation.accounts.actor import Actor, Role
from participation.activity.models import Job
from participation.activity.worker import JobCancelled, Progress, run_due_job
from participation.ideas.models import Idea
from participation.intake import uploads
from participation.intake.choices import Choices
from participation.intake.jobs import INTAKE_JOB, remove_forgotten, run_intake
from participation.intake.models import IntakeKind, IntakeRun, IntakeState
from participation.intake.policies import may_cancel, may_keep_mappings, may_start
from participation.intake.report import ImportReport
from participation.intake.service import add_upload, cancel_run, start_run
from participation.kit import clock
from participation.processes.models import RoleGrant
from tests import make
from tests.conftest import Sessions
from tests.make import Place

ROWS = 1_201
CONTENT = "id,title\n" + "".join(f"{number},Idea {number}\n" for number in range(ROWS))


class Killed(BaseException):
    """Stands for the end of a process that says nothing any more."""


class Dying(Progress):
    """Dies at the second report."""

    def __call__(self, done: int) -> None:
        super().__call__(done)
        if done > 500:
            raise Killed


@pytest.fixture
def run(app: Flask, place: Place, transact: Sessions) -> str:
    """An import that waits for the worker."""
    with transact() as session:
        who = make.account(session, "staff@example.org")
        session.add(RoleGrant(account_id=who, role=Role.STAFF, process_id=place.id, granted_at=clock.now()))
    actor = Actor(who, grants=frozenset({(Role.STAFF, place.id)}))
    with transact() as session:
        kept = uploads.keep(io.BytesIO(CONTENT.encode()), "ideas.csv")
        choices = Choices({"id": ["id"], "title": ["title"]}).stored()
        common = {"process_id": place.id, "public_id": kept.public_id, "kind": IntakeKind.IDEAS, "now": clock.now()}
        add_upload(
            session,
            actor,
            **common,
            file_name=kept.file_name,
            size_bytes=kept.size_bytes,
            sha256=kept.sha256,
            origin="",
            choices=choices,
        )
        start_run(session, actor, **common, choices=choices, all_or_nothing=False, is_trial=False)
    return kept.public_id


def path_of(app: Flask, public_id: str) -> Path:
    """Return where the file lies."""
    return Path(app.config["IMPORT_DIR"]) / f"{public_id}.upload"


def job_of(database: Sessions) -> tuple[dict[str, int], int]:
    with database() as session:
        job = session.scalars(select(Job).where(Job.kind == INTAKE_JOB)).one()
        return dict(job.payload), job.id


def state_of(database: Sessions) -> tuple[IntakeState, str | None, dict[str, object], int]:
    with database() as session:
        found = session.scalars(select(IntakeRun)).one()
        return found.state, found.failure, found.report, session.scalar(select(func.count(Idea.id))) or 0


def test_another_worker_goes_on_where_one_died(app: Flask, run: str, database: Sessions) -> None:
    payload, job_id = job_of(database)
    with app.app_context(), pytest.raises(Killed):
        run_intake(payload, Dying(job_id))
    state, _failure, _report, count = state_of(database)
    assert (state, 0 < count < ROWS, path_of(app, run).exists()) == (IntakeState.WAITING, True, True)
    with app.app_context():
        run_intake(payload, Progress(job_id))
    state, _failure, report, total = state_of(database)
    assert (state, total, report["added"], report["present"]) == (IntakeState.DONE, ROWS, ROWS - count, count)
    assert not path_of(app, run).exists()
    with app.app_context():
        run_intake(payload, Progress(job_id))
    assert state_of(database)[3] == ROWS


def test_what_was_kept_before_calling_off_is_said(
    app: Flask, run: str, place: Place, database: Sessions, transact: Sessions
) -> None:
    payload, job_id = job_of(database)
    staff = Actor(1, grants=frozenset({(Role.STAFF, None)}))

    class CalledOff(Progress):
        def __call__(self, done: int) -> None:
            if done > 400:
                with transact() as session:
                    cancel_run(session, staff, process_id=place.id, public_id=run, now=clock.now())
            super().__call__(done)

    with app.app_context(), pytest.raises(JobCancelled):
        run_intake(payload, CalledOff(job_id))
    state, _failure, report, count = state_of(database)
    assert (state, report["added"]) == (IntakeState.CANCELLED, count)
    assert 0 < count < ROWS
    assert not path_of(app, run).exists()


def test_who_lost_the_role_imports_nothing(app: Flask, run: str, database: Sessions, transact: Sessions) -> None:
    with transact() as session:
        session.execute(delete(RoleGrant))
    with app.app_context():
        run_due_job({INTAKE_JOB: run_intake})
    assert state_of(database)[1::2] == ("not_allowed", 0)


def test_a_file_that_is_gone_is_tried_three_times_at_most(app: Flask, run: str, database: Sessions) -> None:
    path_of(app, run).unlink()
    with app.app_context():
        run_due_job({INTAKE_JOB: run_intake})
    state, failure, report, _count = state_of(database)
    # A file that cannot be opened is no passing problem.
    assert (state, failure) == (IntakeState.FAILED, "unreadable")
    assert report["reason"]["values"]["name"] == "ideas.csv"


def test_nobodys_files_and_old_reasons_go(
    app: Flask, run: str, place: Place, database: Sessions, transact: Sessions
) -> None:
    report = ImportReport(read=1)
    report.refuse(2, "unknown district “north”")
    with transact() as session:
        session.execute(update(IntakeRun).values(state=IntakeState.UPLOADED))
        old = make.intake_run(session, place, report=report)
    stray = path_of(app, "stray")
    stray.write_text("nobody's")
    with app.app_context():
        remove_forgotten(lambda: None)
    assert path_of(app, run).exists()
    assert stray.exists()
    os.utime(stray, (0, 0))
    with time_machine.travel(clock.now() + timedelta(days=31)), app.app_context():
        remove_forgotten(lambda: None)
    assert not path_of(app, run).exists()
    assert not stray.exists()
    with database() as session:
        runs = {one.public_id: one for one in session.scalars(select(IntakeRun))}
    assert runs[run].state is IntakeState.CANCELLED
    assert (runs[old].report["problems"], runs[old].report["refused"]) == ([], 1)


@pytest.mark.parametrize("state", IntakeState)
@pytest.mark.parametrize(
    ("grants", "is_staff_here", "is_staff"),
    [
        (frozenset(), False, False),
        (frozenset({(Role.MODERATOR, 1)}), False, False),
        (frozenset({(Role.STAFF, 2)}), False, True),
        (frozenset({(Role.STAFF, 1)}), True, True),
        (frozenset({(Role.ADMIN, None)}), True, True),
    ],
)
def test_who_may_do_what(
    state: IntakeState, grants: frozenset[tuple[Role, int | None]], is_staff_here: bool, is_staff: bool
) -> None:
    actor, import_ = Actor(1, grants=grants), IntakeRun(process_id=1, state=state)
    assert bool(may_start(actor, import_)) is (is_staff_here and state is IntakeState.UPLOADED)
    assert bool(may_cancel(actor, import_)) is (is_staff_here and state in (IntakeState.UPLOADED, IntakeState.WAITING))
    assert bool(may_keep_mappings(actor)) is is_staff
