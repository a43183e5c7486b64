"""Orders of lists: every idea once in each of them, forward and back; the numbers behind them; places in addresses."""

import itertools
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, text, update
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM
from participation.curation.board.filing import unfile_idea
from participation.ideas.models import Idea, IdeaState, Standing
from participation.ideas.standing import MILLION, ROUND, lower_bound
from participation.kit import clock
from participation.listings.ideas import (
    BY_VOTES,
    Cursor,
    HiddenResults,
    IdeaFilter,
    IdeaList,
    Order,
    Round,
    Sort,
    Stage,
    Wording,
    idea_list,
    next_idea,
)
from participation.listings.ideas.orders import EPOCH, LARGEST, LATEST, microseconds, moment_of
from participation.listings.ideas.walks import Walk, walk
from participation.listings.names import Names
from participation.processes.queries import process_by_id
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.make import Place

START = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
IN_ROTATION = Order(Sort.ROTATION, Round(2, ROUND // 3))
ORDERS = [IN_ROTATION, *(Order(sort) for sort in (Sort.NEWEST, Sort.AGREEMENT, Sort.CONTESTED, Sort.DISCUSSED))]
NAMES = Names(principles={}, districts={}, fields={})
WORDING = Wording(day=str, imported="Imported")


def page(
    session: Session, place: Place, order: Order, *, cursor: Cursor | None = None, size: int = 4, **others: Any
) -> IdeaList:
    """Return a page of the list as an anonymous reader gets it."""
    wanted = others.pop("wanted", IdeaFilter())
    return idea_list(
        session,
        ANONYMOUS,
        process_by_id(session, place.id),
        wanted=wanted,
        cursor=cursor,
        order=order,
        names=NAMES,
        wording=WORDING,
        list_url="/ideas",
        now=clock.now(),
        size=size,
        **others,
    )


def through(session: Session, place: Place, order: Order, *, size: int = 4) -> list[IdeaList]:
    """Return all pages from the first on."""
    pages = [page(session, place, order, size=size)]
    while pages[-1].next:
        pages.append(page(session, place, order, cursor=pages[-1].next, size=size))
        assert len(pages) < 99
    return pages


def ids(pages: list[IdeaList]) -> list[int]:
    """Return the ids on these pages."""
    return [card.id for one in pages for card in one.cards]


def fill(session: Session, place: Place, count: int) -> list[int]:
    """Return ideas of which many are alike in every order but the rotation, where two share a place."""
    author = make.participant(session, place)
    made = [
        make.idea(session, place, author=author, at=START + timedelta(microseconds=333_333 * (number // 3) + 1))
        for number in range(count)
    ]
    for number, idea in enumerate(made):
        values = {
            "rotation": (number // 2) * ROUND // count * 2 % ROUND,
            "agreement": number % 5 * 1000,
            "contested": number % 3 * 1000,
            "comments": number % 4,
        }
        session.execute(update(Standing).where(Standing.idea_id == idea).values(values))
    return made


def expected(session: Session, place: Place, order: Order) -> list[int]:
    """Return the ideas in an order worked out here."""
    rows = session.execute(
        select(Idea.id, Idea.published_at, Standing)
        .join(Standing, Standing.idea_id == Idea.id)
        .where(Idea.process_id == place.id)
    ).all()
    if order.round:
        return [row[0] for row in sorted(rows, key=lambda row: (order.round.distance(row.Standing.rotation), row[0]))]
    columns = {Sort.AGREEMENT: "agreement", Sort.CONTESTED: "contested", Sort.DISCUSSED: "comments"}

    def key(row: Any) -> Any:
        return (row[1] if order.sort is Sort.NEWEST else getattr(row.Standing, columns[order.sort]), row[0])

    return [row[0] for row in sorted(rows, key=key, reverse=True)]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.sort.value)
def test_forward_and_back_cover_every_idea_once(transact: Sessions, database: Sessions, order: Order) -> None:
    with transact() as session:
        place = make.process(session)
        fill(session, place, 23)
        fill(session, make.process(session, "other"), 5)
    with database() as session:
        pages = through(session, place, order)
        assert ids(pages) == expected(session, place, order)
        assert [len(one.cards) for one in pages] == [4, 4, 4, 4, 4, 3]
        assert pages[0].previous is None
        back = [pages[-1]]
        while back[-1].previous:
            back.append(page(session, place, order, cursor=back[-1].previous))
            assert len(back) < 50
        assert [ids([one]) for one in back[::-1]] == [ids([one]) for one in pages]


def test_a_round_from_any_start_has_every_idea_once(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        made = fill(session, place, 11)
    with database() as session:
        places = set(session.scalars(select(Standing.rotation).where(Standing.process_id == place.id)))
        starts = {0, 1, ROUND - 1, *itertools.chain(*((at, (at + 1) % ROUND, (at - 1) % ROUND) for at in places))}
        for start in starts:
            order = Order(Sort.ROTATION, Round(0, start))
            pages = through(session, place, order, size=3)
            assert ids(pages) == expected(session, place, order)
            assert sorted(ids(pages)) == made


def test_a_page_further_on_keeps_the_start_it_came_with(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        fill(session, place, 9)
    with database() as session:
        first = page(session, place, IN_ROTATION)
        later = Order(Sort.ROTATION, Round(2, ROUND // 2))
        second = page(session, place, later, cursor=first.next)
        assert ids([first, second]) == expected(session, place, IN_ROTATION)[:8]


def test_what_is_hidden_meanwhile_leaves_the_rest_in_order(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        fill(session, place, 12)
    for order in ORDERS:
        with database() as session:
            whole = [idea for idea in expected(session, place, order) if session.get_one(Idea, idea).state is PUBLISHED]
            first = page(session, place, order, size=3)
        with transact() as session:
            # The very idea that the cursor points to.
            session.get_one(Idea, whole[2]).state = IdeaState.HIDDEN
        with database() as session:
            assert ids([page(session, place, order, cursor=first.next, size=3)]) == whole[3:6], order


PUBLISHED = IdeaState.PUBLISHED


def test_votes_and_comments_move_an_idea(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        few, many, split, quiet = (make.idea(session, place) for _ in range(4))
        make.votes(session, place, few, agree=3)
        make.votes(session, place, many, agree=30, disagree=3, unsure=5)
        make.votes(session, place, split, agree=6, disagree=6)
        for _ in range(2):
            make.comment(session, place, split)
        make.comment(session, place, few)
    with database() as session:

        def by(sort: Sort) -> list[int]:
            return ids([page(session, place, Order(sort))])

        assert by(Sort.AGREEMENT) == [many, few, split, quiet], "90 of 100 says more than 3 of 3"
        assert by(Sort.CONTESTED)[0] == split
        assert by(Sort.DISCUSSED)[:2] == [split, few]
        standing = session.get_one(Standing, many)
        assert standing.agreement == round(lower_bound(30, 33) * MILLION)


def test_orders_by_votes_are_refused_while_results_are_hidden(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        make.votes(session, place, make.idea(session, place), agree=3)
    with database() as session:
        for order in ORDERS:
            if order.sort in BY_VOTES:
                with pytest.raises(HiddenResults):
                    page(session, place, order)
                with pytest.raises(HiddenResults):
                    page(session, place, IN_ROTATION, cursor=Cursor(order, 0, 1))
            else:
                assert page(session, place, order).cards


def test_stages_and_answers_filter(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        loose, filed, source, unfiled, drafted = (make.idea(session, place) for _ in range(5))
        make.cluster(session, place, ideas=[filed])
        make.statement(session, place, [make.cluster(session, place, ideas=[source])])
        make.statement(session, place, [make.cluster(session, place, ideas=[drafted])], published=False)
        gone = make.cluster(session, place, ideas=[unfiled])
        unfile_idea(session, SYSTEM, idea_id=unfiled, cluster_id=gone, now=clock.now())
    with database() as session:
        cases = [
            (IdeaFilter(stage=Stage.OPEN), {loose, unfiled}),
            (IdeaFilter(stage=Stage.FILED), {filed, source, drafted}),
            (IdeaFilter(stage=Stage.SOURCE), {source}),
            (IdeaFilter(is_answered=True), set()),
            (IdeaFilter(is_answered=False), {loose, filed, source, unfiled, drafted}),
        ]
        for wanted, those in cases:
            listed = page(session, place, IN_ROTATION, wanted=wanted, size=9)
            assert (set(ids([listed])), listed.count) == (those, len(those)), wanted


def test_each_entry_knows_its_place(transact: Sessions, database: Sessions) -> None:
    def told(row: Any, number: int, *_others: object) -> str:
        return f"{number}:{row.id}"

    with transact() as session:
        place = make.process(session)
        fill(session, place, 9)
    with database() as session:
        for order in ORDERS:
            first = page(session, place, order, why=told)
            second = page(session, place, order, cursor=first.next, why=told)
            whole = expected(session, place, order)[:8]
            said = [card.why for one in (first, second) for card in one.cards]
            assert said == [f"{number}:{idea}" for number, idea in enumerate(whole, start=1)]


def test_one_idea_after_the_other_without_those_somebody_took_part_in(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        account = make.account(session)
        me = make.participant(session, place, account_id=account)
        made = fill(session, place, 6)
        own = make.idea(session, place, author=me)
        make.vote(session, place, made[1], Stance.AGREE, by=me)
        make.comment(session, place, made[4], author=me)
        make.votes(session, place, made[2], agree=1)
    with database() as session:
        for account_id, left in ((None, {*made, own}), (account, {made[0], made[2], made[3], made[5]})):
            wanted, seen = IdeaFilter(untouched_by=account_id), list[int]()
            cursor: Cursor | None = None
            while found := next_idea(session, ANONYMOUS, place.id, wanted=wanted, order=IN_ROTATION, cursor=cursor):
                seen.append(found[0])
                cursor = found[1]
            assert len(seen) == len(left)
            assert set(seen) == left


numbers = st.integers(0, LARGEST)
rounds = st.builds(Round, numbers, st.integers(0, ROUND - 1))
cursors = st.one_of(
    st.builds(Cursor, st.builds(Order, st.just(Sort.ROTATION), rounds), st.integers(0, ROUND - 1), numbers),
    st.builds(Cursor, st.just(Order(Sort.NEWEST)), st.integers(0, LATEST), numbers),
    st.builds(Cursor, st.just(Order(Sort.AGREEMENT)), st.integers(0, MILLION), numbers),
    st.builds(Cursor, st.just(Order(Sort.DISCUSSED)), numbers, numbers),
    st.builds(Cursor, st.just(Order(Sort.RELEVANCE)), numbers, numbers),
)


@given(cursors, st.booleans())
def test_a_cursor_survives_the_address(cursor: Cursor, backwards: bool) -> None:
    again = Cursor.decode(cursor.encode(), sort=cursor.order.sort, backwards=backwards)
    assert again == replace(cursor, backwards=backwards)


@given(st.timedeltas(timedelta(0), timedelta(days=365 * 1000)))
def test_no_microsecond_is_lost(age: timedelta) -> None:
    assert moment_of(microseconds(EPOCH + age)) == EPOCH + age


@given(st.text(max_size=90), st.sampled_from(Sort))
def test_anything_else_is_no_cursor(made_up: str, sort: Sort) -> None:
    with suppress(ValueError):
        assert Cursor.decode(made_up, sort=sort).order.sort is sort


@pytest.mark.parametrize(
    "made_up",
    [
        *("", "n", "n-", "n1", "n1-", "n-1", "nx-1", "n1-x", "n1-2-3", "n١-1", "n" + "9" * 30 + "-1", "n1-" + "9" * 30),
        *("n1.5-1", "n1 -1", "1-1", "r1-1-0-0", "N1-1", "n1--1", "n+1-1"),
    ],
)
def test_what_looks_like_one_is_none(made_up: str) -> None:
    with pytest.raises(ValueError, match="no cursor"):
        Cursor.decode(made_up, sort=Sort.NEWEST)


def test_a_cursor_belongs_to_its_order() -> None:
    for order, other in itertools.permutations(ORDERS, 2):
        with pytest.raises(ValueError, match="no cursor"):
            Cursor.decode(Cursor(order, 1, 1).encode(), sort=other.sort)


def plans(session: Session, path: Walk, cursor: Cursor | None) -> list[str]:
    """Return how the database goes about each statement of a page."""
    sent: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    walk(session, path, cursor)
    event.remove(connection, "before_cursor_execute", note)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    explain, column = ("EXPLAIN QUERY PLAN ", 3) if is_sqlite else ("EXPLAIN ", 0)
    return [
        "\n".join(str(row[column]) for row in connection.exec_driver_sql(explain + statement, parameters))
        for statement, parameters in sent
    ]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.sort.value)
def test_a_page_walks_the_index_of_its_order(transact: Sessions, database: Sessions, order: Order) -> None:
    """Nothing is read from end to end and nothing but the page itself is sorted, however many ideas there are."""
    names = {Sort.NEWEST: "ix_idea_newest", Sort.DISCUSSED: "ix_standing_comments"}
    index = names.get(order.sort, f"ix_standing_{order.sort.value}")
    with transact() as session:
        place = make.process(session)
        template = make.idea(session, place, body="What would help? " * 60)
        _many(session, template, 3000)
        session.execute(text("ANALYZE"))
    with database() as session:
        middle = walk(session, Walk(ANONYMOUS, place.id, IdeaFilter(), order, 1500), None)[-1].cursor
        for cursor in (None, middle, replace(middle, backwards=True)):
            for plan in plans(session, Walk(ANONYMOUS, place.id, IdeaFilter(), order, 21), cursor):
                assert index in plan, plan
                assert "SCAN idea " not in f"{plan} ", plan
                assert "Seq Scan on idea " not in plan, plan
                assert "Seq Scan on standing" not in plan, plan


def _many(session: Session, template: int, count: int) -> None:
    """Make ``count`` further ideas like one, each with a standing of its own."""
    idea = session.get_one(Idea, template)
    row = {column.key: getattr(idea, column.key) for column in Idea.__table__.columns if column.key != "id"}
    first = template + 1
    session.execute(Idea.__table__.insert(), [{**row, "id": first + number} for number in range(count)])
    standings = [
        {
            "idea_id": first + number,
            "process_id": idea.process_id,
            "rotation": number * 7919 * 65537 % ROUND,
            "agreement": number * 31 % MILLION,
            "contested": number * 17 % MILLION,
            "comments": number % 40,
        }
        for number in range(count)
    ]
    session.execute(Standing.__table__.insert(), standings)
