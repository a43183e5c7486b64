"""Each kind of break in what was released is found and named."""

import gzip
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from participation.kit import clock
from participation.kit.db import db
from participation.tallies.files import FIGURES_CSV, FIGURES_JSON, LOG, TREE
from participation.tallies.models import Release
from participation.tallies.verify import missing_files, release_breaks
from participation.voting.models import Stance, Vote
from tests import make
from tests.conftest import Sessions
from tests.tallies.conftest import Electorate, Published, Releasing, cast

Breaks = Callable[[], list[str]]


@pytest.fixture
def made(release: Releasing) -> Published:
    """The only release so far."""
    found = release()
    assert found is not None
    return found


@pytest.fixture
def breaks(app: Flask, electorate: Electorate) -> Breaks:
    """Look for breaks; what they begin with, before the colon, is left out."""

    def look() -> list[str]:
        with app.app_context():
            found = list(release_breaks(db.session(), electorate.place.id, now=clock.now()))
            db.session.rollback()
        assert all(sentence.startswith("release 1: ") for sentence in found)
        return [sentence.removeprefix("release 1: ") for sentence in found]

    return look


def rewrite(made: Published, lines: list[str]) -> None:
    """Replace the published log."""
    made.paths[LOG].write_bytes(gzip.compress(("\n".join(lines) + "\n").encode()))


def test_nothing_is_wrong(made: Published, breaks: Breaks) -> None:
    assert breaks() == []


def test_a_log_with_another_vote(made: Published, breaks: Breaks) -> None:
    place = next(number for number, line in enumerate(made.lines) if ",agree," in line)
    rewrite(made, [*made.lines[:place], made.lines[place].replace("agree", "unsure"), *made.lines[place + 1 :]])
    idea = made.lines[place].split(",")[0]
    said = [sentence.rpartition(" ")[0] for sentence in breaks()]
    assert said[:2] == [
        "the vote log is not the file that was published: its SHA-256 is",
        f"the vote log has the root {said[1].split()[6]} instead of the published",
    ]
    assert {
        "the tree that paths are read from is not that of the vote",
        f"the figures of ideas {idea} are not those of the vote",
    } <= set(said)


def test_a_log_with_one_vote_less(made: Published, breaks: Breaks) -> None:
    rewrite(made, made.lines[1:])
    assert "the vote log has 62 leaves instead of 63" in breaks()


def test_a_log_with_a_vote_twice(made: Published, breaks: Breaks) -> None:
    rewrite(made, [made.lines[0], *made.lines])
    assert "the leaves of the vote log are not in order, or one stands there twice" in breaks()


def test_a_log_packed_anew(made: Published, breaks: Breaks) -> None:
    rewrite(made, made.lines)
    assert [sentence[:39] for sentence in breaks()] == ["the vote log is not the file that was p"]


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", gzip.compress(b"12,agree\n"), gzip.compress(b"xyz\n")],
    ids=["empty", "not packed", "half a line", "no line"],
)
def test_a_log_that_is_none(made: Published, breaks: Breaks, content: bytes) -> None:
    made.paths[LOG].write_bytes(content)
    found = breaks()
    assert found[0].startswith("the vote log is not the file that was published")
    assert found[1].startswith("a file cannot be read: " if content else "the vote log has 0 leaves instead of 63")


@pytest.mark.parametrize("ending", [LOG, FIGURES_JSON, FIGURES_CSV, TREE])
def test_a_missing_file(app: Flask, electorate: Electorate, made: Published, breaks: Breaks, ending: str) -> None:
    made.paths[ending].unlink()
    assert breaks() == [f"the file {made.paths[ending].name} is missing"]
    with app.app_context():
        assert missing_files(db.session(), electorate.place.id, now=clock.now()) == [made.paths[ending].name]


def test_a_tree_with_another_hash(made: Published, breaks: Breaks) -> None:
    content = bytearray(made.paths[TREE].read_bytes())
    content[-100] ^= 1
    made.paths[TREE].write_bytes(content)
    assert breaks() == ["the tree that paths are read from is not that of the vote log"]


def test_figures_that_were_changed(made: Published, breaks: Breaks) -> None:
    text = made.paths[FIGURES_JSON].read_text()
    first = made.figures["ideas"][0]
    made.paths[FIGURES_JSON].write_text(text.replace(f'"agree": {first["agree"]}', '"agree": 99', 1))
    assert breaks() == [
        f"the figures of ideas {first['idea']} are not those of the vote log",
        "the figures as CSV are not those in JSON",
    ]
    made.paths[FIGURES_JSON].write_text(text.replace(made.release.root, "0" * 64))
    assert breaks() == [f"the figures name {'0' * 64} as root instead of {made.release.root}"]
    made.paths[FIGURES_JSON].write_text("{}")
    assert breaks() == ["a file cannot be read: this is not a participation tally 1"]


def test_a_published_root_that_was_changed(made: Published, transact: Sessions, breaks: Breaks) -> None:
    # The files are named after the root they were published with.
    with transact() as session:
        session.execute(update(Release).values(root=made.release.root[:16] + "0" * 48))
    assert any(sentence.startswith("the vote log has the root") for sentence in breaks())


def test_a_vote_that_was_changed_behind_the_back(
    made: Published, transact: Sessions, electorate: Electorate, breaks: Breaks
) -> None:
    idea = electorate.ideas[2]
    with transact() as session:
        vote = session.scalars(select(Vote).where(Vote.idea_id == idea, Vote.stance != Stance.AGREE).limit(1)).one()
        vote.stance = Stance.AGREE
    assert breaks() == [f"1 vote is not as it was released, on ideas {idea}"]


def test_votes_that_are_gone(made: Published, transact: Sessions, electorate: Electorate, breaks: Breaks) -> None:
    with transact() as session:
        session.execute(delete(Vote).where(Vote.idea_id == electorate.ideas[5]))
    assert breaks() == ["3 votes in the log are gone, though nobody has withdrawn any"]


def test_what_people_do_is_no_break(
    made: Published, transact: Sessions, electorate: Electorate, breaks: Breaks
) -> None:
    with transact() as session:
        first, second, third = electorate.people[:3]
        cast(session, electorate.ideas[0], first, None)
        stance = session.scalars(select(Vote.stance).where(Vote.participant_id == second).limit(1)).one()
        idea = session.scalars(select(Vote.idea_id).where(Vote.participant_id == second).limit(1)).one()
        cast(session, idea, second, next(other for other in Stance if other is not stance))
        cast(session, electorate.ideas[1], third, None)
        cast(session, electorate.ideas[1], third, Stance.AGREE)
        make.vote(session, electorate.place, electorate.ideas[0], Stance.UNSURE)
    assert breaks() == []
