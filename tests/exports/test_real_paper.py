"""The paper of a real consultation, opened by other programs and compared row by row."""

from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import outloud
import pikepdf
import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.exports.files import write_strategy_input
from participation.exports.writers.text import excerpt, for_print
from participation.ideas.models import Idea
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.tables import TableFile
from participation.kit import clock
from tests import make
from tests.architecture.sources import ROOT
from tests.conftest import Sessions
from tests.exports.office import converted, needs_office

TABLE = ROOT.parent / "shared" / "data" / "ideas-kommuki" / "ideas.csv"
COLUMNS = {"title": ["Thema"], "text": ["Beschlussempfehlung"]}
IDEAS = 1_329

pytestmark = [
    pytest.mark.accept,
    pytest.mark.skipif(not TABLE.is_file(), reason="the real data is not beside this checkout"),
    needs_office,
]


def test_every_idea_of_a_real_consultation_is_on_paper(app: Flask, transact: Sessions, tmp_path: Path) -> None:
    process_id, titles = consultation(app, transact)
    with app.app_context():
        for name in ("docx", "pdf"):
            path = tmp_path / f"youth.{name}"
            write_strategy_input(
                SYSTEM, process_id=process_id, file_format=name, language="de", path=path, now=clock.now()
            )
    expected = {str(key): excerpt(for_print(title), 200) for key, title in titles.items()}
    annex = docx.Document(str(tmp_path / "youth.docx")).tables[-1]
    assert {
        "".join(part.text for part in row.cells[0].paragraphs[0].iter_inner_content()): row.cells[1].text
        for row in annex.rows[1:]
    } == expected
    assert len(expected) == IDEAS
    for path in (tmp_path / "youth.pdf", *converted(tmp_path, "pdf", tmp_path / "youth.docx")):
        said = letters(" ".join(page.extract_text() for page in PdfReader(path).pages))
        assert [title for title in expected.values() if letters(title) not in said] == []
    result = outloud.check(str(tmp_path / "youth.pdf"))
    assert [finding for finding in result.findings if finding.severity == "error"] == []
    with pikepdf.open(tmp_path / "youth.pdf") as pdf:
        assert pdf.check_pdf_syntax() == []


def letters(text: str) -> str:
    """Return the letters of a text: line ends, hyphens and marks differ from program to program."""
    return "".join(filter(str.isalpha, text)).casefold()


def consultation(app: Flask, transact: Sessions) -> tuple[int, dict[int, str]]:
    """Import the ideas, with themes, statements and votes on them; return the process and the titles by number."""
    with transact() as session:
        place = make.process(session, "youth")
    with app.app_context():
        import_ideas(
            SYSTEM, IdeaImport(place.id, TableFile(TABLE), COLUMNS, ZoneInfo("Europe/Berlin")), now=clock.now()
        )
    with transact() as session:
        ideas = stored(session)
        for word in ("Fahrrad", "Schule", "Bus"):
            filed = [key for key, title in ideas.items() if word in title]
            make.statement(session, place, [make.cluster(session, place, title=word, ideas=filed)])
        for key in list(ideas)[:12]:
            make.votes(session, place, key, agree=key % 9, disagree=key % 5)
    return place.id, ideas


def stored(session: Session) -> dict[int, str]:
    return {row.id: row.title for row in session.execute(select(Idea.id, Idea.title).order_by(Idea.id))}
