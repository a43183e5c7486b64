"""How the database finds the rows of each page: a table that grows with a process is never read from end to end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import event

from participation.app import create_app
from participation.kit.db import db
from tests.bench.fill import SECRET, Filled
from tests.bench.pages import Page

GROWING = ("idea", "idea_principle", "comment", "vote", "tally", "participant", "filing", "standing")


def count_queries(filled: Filled, folder: Path, pages: Sequence[Page]) -> dict[str, int]:
    """Return how many queries each page takes without any cache."""
    return {page.name: len(found) for page, found in zip(pages, _plans(filled, folder, pages), strict=True)}


def full_scans(filled: Filled, folder: Path, pages: Sequence[Page]) -> list[str]:
    """Return a line for each step of a page's queries that reads a growing table from end to end."""
    scans = []
    for page, found in zip(pages, _plans(filled, folder, pages), strict=True):
        steps = [step for plan in found for step in plan]
        scans += [f"{page.name}: {step}" for step in steps if step.startswith("SCAN ") and step.split()[1] in GROWING]
    return scans


def _plans(filled: Filled, folder: Path, pages: Sequence[Page]) -> list[list[list[str]]]:
    """Return for each page the steps of each of its queries."""
    app = create_app({"DATABASE_URL": filled.url, "DATA_DIR": folder, "SECRET_KEY": SECRET, "PAGE_CACHE_SECONDS": 0})
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    plans = []
    with app.app_context():
        engine = db.engine
    for page in pages:
        sent.clear()
        event.listen(engine, "before_cursor_execute", note)
        app.test_client().get(page.paths[len(page.paths) // 2])
        event.remove(engine, "before_cursor_execute", note)
        with engine.connect() as connection:
            plans.append([_explain(connection, statement, parameters) for statement, parameters in sent])
    engine.dispose()
    return plans


def _explain(connection: Any, statement: str, parameters: Any) -> list[str]:
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
