"""Themes of the board: made, renamed, labelled, ordered, split, merged, removed, noted about; and all of it undone."""

from typing import Any

import pytest
from sqlalchemy import select

from participation.curation.board.clusters import (
    MOST_THEMES,
    create_cluster,
    label_cluster,
    move_cluster,
    note_on_cluster,
    order_now,
    remove_note,
    rename_cluster,
    reorder_clusters,
)
from participation.curation.board.conflicts import ClashKind, Conflict
from participation.curation.board.places import MAIN, TOUCHES, Placing
from participation.curation.board.queries import notes_on
from participation.curation.board.reshaping import merge_clusters, split_cluster
from participation.curation.board.steps import Done
from participation.curation.models import BoardChange, Cluster, Filing, FilingOrigin
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.strategy.statements.sources import clusters_in_use
from tests import make
from tests.conftest import Sessions
from tests.curation.board.desk import Desk


def rename(desk: Desk, theme: int, title: str, **more: Any) -> None:
    """Let the moderator, or ``by`` somebody else, rename a theme."""
    by = more.pop("by", desk.moderator)
    with desk.transact() as session:
        where: dict[str, Any] = {"description": {}, "now": clock.now(), **more}
        rename_cluster(session, by, cluster_id=theme, title={"en": title}, **where)


def label(desk: Desk, theme: int, words: str, **more: Any) -> None:
    """Let the moderator, or ``by`` somebody else, set the label of a theme."""
    by = more.pop("by", desk.moderator)
    with desk.transact() as session:
        label_cluster(session, by, cluster_id=theme, label=words, now=clock.now(), **more)


def order(desk: Desk) -> list[int]:
    """Return the themes in their order."""
    with desk.transact() as session:
        return order_now(session, desk.place.id)


def reorder(desk: Desk, *themes: int, **more: Any) -> Done:
    """Put themes into an order."""
    by = more.pop("by", desk.moderator)
    with desk.transact() as session:
        return reorder_clusters(session, by, process_id=desk.place.id, order=themes, now=clock.now(), **more)


def split(desk: Desk, theme: int, *ideas: int, **more: Any) -> int:
    """Split ideas off a theme and return the new one."""
    with desk.transact() as session:
        where: dict[str, Any] = {"title": make.text("New"), "description": {}, "now": clock.now(), **more}
        return split_cluster(session, desk.moderator, cluster_id=theme, idea_ids=ideas, **where).id


def merge(desk: Desk, *themes: int, into: int, **more: Any) -> Done:
    """Merge themes into one."""
    with desk.transact() as session:
        where: dict[str, Any] = {"in_use": clusters_in_use, "now": clock.now(), **more}
        return merge_clusters(session, desk.moderator, process_id=desk.place.id, cluster_ids=themes, into=into, **where)


def titles(database: Sessions) -> dict[int, Any]:
    """Return what the themes are called that are on the board."""
    with database() as session:
        rows = session.execute(select(Cluster.id, Cluster.title).where(Cluster.removed_at.is_(None)))
        return dict(rows.all())


def test_a_theme_is_renamed_and_that_undone(desk: Desk, database: Sessions) -> None:
    (parks,) = desk.themes("Parks")
    version = desk.version
    rename(desk, parks, "Green")
    rename(desk, parks, "Green")
    assert desk.version == version + 1, "what changes nothing is no step"
    assert titles(database)[parks]["en"] == "Green"
    desk.undo(version + 1)
    assert titles(database)[parks] == make.text("Parks")
    desk.undo(version + 2)
    assert titles(database)[parks]["en"] == "Green", "an undo is undone as well"
    with database() as session:
        steps = session.execute(select(BoardChange.number, BoardChange.undone_at, BoardChange.undoes))
        by_number = {number: (undone_at is not None, undoes) for number, undone_at, undoes in steps}
    assert by_number[version + 1] == (False, None)
    assert by_number[version + 2] == (True, version + 1)
    assert by_number[version + 3] == (False, version + 2)
    with pytest.raises(Refused):
        desk.undo(version + 2)


def test_undoing_a_name_that_was_changed_again(desk: Desk, database: Sessions) -> None:
    (parks,) = desk.themes("Parks")
    version = desk.version
    rename(desk, parks, "Green")
    label(desk, parks, "A")
    rename(desk, parks, "Trees", by=desk.colleague)
    label(desk, parks, "B", by=desk.colleague)
    found = []
    for number in (version + 1, version + 2, version):
        with pytest.raises(Conflict) as caught:
            desk.undo(number)
        (clash,) = caught.value.clashes
        found.append((clash.kind, (clash.now_text or {}).get("en") or (clash.now_text or {}).get("")))
    assert found == [(ClashKind.WORDING, "Trees"), (ClashKind.LABEL, "B"), (ClashKind.WORDING, "Trees")]
    with database() as session:
        assert (session.get_one(Cluster, parks).title["en"], session.get_one(Cluster, parks).label) == ("Trees", "B")


def test_two_wordings_clash(desk: Desk) -> None:
    (parks,) = desk.themes("Parks")
    seen = desk.version
    label(desk, parks, "A", by=desk.colleague)
    rename(desk, parks, "Green", seen=seen)
    rename(desk, parks, "Trees", by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        rename(desk, parks, "Woods", seen=seen + 2)
    (clash,) = caught.value.clashes
    assert (clash.kind, clash.by, clash.number) == (ClashKind.WORDING, "colleague@example.org", seen + 3)
    assert (clash.now_text or {})["en"] == "Trees"
    assert (clash.wanted_text or {})["en"] == "Woods"
    rename(desk, parks, "Trees", seen=seen)
    rename(desk, parks, "Woods", seen=caught.value.version)
    with pytest.raises(Conflict) as caught:
        label(desk, parks, "B", seen=seen)
    assert [clash.now_text for clash in caught.value.clashes] == [{"": "A"}]


def test_a_label_is_short_and_undone(desk: Desk, database: Sessions) -> None:
    (parks,) = desk.themes("Parks")
    label(desk, parks, "  first \n reading ")
    with database() as session:
        assert session.get_one(Cluster, parks).label == "first reading"
    with pytest.raises(Refused):
        label(desk, parks, "x" * 41)
    desk.undo(desk.version)
    with database() as session:
        assert session.get_one(Cluster, parks).label == ""


def test_themes_are_put_in_order(desk: Desk) -> None:
    one, two, three, four = desk.themes("1", "2", "3", "4")
    seen = desk.version
    reorder(desk, three, one)
    assert order(desk) == [three, one, two, four]
    with desk.transact() as session:
        move_cluster(session, desk.moderator, cluster_id=four, places=-2, now=clock.now())
    assert order(desk) == [three, four, one, two]
    with desk.transact() as session:
        assert move_cluster(session, desk.moderator, cluster_id=three, places=-9, now=clock.now()).number is None
    desk.undo(seen + 2)
    desk.undo(seen + 1)
    assert order(desk) == [one, two, three, four]
    seen = desk.version
    reorder(desk, two, by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        reorder(desk, four, seen=seen)
    assert [clash.kind for clash in caught.value.clashes] == [ClashKind.ORDER]
    reorder(desk, four, seen=caught.value.version)
    assert order(desk) == [four, two, one, three]
    with pytest.raises(Conflict):
        desk.undo(seen + 1)


def test_an_order_is_undone_around_themes_that_came_and_went(desk: Desk) -> None:
    one, two, three = desk.themes("1", "2", "3")
    done = reorder(desk, three, two, one)
    desk.remove(two)
    (four,) = desk.themes("4")
    desk.undo(done)
    assert order(desk) == [one, three, four]


def test_a_theme_is_split_and_put_together_again(desk: Desk, database: Sessions) -> None:
    one, two, three = desk.ideas(3)
    parks, streets = desk.themes("Parks", "Streets")
    desk.file([one, two], parks, reason="trees", origin=FilingOrigin.SUGGESTED)
    desk.file([three], streets)
    desk.file([three], parks)
    new = split(desk, parks, one, three)
    assert order(desk) == [parks, new, streets]
    assert desk.places(one, two, three) == [{new: MAIN}, {parks: MAIN}, {streets: MAIN, new: TOUCHES}]
    with database() as session:
        row = session.scalars(select(Filing).where(Filing.idea_id == one, Filing.cluster_id == new)).one()
        assert (row.reason, row.origin) == ("trees", FilingOrigin.SUGGESTED), "it keeps why it was filed"
    desk.undo(desk.version)
    assert order(desk) == [parks, streets]
    assert desk.places(one, two, three) == [{parks: MAIN}, {parks: MAIN}, {streets: MAIN, parks: TOUCHES}]


def test_what_left_the_theme_is_not_split_off(desk: Desk) -> None:
    one, two = desk.ideas(2)
    (parks,) = desk.themes("Parks")
    desk.file([one], parks)
    seen = desk.version
    desk.unfile([one], parks, by=desk.colleague)
    with pytest.raises(Conflict):
        split(desk, parks, one, seen=seen)
    with pytest.raises(Missing):
        split(desk, parks, two, seen=seen)
    with pytest.raises(Refused):
        split(desk, parks)
    assert order(desk) == [parks], "no empty theme is left behind"


def test_themes_are_merged_and_that_undone(desk: Desk, database: Sessions) -> None:
    one, two, three, four = desk.ideas(4)
    parks, trees, streets = desk.themes("Parks", "Trees", "Streets")
    desk.file([one, three], parks)
    desk.file([two], trees, reason="leaves")
    desk.file([three], trees, placing=Placing.MAIN)
    desk.file([four], streets)
    desk.file([four], trees)
    before = desk.places(one, two, three, four)
    done = merge(desk, trees, parks, into=parks)
    assert done.moved == (two, three, four)
    assert desk.places(one, two, three, four) == [
        {parks: MAIN},
        {parks: MAIN},
        {parks: MAIN},
        {streets: MAIN, parks: TOUCHES},
    ]
    with database() as session:
        assert session.get_one(Cluster, trees).merged_into == parks
    assert titles(database).keys() == {parks, streets}
    desk.undo(done)
    assert desk.places(one, two, three, four) == before
    assert titles(database).keys() == {parks, trees, streets}
    with database() as session:
        row = session.scalars(
            select(Filing).where(Filing.idea_id == two, Filing.cluster_id == trees, Filing.ended_at.is_(None))
        ).one()
        assert row.reason == "leaves"
        assert session.get_one(Cluster, trees).merged_into is None
    desk.undo(desk.version)
    assert desk.places(two) == [{parks: MAIN}]


def test_merging_needs_two_themes_that_are_there(desk: Desk) -> None:
    parks, trees = desk.themes("Parks", "Trees")
    seen = desk.version
    with pytest.raises(Refused):
        merge(desk, parks, into=parks)
    desk.remove(trees, by=desk.colleague)
    with pytest.raises(Conflict):
        merge(desk, trees, into=parks, seen=seen)
    with pytest.raises(Missing):
        merge(desk, trees, into=parks)


def test_where_a_statement_rests_nothing_goes(desk: Desk, transact: Sessions) -> None:
    one, two = desk.ideas(2)
    parks, trees = desk.themes("Parks", "Trees")
    desk.file([one, two], parks)
    new = split(desk, parks, two)
    step = desk.version
    with transact() as session:
        make.statement(session, desk.place, [new], published=False)
    with pytest.raises(Refused, match="LazyString"):
        desk.remove(new)
    with pytest.raises(Refused, match="LazyString"):
        merge(desk, new, into=trees)
    with pytest.raises(Refused, match="LazyString"):
        desk.undo(step)
    merge(desk, trees, into=new)
    assert desk.places(two) == [{new: MAIN}]


def test_removing_a_theme_is_undone(desk: Desk) -> None:
    one, two = desk.ideas(2)
    parks, streets = desk.themes("Parks", "Streets")
    desk.file([one, two], parks)
    done = desk.remove(parks)
    assert (done.moved, desk.places(one, two), order(desk)) == ((one, two), [{}, {}], [streets])
    desk.file([two], streets, by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        desk.undo(done)
    # The colleague's main theme stays; both at once cannot be.
    assert [(clash.kind, clash.idea_id, clash.now_in, clash.by) for clash in caught.value.clashes] == [
        (ClashKind.IDEA, two, (streets,), "colleague@example.org")
    ]
    desk.undo(done, partly=True)
    assert (desk.places(one, two), order(desk)) == ([{parks: MAIN}, {streets: MAIN}], [parks, streets])


def test_a_theme_in_which_something_was_filed_does_not_go_unasked(desk: Desk, database: Sessions) -> None:
    one, two = desk.ideas(2)
    (parks,) = desk.themes("Parks")
    step = desk.version
    done = desk.file([one, two], parks, by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        desk.undo(step)
    assert [(clash.kind, clash.cluster_id, clash.count) for clash in caught.value.clashes] == [
        (ClashKind.FILLED, parks, 2)
    ]
    with pytest.raises(Refused):
        desk.undo(step, partly=True)
    desk.undo(done)
    desk.undo(step)
    assert titles(database) == {}


def test_undoing_filings_names_what_is_elsewhere_now(desk: Desk) -> None:
    one, two = desk.ideas(2)
    parks, streets = desk.themes("Parks", "Streets")
    done = desk.file([one, two], parks)
    later = desk.file([one], streets, out_of=parks, by=desk.colleague)
    with pytest.raises(Conflict) as caught:
        desk.undo(done)
    (clash,) = caught.value.clashes
    assert (clash.idea_id, clash.then, clash.now_in, clash.number) == (one, (parks,), (streets,), later.number)
    assert desk.undo(done, partly=True).moved == (two,)
    assert desk.places(one, two) == [{streets: MAIN}, {}]
    with pytest.raises(Refused):
        desk.undo(done, partly=True)


def test_steps_of_other_processes_are_not_there(desk: Desk, transact: Sessions) -> None:
    desk.themes("Parks")
    with transact() as session:
        other = make.process(session, "other")
        make.cluster(session, other)
        make.cluster(session, other)
    with pytest.raises(Missing):
        desk.undo(2)


def test_notes_are_for_the_team_and_come_back(desk: Desk, database: Sessions) -> None:
    (parks,) = desk.themes("Parks")
    with desk.transact() as session:
        note = note_on_cluster(session, desk.colleague, cluster_id=parks, text=" look again ", now=clock.now())
        with pytest.raises(Refused):
            note_on_cluster(session, desk.colleague, cluster_id=parks, text="  ", now=clock.now())

    def notes() -> list[tuple[str, str]]:
        with database() as session:
            return [(one.text, one.by) for one in notes_on(session, parks)]

    assert notes() == [("look again", "colleague@example.org")]
    with desk.transact() as session:
        where: dict[str, Any] = {"process_id": desk.place.id, "now": clock.now()}
        done = remove_note(session, desk.moderator, note_id=note.id, **where)
        assert remove_note(session, desk.moderator, note_id=note.id, **where).number is None
    assert notes() == []
    desk.undo(done)
    assert notes() == [("look again", "colleague@example.org")]
    desk.undo(desk.version - 2)
    assert notes() == []


def test_a_board_has_an_end(desk: Desk, database: Sessions, transact: Sessions) -> None:
    with transact() as session:
        session.add_all(
            Cluster(process_id=desk.place.id, position=n, title={}, description={}, created_at=clock.now())
            for n in range(MOST_THEMES)
        )
    with pytest.raises(Refused), desk.transact() as session:
        create_cluster(
            session, desk.moderator, process_id=desk.place.id, title=make.text("x"), description={}, now=clock.now()
        )
