"""The tally on the command line, and the check that names every break."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from participation.demographics.models import PeopleFigures
from participation.demographics.publishing import publish
from participation.ideas.models import Standing
from participation.insights.jobs import put_figures
from participation.insights.models import Snapshot
from participation.kit import clock
from participation.kit.db import db
from participation.processes.models import Phase, Process
from participation.processes.queries import process_by_id
from participation.processes.service import touch
from participation.tallies.files import LOG, paths_of
from participation.tallies.models import Release
from participation.tallies.queries import ReleaseView
from participation.tallies.releases import release_log
from participation.voting.models import PriorityTally, Tally
from tests import group_runs, make, self_descriptions
from tests.conftest import Sessions
from tests.make import Place
from tests.points import give

Done = Callable[..., str]


@pytest.fixture
def place(transact: Sessions) -> Place:
    """A process with two ideas: twelve votes on one, three on the other."""
    with transact() as session:
        place = make.process(session)
        first, second = make.idea(session, place), make.idea(session, place)
        make.votes(session, place, first, agree=6, disagree=3, unsure=3)
        make.votes(session, place, second, agree=3)
    return place


@pytest.fixture
def released(app: Flask, place: Place) -> ReleaseView:
    """The first release."""
    with app.app_context():
        made = release_log(process_by_id(db.session(), place.id))
    assert made is not None
    return made


def test_the_tally(done: Done, place: Place, released: ReleaseView, transact: Sessions) -> None:
    report = json.loads(done("tally", place.slug, "--json"))
    first, second = report["ideas"]
    assert {name: first[name] for name in ("agree", "disagree", "unsure", "votes", "agreement", "low", "high")} == {
        "agree": 6,
        "disagree": 3,
        "unsure": 3,
        "votes": 12,
        "agreement": 0.6667,
        "low": 0.3542,
        "high": 0.8794,
    }
    assert (second["votes"], second["agreement"], report["votes"], report["results_hidden"]) == (3, 1.0, 15, False)
    assert [(one["number"], one["leaves"], one["root"]) for one in report["releases"]] == [(1, 15, released.root)]
    assert [one["ideas"] for one in report["points"]] == [[]]
    with transact() as session:
        give(session, place, {first["idea"]: 3, second["idea"]: 1})
        give(session, place, {first["idea"]: 2})
    (phase,) = json.loads(done("tally", place.slug, "--json"))["points"]
    assert phase["ideas"] == [
        {"idea": first["idea"], "points": 5, "people": 2, "spread": [0, 1, 1]},
        {"idea": second["idea"], "points": 1, "people": 1, "spread": [1]},
    ]
    lines = done("tally", place.slug).splitlines()
    assert lines[3] == f"idea {first['idea']}: 5 points of 2 people in phase {phase['phase']}"
    assert lines[0] == "15 votes on 2 ideas"
    assert lines[1].endswith("6 agree, 3 disagree, 3 unsure; agreement 66.7%, between 35.4% and 87.9%")
    with transact() as session:
        session.execute(update(Process).values(hides_results=True))
    assert "Readers cannot see these results yet" in done("tally", place.slug)


def test_an_unknown_process(refused: Callable[..., str], place: Place) -> None:
    assert "there is no process 'nowhere'" in refused("tally", "nowhere")


def test_all_is_well(done: Done, place: Place, released: ReleaseView) -> None:
    assert done("tally-verify", place.slug) == "All is well: 1 release of the vote log, and the votes themselves.\n"
    assert "All is well." in done("check")


def test_every_break_is_named(
    app: Flask, command: Callable[..., object], place: Place, released: ReleaseView, transact: Sessions
) -> None:
    with transact() as session:
        phase = session.scalars(select(Phase.id).where(Phase.process_id == place.id)).one()
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=2)
        other = make.idea(session, place)
        session.execute(update(Tally).where(Tally.idea_id == idea).values(agree=9))
        session.execute(update(Standing).where(Standing.idea_id == other).values(agreement=123))
        session.add(PriorityTally(phase_id=phase, idea_id=idea, points=2, people=1))
        group_runs.stored(session, place, group_runs.two_groups([idea, other] * 2), group_runs.steady([idea]))
        options = self_descriptions.questions(session, place)
        self_descriptions.people(session, place, options["young"], many=10)
        publish(session, process_id=place.id, now=clock.now())
        known = session.get_one(PeopleFigures, place.id)
        known.figures = {**known.figures, "people": {"value": 11}}
        put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=clock.now())
        snapshot = session.scalars(select(Snapshot)).one()
        snapshot.figures = {**snapshot.figures, "total": [7, 7, 7]}
    with app.app_context():
        paths_of(released)[LOG].write_bytes(b"")
    result = command("tally-verify", place.slug)
    assert result.exit_code == 1
    named = result.stdout.splitlines()
    assert f"idea {idea}: the tally is not what its votes add up to" in named
    assert f"idea {other}: it stands elsewhere in the lists than its votes and comments say" in named
    assert f"phase {phase}: the points of idea {idea} are not what people gave, or more than is allowed" in named
    assert any(sentence.startswith("opinion groups, run 1: the votes it was made of are gone") for sentence in named)
    assert "figures of the results pages: total are not what can be counted" in named
    assert "figures of who takes part: people are not what people said about themselves" in named
    assert any(sentence.startswith("release 1: the vote log is not the file that was published") for sentence in named)
    assert result.stderr.startswith(f"error: {len(named)} breaks")


def test_what_cannot_be_held_against_anything_is_said(
    command: Callable[..., Any], place: Place, released: ReleaseView, transact: Sessions
) -> None:
    with transact() as session:
        put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=clock.now())
        touch(session, place.id)
        session.execute(update(Release).values(number=2))
    result = command("tally-verify", place.slug)
    assert result.exit_code == 1
    assert "release 1: it is missing, though there are later ones" in result.stdout.splitlines()
    assert "figures of the results pages are not checked: they are taken anew within 5 minutes" in result.stderr


def test_the_cheap_check_misses_no_file(
    app: Flask, command: Callable[..., object], place: Place, released: ReleaseView
) -> None:
    with app.app_context():
        path: Path = paths_of(released)[LOG]
        path.unlink()
    result = command("check")
    assert result.exit_code == 1
    assert f"{place.slug}: files of the vote log are missing: {path.name}" in result.output
