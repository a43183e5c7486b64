"""Fixtures of the board."""

import pytest

from tests import make
from tests.conftest import Sessions
from tests.curation.board.desk import Desk, moderator_of
from tests.make import Place


@pytest.fixture
def desk(transact: Sessions, place: Place) -> Desk:
    """Two moderators at the board of a process."""
    with transact() as session:
        accounts = [make.account(session, f"{name}@example.org") for name in ("moderator", "colleague")]
    return Desk(transact, place, *(moderator_of(place, account) for account in accounts))
