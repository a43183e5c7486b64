"""Real ideas with votes and themes in every format, opened by programs that are not ours, row by row as stored."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.curation.models import Filing
from participation.exports.reading import read_into
from participation.exports.writers import WRITERS
from participation.exports.writers.csv import read_cell
from participation.exports.writers.text import for_xml
from participation.ideas.models import Idea
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.tables import TableFile
from participation.kit import clock
from participation.voting.models import Stance, Tally, Vote
from tests import make
from tests.exports.readers import READERS, all_tables, in_workbook, quiet, read_csv, read_tables, same_day
from tests.flows.test_real_ideas import COLUMNS, TABLE

Sessions = Callable[[], AbstractContextManager[Session]]
Stored = Mapping[str, tuple[str, str, str, tuple[int, int, int] | None]]
VOTERS, THEMES = 12, 9
STANCES = (Stance.AGREE, Stance.AGREE, Stance.UNSURE, Stance.DISAGREE)
LIMIT = {"xlsx": 32_767, "ods": 10**9}

pytestmark = [
    pytest.mark.accept,
    pytest.mark.skipif(not TABLE.is_file(), reason="the real data is not beside this checkout"),
]


@pytest.fixture
def place(app: Flask, transact: Sessions) -> make.Place:
    """A process with all of the ideas; many have votes, two in three are in themes, statements rest on these."""
    with transact() as session:
        place = make.process(session, "youth")
    with app.app_context():
        table = TableFile(TABLE)
        import_ideas(SYSTEM, IdeaImport(place.id, table, COLUMNS, ZoneInfo("Europe/Berlin")), now=clock.now())
    with transact() as session:
        ids = list(session.scalars(select(Idea.id).order_by(Idea.id)))
        _vote(session, place, ids)
        themes = [make.cluster(session, place, title=f"Theme {number}") for number in range(THEMES)]
        filed = [
            {"cluster_id": themes[idea_id % THEMES], "idea_id": idea_id, "is_main": True, "filed_at": clock.now()}
            for idea_id in ids
            if idea_id % 10 < 7
        ]
        session.execute(insert(Filing), filed)
        for number, theme in enumerate(themes[:3]):
            make.statement(session, place, [theme], words=f"The city should act, {number}")
    return place


def _vote(session: Session, place: make.Place, ids: list[int]) -> None:
    """Let up to so many people vote on each idea: on some nobody did, on some too few to tell."""
    people = [make.participant(session, place) for _ in range(VOTERS)]
    votes: list[dict[str, Any]] = []
    sums: dict[int, dict[str, int]] = {}
    for idea_id in ids:
        sums[idea_id] = {"agree": 0, "unsure": 0, "disagree": 0}
        for turn in range(idea_id % (VOTERS + 1)):
            stance = STANCES[(idea_id + turn) % len(STANCES)]
            sums[idea_id][stance.value] += 1
            votes.append(
                {"idea_id": idea_id, "participant_id": people[turn], "stance": stance, "revision": 1}
                | {"cast_at": clock.now()}
            )
    session.execute(insert(Vote), votes)
    session.execute(insert(Tally), [{"idea_id": idea_id, **figures} for idea_id, figures in sums.items()])


def stored_in(session: Session) -> dict[str, tuple[str, str, str, tuple[int, int, int] | None]]:
    """Return what the database holds of each idea, votes as far as files tell them."""
    rows = session.execute(
        select(Idea.id, Idea.external_id, Idea.title, Idea.text, Tally.agree, Tally.unsure, Tally.disagree).join(
            Tally, Tally.idea_id == Idea.id
        )
    )
    return {
        str(id_): (key, title, text, tuple(votes) if sum(votes) >= 5 else None)
        for id_, key, title, text, *votes in rows
    }


def test_real_ideas_in_every_format(app: Flask, place: make.Place, database: Sessions, tmp_path: Path) -> None:
    with database() as session:
        stored = stored_in(session)
        filed = {str(row.idea_id): str(row.cluster_id) for row in session.scalars(select(Filing))}
    assert (len(stored), sum(1 for row in stored.values() if row[3] is None)) == (1329, 513)
    files = {}
    with app.app_context():
        reading = read_into(
            tmp_path / "all", SYSTEM, process_id=place.id, language="en", now=clock.now(), for_council=True
        )
        document = reading.document()
        for name, writer in WRITERS.items():
            files[name] = tmp_path / f"out.{name}.{writer.extension}"
            writer.write(document, files[name], progress=quiet)
    assert reading.counts["ideas"] == reading.counts["votes"] == len(stored)
    for name, read in READERS.items():
        found = {title: same_day(table) for title, table in read(files[name]).items()}
        for title, table in all_tables(document).items():
            assert found[title] == same_day(in_workbook(table, document, LIMIT[name])), (name, title)
        _check_ideas(found["Ideas"], stored, missing="hidden", cleaned=for_xml)
        _check_filings(found["Filed under"], filed)
    tables = read_tables(files["tables"])
    _check_ideas(tables["ideas"], stored, missing="hidden", cleaned=str)
    _check_filings(tables["filings"], filed)
    flat = read_csv(files["csv"].read_bytes())
    assert {row[flat[0].index("Idea: ID")] for row in flat[1:]} == set(stored)
    _check_json(files["json"], files["jsonl"], stored, filed)
    _check_papers(files["docx"], files["pdf"])


def _check_ideas(table: list[list[Any]], stored: Stored, *, missing: str, cleaned: Callable[[str], str]) -> None:
    heads = table[0]
    places = [heads.index(name) for name in ("ID", "ID in the source", "Title", "Text", "Agree", "Unsure", "Disagree")]
    found = {row[places[0]]: [row[place] for place in places[1:]] for row in table[1:]}
    assert set(found) == set(stored)
    for id_, (key, title, text, votes) in stored.items():
        figures = list(map(str, votes)) if votes else [missing] * 3
        assert [read_cell(str(cell or "")) for cell in found[id_][:3]] == [
            cleaned(part or "") for part in (key, title, text)
        ]
        assert [str(cell) for cell in found[id_][3:]] == figures


def _check_filings(table: list[list[Any]], filed: dict[str, str]) -> None:
    idea, theme = (next(n for n, head in enumerate(table[0]) if head.startswith(name)) for name in ("Idea", "Theme"))
    assert {row[idea]: row[theme] for row in table[1:]} == filed


def _check_json(whole: Path, lines: Path, stored: Stored, filed: dict[str, str]) -> None:
    ideas = json.loads(whole.read_text(encoding="utf-8"))["ideas"]
    rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert rows[0]["kind"] == "process"
    for found in (ideas, [row for row in rows if row["kind"] == "idea"]):
        assert {
            idea["id"]: (
                idea["external_id"],
                idea["title"],
                idea["text"],
                tuple(idea["votes"][stance] for stance in ("agree", "unsure", "disagree")) if idea["votes"] else None,
            )
            for idea in found
        } == dict(stored)
        assert {idea["id"]: idea["main_cluster_id"] for idea in found if idea["main_cluster_id"]} == filed
    assert {row["idea_id"]: row["cluster_id"] for row in rows if row["kind"] == "filing"} == filed


def _check_papers(word: Path, pdf: Path) -> None:
    body = Document(str(word)).element.body
    pages = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    for said in ("".join(body.itertext()), pages):
        shown = " ".join(said.split())
        for number in range(3):
            assert f"The city should act, {number}" in shown
        assert "1,329" in shown
