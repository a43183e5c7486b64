"""Searching in wordings: found by readers of their language, only while they are shown, never beside the rules."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.ideas.models import Addendum, Idea, IdeaState, WordingSearch
from participation.ideas.search import IN_TEXT, IN_TITLE, IN_TITLE_WITHIN, index_ideas, matching, relevance
from participation.kit import clock
from participation.wordings import showing
from participation.wordings.models import Wording, WordingState
from tests import make
from tests.conftest import Sessions


def found(session: Session, query: str, language: str) -> list[int]:
    return list(session.scalars(select(Idea.id).where(matching(query, language)).order_by(Idea.id)))


def points(session: Session, query: str, language: str) -> list[tuple[int, int]]:
    statement = select(Idea.id, relevance(query, language)).where(matching(query, language)).order_by(Idea.id)
    return [tuple(row) for row in session.execute(statement)]


def added_to(session: Session, idea_id: int) -> int:
    row = Addendum(
        process_id=session.get_one(Idea, idea_id).process_id,
        idea_id=idea_id,
        state=IdeaState.PUBLISHED,
        text="Nachtrag",
        language="de",
        submitted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    index_ideas(session, [idea_id])
    return row.id


def test_readers_find_what_they_are_shown(transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, "parks")
        arabic = make.idea(session, place, title="مكتبة", body="كتب للجميع", language="ar")
        german = make.idea(session, place, title="Notfall üben", body="Eine Bibliothek hilft", language="de")
        make.wording(session, arabic, language="tr", title="Kütüphaneler akşam", body="Herkes için kitap")
        make.wording(session, arabic, language="en", title="Libraries", body="Books, but not for me")
        make.wording(session, german, language="tr", title="Tatbikat", body="Kütüphane yardım eder", provider="libre")
    with transact() as session:
        # In any form of the word, and the title counts more than the text.
        assert points(session, "kütüphane", "tr") == [(arabic, IN_TITLE), (german, IN_TEXT)]
        assert points(session, "phaneler", "tr") == [(arabic, IN_TITLE_WITHIN)]
        assert found(session, "kütüphane kitap", "tr") == [arabic]
        # Originals are found by everybody; one word may stand in the original and the other in the wording.
        assert (found(session, "مكتبة", "tr"), found(session, "مكتبة", "")) == ([arabic], [arabic])
        assert found(session, "bibliothek tatbikat", "tr") == [german]
        assert found(session, '"Kütüphane yardım"', "tr") == [german]
        # What readers of other languages are shown leads nobody anywhere: "not" is no need in English.
        assert (found(session, "kütüphane", "de"), found(session, "kütüphane", "")) == ([], [])
        assert (found(session, "not", "de"), found(session, "not", "en")) == ([german], [arabic, german])


def test_a_wording_is_found_only_while_it_is_shown(transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, "parks")
        idea, other = (make.idea(session, place, title="Bänke", body="Zum Sitzen") for _ in range(2))
        addendum = added_to(session, idea)
        make.wording(session, idea, language="tr", title="Makine", provider="libre")
        make.wording(session, idea, language="tr", title="İnsanlar")
        make.wording(session, idea, language="tr", title="Bekliyor", state=WordingState.WAITING)
        below = make.wording(session, addendum, kind=SubjectKind.ADDENDUM, language="tr", body="Sonradan eklendi")
        last = make.wording(session, other, language="tr", title="Sonuncu")
    with transact() as session:
        assert [found(session, word, "tr") for word in ("makine", "bekliyor")] == [[], []]
        assert [found(session, word, "tr") for word in ("insanlar", "eklendi")] == [[idea], [idea]]
        # Hidden: nobody told the index, and it comes back along with the addendum.
        session.get_one(Addendum, addendum).state = IdeaState.HIDDEN
        assert found(session, "eklendi", "tr") == []
        session.get_one(Addendum, addendum).state = IdeaState.PUBLISHED
        assert found(session, "eklendi", "tr") == [idea]
        # Changed: the words stay behind with the revision that they belong to.
        session.get_one(Addendum, addendum).revision += 1
        session.get_one(Idea, idea).revision += 1
        assert [found(session, word, "tr") for word in ("insanlar", "eklendi")] == [[], []]
        showing.take_down(session, [session.get_one(Wording, below)], WordingState.REPLACED)
        showing.delete(session, [session.get_one(Wording, last)])
        assert found(session, "sonuncu", "tr") == []
        assert below not in list(session.scalars(select(WordingSearch.wording_id)))
