"""Imports of real files that lie beside the checkout; nothing of them is part of the project."""

import csv
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.ideas.models import Idea, IdeaState
from participation.intake.choices import Choices, first_choices
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.models import IntakeKind
from participation.intake.preview import preview
from participation.intake.report import ImportReport, silent
from participation.intake.running import Order, run_import
from participation.intake.tables import TableFile
from participation.intake.votes import VoteImport, import_statements, import_votes
from participation.kit import clock
from participation.voting.models import Tally
from participation.voting.queries import tally_breaks
from tests.architecture.sources import ROOT

DATA = ROOT.parent / "shared" / "data"
IDEAS = DATA / "ideas-kommuki" / "ideas.csv"
POLIS = DATA / "votes-klimarat"
Look = Callable[[], AbstractContextManager[Session]]

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside this checkout")


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_real_ideas_arrive_word_for_word_and_once(app: Flask, process_id: int, database: Look) -> None:
    columns = {"title": ["Thema"], "text": ["Beschlussempfehlung"]}
    order = IdeaImport(process_id, TableFile(IDEAS), columns, ZoneInfo("Europe/Berlin"))
    with app.app_context():
        report = import_ideas(SYSTEM, order, now=clock.now())
        again = import_ideas(SYSTEM, order, now=clock.now())
    assert (report.read, report.added, report.refused, report.problems) == (1329, 1329, 0, [])
    assert (again.read, again.added, again.present) == (1329, 0, 1329)
    expected = Counter(
        (" ".join(row["Thema"].split()), "".join(row["Beschlussempfehlung"].split())) for row in records(IDEAS)
    )
    with database() as session:
        stored = session.execute(select(Idea.title, Idea.text, Idea.language)).all()
    assert Counter((row.title, "".join(row.text.split())) for row in stored) == expected
    assert Counter(row.language for row in stored)["de"] > 1300


@pytest.mark.accept
def test_real_votes_add_up(app: Flask, process_id: int, database: Look) -> None:
    last: dict[tuple[str, str], str] = {}
    for row in sorted(records(POLIS / "votes.csv"), key=lambda row: int(row["timestamp"])):
        last[row["comment-id"], row["voter-id"]] = row["vote"]
    counted = Counter((comment, vote) for (comment, _), vote in last.items())
    order = VoteImport(process_id, POLIS)
    with app.app_context():
        statements = import_statements(SYSTEM, order, now=clock.now())
        votes = import_votes(SYSTEM, order, now=clock.now())
        again = import_statements(SYSTEM, order, now=clock.now()), import_votes(SYSTEM, order, now=clock.now())
    assert (statements.read, statements.added) == (522, 522)
    assert (votes.read, votes.added, votes.refused) == (61_936, len(last), 0)
    assert [(report.added, report.changed) for report in again] == [(0, 0), (0, 0)]
    with database() as session:
        tallies = session.execute(select(Idea.external_id, Tally).join(Tally, Tally.idea_id == Idea.id)).all()
        figures = {
            key: tuple(counted[key, vote] for vote in ("1", "-1", "0")) for key in {comment for comment, _ in last}
        }
        assert {key: (tally.agree, tally.disagree, tally.unsure) for key, tally in tallies} == figures
        assert tally_breaks(session, process_id) == []
        hidden = session.scalar(select(func.count()).select_from(Idea).where(Idea.state == IdeaState.HIDDEN))
    assert hidden == sum(row["moderated"] == "-1" for row in records(POLIS / "comments.csv"))


@pytest.mark.accept
def test_real_exports_are_recognised_and_agree_with_each_other(app: Flask, process_id: int, database: Look) -> None:
    reports = {}
    for name, key in (
        ("comments.csv", "polis-comments"),
        ("votes.csv", "polis-votes"),
        ("participants-votes.csv", "polis-participants-votes"),
    ):
        file = TableFile(POLIS / name)
        seen = preview(file)
        assert seen.layout is not None
        assert seen.layout.key == key
        choices = first_choices(seen.layout, seen.columns, seen.layout.kind)
        reports[name] = imported(app, process_id, seen.layout.kind, file, choices)
    statements, votes, across = reports.values()
    out = sum(row["moderated"] == "-1" for row in records(POLIS / "comments.csv"))
    assert (statements.added, statements.left_out) == (522 - out, {"hidden": out})
    # Polis' own table by person says the same as the list of votes, apart from people that it leaves out.
    assert (votes.read, across.added, across.changed) == (61_936, 0, 0)
    assert across.present > 30_000
    with database() as session:
        assert tally_breaks(session, process_id) == []


@pytest.mark.accept
def test_real_discussions_come_with_a_mapping_of_ones_own(app: Flask, process_id: int, database: Look) -> None:
    madrid = DATA / "threads-madrid"
    for name, kind, columns in (
        ("proposals.csv", IntakeKind.IDEAS, {"title": ["title"], "text": ["summary", "text"], "id": ["id"]}),
        ("comments.csv", IntakeKind.COMMENTS, {}),
    ):
        file = TableFile(madrid / name)
        choices = Choices(columns) if columns else first_choices(None, preview(file).columns, kind)
        report = imported(app, process_id, kind, file, choices)
        assert {problem.reason for problem in report.problems} <= {"has no text, and nobody answered it"}
        again = imported(app, process_id, kind, file, choices)
        assert (again.added, again.present) == (0, report.added)
    assert (report.added, report.refused) == (5_578, 55)


def imported(app: Flask, process_id: int, kind: IntakeKind, file: TableFile, choices: Choices) -> ImportReport:
    """Import a file as the desk would."""
    report = ImportReport()
    order = Order(
        actor=SYSTEM, process_id=process_id, kind=kind, file=file, choices=choices, zone=ZoneInfo("Europe/Berlin")
    )
    with app.app_context():
        run_import(order, report, silent)
    return report
