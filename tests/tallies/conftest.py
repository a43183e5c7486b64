"""A process whose votes are logged, and what anybody can download of it."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation.kit import clock
from participation.kit.db import db
from participation.processes.queries import process_by_id
from participation.tallies.files import FIGURES_JSON, LOG, ReleasePaths, paths_of
from participation.tallies.queries import ReleaseView
from participation.tallies.releases import release_log
from participation.voting.models import Stance
from participation.voting.service import put_vote
from tests import make
from tests.conftest import Sessions

STANCES = (Stance.AGREE, Stance.AGREE, Stance.DISAGREE, Stance.UNSURE)


@dataclass(frozen=True, slots=True)
class Electorate:
    """A process, its ideas and its voters; everybody votes on every idea, the last idea has three votes only."""

    place: make.Place
    ideas: list[int]
    people: list[int]


@dataclass(frozen=True, slots=True)
class Published:
    """A release and what its files say."""

    release: ReleaseView
    paths: ReleasePaths
    lines: list[str]
    figures: dict[str, Any]


Releasing = Callable[[], Published | None]


def cast(session: Session, idea: int, person: int, stance: Stance | None, at: datetime | None = None) -> None:
    """Let somebody vote, or withdraw the vote."""
    put_vote(session, idea_id=idea, participant_id=person, stance=stance, revision=1, now=at or clock.now())


@pytest.fixture
def electorate(transact: Sessions) -> Electorate:
    """Twelve people who voted on five ideas an hour ago, and three of them on a sixth."""
    before = clock.now() - timedelta(hours=1)
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(6)]
        people = [make.participant(session, place) for _ in range(12)]
        for number, person in enumerate(people):
            for idea in ideas[:5] if number > 2 else ideas:
                cast(session, idea, person, STANCES[(person * 5 + idea) % 4], before)
    return Electorate(place, ideas, people)


@pytest.fixture
def release(app: Flask, electorate: Electorate) -> Releasing:
    """Release the log of the process if that is due, and return what was published."""

    def make_one() -> Published | None:
        with app.app_context():
            view = release_log(process_by_id(db.session(), electorate.place.id))
            return published(view) if view else None

    return make_one


def published(view: ReleaseView) -> Published:
    """Return what the files of a release say."""
    paths = paths_of(view)
    lines = gzip.decompress(paths[LOG].read_bytes()).decode().split()
    return Published(view, paths, lines, json.loads(paths[FIGURES_JSON].read_text()))
