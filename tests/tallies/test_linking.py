"""From everything that was ever published nobody can tell that two votes come from one person."""

import itertools
import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.kit import clock
from participation.tallies.figures import is_enough
from participation.tallies.files import FIGURES_CSV, FIGURES_JSON, LOG
from participation.tallies.log import LoggedVote, leaf_of, line_hash
from participation.tallies.models import Release
from participation.voting.models import Stance, Vote
from participation.voting.queries import tallies
from tests import make
from tests.conftest import Sessions
from tests.tallies.conftest import Electorate, Published, Releasing, cast

PUBLIC = (LOG, FIGURES_JSON, FIGURES_CSV)
MARGIN = 4
"""So far above the highest of 300 random orders nothing gets by chance: about five standard deviations."""
Whose = dict[bytes, int]


def owners(session: Session, electorate: Electorate, release: int) -> Whose:
    """Return whose vote each leaf of a release is, which only the database can tell."""
    return {
        line_hash(
            leaf_of(
                LoggedVote(vote.id, vote.idea_id, vote.stance.value, vote.nonce),
                process_id=electorate.place.id,
                release=release,
            )
        ): vote.participant_id
        for vote in session.scalars(select(Vote))
    }


def change(session: Session, electorate: Electorate, day: int) -> None:
    """Let eleven people do something: vote anew, change, withdraw."""
    for number, person in enumerate(electorate.people[:10]):
        idea = electorate.ideas[(number + day) % 5]
        stance = (None, Stance.AGREE, Stance.DISAGREE, Stance.UNSURE)[(number + day) % 4]
        own = (Vote.participant_id == person) & (Vote.idea_id == idea)
        if session.scalar(select(Vote.stance).where(own)) is stance:
            stance = None if stance else Stance.AGREE
        cast(session, idea, person, stance)
    newcomer = make.participant(session, electorate.place)
    for idea in electorate.ideas[day:]:
        cast(session, idea, newcomer, Stance.AGREE)


@pytest.fixture
def history(
    database: Sessions, transact: Sessions, electorate: Electorate, release: Releasing
) -> list[tuple[Published, Whose]]:
    """Four releases, with what everybody can read and whose votes they are."""
    found = []
    for day in range(4):
        if day:
            with transact() as session:
                change(session, electorate, day)
        made = release()
        assert made is not None
        with database() as session:
            found.append((made, owners(session, electorate, made.release.number)))
    return found


def test_a_release_says_the_same_whoever_cast_the_votes(
    database: Sessions, transact: Sessions, electorate: Electorate, release: Releasing
) -> None:
    """What does not depend on who voted, when and in which order, cannot tell anything about it."""
    first = release()
    assert first is not None
    content = {ending: first.paths[ending].read_bytes() for ending in PUBLIC}
    made_at = first.release.made_at
    with transact() as session:
        moved = swap(session, random.Random(7))
        assert moved > 30, "votes did change hands"
        # As if there had been no release yet.
        session.execute(delete(Release))
    for ending in PUBLIC:
        first.paths[ending].unlink()
    again = release()
    assert again is not None
    assert again.release.root == first.release.root
    stamp, later = (f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() for moment in (made_at, again.release.made_at))
    assert {ending: again.paths[ending].read_bytes().replace(later, stamp) for ending in PUBLIC} == content


def test_releases_cannot_be_joined(history: list[tuple[Published, Whose]]) -> None:
    numbers = [{line.rpartition(",")[2] for line in made.lines} for made, _whose in history]
    leaves = [set(whose) for _made, whose in history]
    for one, other in itertools.combinations(range(4), 2):
        assert not numbers[one] & numbers[other]
        assert not leaves[one] & leaves[other]
    assert set(history[0][1].values()) & set(history[1][1].values()), "the same people are in both"


def test_nothing_stands_next_to_its_own_kind(history: list[tuple[Published, Whose]]) -> None:
    """In the files votes of one person stand beside each other no more often than in any other order."""
    chance = random.Random(11)
    for made, whose in history:
        people = [whose[line_hash(line)] for line in made.lines]
        together = beside(people)
        by_chance = [beside(chance.sample(people, len(people))) for _ in range(300)]
        assert together < max(by_chance) + MARGIN
        # Were they in the order of people, it would be seen.
        assert beside(sorted(people)) > max(by_chance) + MARGIN


def test_nothing_else_is_said(history: list[tuple[Published, Whose]]) -> None:
    for made, _whose in history:
        names = set(made.figures) | {name for row in made.figures["ideas"] for name in row}
        assert names == {
            *("format", "process", "release", "made_at", "votes", "sealed", "root", "vote_log_sha256"),
            *("fewest_votes", "ideas"),
            *("idea", "agree", "disagree", "unsure", "votes", "agreement", "low", "high"),
        }
        assert {line.count(",") for line in made.lines} <= {0, 2}
        assert len({line.rpartition(",")[2] for line in made.lines}) == len(made.lines)
        assert made.release.changed_people >= 10


def test_too_few_votes_are_sealed(
    database: Sessions, history: list[tuple[Published, Whose]], electorate: Electorate
) -> None:
    made, _whose = history[-1]
    with database() as session:
        counts = tallies(session, electorate.ideas)
    shown = Counter(int(line.split(",")[0]) for line in made.lines if "," in line)
    assert shown == {idea: one.people for idea, one in counts.items() if is_enough(one)}
    assert {row["idea"] for row in made.figures["ideas"]} == set(shown)
    first, _ = history[0]
    assert first.figures["sealed"] == 3
    assert sum("," not in line for line in first.lines) == 3


def beside(people: list[int]) -> int:
    """Return how often two votes of one person stand beside each other."""
    return sum(one == other for one, other in itertools.pairwise(people))


def swap(session: Session, chance: random.Random) -> int:
    """Give every vote to somebody else who voted on the same idea, with another time and row; return how many moved."""
    moved = 0
    for idea in session.scalars(select(Vote.idea_id).distinct()).all():
        votes = session.execute(select(Vote.stance, Vote.nonce, Vote.participant_id).where(Vote.idea_id == idea)).all()
        people = [vote.participant_id for vote in votes]
        chance.shuffle(people)
        session.execute(delete(Vote).where(Vote.idea_id == idea))
        for (stance, nonce, before), person in zip(chance.sample(votes, len(votes)), people, strict=True):
            at = clock.now() - timedelta(minutes=chance.randrange(1000))
            session.add(Vote(idea_id=idea, participant_id=person, stance=stance, nonce=nonce, revision=1, cast_at=at))
            moved += before != person
        session.flush()
    return moved
