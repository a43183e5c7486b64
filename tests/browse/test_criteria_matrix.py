"""The matrix of statements × criteria and values: as a page, with its reasons, and as files."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest

from participation.exports.writers.csv import DELIMITER, read_cell
from participation.kit import clock
from participation.strategy.models import Statement, Verdict
from tests import documents, make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
FORMULA = '=HYPERLINK("https://example.org","x")'


@pytest.mark.parametrize("number", [1, 3])
def test_the_matrix_shows_what_is_public(client: PageClient, transact: Sessions, place: Place, number: int) -> None:
    with transact() as session:
        criterion, value = documents.names(session, place)
        for _count in range(number):
            statement = documents.signed(session, place, "Public")
            documents.judge(session, place, statement, {criterion: (Verdict.CONFLICT, "It is not fair")})
        idea = make.idea(session, place)
        hidden = make.statement(
            session, place, [make.cluster(session, place, ideas=[idea])], words="Secret", published=False
        )
        documents.judge(session, place, hidden, {value: (Verdict.OPEN, "Nobody knows")})
    page = client.get(place.url("/matrix", language="en"), budget=8)
    assert page.texts(".criteria-matrix__group") == ["Test criteria", "Values"]
    assert page.texts(".criteria-matrix__name") == ["Rights (en)", "Fairness (en)"]
    assert page.texts(".criteria-matrix__cell") == ["In conflict", "Not assessed yet"] * number
    assert len(page.select(".strategy-change")) == number
    assert "It is not fair (en)" in page.text
    assert "Secret" not in page.text
    assert "Nobody knows" not in page.text
    reasons = client.get(place.url(f"/matrix?statement={statement}", language="en"), budget=8)
    assert "It is not fair (en)" in reasons.text
    assert reasons.h1.endswith("and the criteria")


@pytest.mark.parametrize("rest", ["?page=2", "?page=0", "?page=x", "?statement=x", "?statement=99999"])
def test_what_there_is_not(client: PageClient, place: Place, rest: str) -> None:
    client.get(place.url(f"/matrix{rest}"), status=400 if "x" in rest else 404)


def test_reasons_are_there_for_public_statements_of_the_process_only(
    client: PageClient, transact: Sessions, place: Place
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        cluster = make.cluster(session, place, ideas=[idea])
        draft = make.statement(session, place, [cluster], published=False)
        withdrawn = documents.signed(session, place)
        documents.withdraw(session, place, withdrawn)
        elsewhere = documents.signed(session, make.process(session, "elsewhere"))
    for statement in (draft, withdrawn, elsewhere):
        client.get(place.url(f"/matrix?statement={statement}"), status=404)


def test_a_long_matrix_is_paged(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        first = documents.signed(session, place)
        row = session.get_one(Statement, first)
        shared = {"process_id": place.id, "state": row.state, "published_at": row.published_at, "reasoning": {}}
        session.add_all(
            Statement(position=number, text={"en": f"Statement {number}"}, written_at=clock.now(), **shared)
            for number in range(2, 54)
        )
    page = client.get(place.url("/matrix", language="en"), budget=8)
    assert len(page.select(".criteria-matrix__row")) == 50
    last = client.get(page.links(".pagination__link--next")["Next"])
    assert len(last.select(".criteria-matrix__row")) == 3
    assert "Statements 51 to 53 of 53" in last.text


def test_what_was_said_before_stays_readable(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place)
        criterion, _value = documents.names(session, place)
        later = clock.now() + timedelta(minutes=1)
        documents.judge(session, place, statement, {criterion: (Verdict.OPEN, "Not clear")}, at=later)
        documents.judge(session, place, statement, {criterion: (Verdict.FULFILLED, "Clear")}, at=later)
    page = client.get(place.url(f"/matrix?statement={statement}", language="en"))
    assert page.texts(".criteria-reasons__said > p .verdict__label") == ["Fulfilled", "Not assessed yet"]
    assert page.texts(".criteria-reasons__former .verdict__label") == ["Still open"]
    assert "Not clear (en)" in page.one(".criteria-reasons__former")
    assert "judge-of-statements" not in page.text


def test_the_matrix_as_files(client: PageClient, transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place, FORMULA)
        criterion, _value = documents.names(session, place)
        documents.judge(session, place, statement, {criterion: (Verdict.CONFLICT, FORMULA)})
        idea = make.idea(session, place)
        make.statement(session, place, [make.cluster(session, place, ideas=[idea])], words="Secret", published=False)
    pages = {
        kind: client.get(place.url(f"/matrix.{kind}", language="en"), budget=8) for kind in ("csv", "json", "xlsx")
    }
    for kind, page in pages.items():
        assert page.headers["Content-Disposition"] == f"attachment; filename=digital-matrix.{kind}"
        assert b"Secret" not in page.data
    head, row = csv.reader(io.StringIO(pages["csv"].data.decode("utf-8-sig")), delimiter=DELIMITER)
    assert head == ["No.", "Statement", "Rights (en)", "Reason: Rights (en)", "Fairness (en)", "Reason: Fairness (en)"]
    assert row[1].startswith("'=")
    said = f"{FORMULA} (en)"
    assert [read_cell(cell) for cell in row] == ["1", said, "In conflict", said, "", ""]
    whole = json.loads(pages["json"].data)
    assert [one["key"] for one in whole["yardsticks"]] == ["rights", "fairness"]
    assert whole["statements"][0]["assessments"][0]["verdict"] == "conflict"
    book = openpyxl.load_workbook(io.BytesIO(pages["xlsx"].data))
    assert book.sheetnames == ["Criteria matrix", "Reasons"]
    cells = [[cell.value for cell in row] for row in book["Criteria matrix"].iter_rows()]
    assert cells == [["No.", "Statement", "Rights (en)", "Fairness (en)"], [1, said, "In conflict", None]]
    assert book["Criteria matrix"]["B2"].data_type == "s"
    assert book["Reasons"]["E2"].value == said
