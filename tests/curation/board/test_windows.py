"""What the board shows: counts, windows into columns and into what is not filed yet, its history and its news."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g

from participation.curation.board.clusters import (
    label_cluster,
    note_on_cluster,
    rename_cluster,
    reorder_clusters,
)
from participation.curation.board.history import history, line_of
from participation.curation.board.places import Placing
from participation.curation.board.queries import (
    FiledIdea,
    Rest,
    RestCounts,
    Search,
    Window,
    board_clusters,
    cluster_names,
    column,
    columns,
    languages_of,
    rest_counts,
    unfiled,
)
from participation.curation.board.reshaping import merge_clusters, split_cluster
from participation.curation.board.state import MOST_CHANGES, as_json, board_state
from participation.curation.board.wording import sentence
from participation.curation.models import BoardChangeKind, FilingOrigin
from participation.curation.queries import coverage
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Missing
from participation.strategy.statements.sources import clusters_in_use
from tests import make
from tests.conftest import Sessions
from tests.curation.board.desk import Desk
from tests.make import Place


def ids(window: Window) -> list[int]:
    """Return the ideas of a window."""
    return [idea.id for idea in window.ideas]


def test_counts_are_of_visible_ideas(desk: Desk, place: Place, transact: Sessions, database: Sessions) -> None:
    one, two, three, four = desk.ideas(4)
    parks, streets, empty = desk.themes("Parks", "Streets", "Empty")
    with transact() as session:
        hidden = make.idea(session, place, state=IdeaState.HIDDEN)
    desk.file([one, two, hidden], parks)
    desk.file([two, three], streets)
    desk.unfile([three], streets)
    desk.file([three], streets)
    desk.file([three], parks)
    desk.unfile([three], streets)
    with database() as session:
        counted = [(row.id, row.ideas, row.main) for row in board_clusters(session, place.id)]
        counts = rest_counts(session, place.id)
        assert coverage(session, place.id) == counts.coverage
    assert counted == [(parks, 3, 2), (streets, 1, 0), (empty, 0, 0)]
    assert counts == RestCounts(ideas=4, filed=2, without_main=1)
    assert (counts.unfiled, counts.nowhere, counts.coverage.share, counts.coverage.unfiled) == (2, 1, 0.5, 2)
    assert four


def test_what_is_not_filed_is_searched(desk: Desk, place: Place, transact: Sessions, database: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        bench = make.idea(session, place, title="Bänke im Park", principles=["access"], at=moment)
        tree = make.idea(session, place, title="Trees", language="en", at=moment - timedelta(days=1))
        road = make.idea(session, place, title="Ein Weg", at=moment - timedelta(days=2))
        done = make.idea(session, place, title="Fertige Bank", at=moment)
        touching = make.idea(session, place, title="Bank am Weg", at=moment - timedelta(days=3))
        (access,) = make.principle_ids(session, place, ["access"])
    parks, streets = desk.themes("Parks", "Streets")
    desk.file([done, touching], parks)
    desk.file([touching], streets)
    desk.unfile([touching], parks)
    with database() as session:

        def found(**search: Any) -> list[int]:
            return ids(unfiled(session, place.id, search=Search(**search)))

        assert found() == [bench, tree, road, touching]
        assert found(rest=Rest.NOWHERE) == [bench, tree, road]
        assert found(rest=Rest.WITHOUT_MAIN) == [touching]
        assert found(words="bank") == [bench, touching]
        assert found(words="weg bank") == [touching]
        assert found(words="%") == []
        assert found(principle_id=access) == [bench]
        assert found(not_sure=True, language="de") == [road, touching]
        assert found(language="en") == [tree]
        assert found(only=(road, done)) == [road]
        assert found(only=()) == []
        assert languages_of(session, place.id) == ("de", "en")


def test_windows_follow_each_other(desk: Desk, place: Place, transact: Sessions, database: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        # Several of the same moment: the id decides.
        ideas = [make.idea(session, place, at=moment + timedelta(minutes=number // 3)) for number in range(7)]
    newest = [*reversed(ideas)]
    with database() as session:
        first = unfiled(session, place.id, size=4)
        last = first.ideas[-1]
        second = unfiled(session, place.id, size=4, before=(last.published_at, last.id))
    assert (ids(first), first.has_more) == (newest[:4], True)
    assert (ids(second), second.has_more) == (newest[4:], False)
    parks, streets = desk.themes("Parks", "Streets")
    desk.file(ideas, parks)
    desk.file(ideas[:2], streets, origin=FilingOrigin.SUGGESTED)
    with database() as session:
        begun = columns(session, [parks, streets], size=4)
        assert (ids(begun[parks]), begun[parks].has_more) == (newest[:4], True)
        assert [(idea.id, idea.is_main, idea.origin) for idea in begun[streets].ideas] == [
            (ideas[1], False, FilingOrigin.SUGGESTED),
            (ideas[0], False, FilingOrigin.SUGGESTED),
        ]
        assert begun[parks].ideas[0].is_main
        rest = column(session, parks, before=begun[parks].ideas[-1].id, size=4)
        assert (ids(rest), rest.has_more) == (newest[4:], False)
        assert columns(session, []) == {}


def test_a_column_is_searched(desk: Desk, place: Place, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        bench, tree = make.idea(session, place, title="Bänke"), make.idea(session, place, title="Bäume")
    (parks,) = desk.themes("Parks")
    desk.file([bench, tree], parks)
    with database() as session:
        assert ids(column(session, parks, search=Search(words="baum"))) == [tree]
        assert isinstance(column(session, parks).ideas[0], FiledIdea)


def test_the_history_says_who_did_what(desk: Desk, database: Sessions) -> None:
    one, two = desk.ideas(2)
    parks, streets = desk.themes("Parks", "Streets")
    desk.file([one, two], parks, by=desk.colleague)
    moved = desk.file([one], streets, out_of=parks)
    desk.file([two], streets, placing=Placing.MAIN)
    desk.undo(moved)
    with database() as session:
        told = history(session, desk.moderator, desk.place.id)
        by_idea = history(session, desk.moderator, desk.place.id, idea_id=two)
        by_theme = history(session, desk.moderator, desk.place.id, cluster_id=streets)
        of_colleague = history(session, desk.moderator, desk.place.id, by=desk.colleague.account_id)
        short = history(session, desk.moderator, desk.place.id, size=2, before=moved.number)
        undone = line_of(session, desk.moderator, desk.place.id, moved.number or 0)
        with pytest.raises(Missing):
            line_of(session, desk.moderator, desk.place.id, 99)
    assert [(line.kind.value, line.by.partition("@")[0], line.is_own) for line in told.lines] == [
        ("undo", "moderator", True),
        ("file", "moderator", True),
        ("file", "moderator", True),
        ("file", "colleague", False),
        ("make", "moderator", True),
        ("make", "moderator", True),
    ]
    undo, main, move, filed, *_made = told.lines
    assert (undo.undoes, undo.undoes_kind, undo.may_undo) == (moved.number, BoardChangeKind.FILE, True)
    assert (main.ideas, main.into, main.out_of) == ((two,), (streets,), ())
    assert (move.ideas, move.into, move.out_of, move.may_undo) == ((one,), (streets,), (parks,), False)
    assert (filed.ideas, filed.idea_count, filed.into) == ((one, two), 2, (parks,))
    assert [line.number for line in by_idea.lines] == [main.number, filed.number]
    assert [line.kind.value for line in by_theme.lines] == ["undo", "file", "file", "make"]
    assert of_colleague.lines == (filed,)
    assert ([line.number for line in short.lines], short.has_more) == ([filed.number, filed.number - 1], True)
    assert undone.undone_at is not None
    assert told.names == {parks: make.text("Parks"), streets: make.text("Streets")}
    assert told.titles[one].title == "Idea 0"


def test_what_is_new_comes_with_a_sentence(desk: Desk, database: Sessions, app: Flask) -> None:
    one, two = desk.ideas(2)
    (parks,) = desk.themes("Parks")
    seen = desk.version
    desk.file([one], parks, by=desk.colleague)
    desk.file([two], parks)
    with database() as session, app.test_request_context("/en/"):
        g.language = "en"
        state = board_state(session, desk.moderator, desk.place.id, since=seen)
        told = as_json(state, "en")
        assert as_json(board_state(session, desk.moderator, desk.place.id, since=seen + 2), "en") == {
            "version": seen + 2,
            "all": True,
            "changes": [],
        }
    assert [(one["sentence"], one["mine"], one["ideas"]) for one in told["changes"]] == [
        ("“Idea 0” filed under “Parks (en)”", False, [one]),
        ("“Idea 1” filed under “Parks (en)”", True, [two]),
    ]
    assert {name: told[name] for name in ("version", "all", "clusters", "filed", "unfiled")} == {
        "version": seen + 2,
        "all": True,
        "clusters": [{"id": parks, "ideas": 2, "main": 2}],
        "filed": 2,
        "unfiled": 0,
    }


def test_each_kind_of_step_has_its_sentence(desk: Desk, database: Sessions, app: Flask, place: Place) -> None:
    one, two = desk.ideas(2)
    parks, streets = desk.themes("Parks", "Streets")
    where: dict[str, Any] = {"now": clock.now()}
    texts: dict[str, Any] = {"title": {"en": "Green"}, "description": {}, **where}
    desk.file([one, two], parks)
    desk.main(one, streets)
    desk.file([two], streets, out_of=parks)
    desk.unfile([one], parks)
    with desk.transact() as session:
        rename_cluster(session, desk.moderator, cluster_id=parks, **texts)
        label_cluster(session, desk.moderator, cluster_id=parks, label="first", **where)
        rename_cluster(session, desk.moderator, cluster_id=parks, title={}, description={"en": "About"}, **where)
        reorder_clusters(session, desk.moderator, process_id=place.id, order=[streets], **where)
        note_on_cluster(session, desk.moderator, cluster_id=parks, text="Look", **where)
        new = split_cluster(session, desk.moderator, cluster_id=streets, idea_ids=[one], **texts).id
        into: dict[str, Any] = {"cluster_ids": [new], "into": streets, "in_use": clusters_in_use}
        merge_clusters(session, desk.moderator, process_id=place.id, **into, **where)
    desk.remove(parks)
    desk.undo(desk.version)
    desk.undo(desk.version)
    with desk.transact() as session:
        session.get_one(Idea, one).state = IdeaState.WITHDRAWN
    with database() as session, app.test_request_context("/en/"):
        g.language = "en"
        told = history(session, desk.moderator, place.id)
        said = [sentence(line, told.names, told.titles, "en") for line in reversed(told.lines)]
    assert said == [
        "“Green” made",
        "“Streets (en)” made",
        "2 ideas filed under “Green”",
        "1 idea filed under “Streets (en)”",
        "“Idea 1” moved from “Green” to “Streets (en)”",
        "1 idea taken out of “Green”",
        "“Green” renamed",
        "label of “Green” changed",
        "description of “Green” changed",
        "themes put into another order",
        "note about “Green”",
        "“Green” split from “Streets (en)”, with 1 idea",
        "“Green” merged into “Streets (en)”, with 1 idea",
        "“Green” removed",
        "step 14 undone",
        "step 15 done again",
    ]


def test_too_much_news_is_not_told_one_by_one(desk: Desk, database: Sessions) -> None:
    desk.themes(*map(str, range(MOST_CHANGES + 1)))
    with database() as session:
        state = board_state(session, desk.moderator, desk.place.id, since=0)
    assert (state.is_all, len(state.changes)) == (False, MOST_CHANGES)


def test_names_stay_when_themes_go(desk: Desk, database: Sessions, transact: Sessions) -> None:
    (parks,) = desk.themes("Parks")
    desk.remove(parks)
    with transact() as session:
        foreign = make.cluster(session, make.process(session, "other"))
    with database() as session:
        assert cluster_names(session, desk.place.id, [parks, foreign]) == {parks: make.text("Parks")}
