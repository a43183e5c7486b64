"""Filing ideas on the board: main themes and touched ones, one step each, conflicts with colleagues, undo."""

from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.curation.board.conflicts import ClashKind, Conflict
from participation.curation.board.filing import (
    file_each,
    file_ideas,
    set_clusters,
)
from participation.curation.board.places import MAIN, NOT_THERE, TOUCHES, Placing, filed_in, positions_of
from participation.curation.board.queries import board_version
from participation.curation.board.steps import Done
from participation.curation.models import BoardChange, BoardChangeKind, Filing, FilingOrigin
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from tests import make
from tests.conftest import Sessions
from tests.curation.board.desk import Desk
from tests.make import Place


@pytest.mark.parametrize(
    ("places", "placing", "out_of", "wanted"),
    [
        ({}, Placing.AUTO, None, {9: MAIN}),
        ({}, Placing.ALSO, None, {9: MAIN}),
        ({1: MAIN}, Placing.AUTO, None, {1: MAIN, 9: TOUCHES}),
        ({1: MAIN}, Placing.ALSO, None, {1: MAIN, 9: TOUCHES}),
        ({1: MAIN}, Placing.MAIN, None, {1: TOUCHES, 9: MAIN}),
        ({1: MAIN}, Placing.AUTO, 1, {9: MAIN}),
        ({1: MAIN, 2: TOUCHES}, Placing.AUTO, 2, {1: MAIN, 9: TOUCHES}),
        ({1: MAIN, 2: TOUCHES}, Placing.MAIN, 2, {1: TOUCHES, 9: MAIN}),
        ({1: MAIN, 2: TOUCHES}, Placing.AUTO, 1, {2: TOUCHES, 9: MAIN}),
        ({1: TOUCHES}, Placing.AUTO, None, {1: TOUCHES, 9: MAIN}),
        ({1: TOUCHES}, Placing.ALSO, None, {1: TOUCHES, 9: TOUCHES}),
        ({9: TOUCHES}, Placing.AUTO, None, {9: MAIN}),
        ({9: MAIN}, Placing.AUTO, None, {9: MAIN}),
        ({9: MAIN}, Placing.ALSO, None, {9: MAIN}),
        ({1: MAIN, 9: TOUCHES}, Placing.AUTO, None, {1: MAIN, 9: TOUCHES}),
        ({1: MAIN, 9: TOUCHES}, Placing.AUTO, 1, {9: MAIN}),
        ({9: MAIN}, Placing.AUTO, 9, {9: MAIN}),
    ],
)
def test_where_an_idea_stands_after_filing(
    places: dict[int, int], placing: Placing, out_of: int | None, wanted: dict[int, int]
) -> None:
    assert filed_in(places, 9, placing, out_of) == wanted
    assert filed_in(wanted, 9, placing, out_of) == wanted, "twice is once"


def test_one_step_files_many_ideas_and_says_so(desk: Desk, database: Sessions) -> None:
    one, two, three = desk.ideas(3)
    parks, streets = desk.themes("Parks", "Streets")
    version = desk.version
    done = desk.file([one, two], parks, reason="green")
    assert done == Done(version + 1, version + 1, (one, two))
    assert desk.file([two, one], parks) == Done(None, version + 1), "twice is once"
    assert desk.file([two, three], streets) == Done(version + 2, version + 2, (two, three))
    assert desk.places(one, two, three) == [{parks: MAIN}, {parks: MAIN, streets: TOUCHES}, {streets: MAIN}]
    with database() as session:
        steps = session.scalars(select(BoardChange).where(BoardChange.number > version).order_by(BoardChange.number))
        first, second = steps.all()
        assert (first.kind, first.done_by) == (BoardChangeKind.FILE, desk.moderator.account_id)
        assert first.details == {"moves": [[one, parks, 0, 2], [two, parks, 0, 2]]}
        assert second.details == {"moves": [[two, streets, 0, 1], [three, streets, 0, 2]]}
        row = session.scalars(select(Filing).where(Filing.idea_id == one)).one()
        assert (row.reason, row.origin, row.filed_by, row.begun_in) == (
            "green",
            FilingOrigin.HAND,
            desk.moderator.account_id,
            version + 1,
        )


def test_moving_ends_one_filing_and_begins_another(desk: Desk, database: Sessions) -> None:
    (one,) = desk.ideas(1)
    parks, streets = desk.themes("Parks", "Streets")
    desk.file([one], parks)
    done = desk.file([one], streets, out_of=parks)
    assert desk.places(one) == [{streets: MAIN}]
    with database() as session:
        rows = session.scalars(select(Filing).where(Filing.idea_id == one).order_by(Filing.id)).all()
    assert [(row.cluster_id, row.begun_in, row.ended_in, row.is_main) for row in rows] == [
        (parks, (done.number or 0) - 1, done.number, True),
        (streets, done.number, None, True),
    ]
    assert rows[0].ended_by == desk.moderator.account_id


def test_ideas_of_several_columns_move_at_once(desk: Desk) -> None:
    one, two, three = desk.ideas(3)
    parks, streets, water = desk.themes("Parks", "Streets", "Water")
    desk.file([one, two], parks)
    desk.file([two], streets)
    desk.file([one, two, three], water, out_of={one: parks, two: streets})
    assert desk.places(one, two, three) == [{water: MAIN}, {parks: MAIN, water: TOUCHES}, {water: MAIN}]
    desk.unfile([one, two, three], {one: water, two: parks})
    assert desk.places(one, two, three) == [{}, {water: TOUCHES}, {water: MAIN}]


def test_without_its_main_theme_an_idea_only_touches_the_others(desk: Desk) -> None:
    (one,) = desk.ideas(1)
    parks, streets = desk.themes("Parks", "Streets")
    desk.file([one], parks)
    desk.file([one], streets)
    desk.unfile([one], parks)
    assert desk.places(one) == [{streets: TOUCHES}]
    desk.main(one, parks)
    assert desk.places(one) == [{parks: MAIN, streets: TOUCHES}]
    desk.main(one, streets)
    assert desk.places(one) == [{parks: TOUCHES, streets: MAIN}]
    assert desk.unfile([one], None).moved == (one,)
    assert desk.places(one) == [{}]


def test_all_the_themes_of_an_idea_are_set(desk: Desk) -> None:
    (one,) = desk.ideas(1)
    parks, streets, water = desk.themes("Parks", "Streets", "Water")

    def chosen(*cluster_ids: int, main: int | None = None) -> dict[int, int]:
        with desk.transact() as session:
            where: dict[str, Any] = {"process_id": desk.place.id, "idea_id": one, "now": clock.now()}
            set_clusters(session, desk.moderator, cluster_ids=cluster_ids, main_id=main, **where)
        return desk.places(one)[0]

    assert chosen(parks, streets) == {parks: MAIN, streets: TOUCHES}
    assert chosen(parks, water) == {parks: MAIN, water: TOUCHES}
    assert chosen(parks, water, main=water) == {parks: TOUCHES, water: MAIN}
    assert chosen(parks) == {parks: TOUCHES}
    assert chosen() == {}
    with pytest.raises(Refused):
        chosen(parks, main=water)


def test_suggestions_are_accepted_in_one_step(desk: Desk, database: Sessions) -> None:
    one, two, three = desk.ideas(3)
    parks, streets = desk.themes("Parks", "Streets")
    with desk.transact() as session:
        done = file_each(
            session,
            desk.moderator,
            process_id=desk.place.id,
            wanted={one: parks, two: streets, three: parks},
            now=clock.now(),
        )
    assert done.moved == (one, two, three)
    assert desk.places(one, two, three) == [{parks: MAIN}, {streets: MAIN}, {parks: MAIN}]
    with database() as session:
        positions = positions_of(session, [one, two])
        assert set(session.scalars(select(Filing.origin))) == {FilingOrigin.SUGGESTED}
    assert [position.cluster_id for position in positions[one]] == [parks]
    desk.undo(done)
    assert desk.places(one, two, three) == [{}, {}, {}]


def test_what_does_not_belong_together_is_not_filed(desk: Desk, transact: Sessions) -> None:
    with transact() as session:
        other = make.process(session, "other")
        foreign, foreign_theme = make.idea(session, other), make.cluster(session, other)
    (one,) = desk.ideas(1)
    (parks,) = desk.themes("Parks")
    for ideas, theme in (([foreign], parks), ([one, foreign], parks), ([one], foreign_theme), ([10**9], parks)):
        with pytest.raises(Missing):
            desk.file(ideas, theme)
    assert desk.places(one) == [{}]


@pytest.mark.parametrize("role", [Role.STAFF, None])
def test_only_moderators_file(desk: Desk, role: Role | None) -> None:
    (one,) = desk.ideas(1)
    (parks,) = desk.themes("Parks")
    somebody = Actor(7, grants=frozenset({(role, desk.place.id)})) if role else ANONYMOUS
    with pytest.raises(Refused), desk.transact() as session:
        file_ideas(session, somebody, process_id=desk.place.id, idea_ids=[one], cluster_id=parks, now=clock.now())


def test_a_colleague_who_filed_the_same_idea_stands_in_the_way(desk: Desk) -> None:
    one, two = desk.ideas(2)
    parks, streets = desk.themes("Parks", "Streets")
    seen = desk.version
    desk.file([one], parks, by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        desk.file([one, two], streets, seen=seen)
    (clash,) = caught.value.clashes
    assert (clash.kind, clash.idea_id, clash.then, clash.now_in) == (ClashKind.IDEA, one, (), (parks,))
    assert (clash.by, clash.number) == ("colleague@example.org", seen + 1)
    assert (caught.value.version, caught.value.idea_ids) == (seen + 1, (one,))
    assert desk.places(one, two) == [{parks: MAIN}, {}], "nothing was done"
    # The others without it, and then this one anyway.
    desk.file([two], streets, seen=seen)
    desk.file([one], streets, seen=caught.value.version)
    assert desk.places(one, two) == [{parks: MAIN, streets: TOUCHES}, {streets: MAIN}]


@pytest.mark.parametrize("meanwhile", ["same", "back", "own", "other"])
def test_what_makes_no_difference_is_no_conflict(desk: Desk, meanwhile: str) -> None:
    one, two = desk.ideas(2)
    parks, streets = desk.themes("Parks", "Streets")
    seen = desk.version
    if meanwhile == "same":
        desk.file([one], streets, by=desk.colleague)
    elif meanwhile == "back":
        desk.file([one], parks, by=desk.colleague)
        desk.unfile([one], parks, by=desk.colleague)
    elif meanwhile == "own":
        desk.file([one], parks)
        desk.unfile([one], parks)
    else:
        desk.file([two], parks, by=desk.colleague)
    desk.file([one], streets, seen=seen)
    assert desk.places(one) == [{streets: MAIN}]


def test_taking_out_what_a_colleague_moved_is_a_conflict(desk: Desk) -> None:
    (one,) = desk.ideas(1)
    parks, streets, water = desk.themes("Parks", "Streets", "Water")
    desk.file([one], parks)
    seen = desk.version
    desk.file([one], streets, out_of=parks, by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        desk.file([one], water, out_of=parks, seen=seen)
    (clash,) = caught.value.clashes
    assert (clash.then, clash.now_in) == ((parks,), (streets,))
    # It is not in there any more: taking it out changes nothing, so nobody is bothered.
    assert desk.unfile([one], parks, seen=seen).number is None


def test_a_theme_that_a_colleague_removed_is_named(desk: Desk) -> None:
    (one,) = desk.ideas(1)
    (parks,) = desk.themes("Parks")
    seen = desk.version
    desk.remove(parks, by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        desk.file([one], parks, seen=seen)
    (clash,) = caught.value.clashes
    assert (clash.kind, clash.cluster_id, clash.by) == (ClashKind.CLUSTER_GONE, parks, "colleague@example.org")
    assert clash.now_text == make.text("Parks")
    with pytest.raises(Missing):
        desk.file([one], parks)


def test_ideas_that_are_not_public_keep_their_place(desk: Desk, transact: Sessions, place: Place) -> None:
    with transact() as session:
        hidden = make.idea(session, place, state=IdeaState.HIDDEN)
    (parks,) = desk.themes("Parks")
    desk.file([hidden], parks)
    assert desk.places(hidden) == [{parks: MAIN}]
    assert NOT_THERE == 0


def test_the_version_counts_the_steps(desk: Desk, database: Sessions) -> None:
    (one,) = desk.ideas(1)
    (parks,) = desk.themes("Parks")
    desk.file([one], parks, by=SYSTEM)
    with database() as session:
        numbers = session.scalars(select(BoardChange.number).order_by(BoardChange.number)).all()
        assert [*numbers] == [*range(1, board_version(session, desk.place.id) + 1)]
        assert session.scalars(select(BoardChange.done_by).order_by(BoardChange.number.desc())).first() is None
