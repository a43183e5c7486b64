"""Real collections and the whole demo, out of one database and into another; no real data is part of the project."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import SYSTEM
from participation.commands.tally import breaks
from participation.demo.seed import seed_demo
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.tables import TableFile
from participation.intake.votes import VoteImport, import_statements, import_votes
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.processes.models import Process
from participation.processes.queries import process_by_id
from participation.provenance.verify import provenance_breaks
from participation.tallies.releases import release_daily
from tests import make
from tests.architecture.sources import ROOT
from tests.archive.travelling import SINCE, read, tables, unpacked, write

DATA = ROOT.parent / "shared" / "data"
BERLIN = ZoneInfo("Europe/Berlin")
pytestmark = pytest.mark.accept


def travel(app: Flask, target: Flask, folder: Path, process_id: int) -> dict[str, int]:
    """Take a process from one database to the other, hold everything against it, and return how many rows there are."""
    with app.app_context():
        release_daily(lambda: None)
        db.session.remove()
    write(app, folder / "one.zip", process_id)
    read(target, folder / "one.zip")
    write(target, folder / "two.zip", process_id)
    before, after = (unpacked(folder / name) for name in ("one.zip", "two.zip"))
    assert {name: one for name, one in tables(after).items() if name not in SINCE} == {
        name: one for name, one in tables(before).items() if name not in SINCE
    }
    files = [{name: content for name, content in one.items() if name.startswith("files/")} for one in (before, after)]
    assert files[0] == files[1]
    with target.app_context():
        session = db.session()
        process = process_by_id(session, process_id)
        assert list(breaks(session, process)) == []
        assert list(provenance_breaks(session, process, now=clock.now(), with_log=True)) == []
        session.rollback()
    return {name: rows for name, (rows, _sha256) in tables(before).items()}


@pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside this checkout")
def test_real_ideas(app: Flask, target: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction() as session:
        place = make.process(session)
    columns = {"title": ["Thema"], "text": ["Beschlussempfehlung"]}
    order = IdeaImport(place.id, TableFile(DATA / "ideas-kommuki" / "ideas.csv"), columns, BERLIN)
    with app.app_context():
        import_ideas(SYSTEM, order, now=clock.now())
    assert travel(app, target, tmp_path, place.id)["idea"] == 1329


@pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside this checkout")
def test_real_votes(app: Flask, target: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction() as session:
        place = make.process(session)
    order = VoteImport(process_id=place.id, folder=DATA / "votes-klimarat")
    with app.app_context():
        import_statements(SYSTEM, order, now=clock.now())
        votes = import_votes(SYSTEM, order, now=clock.now())
    found = travel(app, target, tmp_path, place.id)
    assert found["vote"] == votes.added > 60_000
    assert found["vote_log_release"] == 1


def test_the_whole_demo(app: Flask, target: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction() as session:
        assert seed_demo(session, now=clock.now(), zone=BERLIN)
        process_id = session.scalars(select(Process.id).where(Process.slug == "digital-strategy")).one()
    found = travel(app, target, tmp_path, process_id)
    assert found["statement"] > 3
    assert found["vote"] > 1000
