"""The board as moderators use it without scripts: sending its form, and looking at what came of it."""

from typing import Any

from sqlalchemy import select

from participation.curation.models import Filing
from tests.conftest import Sessions
from tests.pages import Page, PageClient

DESK = "/en/desk/processes/digital"
BOARD = f"{DESK}/board"
FORM = "board-form"


def filed(database: Sessions) -> set[tuple[int, int]]:
    """Return the current pairs of cluster and idea."""
    with database() as session:
        rows = session.scalars(select(Filing).where(Filing.ended_at.is_(None)))
        return {(row.cluster_id, row.idea_id) for row in rows}


def mains(database: Sessions) -> dict[int, int]:
    """Return the main cluster of each idea that has one."""
    with database() as session:
        rows = session.scalars(select(Filing).where(Filing.ended_at.is_(None), Filing.is_main))
        return {row.idea_id: row.cluster_id for row in rows}


def send(client: PageClient, page: Page, ideas: list[Any], *, status: int = 303, **fields: Any) -> Page:
    """Send the board's form with these cards chosen; they stand outside of it and belong to it."""
    return client.submit(page, FORM, status=status, forge={"ideas": ideas} | fields)
