"""Expert classes of real ideas arrive as a board; the ideas lie beside the checkout, none of them is in the project."""

import csv
import time
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from participation.accounts.actor import SYSTEM
from participation.curation.board.imports import FilingImport, import_filings
from participation.curation.board.queries import board_clusters, rest_counts
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.tables import TableFile
from participation.kit import clock
from tests.architecture.sources import ROOT
from tests.conftest import Sessions
from tests.curation.board.desk import Desk

IDEAS = ROOT.parent / "shared" / "data" / "ideas-raddialog-bonn" / "ideas.csv"
CLASS = "main_category_level1"
MOST_SECONDS = 10

pytestmark = [
    pytest.mark.accept,
    pytest.mark.skipif(not IDEAS.is_file(), reason="the real data is not beside this checkout"),
]


def test_expert_classes_become_themes(app: Flask, desk: Desk, database: Sessions) -> None:
    with IDEAS.open(encoding="utf-8", newline="") as file:
        classes = Counter(row[CLASS] for row in csv.DictReader(file))
    columns = {"id": ["ID"], "title": ["title"], "text": ["text"]}
    with app.app_context():
        order = IdeaImport(desk.place.id, TableFile(IDEAS), columns, ZoneInfo("Europe/Berlin"))
        brought = import_ideas(SYSTEM, order, now=clock.now())
        coded = FilingImport(desk.place.id, TableFile(IDEAS), {"idea": ["ID"], "cluster": [CLASS]}, "de")
        begun = time.perf_counter()
        report = import_filings(SYSTEM, coded, now=clock.now())
        took = time.perf_counter() - begun
        again = import_filings(SYSTEM, coded, now=clock.now())
    assert (report.added, report.refused, len(report.themes)) == (brought.added, brought.refused, len(classes))
    assert (again.added, again.present, again.number) == (0, report.added, None)
    assert took < MOST_SECONDS
    with database() as session:
        counted = {next(iter(row.title.values())): row.main for row in board_clusters(session, desk.place.id)}
        assert rest_counts(session, desk.place.id).coverage.share == 1.0
    assert sum(counted.values()) == report.added
    assert all(counted[name] <= number for name, number in classes.items())
    desk.undo(report.number or 0)
    with database() as session:
        assert (board_clusters(session, desk.place.id), rest_counts(session, desk.place.id).filed) == ((), 0)
