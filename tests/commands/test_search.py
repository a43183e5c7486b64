"""Writing the search index anew from the command line."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from participation.commands import search
from participation.ideas.models import Idea, IdeaSearch
from participation.ideas.search import matching
from tests import make
from tests.conftest import Sessions


def test_the_index_is_written_anew_in_batches(
    done: Callable[..., str], transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    with transact() as session:
        place, other = make.process(session, "parks"), make.process(session, "roads")
        ideas = [make.idea(session, place, title="Bänke") for _ in range(3)]
        elsewhere = make.idea(session, other, title="Bänke")
        # Behind the back of everybody who would tell the index.
        session.execute(update(Idea).values(title="Schlaglöcher"))
        session.execute(update(IdeaSearch).where(IdeaSearch.idea_id == ideas[0]).values(folded=""))
    found = select(Idea.id).where(matching("schlagloch")).order_by(Idea.id)
    with database() as session:
        assert list(session.scalars(found)) == []
    for _ in range(2):
        assert done("reindex", "parks") == "The search index was written for 3 ideas.\n"
        with database() as session:
            assert list(session.scalars(found)) == ideas
    assert done("reindex") == "The search index was written for 4 ideas.\n"
    with database() as session:
        assert list(session.scalars(found)) == [*ideas, elsewhere]
        assert list(session.scalars(select(Idea.id).where(matching("bänke")))) == []


def test_a_process_that_does_not_exist(refused: Callable[..., str], transact: Sessions) -> None:
    with transact() as session:
        make.process(session, "parks")
    assert refused("reindex", "park") == "there is no process 'park'; there are: parks"
