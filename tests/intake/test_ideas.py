"""Importing ideas into a database: fields, bad rows, repeating, all or nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import LogEntry
from participation.ideas.models import Idea, IdeaPrinciple, IdeaSource, IdeaState
from participation.intake import ideas as module
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.report import ImportReport, RowProblem
from participation.intake.rows import ImportProblem
from participation.intake.tables import TableFile
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.principles.models import District, FieldOfAction, Principle
from participation.processes.models import Participant, Process

Write = Callable[..., Path]
Look = Callable[[], AbstractContextManager[Session]]
BERLIN = ZoneInfo("Europe/Berlin")
SIMPLE = {"title": ["title"], "text": ["text"]}


@pytest.fixture
def run(app: Flask, process_id: int) -> Callable[..., ImportReport]:
    """Import a file into the process."""

    def start(
        path: Path,
        columns: dict[str, list[str]] = SIMPLE,
        *,
        actor: Actor = SYSTEM,
        dry_run: bool = False,
        all_or_nothing: bool = False,
    ) -> ImportReport:
        order = IdeaImport(process_id, TableFile(path), columns, BERLIN, dry_run, all_or_nothing)
        with app.app_context():
            return import_ideas(actor, order, now=clock.now())

    return start


def figures(report: ImportReport) -> tuple[int, int, int, int]:
    return report.read, report.added, report.present, report.refused


def count(look: Look) -> int:
    with look() as session:
        return session.scalar(select(func.count()).select_from(Idea)) or 0


def test_every_field_arrives(run: Callable[..., ImportReport], write: Write, database: Look, process_id: int) -> None:
    path = write(
        "Id;Wer;Thema;Was;Warum;Leitsätze;Ort;Feld;Sprache;Datum;Stand\n"
        "A-1;p7;Mehr Bänke;Bänke an Haltestellen;Menschen sitzen;Offenheit, safety;City North;mobility;de;3.5.2024;\n"
        "A-2;p7;;Wir wünschen uns mehr Radwege in der Stadt. Bald.;;;;;;;hidden\n"
    )
    columns = {
        "id": ["Id"],
        "author": ["Wer"],
        "title": ["Thema"],
        "text": ["Was", "Warum"],
        "principles": ["Leitsätze"],
        "district": ["Ort"],
        "field": ["Feld"],
        "language": ["Sprache"],
        "created": ["Datum"],
        "state": ["Stand"],
    }
    report = run(path, columns)
    assert (figures(report), report.problems) == ((2, 2, 0, 0), [])
    with database() as session:
        first, second = session.scalars(select(Idea).order_by(Idea.external_id))
        assert (first.external_id, first.title, first.text) == (
            "A-1",
            "Mehr Bänke",
            "Bänke an Haltestellen\n\nMenschen sitzen",
        )
        assert (first.state, first.source, first.language) == (IdeaState.PUBLISHED, IdeaSource.IMPORTED, "de")
        assert first.submitted_at == first.published_at == datetime(2024, 5, 2, 22, tzinfo=UTC)
        assert session.get_one(District, first.district_id).key == "north"
        assert session.get_one(FieldOfAction, first.field_id).key == "mobility"
        tags = select(Principle.key).join(IdeaPrinciple, IdeaPrinciple.principle_id == Principle.id)
        assert set(session.scalars(tags.where(IdeaPrinciple.idea_id == first.id))) == {"openness", "safety"}
        assert session.scalars(tags.where(IdeaPrinciple.idea_id == second.id)).all() == []
        assert (second.title, second.state, second.published_at, second.language) == (
            "Wir wünschen uns mehr Radwege in der Stadt",
            IdeaState.HIDDEN,
            None,
            "de",
        )
        people = session.scalars(select(Participant)).all()
        assert [(person.external_key, person.account_id) for person in people] == [("p7", None)]
        assert session.get_one(Process, process_id).version == 2
        logged = session.scalars(select(LogEntry).where(LogEntry.action == "IdeasImported").order_by(LogEntry.id)).all()
        assert [(entry.account_id, entry.payload) for entry in logged] == [(None, {"process_id": process_id})]


def test_authors_become_participants_once(run: Callable[..., ImportReport], write: Write, database: Look) -> None:
    run(write("who,title\nx,one\ny,two\nx,three\n,four\n,five\nimport,six\n"), {"author": ["who"], "title": ["title"]})
    run(write("who,title\nx,seven\n,eight\n", "second.csv"), {"author": ["who"], "title": ["title"]})
    with database() as session:
        rows = session.execute(
            select(Participant.external_key, func.count(Idea.id)).join(Idea).group_by(Participant.external_key)
        )
        assert {row.external_key: row[1] for row in rows} == {"x": 3, "y": 1, " import": 3, "import": 1}
        shared = session.scalars(select(Participant.pseudonym).where(Participant.external_key == " import")).all()
        assert shared == ["Import"]


def test_bad_rows_are_reported_and_good_ones_kept(
    run: Callable[..., ImportReport], write: Write, database: Look
) -> None:
    long = "x" * 5001
    path = write(
        f"title,text,tags\nfine,,\n,,safety\nNUL\0,,\nbell\a,,\nlong,{long},\ntag,,nonsense\n"
        "tags,,safety;climate;openness;learning\nshort,\nalso fine,text,safety\n"
    )
    report = run(path, {**SIMPLE, "principles": ["tags"]})
    assert figures(report) == (9, 2, 0, 7)
    assert report.problems == [
        RowProblem(3, "has neither a title nor a text"),
        RowProblem(4, "contains NUL characters"),
        RowProblem(5, "the title contains control characters"),
        RowProblem(6, "the text has 5,001 characters, at most 5,000 are possible"),
        RowProblem(7, "unknown principle “nonsense”"),
        RowProblem(8, "has 4 entries for principle, at most 3 are possible"),
        RowProblem(9, "has 2 cells where the header has 3"),
    ]
    with database() as session:
        assert set(session.scalars(select(Idea.title))) == {"fine", "also fine"}


def test_repeating_adds_nothing(run: Callable[..., ImportReport], write: Write, database: Look) -> None:
    path = write("title,text\na,b\nc,d\na,b\n")
    assert figures(run(path)) == (3, 3, 0, 0)
    assert figures(run(path)) == (3, 0, 3, 0)
    assert figures(run(write("title,text\nnew,row\nc,d\na,b\na,b\na,b\n", "more.csv"))) == (5, 2, 3, 0)
    assert count(database) == 5


def test_own_ids_decide_what_is_there(run: Callable[..., ImportReport], write: Write, database: Look) -> None:
    columns = {"id": ["id"], "title": ["title"]}
    assert figures(run(write("id,title\n1,first\n2,second\n1,again\n,none\n"), columns)) == (4, 3, 0, 1)
    report = run(write("id,title\n1,changed\n2,second\n3,third\n,none\n"), columns)
    assert figures(report) == (4, 1, 3, 0)
    with database() as session:
        titles = {idea.external_id: idea.title for idea in session.scalars(select(Idea))}
    assert {titles["1"], titles["2"], titles["3"]} == {"first", "second", "third"}


def test_a_repeated_id_in_one_file_is_reported(run: Callable[..., ImportReport], write: Write) -> None:
    report = run(write("id,title\n7,first\n7,again\n"), {"id": ["id"], "title": ["title"]}, dry_run=True)
    assert report.problems == [RowProblem(3, "the id “7” stands in row 2 already")]


def test_a_dry_run_writes_nothing(run: Callable[..., ImportReport], write: Write, database: Look) -> None:
    path = write("title,text\na,b\n,\nc,d\n,\x07\n")
    run(write("title,text\na,b\n", "before.csv"))
    report = run(path, dry_run=True)
    assert (figures(report), report.written) == ((3, 1, 1, 1), False)
    assert report.summary() == "3 read · 1 could be added · 1 already there · 1 refused"
    assert count(database) == 1


def test_all_or_nothing_keeps_nothing_when_a_row_is_bad(
    run: Callable[..., ImportReport], write: Write, database: Look
) -> None:
    report = run(write("title,text\na,b\nc,\x07\n"), all_or_nothing=True)
    assert (figures(report), report.written, count(database)) == ((2, 1, 0, 1), False, 0)
    report = run(write("title,text\na,b\nc,d\n"), all_or_nothing=True)
    assert (figures(report), report.written, count(database)) == ((2, 2, 0, 0), True, 2)


def test_all_or_nothing_that_fails_half_way_leaves_nothing(
    run: Callable[..., ImportReport], write: Write, database: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    path = write("title\n" + "".join(f"idea {number}\n" for number in range(7)))
    written = module._write
    batches: list[int] = []

    def stumbling(*arguments: object) -> None:
        batches.append(len(batches))
        if len(batches) == 3:
            raise OSError("disk full")
        written(*arguments)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr(module, "_write", stumbling)
    with pytest.raises(OSError, match="disk full"):
        run(path, {"title": ["title"]}, all_or_nothing=True)
    assert (len(batches), count(database)) == (3, 0)
    batches.clear()
    with pytest.raises(OSError, match="disk full"):
        run(path, {"title": ["title"]})
    assert count(database) == 4
    monkeypatch.setattr(module, "_write", written)
    assert figures(run(path, {"title": ["title"]})) == (7, 3, 4, 0)


def test_only_admins_and_staff_may_import(run: Callable[..., ImportReport], write: Write, process_id: int) -> None:
    path = write("title,text\na,b\n")
    for actor in (ANONYMOUS, Actor(1), Actor(1, grants=frozenset({(Role.MODERATOR, None)}))):
        with pytest.raises(Refused):
            run(path, actor=actor)
    assert figures(run(path, actor=Actor(1, grants=frozenset({(Role.STAFF, process_id)})))) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"id": ["title"]}, "a title or a text must be mapped to a column"),
        ({"titel": ["title"]}, "“titel” cannot be imported; possible are title, text, id, author"),
        ({"title": ["title", "text"]}, "only text can come from several columns, not title"),
        ({"title": ["Titel"]}, "there is no column “Titel”; the columns are “title”, “text”"),
    ],
)
def test_mappings_that_make_no_sense_are_refused(
    run: Callable[..., ImportReport], write: Write, columns: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(ImportProblem) as problem:
        run(write("title,text\na,b\n"), columns)
    assert str(problem.value).startswith(sentence)
