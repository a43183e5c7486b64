"""Which process the front page is about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from participation.kit import clock
from participation.processes.models import ProcessState
from participation.processes.queries import all_processes, main_process
from tests import make

Sessions = Callable[[], AbstractContextManager[Session]]
OPEN, OVER = timedelta(days=5), timedelta(hours=-1)
PUBLISHED, ARCHIVED, DRAFT = ProcessState.PUBLISHED, ProcessState.ARCHIVED, ProcessState.DRAFT


@pytest.mark.parametrize(
    ("processes", "chosen"),
    [
        ({}, None),
        ({"draft": (DRAFT, OPEN)}, None),
        ({"archived": (ARCHIVED, OPEN)}, "archived"),
        ({"archived": (ARCHIVED, OPEN), "over": (PUBLISHED, OVER)}, "over"),
        ({"over": (PUBLISHED, OVER), "open": (PUBLISHED, OPEN), "later": (PUBLISHED, OVER)}, "open"),
    ],
)
def test_main_process(
    transact: Sessions,
    database: Sessions,
    processes: dict[str, tuple[ProcessState, timedelta]],
    chosen: str | None,
) -> None:
    now = clock.now()
    with transact() as session:
        for slug, (state, end) in processes.items():
            make.process(session, slug, state=state, starts_at=now - timedelta(days=9), ends_at=now + end)
    with database() as session:
        main = main_process(all_processes(session), now)
    assert (main.slug if main else None) == chosen
