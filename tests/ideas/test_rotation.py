"""The fair rotation: everybody is first equally often, and the nightly draw gives every idea a place of its own."""

import itertools
from bisect import bisect_left
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from participation.ideas import rotation
from participation.ideas.models import Draw, IdeaState, Standing
from participation.ideas.rotation import draw_number, drawn_order, place, redraw, redraw_all, turn_at
from participation.ideas.standing import ROUND
from participation.processes.models import Process
from tests import make
from tests.conftest import Sessions

SLOT = timedelta(minutes=10)
A_DAY = 144
FIRST_PAGE = 20
FAIR_WITHIN = 2
"""By how much the number of times an idea comes first in a day may differ from the fair share."""
days = st.integers(1_767_225_600, 2_840_140_800).map(lambda second: datetime.fromtimestamp(second, UTC))


def nothing() -> None:
    """Be the beat of a routine that nobody waits for."""


def first_views(begin: datetime, count: int, first: int) -> list[int]:
    """Return how often in the day from ``begin`` on each of ``count`` ideas is among the ``first`` of the list."""
    places = [place(rank, count) for rank in range(count)]
    views = Counter[int]()
    for slot in range(A_DAY):
        beginning = bisect_left(places, turn_at(begin + slot * SLOT, SLOT).start)
        views.update((beginning + step) % count for step in range(first))
    return [views[rank] for rank in range(count)]


@settings(max_examples=60, deadline=None)
@given(days, st.integers(FIRST_PAGE, 3000))
def test_over_a_day_every_idea_has_the_same_chance_of_a_first_view(begin: datetime, count: int) -> None:
    for first in (1, FIRST_PAGE):
        fair = A_DAY * first / count
        views = first_views(begin, count, first)
        assert max(abs(seen - fair) for seen in views) < FAIR_WITHIN


@given(days)
def test_the_timetable_has_no_gaps(moment: datetime) -> None:
    turn = turn_at(moment, SLOT)
    assert turn.began_at <= moment < turn.ends_at
    assert turn.ends_at - turn.began_at == SLOT
    assert 0 <= turn.start < ROUND
    assert turn_at(turn.began_at, SLOT) == turn_at(turn.ends_at - timedelta(microseconds=1), SLOT) == turn
    assert turn_at(turn.ends_at, SLOT).start != turn.start


def test_anybody_can_work_the_timetable_out() -> None:
    turn = turn_at(datetime(2026, 5, 3, 12, 27, tzinfo=UTC), SLOT)
    number = int(turn.began_at.timestamp()) // 600
    fraction = number * ((5**0.5 - 1) / 2) % 1
    assert abs(turn.start / ROUND - fraction) < 1e-6
    assert (turn.began_at.minute, turn.ends_at.minute) == (20, 30)


@given(st.integers(1, 5000))
def test_gaps_are_equal(count: int) -> None:
    places = [place(rank, count) for rank in range(count)]
    gaps = {later - earlier for earlier, later in itertools.pairwise([*places, places[0] + ROUND])}
    assert max(gaps) - min(gaps) <= 1


def test_a_seed_gives_one_order_and_another_seed_another_one() -> None:
    ideas = list(range(1, 200))
    assert drawn_order("a", ideas) == drawn_order("a", ideas[::-1])
    assert sorted(drawn_order("a", ideas)) == ideas
    assert drawn_order("a", ideas) != drawn_order("b", ideas)


def test_a_draw_spreads_the_published_ideas_evenly(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        here = make.process(session)
        author = make.participant(session, here)
        public = [make.idea(session, here, author=author) for _ in range(230)]
        hidden = make.idea(session, here, author=author, state=IdeaState.HIDDEN)
        kept = session.get_one(Standing, hidden).rotation
        version = session.get_one(Process, here.id).version
    beats: list[int] = []
    with app.app_context():
        redraw(here.id, lambda: beats.append(1))
    with database() as session:
        seed = session.get_one(Draw, here.id).seed
        rows = dict(session.execute(select(Standing.idea_id, Standing.rotation)).all())
        assert rows.pop(hidden) == kept
        assert [rows[idea] for idea in drawn_order(seed, public)] == [place(rank, 230) for rank in range(230)]
        assert draw_number(session, here.id) == 2
        assert session.get_one(Process, here.id).version == version + 2, "readers see it at once"
    assert beats


def test_every_night_is_another_draw(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        places = [make.process(session, slug) for slug in ("one", "two")]
        for here in places:
            for _ in range(12):
                make.idea(session, here)
    orders = []
    for night in range(1, 4):
        with app.app_context():
            redraw_all(nothing)
        with database() as session:
            assert [draw_number(session, here.id) for here in places] == [2 * night, 2 * night]
            orders.append(tuple(session.scalars(select(Standing.idea_id).order_by(Standing.rotation))))
    assert len(set(orders)) == 3


def test_an_interrupted_draw_goes_on(
    app: Flask, transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(rotation, "BATCH_SECONDS", 0)
    with transact() as session:
        here = make.process(session)
        for _ in range(35):
            make.idea(session, here)

    class Crash(BaseException):
        pass

    def crash() -> None:
        raise Crash

    with app.app_context(), pytest.raises(Crash):
        # The first batch is done when the beat comes.
        redraw(here.id, crash)
    with database() as session:
        draw = session.get_one(Draw, here.id)
        seed = draw.seed
        assert (draw.number, draw.done_at) == (1, None), "whoever pages on is told that the order has changed"
    with app.app_context():
        redraw(here.id, nothing)
    with database() as session:
        draw = session.get_one(Draw, here.id)
        assert (draw.number, draw.seed) == (2, seed)
        assert draw.done_at is not None
        assert sorted(session.scalars(select(Standing.rotation))) == [place(rank, 35) for rank in range(35)]


def test_a_process_without_ideas_can_be_drawn(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        here = make.process(session)
    with app.app_context():
        redraw_all(nothing)
    with database() as session:
        assert draw_number(session, here.id) == 2
