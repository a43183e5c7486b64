"""Importing discussions: threads from rows in any order, what hangs in the air, repeating, and real ones."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor
from participation.activity.models import LogEntry
from participation.comments.marks import helpful_breaks
from participation.comments.models import Comment, CommentStance, CommentState
from participation.ideas.models import Idea, Standing
from participation.intake.comments import CommentImport, check_mapping, import_comments
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.report import ImportReport
from participation.intake.rows import ImportProblem
from participation.intake.tables import TableFile
from participation.intake.threads import CIRCLE
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.processes.models import Participant
from tests.architecture.sources import ROOT
from tests.conftest import Sessions
from tests.pages import PageClient

MADRID = ROOT.parent / "shared" / "data" / "threads-madrid"
BERLIN = ZoneInfo("Europe/Berlin")
COLUMNS = {name: name for name in ("id", "parent", "idea", "text")}
ALL = {name: name for name in ("id", "parent", "idea", "text", "author", "created", "helpful", "stance", "state")}
Write = Callable[..., Path]
Run = Callable[..., ImportReport]


@pytest.fixture
def run(app: Flask, process_id: int, write: Write) -> Run:
    """Import rows as comments on the ideas A and B of the process."""
    path = write("id,title,text\nA,First idea,Text\nB,Second idea,Text\n", "ideas.csv")
    columns = {name: [name] for name in ("id", "title", "text")}
    with app.app_context():
        import_ideas(SYSTEM, IdeaImport(process_id, TableFile(path), columns, BERLIN), now=clock.now())

    def start(
        content: str, columns: dict[str, str] = COLUMNS, *, actor: Actor = SYSTEM, **options: Any
    ) -> ImportReport:
        order = CommentImport(process_id, TableFile(write(content)), columns, BERLIN, **options)
        with app.app_context():
            return import_comments(actor, order, now=clock.now())

    return start


def figures(report: ImportReport) -> tuple[int, int, int, int]:
    """Return read, added, present, refused."""
    return report.read, report.added, report.present, report.refused


def threads(database: Sessions) -> dict[str, tuple[str | None, str]]:
    """Return parent and thread of each comment, by external ids."""
    with database() as session:
        rows = {comment.id: comment for comment in session.scalars(select(Comment))}
        names = {key: comment.external_id or "" for key, comment in rows.items()}
        return {
            names[key]: (names.get(comment.parent_id or 0), names[comment.thread_id or 0])
            for key, comment in rows.items()
        }


def test_rows_in_any_order_become_threads(run: Run, database: Sessions) -> None:
    report = run(
        "id,parent,idea,text\n"
        "4,3,A,Answer to an answer\n3,1,A,Answer\n1,,A,First\n2,-1,B,Other idea\n5,1,A,Second answer\n"
    )
    assert figures(report) == (5, 5, 0, 0)
    assert threads(database) == {
        "1": (None, "1"),
        "2": (None, "2"),
        "3": ("1", "1"),
        "4": ("3", "1"),
        "5": ("1", "1"),
    }
    with database() as session:
        above = {comment.id: comment.parent_id for comment in session.scalars(select(Comment))}
        assert all(parent is None or parent < comment for comment, parent in above.items())
        counts = select(Idea.external_id, Standing.comments).join(Idea, Idea.id == Standing.idea_id)
        assert dict(session.execute(counts).all()) == {"A": 4, "B": 1}


def test_everything_a_comment_can_bring(run: Run, process_id: int, database: Sessions) -> None:
    report = run(
        "id,parent,idea,text,author,created,helpful,stance,state\n"
        "1,,A,I like it,anna,2024-03-01 10:00,7,supports,\n"
        "2,1,A,I do not,ben,2024-03-02 10:00,,-1,hidden\n",
        ALL,
    )
    assert figures(report) == (2, 2, 0, 0)
    with database() as session:
        first, second = session.scalars(select(Comment).order_by(Comment.id))
        keys = dict(session.execute(select(Participant.id, Participant.external_key)).all())
        assert (first.helpful, first.stance, first.state) == (7, CommentStance.SUPPORTS, CommentState.PUBLISHED)
        assert first.submitted_at == datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
        assert (second.helpful, second.stance, second.state) == (0, CommentStance.OBJECTS, CommentState.HIDDEN)
        assert [keys[one.participant_id] for one in (first, second)] == ["anna", "ben"]
        assert helpful_breaks(session, process_id) == []
        assert session.scalars(select(Idea).where(Idea.external_id == "A")).one().frozen_at is not None
        assert session.scalars(select(Idea).where(Idea.external_id == "B")).one().frozen_at is None


def test_again_adds_nothing_and_what_follows_finds_its_parent(run: Run, database: Sessions) -> None:
    rows = "id,parent,idea,text\n1,,A,First\n2,1,A,Answer\n"
    run(rows)
    assert figures(run(rows)) == (2, 0, 2, 0)
    assert figures(run(rows + "3,2,A,Later answer\n")) == (3, 1, 2, 0)
    assert figures(run("id,parent,idea,text\n4,1,A,From another file\n")) == (1, 1, 0, 0)
    assert threads(database)["3"] == ("2", "1")
    assert threads(database)["4"] == ("1", "1")
    with database() as session:
        assert session.scalars(select(Standing.comments).order_by(Standing.comments.desc())).first() == 4
        logged = select(func.count()).where(LogEntry.action == "CommentsImported")
        assert session.scalar(logged) == 3


def test_what_hangs_in_the_air_is_reported(run: Run, database: Sessions) -> None:
    report = run(
        "id,parent,idea,text\n"
        "1,,A,Fine\n"
        "2,99,A,Orphan\n"
        "3,2,A,Below an orphan\n"
        "4,5,A,Circle\n"
        "5,4,A,Circle\n"
        "6,5,A,On a circle\n"
        "7,7,A,Answers itself\n"
        "8,1,B,On another idea\n"
        "9,,C,No such idea\n"
        "10,9,A,Below that\n"
        "1,,A,Twice\n"
        ",,A,No id\n"
        "11,,A,\n"
    )
    assert figures(report) == (13, 1, 0, 12)
    assert {problem.row: problem.reason for problem in report.problems} == {
        3: "answers the comment “99”, which is neither in the file nor in the process",
        4: "answers the comment “2”, which could not be taken",
        5: CIRCLE,
        6: CIRCLE,
        7: CIRCLE,
        8: CIRCLE,
        9: "answers the comment “1”, which is about another idea",
        10: "there is no idea “C” in the process",
        11: "answers the comment “9”, which could not be taken",
        12: "the id “1” stands in row 2 already",
        13: "has no id",
        14: "has no text, and nobody answered it",
    }
    assert threads(database) == {"1": (None, "1")}


def test_orphans_can_begin_a_thread(run: Run, database: Sessions) -> None:
    rows = "id,parent,idea,text\n2,99,A,Orphan\n3,2,A,Below an orphan\n4,4,A,Circle\n"
    assert figures(run(rows, keeps_orphans=True)) == (3, 2, 0, 1)
    assert threads(database) == {"2": (None, "2"), "3": ("2", "2")}


def test_an_empty_comment_that_was_answered_is_a_deleted_one(run: Run, database: Sessions) -> None:
    assert figures(run("id,parent,idea,text\n1,,A,\n2,1,A,Answer\n")) == (2, 2, 0, 0)
    with database() as session:
        states = dict(session.execute(select(Comment.external_id, Comment.state)).all())
    assert states == {"1": CommentState.WITHDRAWN, "2": CommentState.PUBLISHED}


@pytest.mark.parametrize("sign", ["", "-1", "0", "NULL", "None", "nan"])
def test_signs_for_no_parent(run: Run, database: Sessions, sign: str) -> None:
    assert figures(run(f"id,parent,idea,text\n1,{sign},A,First\n")) == (1, 1, 0, 0)


def test_a_comment_may_be_called_zero(run: Run, database: Sessions) -> None:
    assert figures(run("id,parent,idea,text\n0,,A,First\n1,0,A,Answer\n")) == (2, 2, 0, 0)
    assert threads(database)["1"] == ("0", "0")


@pytest.mark.parametrize("options", [{"dry_run": True}, {"all_or_nothing": True}])
def test_nothing_is_written_when_asked(run: Run, database: Sessions, options: dict[str, bool]) -> None:
    report = run("id,parent,idea,text\n1,,A,First\n2,99,A,Orphan\n", **options)
    assert (figures(report), report.written) == ((2, 1, 0, 1), False)
    assert threads(database) == {}


def test_all_of_a_good_file_arrives_at_once(run: Run, database: Sessions) -> None:
    assert figures(run("id,parent,idea,text\n1,,A,First\n2,1,A,Answer\n", all_or_nothing=True)) == (2, 2, 0, 0)
    assert len(threads(database)) == 2


@pytest.mark.parametrize(
    "cells", ["1,,A,Text,anna,2024-03-01,many,,", "1,,A,Text,anna,,-3,,", "1,,A,Text,,,,perhaps,", "1,,A,Text,,,,,gone"]
)
def test_cells_that_mean_nothing_are_refused(run: Run, database: Sessions, cells: str) -> None:
    report = run(f"id,parent,idea,text,author,created,helpful,stance,state\n{cells}\n", ALL)
    assert figures(report) == (1, 0, 0, 1)


def test_the_mapping_is_checked() -> None:
    for columns in ({"id": ["a"]}, {"id": ["a"], "idea": ["b"], "text": ["c", "d"]}, {"title": ["a"]}):
        with pytest.raises(ImportProblem):
            check_mapping(columns)


def test_only_staff_may_import(run: Run, database: Sessions) -> None:
    for actor in (ANONYMOUS, Actor(1)):
        with pytest.raises(Refused):
            run("id,parent,idea,text\n1,,A,First\n", actor=actor)
    assert threads(database) == {}


@pytest.fixture
def madrid(app: Flask, process_id: int) -> tuple[ImportReport, ImportReport]:
    """A real discussion platform's ideas and comments, imported twice."""
    if not MADRID.is_dir():
        pytest.skip("the real data is not beside this checkout")
    columns = {"id": ["id"], "title": ["title"], "text": ["summary", "text"], "author": ["userId"]}
    mapped = {
        "id": "id",
        "parent": "parentId",
        "idea": "proposalId",
        "text": "text",
        "author": "userId",
        "created": "date",
        "helpful": "numPositiveVotes",
    }
    zone = ZoneInfo("Europe/Madrid")
    order = CommentImport(process_id, TableFile(MADRID / "comments.csv"), mapped, zone, keeps_orphans=True)
    with app.app_context():
        import_ideas(
            SYSTEM, IdeaImport(process_id, TableFile(MADRID / "proposals.csv"), columns, zone), now=clock.now()
        )
        return import_comments(SYSTEM, order, now=clock.now()), import_comments(SYSTEM, order, now=clock.now())


@pytest.mark.accept
def test_real_threads_arrive_whole_and_can_be_read(
    madrid: tuple[ImportReport, ImportReport], client: PageClient, database: Sessions
) -> None:
    report, again = madrid
    with (MADRID / "comments.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert (again.added, again.present) == (0, report.added)
    assert report.read == len(rows) == report.added + report.refused
    placed = threads(database)
    expected = {
        key: (row["parentId"] if row["parentId"] in rows else None) for key, row in rows.items() if key in placed
    }
    assert {key: parent for key, (parent, _thread) in placed.items()} == expected
    refused = {problem.reason for problem in report.problems if "could not be taken" not in problem.reason}
    assert refused == {"has no text, and nobody answered it"}
    with database() as session:
        ids = dict(session.execute(select(Comment.external_id, Comment.id)).all())
        ideas = dict(session.execute(select(Comment.external_id, Comment.idea_id)).all())
    longest = Counter(thread for _parent, thread in placed.values()).most_common(1)[0][0]
    deepest = max(placed, key=lambda key: _depth(key, placed))
    for start in (longest, placed[deepest][1]):
        url = f"/en/processes/test/ideas/{ideas[start]}"
        client.get(url, budget=20)
        assert _walk(client, f"{url}/comments/{ids[start]}") == {
            ids[key] for key, (_parent, thread) in placed.items() if thread == start and rows[key]["text"].strip()
        }
    page = client.get(f"/en/processes/test/ideas/{ideas[deepest]}/comments/{ids[deepest]}", status=302)
    assert client.get((page.location or "").partition("#")[0]).select(f"#comment-{ids[deepest]}")


def _depth(key: str, placed: dict[str, tuple[str | None, str]]) -> int:
    parent = placed[key][0]
    return 0 if parent is None else 1 + _depth(parent, placed)


def _walk(client: PageClient, url: str) -> set[int]:
    """Return the comments with text on all pages of a thread."""
    seen: set[int] = set()
    while url:
        page = client.get(url, budget=10)
        seen |= {
            int(str(article.get("id")).removeprefix("comment-"))
            for article in page.select("article.comment")
            if article.cssselect(".comment__text")
        }
        following = page.select("a[rel=next]")
        url = str(following[0].get("href")).partition("#")[0] if following else ""
    return seen
