"""Which idea comes next in the row: the formula, whom it favours, and that everything keeps coming."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, insert

from participation.ideas.models import IdeaState
from participation.ideas.standing import Z, lower_bound
from participation.kit import clock
from participation.voting.models import Skip, Stance
from participation.voting.next_idea import (
    CHANCE,
    SAMPLE,
    Candidate,
    Reason,
    choose,
    gain,
    half_width,
    next_idea,
)
from tests import make
from tests.conftest import Sessions
from tests.make import Place

TURNS = 4000


def drawn(candidates: list[Candidate], *, hidden: bool = False, seed: int = 1) -> Counter[int]:
    """Return how often each idea comes in many turns."""
    random = Random(seed)
    choices = (choose(candidates, random, results_hidden=hidden) for _ in range(TURNS))
    return Counter(choice.idea_id for choice in choices if choice)


@given(people=st.integers(1, 10_000), share=st.floats(0, 1))
def test_the_half_width_is_that_of_wilsons_interval(people: int, share: float) -> None:
    agree = round(share * people)
    middle = (agree + Z * Z / 2) / (people + Z * Z)
    assert middle - half_width(agree, people) == pytest.approx(lower_bound(agree, people), abs=1e-9)


def test_known_figures() -> None:
    # Wilson's interval for 8 of 10 reaches from 0.4902 to 0.9433.
    assert half_width(8, 10) == pytest.approx((0.9433 - 0.4902) / 2, abs=1e-4)
    assert half_width(0, 0) == 0.5
    assert gain(0, 0) == pytest.approx(0.5 - half_width(1, 1))


@given(people=st.integers(0, 5_000), share=st.floats(0, 1))
def test_one_more_vote_always_says_something_and_ever_less(people: int, share: float) -> None:
    agree = round(share * people)
    assert gain(agree, people) > 0
    assert gain(people / 2, people) > gain((people + 1) / 2, people + 1)
    assert gain(people / 2, people) >= gain(agree, people) - 1e-12


def test_ideas_with_few_votes_come_more_often_and_all_keep_coming() -> None:
    people = [0, 2, 5, 20, 100, 100_000]
    candidates = [Candidate(number, count, count // 2) for number, count in enumerate(people)]
    often = drawn(candidates)
    assert sorted(often, key=lambda idea_id: -often[idea_id])[:4] == [0, 1, 2, 3]
    # What chance alone gives each of them, less five standard deviations.
    share = CHANCE / len(people)
    least = TURNS * share - 5 * (TURNS * share * (1 - share)) ** 0.5
    assert set(often) == set(range(len(people)))
    assert min(often.values()) > least


def test_divided_ideas_come_more_often_than_clear_ones_unless_results_are_hidden() -> None:
    candidates = [Candidate(1, 30, 15), Candidate(2, 30, 30)]
    often = drawn(candidates)
    assert often[1] > 2 * often[2]
    alike = drawn(candidates, hidden=True)
    assert alike == drawn([Candidate(1, 30, 0), Candidate(2, 30, 7)], hidden=True), "nothing of the opinions gets in"
    assert abs(alike[1] - alike[2]) < 5 * TURNS**0.5


def test_one_in_five_turns_is_by_chance() -> None:
    random = Random(7)
    candidates = [Candidate(1, 0, 0), Candidate(2, 50, 25)]
    reasons = Counter(
        choice.reason for _ in range(TURNS) if (choice := choose(candidates, random, results_hidden=False))
    )
    assert abs(reasons[Reason.CHANCE] - CHANCE * TURNS) < 5 * (TURNS * CHANCE * (1 - CHANCE)) ** 0.5
    assert reasons[Reason.CHANCE] + reasons[Reason.GAIN] == TURNS


def test_even_the_largest_counts_can_be_weighed() -> None:
    assert len(drawn([Candidate(number, 10**15, 10**15) for number in range(3)])) == 3


def test_nothing_to_choose_from() -> None:
    assert choose([], Random(1), results_hidden=False) is None


def test_only_what_somebody_else_proposed_and_one_has_not_seen_comes(transact: Sessions, place: Place) -> None:
    with transact() as session:
        person = make.participant(session, place, account_id=make.account(session))
        other = make.process(session, "other")
        fresh = {make.idea(session, place) for _ in range(3)}
        make.idea(session, place, author=person)
        make.vote(session, place, make.idea(session, place), Stance.UNSURE, by=person)
        skipped = make.idea(session, place)
        session.execute(insert(Skip).values(participant_id=person, idea_id=skipped, skipped_at=clock.now()))
        make.idea(session, other)
        for state in IdeaState:
            if state is not IdeaState.PUBLISHED:
                make.idea(session, place, state=state)
        make.votes(session, place, min(fresh), agree=3, unsure=1)
        random = Random(3)

        def turn(participant_id: int | None, left_out: int | None = None) -> int | None:
            choice = next_idea(
                session,
                process_id=place.id,
                participant_id=participant_id,
                random=random,
                results_hidden=False,
                left_out=left_out,
            )
            return choice.idea_id if choice else None

        assert {turn(person) for _ in range(60)} == fresh
        assert {turn(person, max(fresh)) for _ in range(40)} == fresh - {max(fresh)}
        assert len({turn(None) for _ in range(100)}) == 6, "without an account all public ideas come"
        for idea in fresh:
            make.vote(session, place, idea, Stance.AGREE, by=person)
        assert turn(person) is None


def test_the_last_one_comes_again_even_if_it_was_just_left(transact: Sessions, place: Place) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        for left in (None, idea):
            choice = next_idea(
                session, process_id=place.id, participant_id=None, random=Random(1), results_hidden=True, left_out=left
            )
            assert choice
            assert choice.idea_id == idea


def test_among_many_ideas_every_one_comes(transact: Sessions, place: Place) -> None:
    """More ideas than are drawn at once: the place in the rotation where they are drawn decides as well."""
    with transact() as session:
        person = make.participant(session, place)
        ideas = {make.idea(session, place, author=make.participant(session, place)) for _ in range(SAMPLE + 20)}
        random, often = Random(5), Counter[int]()
        for _ in range(700):
            choice = next_idea(session, process_id=place.id, participant_id=person, random=random, results_hidden=False)
            assert choice
            often[choice.idea_id] += 1
    assert set(often) == ideas
    assert max(often.values()) < 6 * 700 / len(ideas)


def test_drawing_takes_at_most_two_steps_along_the_index(transact: Sessions, place: Place) -> None:
    with transact() as session:
        person = make.participant(session, place)
        for _ in range(3):
            make.idea(session, place)
        sent: list[tuple[str, Any]] = []
        engine = session.get_bind()

        def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
            sent.append((statement, values))

        event.listen(engine, "before_cursor_execute", note)
        next_idea(session, process_id=place.id, participant_id=person, random=Random(1), results_hidden=False)
        event.remove(engine, "before_cursor_execute", note)
        assert len(sent) == 2
        if engine.dialect.name == "sqlite":
            statement, values = sent[0]
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plan = [row[3] for row in rows]
            assert "ix_standing_rotation" in plan[0]
            assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in plan), plan
