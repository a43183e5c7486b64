"""Runs of the opinion groups in the worker: kept with their votes, repeated when votes change, checked again."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import ANONYMOUS, SYSTEM, Role
from participation.activity.models import Job, JobState
from participation.activity.worker import run_due_job, work_once
from participation.handlers import JOBS
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Refused
from participation.opinions import runs
from participation.opinions.archive import kept_matrix, matrix_folder, matrix_path
from participation.opinions.matrix import read_votes
from participation.opinions.models import GroupRun
from participation.opinions.queries import latest_run, place_of, recent_runs, run_state
from participation.opinions.runs import last_run, queue_due_runs
from participation.opinions.service import KEPT_RUNS, request_run, store_run
from participation.opinions.verifying import verify_latest
from participation.processes.models import Process
from participation.voting.models import Vote
from tests import make
from tests.conftest import Sessions
from tests.opinions.planted import FIRST_PERSON, count_again, put_votes, sides_of

SIZES = (40, 25)
Compute = Callable[[], None]


@pytest.fixture
def place(app: Flask, transact: Sessions) -> make.Place:
    with transact() as session:
        place = make.process(session)
        put_votes(session, place, sides_of(SIZES)[0])
    return place


@pytest.fixture
def compute(app: Flask, transact: Sessions, place: make.Place, monkeypatch: pytest.MonkeyPatch) -> Compute:
    """Let staff ask for a run and the worker do it."""
    monkeypatch.setitem(app.config, "ANALYSIS", "auto")

    def now() -> None:
        with transact() as session:
            request_run(session, SYSTEM, process_id=place.id, now=clock.now())
        with app.app_context():
            work_once(JOBS)

    return now


def waiting(database: Sessions) -> list[dict[str, Any]]:
    with database() as session:
        return [job.payload for job in session.scalars(select(Job).where(Job.state == JobState.WAITING))]


def test_of_two_workers_the_first_one_wins(
    database: Sessions, transact: Sessions, place: make.Place, compute: Compute
) -> None:
    compute()
    with database() as session:
        first = session.scalars(select(GroupRun)).one()
        columns = [
            column.key for column in GroupRun.__table__.columns if column.key not in {"id", "process_id", "number"}
        ]
        values = {name: getattr(first, name) for name in columns}
    with transact() as session:
        assert store_run(session, place.id, values, after=0) == (first.matrix_sha256,)
    with transact() as session:
        store_run(session, place.id, values, after=1)
    with database() as session:
        assert session.scalars(select(GroupRun.number).order_by(GroupRun.number)).all() == [1, 2]


def test_a_run_is_kept_with_what_it_found(app: Flask, database: Sessions, place: make.Place, compute: Compute) -> None:
    with database() as session:
        assert latest_run(session, place.id) is None
        version = session.get_one(Process, place.id).version
    compute()
    with database() as session:
        run = latest_run(session, place.id)
        assert run is not None
        assert [group.size for group in run.result.groups] == list(SIZES)
        assert (run.summary.number, run.summary.people, run.summary.ideas) == (1, 65, 30)
        assert run.summary.matrix_sha256 == read_votes(session, place.id).digest()
        assert len(run.robustness.variants) == 5
        assert session.get_one(Process, place.id).version > version
        assert run_state(session, place.id).problem is None
        own = {
            vote.idea_id: {"agree": 1, "unsure": 0, "disagree": -1}[vote.stance.value]
            for vote in session.scalars(select(Vote).where(Vote.participant_id == FIRST_PERSON))
        }
        assert place_of(run, own).group == 0
        few = dict(list(own.items())[:6])
        assert (place_of(run, few).votes, place_of(run, few).needed, place_of(run, few).group) == (6, 7, None)


def test_the_kept_votes_name_nobody(app: Flask, database: Sessions, place: make.Place, compute: Compute) -> None:
    compute()
    with app.app_context(), database() as session:
        run = last_run(session, place.id)
        assert run is not None
        path = matrix_path(matrix_folder(), place.id, run.matrix_sha256)
        kept, read = kept_matrix(path), read_votes(session, place.id)
    assert kept.people.tolist() == list(range(65))
    assert kept.digest() == read.digest()
    assert path.stat().st_mode & 0o777 == 0o600
    with np.load(path) as content:
        assert set(content) == {"ideas", "counts", "columns", "sides"}
        numbers = np.concatenate([content[name].ravel() for name in content])
    assert not np.isin(numbers, read.people).any()
    stored = json.dumps([run.result, run.robustness, run.parameters, run.mark])
    assert not any(str(person) in stored for person in read.people.tolist())


def test_votes_of_fewer_than_ten_people_make_no_new_result(
    database: Sessions, transact: Sessions, place: make.Place, compute: Compute
) -> None:
    compute()
    sides = sides_of((10,), seed=4)[0]
    with transact() as session:
        put_votes(session, place, sides[:9], first=100)
    compute()
    with database() as session:
        assert [run.number for run in recent_runs(session, place.id)] == [1]
        mark = session.scalars(select(GroupRun.mark)).one()
    with transact() as session:
        put_votes(session, place, sides[9:], first=109)
    compute()
    with database() as session:
        assert [(run.number, run.people) for run in recent_runs(session, place.id)] == [(2, 75), (1, 65)]
        assert last_run(session, place.id).mark != mark  # type: ignore[union-attr]  # it is there


def test_the_worker_computes_where_votes_have_changed(
    app: Flask, database: Sessions, transact: Sessions, place: make.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        make.process(session, "empty")
    with app.app_context():
        queue_due_runs(lambda: None)
        assert waiting(database) == []  # switched off in tests
        monkeypatch.setitem(app.config, "ANALYSIS", "auto")
        queue_due_runs(lambda: None)
        queue_due_runs(lambda: None)
        assert waiting(database) == [{"process_id": place.id}]
        work_once(JOBS)
        queue_due_runs(lambda: None)
        assert waiting(database) == []
    with transact() as session:
        put_votes(session, place, sides_of((12,), seed=4)[0], first=100)
    with app.app_context():
        queue_due_runs(lambda: None)
        assert waiting(database) == []  # only just computed
        with time_machine.travel(clock.now() + timedelta(minutes=6)):
            queue_due_runs(lambda: None)
        assert waiting(database) == [{"process_id": place.id}]


def test_votes_that_balance_each_other_are_noticed_within_a_day(
    app: Flask, database: Sessions, place: make.Place, compute: Compute
) -> None:
    compute()
    with app.app_context():
        for hours, due in ((19, []), (21, [{"process_id": place.id}])):
            with time_machine.travel(clock.now() + timedelta(hours=hours)):
                queue_due_runs(lambda: None)
            assert waiting(database) == due


def test_a_failure_leaves_the_last_result_and_is_told(
    app: Flask,
    database: Sessions,
    transact: Sessions,
    place: make.Place,
    compute: Compute,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    compute()
    with transact() as session:
        put_votes(session, place, sides_of((12,), seed=4)[0], first=100)
    with monkeypatch.context() as broken:
        broken.setattr(runs, "matrix_folder", lambda: _folder(app) / "nowhere" / "\0")
        compute()
    with database() as session:
        state, run = run_state(session, place.id), latest_run(session, place.id)
        assert run is not None
        assert run.summary.number == 1
        assert state.problem is not None
        assert state.failed_at is not None
        assert abs(state.failed_at - clock.now()) < timedelta(minutes=1)
        assert (state.waiting, state.working) == (True, False)
    compute()
    with database() as session:
        assert run_state(session, place.id) == runs_nothing()
        assert len(recent_runs(session, place.id)) == 2


def runs_nothing() -> object:
    from participation.opinions.queries import RunState

    return RunState(waiting=False, working=False, failed_at=None, problem=None)


def _folder(app: Flask) -> Path:
    return Path(app.config["DATA_DIR"]) / "groups"


def test_asking_twice_is_one_run_and_only_staff_ask(
    app: Flask, database: Sessions, transact: Sessions, place: make.Place
) -> None:
    with transact() as session:
        staff = make.actor(session, make.account(session), role=Role.STAFF, process_id=place.id)
        other = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)
        for _ in range(2):
            request_run(session, staff, process_id=place.id, now=clock.now())
    assert waiting(database) == [{"process_id": place.id}]
    with database() as session:
        assert run_state(session, place.id).waiting
    for actor in (ANONYMOUS, other):
        with transact() as session, pytest.raises(Refused):
            request_run(session, actor, process_id=place.id, now=clock.now())


def test_only_the_last_runs_are_kept(
    app: Flask, database: Sessions, transact: Sessions, place: make.Place, compute: Compute
) -> None:
    compute()
    with transact() as session:
        session.execute(update(GroupRun).values(number=KEPT_RUNS))
        put_votes(session, place, sides_of((12,), seed=4)[0], first=100)
    old = _folder(app) / f"{place.id}-{'0' * 32}.npz"
    old.touch()
    compute()
    with database() as session:
        assert [run.number for run in recent_runs(session, place.id)] == [KEPT_RUNS + 1, KEPT_RUNS]
    assert not old.exists()
    assert len(list(_folder(app).glob(f"{place.id}-*.npz"))) == 2


def test_a_run_can_be_computed_again_and_each_break_is_named(
    app: Flask, database: Sessions, transact: Sessions, place: make.Place, compute: Compute
) -> None:
    def breaks() -> list[str]:
        with app.app_context(), database() as session:
            found = verify_latest(session, place.id)
            assert found is not None
            return list(found.breaks)

    with app.app_context(), database() as session:
        assert verify_latest(session, place.id) is None
    compute()
    assert breaks() == []
    with database() as session:
        run = last_run(session, place.id)
        assert run is not None
    result = json.loads(json.dumps(run.result))
    result["groups"][0]["size"] += 1
    unstable, changed = ({**json.loads(json.dumps(run.robustness))} for _ in range(2))
    unstable["stable"] = not unstable["stable"]
    changed["variants"][-1]["agreement"] -= 0.01
    for values, words in (
        ({"result": result}, "groups differ from what the kept votes give"),
        ({"robustness": unstable}, "checks without some of the votes differ"),
        ({"robustness": changed}, "checks without some of the votes differ"),
        ({"votes": 3}, "other numbers of votes"),
        ({"method": "other-1"}, "made by other-1"),
        ({"matrix_sha256": run.matrix_sha256[:32] + "0" * 32}, "do not have the published hash"),
        ({"matrix_sha256": "0" * 64}, "are gone"),
    ):
        with transact() as session:
            session.execute(update(GroupRun).values(values))
        assert [words in one for one in breaks()] == [True], (words, breaks())
        with transact() as session:
            before = {name: getattr(run, name) for name in values}
            session.execute(update(GroupRun).values(before))
    assert breaks() == []
    path = matrix_path(_folder(app), place.id, run.matrix_sha256)
    path.write_bytes(path.read_bytes()[:-30])
    assert len(breaks()) == 1


def test_votes_are_read_whether_they_are_most_or_few(
    app: Flask, database: Sessions, transact: Sessions, place: make.Place
) -> None:
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == 10_000).values(state=IdeaState.HIDDEN))
        other = make.process(session, "other")
        idea = make.idea(session, other)
        for _ in range(3):
            make.votes(session, other, idea, agree=1, unsure=1, disagree=1)
        count_again(session, place)
    with database() as session:
        expected = sorted(
            (vote.participant_id, vote.idea_id, {"agree": 1, "unsure": 0, "disagree": -1}[vote.stance.value])
            for vote in session.scalars(select(Vote).where(Vote.idea_id.between(10_001, 10_029)))
        )
        most, few = read_votes(session, place.id), read_votes(session, other.id)
    assert sorted(_triples(most)) == expected
    assert sorted(side for _person, _idea, side in _triples(few)) == [-1] * 3 + [0] * 3 + [1] * 3
    assert set(few.ideas.tolist()) == {idea}


def _triples(votes: Any) -> list[tuple[int, int, int]]:
    return list(
        zip(votes.people[votes.rows].tolist(), votes.ideas[votes.columns].tolist(), votes.sides.tolist(), strict=True)
    )


def test_a_process_without_votes_makes_no_run(app: Flask, database: Sessions, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, "quiet")
        request_run(session, SYSTEM, process_id=place.id, now=clock.now())
    with app.app_context():
        assert run_due_job(JOBS) == 1
        db.session.rollback()
    with database() as session:
        assert recent_runs(session, place.id) == ()
        assert run_state(session, place.id) == runs_nothing()
