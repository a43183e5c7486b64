"""Runs: soon after a change, kept with what they were made of, the same when computed again; none when switched off."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Role
from participation.activity.models import Job, JobState
from participation.activity.worker import work_once
from participation.commands import main
from participation.curation.board.filing import file_idea, unfile_idea
from participation.curation.models import Bundle, BundleMember
from participation.handlers import JOBS
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.processes.models import Process
from participation.suggestions.ground import grounds
from participation.suggestions.material import read_material
from participation.suggestions.method import METHOD, compute
from participation.suggestions.models import SuggestionRun
from participation.suggestions.outcome import packed, plain, unpacked
from participation.suggestions.queries import Outcome, latest_run, newest_run, runs_of
from participation.suggestions.runs import forget_redacted, queue_missed, run_values
from participation.suggestions.service import KEPT_RESULTS, SUGGESTIONS_JOB, queue_suggestions, store_run
from participation.suggestions.verifying import suggestion_breaks
from tests import make
from tests.architecture.sources import ROOT
from tests.conftest import Sessions
from tests.pages import PageClient

PARK = (
    "Bänke im Stadtpark",
    "Bäume im Stadtpark gießen",
    "Wege im Stadtpark",
    "Licht im Stadtpark",
    "Stadtpark am Abend",
)
BUS = ("Busse am Abend", "Mehr Busse nachts", "Takt der Busse", "Busse und Bahnen", "Busse pünktlicher")
Work = Callable[[], None]


@pytest.fixture
def ideas(transact: Sessions, place: make.Place) -> list[int]:
    with transact() as session:
        return [make.idea(session, place, title=title, body=title, external_id=title) for title in PARK + BUS]


@pytest.fixture
def themes(transact: Sessions, place: make.Place, ideas: list[int]) -> tuple[int, int]:
    """Two themes with two filed ideas each."""
    with transact() as session:
        return (
            make.cluster(session, place, title="Grün", ideas=ideas[:2]),
            make.cluster(session, place, title="Verkehr", ideas=ideas[5:7]),
        )


@pytest.fixture
def work(app: Flask) -> Iterator[Work]:
    """Let a minute pass and the worker do what is due."""
    with time_machine.travel(clock.now(), tick=False) as travel:

        def now() -> None:
            # What happened is delivered first; what follows from it waits a moment for more.
            for _ in range(2):
                travel.shift(timedelta(minutes=1))
                with app.app_context():
                    work_once(JOBS)

        yield now


def newest(database: Sessions, place: make.Place) -> Outcome:
    with database() as session:
        run = newest_run(session, place.id)
    assert run is not None
    return run


def waiting(database: Sessions) -> int:
    with database() as session:
        jobs = select(Job.id).where(Job.kind == SUGGESTIONS_JOB, Job.state == JobState.WAITING)
        return len(session.scalars(jobs).all())


def test_a_filing_is_learnt_from(
    database: Sessions, transact: Sessions, place: make.Place, ideas: list[int], themes: tuple[int, int], work: Work
) -> None:
    work()
    run = newest(database, place)
    best = {idea_id: ranked.cluster_id for idea_id, ranked in run.best()}
    assert best == dict.fromkeys(ideas[2:5], themes[0]) | dict.fromkeys(ideas[7:], themes[1])
    found = run.of(ideas[2])
    assert (set(found.nearest), found.words) == (set(ideas[:2]), ("Stadtpark",))
    assert (run.of(ideas[0]).ranked, run.is_rough) == ((), True)
    with transact() as session:
        file_idea(session, SYSTEM, idea_id=ideas[2], cluster_id=themes[0], now=clock.now())
    work()
    again = newest(database, place)
    assert again.number == run.number + 1
    assert ideas[2] not in dict(again.best())
    with database() as session:
        line = runs_of(session, place.id)[0]
    assert (line.method, line.ideas, line.filed, line.clusters) == (METHOD, 10, 5, 2)


def test_many_changes_make_one_run(database: Sessions, themes: tuple[int, int], work: Work, app: Flask) -> None:
    with app.app_context():
        from participation.activity.worker import deliver_due

        deliver_due()
    assert waiting(database) == 1
    work()
    with database() as session:
        assert len(session.scalars(select(SuggestionRun)).all()) == 1
    assert waiting(database) == 0


def test_the_same_material_is_not_computed_twice(
    database: Sessions, transact: Sessions, place: make.Place, ideas: list[int], themes: tuple[int, int], work: Work
) -> None:
    work()
    with transact() as session:
        file_idea(session, SYSTEM, idea_id=ideas[2], cluster_id=themes[0], now=clock.now())
    with transact() as session:
        unfile_idea(session, SYSTEM, idea_id=ideas[2], cluster_id=themes[0], now=clock.now())
    work()
    assert newest(database, place).number == 1


def test_switched_off_nothing_is_computed_or_shown(
    database: Sessions, transact: Sessions, place: make.Place, ideas: list[int], themes: tuple[int, int], work: Work
) -> None:
    work()
    with transact() as session:
        session.execute(update(Process).values(suggests=False))
        file_idea(session, SYSTEM, idea_id=ideas[2], cluster_id=themes[0], now=clock.now())
    work()
    with database() as session:
        assert newest_run(session, place.id) is None
        assert len(session.scalars(select(SuggestionRun)).all()) == 1


def test_what_was_missed_is_found_by_the_clock(
    app: Flask, database: Sessions, transact: Sessions, place: make.Place, ideas: list[int], work: Work
) -> None:
    work()
    with app.app_context():
        queue_missed(lambda: None)
    work()
    assert newest(database, place).fresh
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == ideas[0]).values(state=IdeaState.HIDDEN))
    with app.app_context():
        queue_missed(lambda: None)
        queue_missed(lambda: None)
    assert waiting(database) == 1
    work()
    with database() as session:
        run = latest_run(session, place.id)
        assert run is not None
        assert (run.number, run.ideas) == (2, 9)
    with app.app_context():
        queue_missed(lambda: None)
    assert waiting(database) == 0


def test_words_that_were_taken_out_do_not_live_on(
    app: Flask, database: Sessions, place: make.Place, ideas: list[int], themes: tuple[int, int], work: Work
) -> None:
    work()

    class Redacted:
        idea_id = ideas[2]

    with app.app_context():
        forget_redacted(Redacted)
    with database() as session:
        assert newest_run(session, place.id) is None
    work()
    assert newest(database, place).number == 2


def test_only_the_last_results_are_kept(app: Flask, transact: Sessions, place: make.Place, ideas: list[int]) -> None:
    with app.app_context():
        values = run_values(db.session(), place.id, read_material(db.session(), place.id))
    values |= {"started_at": clock.now(), "finished_at": clock.now()}
    with transact() as session:
        for _ in range(KEPT_RESULTS + 2):
            store_run(session, place.id, values)
    with transact() as session:
        kept = session.scalars(select(SuggestionRun.number).where(SuggestionRun.result.is_not(None))).all()
        assert sorted(kept) == list(range(3, KEPT_RESULTS + 3))


def test_a_job_that_waits_comes_sooner_but_never_twice(
    database: Sessions, transact: Sessions, place: make.Place
) -> None:
    now = clock.now()
    with transact() as session:
        queue_suggestions(session, place.id, now=now, not_before=now + timedelta(hours=1))
        queue_suggestions(session, place.id, now=now)
    with database() as session:
        assert session.scalars(select(Job)).one().available_at < now + timedelta(minutes=1)


def test_computing_again_gives_the_same_bytes(
    app: Flask, database: Sessions, transact: Sessions, place: make.Place, themes: tuple[int, int], work: Work
) -> None:
    work()
    with app.app_context():
        session: Session = db.session()
        content = plain(compute(session, place.id, read_material(session, place.id)))
        grounds.forget()
        assert plain(compute(session, place.id, read_material(session, place.id))) == content
        assert plain(unpacked(packed(content))) == content
        assert suggestion_breaks(session, place.id) == []
        session.rollback()
    with transact() as session:
        session.execute(update(SuggestionRun).values(result_sha256="0" * 64))
    with app.app_context():
        assert suggestion_breaks(db.session(), place.id) == [
            "suggestions, run 1, differ from what the same ideas and filings give"
        ]


def test_two_processes_of_the_machine_agree(app: Flask, place: make.Place, themes: tuple[int, int]) -> None:
    with app.app_context():
        expected = _asked(app, "suggest", place.slug, "--json")
    code = "from participation.commands import main; main()"
    environment = {name: str(app.config[name]) for name in ("DATABASE_URL", "DATA_DIR", "SECRET_KEY")}
    command = [sys.executable, "-c", code, "suggest", place.slug, "--json"]
    found = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "ANALYSIS": "off", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(found.stdout) == expected


def test_bundled_ideas_follow_each_other(
    app: Flask, transact: Sessions, place: make.Place, ideas: list[int], themes: tuple[int, int]
) -> None:
    with transact() as session:
        bundle = Bundle(process_id=place.id, made_at=clock.now())
        session.add(bundle)
        session.flush()
        session.add_all(BundleMember(bundle_id=bundle.id, idea_id=one, added_at=clock.now()) for one in ideas[1:7:4])
        session.execute(update(Process).values(version=2))
    with transact() as session:
        unfile_idea(session, SYSTEM, idea_id=ideas[5], cluster_id=themes[1], now=clock.now())
    with app.app_context():
        found = compute(db.session(), place.id, read_material(db.session(), place.id)).of(ideas[5])
    assert found.ranked[0].cluster_id == themes[0]
    assert found.ranked[0].confidence >= 0.9
    assert found.nearest[0] == ideas[1]


def _asked(app: Flask, *words: str) -> Any:
    answer = CliRunner().invoke(main, [*words], obj=app, standalone_mode=False, catch_exceptions=False)
    return json.loads(answer.stdout)


@pytest.mark.parametrize("filed", [0, 1])
def test_the_command_copes_with_little(
    app: Flask, transact: Sessions, place: make.Place, ideas: list[int], filed: int
) -> None:
    if filed:
        with transact() as session:
            cluster = make.cluster(session, place, title="Grün", ideas=ideas[:2])
    report = _asked(app, "suggest", place.slug, "--json", "--words-only")
    assert len(report["suggestions"]) == 10 - 2 * filed
    ranked = [one["ranked"] for one in report["suggestions"]]
    if filed:
        assert {one[0]["cluster"] for one in ranked} == {cluster}
        first = report["suggestions"][0]
        assert (first["external_id"], first["idea"], first["words"]) == (PARK[2], ideas[2], ["Stadtpark"])
        assert set(first["nearest"]) == set(PARK[:2])
    else:
        assert not any(ranked)
        assert {idea for group in report["fresh"] for idea in group["ideas"]} >= set(PARK)


def test_the_command_shows_what_is_stored(app: Flask, place: make.Place, themes: tuple[int, int], work: Work) -> None:
    runner = CliRunner()
    missing = runner.invoke(main, ["suggest", place.slug, "--stored"], obj=app, standalone_mode=False)
    assert "no stored run" in str(missing.exception)
    work()
    stored, now = (_asked(app, "suggest", place.slug, "--json", *more) for more in (["--stored"], []))
    assert stored.pop("run") == 1
    assert now.pop("run") is None
    assert stored == now
    plain_words = runner.invoke(main, ["suggest", place.slug], obj=app, standalone_mode=False)
    assert plain_words.stdout.startswith("4 of 10 ideas are filed under 2 themes; compared by words")


def test_an_empty_process_is_no_error(app: Flask, place: make.Place) -> None:
    report = _asked(app, "suggest", place.slug, "--json")
    assert (report["suggestions"], report["fresh"], report["outliers"]) == ([], [], [])


def test_the_method_page_says_when_it_last_ran(
    client: PageClient, database: Sessions, themes: tuple[int, int], work: Work
) -> None:
    assert "Computed" not in client.get("/en/methods/cluster-suggestions").one("main")
    work()
    assert "Computed" in client.get("/en/methods/cluster-suggestions").one("main")


def test_an_admin_switches_suggestions_off(
    member: Callable[..., PageClient], database: Sessions, place: make.Place
) -> None:
    admin = member(Role.ADMIN)
    path = f"/en/desk/processes/{place.slug}/edit"
    admin.submit(admin.get(path), press="Save", status=303, suggests=False)
    with database() as session:
        assert session.scalar(select(Process.suggests)) is False
