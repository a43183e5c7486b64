"""Writing the search index anew from the command line."""

from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import select, update

from participation.commands import search
from participation.ideas.models import Idea, IdeaSearch, WordingSearch
from participation.ideas.search import matching
from participation.wordings import searching
from participation.wordings.models import Wording, WordingState
from tests import make
from tests.conftest import Sessions

QUERIES = (("bank", "tr"), ("benches", "en"))


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


def test_wordings_in_the_index_are_checked_and_written_anew(
    done: Callable[..., str], command: Callable[..., Result], transact: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, "parks")
        idea = make.idea(session, place, title="Bänke", body="Zum Sitzen")
        shown = make.wording(session, idea, language="tr", title="Banklar")
        gone = make.wording(session, idea, language="en", title="Benches")
        # Behind the back of everybody who would tell the index.
        session.execute(update(WordingSearch).where(WordingSearch.wording_id == shown).values(wording_id=shown + 100))
        session.execute(update(Wording).where(Wording.id == gone).values(state=WordingState.REPLACED))
    said = command("check").stdout
    assert "the search does not know 1 wordings: run python -m participation reindex\n" in said
    assert "the search knows 2 wordings that are not shown: run python -m participation reindex\n" in said
    assert done("reindex") == "The search index was written for 1 idea and 1 wording in other languages.\n"
    with transact() as session:
        assert list(session.scalars(select(WordingSearch.wording_id))) == [shown]
        assert [list(session.scalars(select(Idea.id).where(matching(*query)))) for query in QUERIES] == [[idea], []]
        assert searching.to_index(session, after=0, most=9, missing=True) == []
