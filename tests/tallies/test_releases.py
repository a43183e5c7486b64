"""Releases of the vote log: when they are made, what is in them, and what is kept."""

import csv
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from participation.handlers import ROUTINES
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.processes.models import Phase
from participation.tallies import log, releases, scripts
from participation.tallies.files import FIGURES_CSV, FIGURES_JSON, LOG, TREE, folder_of
from participation.tallies.log import LoggedVote, leaf_of, line_hash
from participation.tallies.merkle import root_along
from participation.tallies.models import Release
from participation.tallies.proofs import Presence, is_logged, prove
from participation.tallies.queries import changed_people, latest_release, releases_of
from participation.voting.models import Stance, Vote, VoteChange
from tests import make
from tests.conftest import Sessions
from tests.tallies.conftest import Electorate, Published, Releasing, cast

SCRIPTS = Path(scripts.__file__).parent
DAY = timedelta(days=1)


def run(script: str, *arguments: object) -> tuple[int, str]:
    """Run a program for readers and return its status and what it says."""
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPTS / script), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def due(release: Releasing) -> Published:
    """Return what is released now."""
    made = release()
    assert made is not None
    return made


def test_what_a_release_says(database: Sessions, electorate: Electorate, release: Releasing) -> None:
    made = due(release)
    with database() as session:
        votes = [
            LoggedVote(vote.id, vote.idea_id, vote.stance.value, vote.nonce) for vote in session.scalars(select(Vote))
        ]
    leaves = [leaf_of(vote, process_id=electorate.place.id, release=1) for vote in votes]
    open_leaves = {leaf for leaf, vote in zip(leaves, votes, strict=True) if vote.idea_id != electorate.ideas[5]}
    assert len(votes) == made.release.leaves == 63
    assert sorted(map(line_hash, leaves)) == [line_hash(line) for line in made.lines]
    assert {line for line in made.lines if "," in line} == open_leaves
    assert (made.figures["votes"], made.figures["sealed"]) == (63, 3)
    counted = Counter((vote.idea_id, vote.stance) for vote in votes)
    assert [
        (row["idea"], row["agree"], row["disagree"], row["unsure"], row["votes"]) for row in made.figures["ideas"]
    ] == [
        (idea, counted[idea, "agree"], counted[idea, "disagree"], counted[idea, "unsure"], 12)
        for idea in electorate.ideas[:5]
    ]
    with made.paths[FIGURES_CSV].open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["idea"] for row in rows] == [str(idea) for idea in electorate.ideas[:5]]


def test_the_program_on_the_page_recounts_it(release: Releasing, tmp_path: Path) -> None:
    made = due(release)
    figures, logged = made.paths[FIGURES_JSON], made.paths[LOG]
    assert run("check_tally.py", figures, logged) == (0, "All right: 63 votes.\n")
    for planted, (before, after) in {
        "the root": (f'"root": "{made.release.root}"', f'"root": "{"0" * 64}"'),
        f"idea {made.figures['ideas'][0]['idea']}": ('"agree": ', '"agree": 1'),
        f"idea {made.figures['ideas'][1]['idea']}": ('"low": 0.', '"low": 0.9'),
    }.items():
        changed = tmp_path / "figures.json"
        text = figures.read_text()
        at = text.index(f'"idea": {planted[5:]}') if planted.startswith("idea") else 0
        changed.write_text(text[:at] + text[at:].replace(before, after, 1))
        assert run("check_tally.py", changed, logged) == (1, f"NOT RIGHT: {planted}\n")
    assert len((SCRIPTS / "check_tally.py").read_text().splitlines()) <= 30


def test_a_voter_finds_the_own_vote(
    app: Flask, database: Sessions, electorate: Electorate, release: Releasing, tmp_path: Path
) -> None:
    made = due(release)
    with app.app_context(), database() as session:
        for vote in session.scalars(select(Vote).where(Vote.participant_id == electorate.people[0])):
            logged = LoggedVote(vote.id, vote.idea_id, vote.stance.value, vote.nonce)
            proof = prove(made.release, logged, vote.cast_at)
            assert proof.presence is Presence.IN
            assert root_along(proof.hash, proof.path).hex() == made.release.root
            assert is_logged(session, vote.id) is True
        (tmp_path / "proof.json").write_text(proof.to_json())
    assert run("check_vote.py", tmp_path / "proof.json", made.release.root) == (
        0,
        f"{proof.leaf} is in the log with this root.\n",
    )
    assert run("check_vote.py", tmp_path / "proof.json", "0" * 64)[0] == 1


def test_fewer_than_ten_people_make_no_release(
    database: Sessions, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    due(release)
    assert release() is None, "nobody did anything"
    with transact() as session:
        for person in electorate.people[:4]:
            cast(session, electorate.ideas[0], person, None)
        for person in electorate.people[4:9]:
            session.execute(update(Vote).where(Vote.participant_id == person).values(cast_at=clock.now()))
    assert release() is None, "these are nine"
    with transact() as session:
        make.vote(session, electorate.place, electorate.ideas[1], Stance.UNSURE)
    with database() as session:
        before = latest_release(session, electorate.place.id)
        assert changed_people(session, electorate.place.id, before) == 10
    made = due(release)
    assert (made.release.number, made.release.leaves) == (2, 60)
    with database() as session:
        assert session.scalar(select(func.count()).select_from(VoteChange)) == 0


def test_the_last_release_comes_when_no_vote_can_come_any_more(
    app: Flask, database: Sessions, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    first = due(release)
    with transact() as session:
        make.vote(session, electorate.place, electorate.ideas[1], Stance.UNSURE)
        session.execute(update(Phase).values(ends_at=clock.now() - timedelta(minutes=5)))
    assert release() is None, "a form that was opened in time may still come"
    with app.app_context(), time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        ROUTINES["release the last vote log"].run(lambda: None)
        ROUTINES["release the last vote log"].run(lambda: None)
        made = releases_of(db.session(), electorate.place.id)
        assert [(one.number, one.is_final, one.leaves) for one in made] == [(2, True, 64), (1, False, 63)]
        # Beside the release before, everybody would see what the one person said.
        assert [ending for ending in (LOG, FIGURES_JSON, FIGURES_CSV, TREE) if first.paths[ending].exists()] == []


def test_a_release_with_all_votes_becomes_the_last_one(
    app: Flask, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    due(release)
    with transact() as session:
        session.execute(update(Phase).values(ends_at=clock.now() - DAY / 2))
    assert release() is None
    with app.app_context():
        latest = latest_release(db.session(), electorate.place.id)
        assert latest is not None
        assert (latest.number, latest.is_final) == (1, True)


def test_a_hidden_idea_is_sealed_and_its_votes_stay(
    transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    with transact() as session:
        session.get_one(Idea, electorate.ideas[0]).state = IdeaState.HIDDEN
    made = due(release)
    assert made.release.leaves == 63
    assert {int(line.split(",")[0]) for line in made.lines if "," in line} == set(electorate.ideas[1:5])
    assert [row["idea"] for row in made.figures["ideas"]] == electorate.ideas[1:5]


def test_later_votes_are_not_missing(
    app: Flask, database: Sessions, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    made = due(release)
    changed, added = electorate.people[0], electorate.people[5]
    with transact() as session:
        stance = session.scalars(
            select(Vote.stance).where(Vote.participant_id == changed, Vote.idea_id == electorate.ideas[0])
        ).one()
        cast(session, electorate.ideas[0], changed, next(other for other in Stance if other is not stance))
        cast(session, electorate.ideas[5], added, Stance.AGREE)
    with app.app_context(), database() as session:

        def presence(person: int, idea: int) -> tuple[Presence, bool | None]:
            own = (Vote.participant_id == person) & (Vote.idea_id == idea)
            vote = session.scalars(select(Vote).where(own)).one()
            logged = LoggedVote(vote.id, vote.idea_id, vote.stance.value, vote.nonce)
            return prove(made.release, logged, vote.cast_at).presence, is_logged(session, vote.id)

        # Whoever only has the receipt does not learn that the vote was changed.
        assert presence(changed, electorate.ideas[0]) == (Presence.LATER, True)
        assert presence(added, electorate.ideas[5]) == (Presence.LATER, False)
        made.paths[TREE].unlink()
        assert presence(changed, electorate.ideas[1]) == (Presence.UNKNOWN, None)


def test_old_files_go_and_roots_stay(
    app: Flask, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    first = due(release)
    leftover = first.paths.folder / "9-abc.txt.gz"
    leftover.write_text("")
    os.utime(leftover, (0, 0))
    with transact() as session:
        for person in electorate.people[:10]:
            cast(session, electorate.ideas[0], person, None)
    second = due(release)
    assert not first.paths[TREE].exists()
    assert first.paths[LOG].exists()
    with app.app_context():
        for days, kept in ((89, True), (91, False)):
            releases.remove_old_files(electorate.place.id, now=clock.now() + days * DAY)
            assert [first.paths[ending].exists() for ending in (LOG, FIGURES_JSON, FIGURES_CSV)] == [kept] * 3
        assert all(second.paths[ending].exists() for ending in (LOG, FIGURES_JSON, FIGURES_CSV, TREE))
        assert not leftover.exists()
        assert [one.root for one in releases_of(db.session(), electorate.place.id)] == [
            second.release.root,
            first.release.root,
        ]


def test_files_are_for_the_product_alone(electorate: Electorate, release: Releasing) -> None:
    made = due(release)
    modes = {path.name.partition(".")[2]: path.stat().st_mode & 0o777 for path in made.paths.folder.iterdir()}
    assert modes == dict.fromkeys((LOG, FIGURES_JSON, FIGURES_CSV, TREE), 0o600)


def test_a_failure_leaves_nothing_behind(
    app: Flask, database: Sessions, electorate: Electorate, release: Releasing
) -> None:
    def stop() -> None:
        raise RuntimeError("stopped")

    with app.app_context(), pytest.raises(RuntimeError):
        releases.release_daily(stop)
    with app.app_context(), database() as session:
        assert list(folder_of(electorate.place.id).iterdir()) == []
        assert session.scalar(select(func.count()).select_from(Release)) == 0


def test_parts_larger_than_memory_are_spooled(
    monkeypatch: pytest.MonkeyPatch, electorate: Electorate, release: Releasing
) -> None:
    monkeypatch.setattr(log, "SPOOL_BYTES", 60)
    made = due(release)
    assert [line_hash(line) for line in made.lines] == sorted(map(line_hash, made.lines))
    assert len(made.lines) == 63
