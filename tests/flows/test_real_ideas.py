"""Real ideas from a desk's table: imported, browsed, one cluster filed, exported and opened again, word for word."""

import csv
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.exports.files import write_strategy_input
from participation.ideas.models import Idea
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.tables import TableFile
from participation.kit import clock
from tests import make
from tests.architecture.sources import ROOT
from tests.flows.test_real_process import browse_all
from tests.pages import PageClient

TABLE = ROOT.parent / "shared" / "data" / "ideas-kommuki" / "ideas.csv"
COLUMNS = {"title": ["Thema"], "text": ["Beschlussempfehlung"]}

pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason="the real data is not beside this checkout")
Sessions = Callable[[], AbstractContextManager[Session]]


def test_real_ideas_come_out_as_they_went_in(
    app: Flask, transact: Sessions, database: Sessions, client: PageClient, tmp_path: Path
) -> None:
    with transact() as session:
        place = make.process(session, "youth")
    with app.app_context():
        import_ideas(
            SYSTEM, IdeaImport(place.id, TableFile(TABLE), COLUMNS, ZoneInfo("Europe/Berlin")), now=clock.now()
        )
    with database() as session:
        stored = {row.id: row for row in session.execute(select(Idea.id, Idea.external_id, Idea.title, Idea.text))}
    assert len(stored) == 1329
    filed = sorted(stored)[:40]
    with transact() as session:
        cluster = make.cluster(session, place, ideas=filed)
        make.statement(session, place, [cluster])
    assert sorted(browse_all(client, place.url("/ideas"))) == sorted(stored)
    assert sorted(browse_all(client, place.url(f"/ideas?cluster={cluster}"))) == filed

    path = tmp_path / "youth.json"
    with app.app_context():
        write_strategy_input(SYSTEM, process_id=place.id, file_format="json", language="de", path=path, now=clock.now())
    data = json.loads(path.read_text(encoding="utf-8"))
    exported = {int(idea["id"]): (idea["external_id"], idea["title"], idea["text"]) for idea in data["ideas"]}
    assert exported == {key: (row.external_id, row.title, row.text) for key, row in stored.items()}
    assert sorted(int(idea["id"]) for idea in data["ideas"] if idea["cluster_ids"]) == filed
    assert (data["figures"]["ideas"], data["statements"][0]["ideas"]) == (1329, 40)
    with TABLE.open(encoding="utf-8", newline="") as file:
        titles = {" ".join(row["Thema"].split()) for row in csv.DictReader(file)}
    assert titles <= {title for _key, title, _text in exported.values()} | {""}
