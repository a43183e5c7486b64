"""Filings that come from a spreadsheet: themes by title, ideas by id, one step that can be undone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor
from participation.commands import main
from participation.curation.board.clusters import MOST_THEMES
from participation.curation.board.imports import FilingImport, FilingReport, check_columns, import_filings
from participation.curation.board.places import MAIN, TOUCHES, Places
from participation.curation.board.state import board_state
from participation.curation.models import BoardChange, BoardChangeKind, Cluster, Filing, FilingOrigin
from participation.ideas.models import Idea
from participation.intake.rows import ImportProblem
from participation.intake.tables import TableFile
from participation.kit import clock
from participation.kit.permissions import Refused
from tests import make
from tests.conftest import Sessions
from tests.curation.board.desk import Desk

COLUMNS = {"idea": ["idea"], "cluster": ["theme"]}
ALL = {name: [name] for name in ("idea", "main", "note")} | {"cluster": ["theme"]}
Run = Callable[..., FilingReport]


@pytest.fixture
def ideas(desk: Desk) -> dict[str, int]:
    """Ideas that were imported as A, B and C."""
    ids = desk.ideas(3)
    with desk.transact() as session:
        for name, idea_id in zip("ABC", ids, strict=True):
            session.get_one(Idea, idea_id).external_id = name
    return dict(zip("ABC", ids, strict=True))


@pytest.fixture
def run(app: Flask, desk: Desk, tmp_path: Path) -> Run:
    """Import a table of filings into the process of the desk."""

    def start(content: str, columns: Any = COLUMNS, *, actor: Actor = SYSTEM, **options: Any) -> FilingReport:
        path = tmp_path / "filings.csv"
        path.write_text(content, encoding="utf-8")
        order = FilingImport(desk.place.id, TableFile(path), columns, "de", **options)
        with app.app_context():
            return import_filings(actor, order, now=clock.now())

    return start


def figures(report: FilingReport) -> tuple[int, int, int, int]:
    """Return read, added, present, refused."""
    return report.read, report.added, report.present, report.refused


def by_title(desk: Desk, *ideas: int) -> list[dict[str, int]]:
    """Return where ideas stand, by the German titles of the themes."""
    with desk.transact() as session:
        names = {row.id: row.title.get("de", row.title.get("en", "")) for row in session.scalars(select(Cluster))}

    def named(places: Places) -> dict[str, int]:
        return {names[cluster_id]: strength for cluster_id, strength in places.items()}

    return [named(places) for places in desk.places(*ideas)]


def test_a_spreadsheet_becomes_a_board(run: Run, desk: Desk, ideas: dict[str, int], database: Sessions) -> None:
    (parks,) = desk.themes("Parks")
    version = desk.version
    table = f"idea,theme\nA,parks (EN)\nB,Wege\nA, wege \nA,Wasser|Wege\n{ideas['C']},Wasser | Bäume\n"
    report = run(table)
    assert (figures(report), report.themes) == ((5, 5, 0, 0), ["Wege", "Wasser", "Bäume"])
    assert (report.number, report.moved) == (version + 1, 3)
    assert by_title(desk, *ideas.values()) == [
        {"Parks (de)": MAIN, "Wege": TOUCHES, "Wasser": TOUCHES},
        {"Wege": MAIN},
        {"Wasser": MAIN, "Bäume": TOUCHES},
    ]
    with database() as session:
        change = session.scalars(select(BoardChange).where(BoardChange.number == report.number)).one()
        assert change.kind is BoardChangeKind.IMPORT
        assert set(session.scalars(select(Filing.origin))) == {FilingOrigin.IMPORTED}
        state = board_state(session, desk.moderator, desk.place.id, since=version)
        assert [line.idea_count for line in state.changes] == [3]
    again = run(table)
    assert (figures(again), again.themes, again.number, desk.version) == ((5, 0, 5, 0), [], None, version + 1)
    desk.undo(version + 1)
    assert by_title(desk, *ideas.values()) == [{}, {}, {}]
    with database() as session:
        assert [*session.scalars(select(Cluster.id).where(Cluster.removed_at.is_(None)))] == [parks]


def test_the_main_theme_and_a_note(run: Run, desk: Desk, ideas: dict[str, int], database: Sessions) -> None:
    table = (
        "idea,theme,main,note\nA,Wege,,far\nA,Wasser,x,wet\nB,Wege|Wasser,wasser,\nC,Wege,nein,\n"
        "A,Wege,ja,\nB,Wege,Bäume,\nC,Wasser,,\n"
    )
    report = run(table, ALL)
    assert figures(report) == (7, 5, 0, 2)
    assert [str(problem) for problem in report.problems] == [
        "row 6: row 3 names another main theme of this idea",
        "row 7: “Bäume” is neither yes nor no nor one of the themes of the row",
    ]
    assert by_title(desk, *ideas.values()) == [
        {"Wasser": MAIN, "Wege": TOUCHES},
        {"Wasser": MAIN, "Wege": TOUCHES},
        {"Wege": MAIN, "Wasser": TOUCHES},
    ]
    with database() as session:
        reasons = select(Filing.reason).where(Filing.idea_id == ideas["A"], Filing.ended_at.is_(None))
        assert {*session.scalars(reasons)} == {"far", "wet"}
    assert figures(run(table, ALL)) == (7, 0, 5, 2)


def test_what_was_filed_by_hand_stays(run: Run, desk: Desk, ideas: dict[str, int]) -> None:
    parks, streets = desk.themes("Parks", "Streets")
    desk.file([ideas["A"], ideas["B"]], parks)
    run("idea,theme,main\nA,Streets (en),\nB,Streets (en),yes\n", {**COLUMNS, "main": ["main"]})
    assert desk.places(ideas["A"], ideas["B"]) == [{parks: MAIN, streets: TOUCHES}, {parks: TOUCHES, streets: MAIN}]


def test_bad_rows_are_named_and_the_others_kept(
    run: Run, desk: Desk, ideas: dict[str, int], transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        foreign = make.idea(session, make.process(session, "other"))
    long = "x" * 121
    table = f"idea,theme\nA,Wege\nD,Wege\n{foreign},Wege\n,Wege\nB,\nB, | \nC,Bach|{long}\nC,a,b\n"
    report = run(table)
    assert figures(report) == (8, 1, 0, 7)
    assert [str(problem).partition(": ")[2][:45] for problem in report.problems] == [
        "names no idea",
        "names no theme",
        "has 3 cells where the header has 2",
        "there is no idea “D” in the process",
        f"there is no idea “{foreign}” in the process",
        "names no theme",
        "the theme “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"[:45],
    ]
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Cluster)) == 1, "no theme without an idea"


def test_themes_are_not_made_where_none_shall_be(run: Run, desk: Desk, ideas: dict[str, int]) -> None:
    desk.themes("Parks")
    report = run("idea,theme\nA,Parks (de)\nB,Wege\n", makes_missing=False)
    assert (figures(report), [str(problem) for problem in report.problems]) == (
        (2, 1, 0, 1),
        ["row 3: there is no theme “Wege”"],
    )


def test_more_themes_than_a_board_holds(run: Run, desk: Desk, ideas: dict[str, int], transact: Sessions) -> None:
    with transact() as session:
        session.add_all(
            Cluster(process_id=desk.place.id, position=n, title={}, description={}, created_at=clock.now())
            for n in range(MOST_THEMES - 1)
        )
    report = run("idea,theme\nA,One\nB,Two\n")
    assert (figures(report), report.themes) == ((2, 1, 0, 1), ["One"])


@pytest.mark.parametrize("option", ["dry_run", "all_or_nothing"])
def test_nothing_is_written(run: Run, desk: Desk, ideas: dict[str, int], option: str) -> None:
    version = desk.version
    report = run("idea,theme\nA,Wege\nD,Wege\n", **{option: True})
    assert (figures(report), report.written, report.themes, report.moved) == ((2, 1, 0, 1), False, ["Wege"], 1)
    assert (desk.version, desk.places(ideas["A"])) == (version, [{}])


def test_a_title_may_hold_a_separator(run: Run, desk: Desk, ideas: dict[str, int]) -> None:
    desk.themes("Bus; tram")
    run("idea,theme\nA,Bus; tram (de)\n")
    assert by_title(desk, ideas["A"]) == [{"Bus; tram (de)": MAIN}]
    report = run("idea,theme\nB,Kind; Kegel\nC,Kind; Kegel|Wege\n")
    assert report.themes == ["Kind; Kegel", "Wege"]
    assert by_title(desk, ideas["B"], ideas["C"]) == [{"Kind; Kegel": MAIN}, {"Kind; Kegel": MAIN, "Wege": TOUCHES}]
    assert run("idea,theme\nB,Bus; Bahn\n", separators="|;").themes == ["Bus", "Bahn"]


@pytest.mark.parametrize(
    "columns",
    [
        {"idea": ["idea"]},
        {"cluster": ["theme"]},
        {**COLUMNS, "colour": ["x"]},
        {**COLUMNS, "idea": ["idea", "other"]},
    ],
)
def test_the_mapping_is_checked(columns: dict[str, list[str]]) -> None:
    check_columns({**COLUMNS, "cluster": ["one", "two"]})
    with pytest.raises(ImportProblem):
        check_columns(columns)


def test_only_moderators_import(run: Run, ideas: dict[str, int]) -> None:
    with pytest.raises(Refused):
        run("idea,theme\nA,Wege\n", actor=ANONYMOUS)


def test_the_command_says_what_it_did(app: Flask, desk: Desk, ideas: dict[str, int], tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("Nr;Code 1;Code 2\nA;Wege;Wasser\nB;Wege;\nZ;Wege;\n", encoding="utf-8")
    mapped = ["--map", "idea=Nr", "--map", "cluster=Code 1", "--map", "cluster=Code 2"]

    def command(*more: str) -> Result:
        arguments = ["import", "filings", "digital", str(path), *mapped, *more]
        return CliRunner().invoke(main, arguments, obj=app, prog_name="participation")

    dry = command("--dry-run")
    assert dry.stdout.splitlines()[0] == "3 read · 2 could be added · 0 already there · 1 refused"
    done = command()
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "3 read · 2 added · 0 already there · 1 refused",
        "2 new themes: “Wege”, “Wasser”",
        f"2 ideas moved; this is step {desk.version} of the board.",
    ]
    assert "row 4: there is no idea “Z” in the process" in done.stderr
    assert by_title(desk, ideas["A"], ideas["B"]) == [{"Wege": MAIN, "Wasser": TOUCHES}, {"Wege": MAIN}]
    assert "possible are de, de-simple, en" in command("--language", "xx").output
    assert command("--map", "note=nowhere").exit_code == 1
