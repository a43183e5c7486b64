"""Similar ideas: found by words, kept up with the database, never anything that is not public or of another process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, Role
from participation.ideas.models import Idea, IdeaState, Standing
from participation.kit import clock
from participation.similarity import memory
from participation.similarity.queries import SimilarIdea, similar_ideas, similar_to_idea
from tests import make

Sessions = Callable[[], AbstractContextManager[Session]]

LIBRARY = ("Längere Öffnungszeiten der Bibliothek", "Die Stadtbibliothek soll auch am Sonntag geöffnet haben.")
PLAYGROUND = ("Neuer Spielplatz", "Auf dem Spielplatz fehlen eine Schaukel und ein Klettergerüst.")
WIFI = ("Freies WLAN im Bus", "In allen Bussen soll es kostenloses Internet geben.")


def ask(session: Session, place: make.Place, title: str, text: str = "", **more: object) -> list[int]:
    return [idea.idea_id for idea in found(session, place, title, text, **more)]


def found(session: Session, place: make.Place, title: str, text: str = "", **more: object) -> tuple[SimilarIdea, ...]:
    options: dict[str, object] = {"language": "de", **more}
    return similar_ideas(session, ANONYMOUS, process_id=place.id, title=title, text=text, **options)  # type: ignore[arg-type]  # the same names


def idea(session: Session, place: make.Place, words: tuple[str, str], **more: object) -> int:
    return make.idea(session, place, title=words[0], body=words[1], **more)  # type: ignore[arg-type]  # the same names


def test_finds_the_idea_with_the_same_words_and_says_which(
    place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        library, _playground, _wifi = (idea(session, place, words) for words in (LIBRARY, PLAYGROUND, WIFI))
    with database() as session:
        similar = found(session, place, "Bibliotheken", "Die Öffnungszeit ist zu kurz, am Sonntag ist alles zu.")
    assert [(one.idea_id, one.title, one.state, one.language) for one in similar] == [
        (library, LIBRARY[0], IdeaState.PUBLISHED, "de")
    ]
    assert similar[0].shared_words[0] == "Bibliothek"
    assert {"Öffnungszeiten", "Sonntag"} <= set(similar[0].shared_words)
    assert not similar[0].means_similar
    assert 0 < similar[0].score <= 1


def test_the_same_question_gets_the_same_answer(place: make.Place, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        twins = [idea(session, place, LIBRARY) for _ in range(8)]
    with database() as session:
        first = found(session, place, *LIBRARY, limit=5)
        memory.memories.forget()
        assert found(session, place, *LIBRARY, limit=5) == first
    assert [one.idea_id for one in first] == twins[:5]
    assert {one.score for one in first} == {1.0}


def test_new_ideas_are_found_at_once(place: make.Place, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        first = idea(session, place, LIBRARY)
    with database() as session:
        assert ask(session, place, *LIBRARY) == [first]
    with transact() as session:
        second = idea(session, place, LIBRARY)
    with database() as session:
        assert ask(session, place, *LIBRARY) == [first, second]
        kept = memory.snapshot_of(session, place.id)
        memory.memories.forget()
        anew = memory.snapshot_of(session, place.id)
    assert kept is not None
    assert anew is not None
    assert kept.idea_ids.tolist() == anew.idea_ids.tolist() == [first, second]


def test_an_idea_that_another_transaction_numbered_before_is_found_as_well(
    place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        early, late = idea(session, place, LIBRARY), idea(session, place, LIBRARY)
        title, text, participant = session.execute(
            select(Idea.title, Idea.text, Idea.participant_id).where(Idea.id == early)
        ).one()
        session.execute(delete(Standing).where(Standing.idea_id == early))
        session.execute(delete(Idea).where(Idea.id == early))
    with database() as session:
        assert ask(session, place, *LIBRARY) == [late]
    with transact() as session:
        moment = clock.now()
        session.add(
            Idea(
                id=early,
                process_id=place.id,
                participant_id=participant,
                state=IdeaState.PUBLISHED,
                title=title,
                text=text,
                language="de",
                submitted_at=moment,
                published_at=moment,
            )
        )
    with database() as session:
        assert ask(session, place, *LIBRARY) == [early, late]


def test_a_changed_text_is_found_by_its_new_words_only(
    place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        changing, _other = idea(session, place, LIBRARY), idea(session, place, WIFI)
    with database() as session:
        assert ask(session, place, *LIBRARY) == [changing]
    with transact() as session:
        values = {"title": PLAYGROUND[0], "text": PLAYGROUND[1], "revision": 2, "revised_at": clock.now()}
        session.execute(update(Idea).where(Idea.id == changing).values(**values))
    with database() as session:
        assert ask(session, place, *LIBRARY) == []
        assert ask(session, place, *PLAYGROUND) == [changing]


def test_a_text_is_never_offered_for_what_it_said_before(
    place: make.Place, transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where nobody said when it was changed, which is how memory hears of it."""
    with transact() as session:
        changing = idea(session, place, LIBRARY)
    with database() as session:
        assert ask(session, place, *LIBRARY) == [changing]
        kept = memory.snapshot_of(session, place.id)
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == changing).values(title="Anders", text="Ganz anders", revision=2))
    with database() as session:
        monkeypatch.setattr(memory.memories.of(session, place.id), "snapshot", lambda: kept)
        assert ask(session, place, *LIBRARY) == []


@pytest.mark.parametrize(
    ("state", "at_the_desk"), [(IdeaState.HIDDEN, True), (IdeaState.IN_REVIEW, True), (IdeaState.WITHDRAWN, False)]
)
def test_only_published_ideas_are_offered(
    place: make.Place, transact: Sessions, database: Sessions, state: IdeaState, at_the_desk: bool
) -> None:
    with transact() as session:
        secret, public = idea(session, place, LIBRARY), idea(session, place, LIBRARY)
        moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)
    with database() as session:
        assert ask(session, place, *LIBRARY) == [secret, public]
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == secret).values(state=state))
    with database() as session:
        assert ask(session, place, *LIBRARY) == [public]
        # Moderators propose ideas as well; only at the desk they see more.
        for more, expected in (
            ({}, [public]),
            ({"with_unpublished": True}, [secret, public] if at_the_desk else [public]),
        ):
            similar = similar_ideas(
                session, moderator, process_id=place.id, title=LIBRARY[0], text=LIBRARY[1], language="de", **more
            )
            assert [one.idea_id for one in similar] == expected
        assert ask(session, place, *LIBRARY, with_unpublished=True) == [public]


def test_ideas_of_other_processes_never_appear(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        here, there = make.process(session, "here"), make.process(session, "there")
        own, foreign = idea(session, here, LIBRARY), idea(session, there, LIBRARY)
    with database() as session:
        assert ask(session, here, *LIBRARY) == [own]
        assert ask(session, there, *LIBRARY) == [foreign]
        assert similar_to_idea(session, ANONYMOUS, process_id=here.id, idea_id=foreign) == ()


def test_an_idea_that_was_deleted_leaves_memory(
    place: make.Place, transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transact() as session:
        gone, stays = idea(session, place, LIBRARY), idea(session, place, LIBRARY)
    with database() as session:
        assert ask(session, place, *LIBRARY) == [gone, stays]
    with transact() as session:
        session.execute(delete(Standing).where(Standing.idea_id == gone))
        session.execute(delete(Idea).where(Idea.id == gone))
    monkeypatch.setattr(memory, "LOOK_THROUGH", memory.LOOK_THROUGH * 0)
    with database() as session:
        assert ask(session, place, *LIBRARY) == [stays]
        snapshot = memory.snapshot_of(session, place.id)
    assert snapshot is not None
    assert snapshot.idea_ids.tolist() == [stays]


def test_a_draft_of_an_existing_idea_does_not_find_itself(
    place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        own, other = idea(session, place, LIBRARY), idea(session, place, LIBRARY)
    with database() as session:
        assert ask(session, place, *LIBRARY, exclude_idea_id=own) == [other]
        similar = similar_to_idea(session, ANONYMOUS, process_id=place.id, idea_id=own)
    assert [one.idea_id for one in similar] == [other]


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        ("", "", "de"),
        ("   ", "\n", "de"),
        ("\0", "\0\0", "de"),
        ("und die der das", "ist nicht mit von", "de"),
        ("图书馆", "星期天也要开放。", "zh"),
        ("😀" * 100, "\u202e\ud800", "xx"),
        ("Bibliothek", "Sonntag " * 200_000, "de"),
    ],
)
def test_odd_texts_are_answered_all_the_same(
    place: make.Place, transact: Sessions, database: Sessions, title: str, text: str, language: str
) -> None:
    with transact() as session:
        idea(session, place, LIBRARY)
    with database() as session:
        assert len(found(session, place, title, text, language=language)) <= 1


def test_an_empty_process_and_one_that_does_not_exist_have_no_similar_ideas(
    place: make.Place, database: Sessions
) -> None:
    with database() as session:
        assert ask(session, place, *LIBRARY) == []
        assert similar_ideas(session, ANONYMOUS, process_id=10**9, title="A", text="B", language="de") == ()
        assert similar_to_idea(session, ANONYMOUS, process_id=place.id, idea_id=10**9) == ()


@pytest.mark.parametrize(
    ("language", "idea_words", "asked"),
    [
        ("ar", ("مكتبة المدينة", "يجب أن تفتح المكتبة يوم الأحد."), "مكتبة المدينة مغلقة يوم الأحد"),
        ("uk", ("Міська бібліотека", "Бібліотека має працювати в неділю."), "Бібліотеки закриті в неділю"),
        ("tr", ("Şehir kütüphanesi", "Kütüphane pazar günü açık olsun."), "Kütüphaneler pazar günü kapalı"),
    ],
)
def test_other_scripts_and_languages(
    place: make.Place,
    transact: Sessions,
    database: Sessions,
    language: str,
    idea_words: tuple[str, str],
    asked: str,
) -> None:
    with transact() as session:
        same = idea(session, place, idea_words, language=language)
        idea(session, place, PLAYGROUND)
    with database() as session:
        assert ask(session, place, asked, language=language) == [same]


def test_many_threads_get_the_same_answer_while_ideas_come_in(
    place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        first = idea(session, place, LIBRARY)

    def ask_again_and_again() -> list[list[int]]:
        with database() as session:
            return [ask(session, place, *LIBRARY, limit=1) for _ in range(20)]

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(ask_again_and_again) for _ in range(4)]
        for _ in range(5):
            with transact() as session:
                idea(session, place, PLAYGROUND)
        answers = [one.result() for one in waiting]
    assert answers == [[[first]] * 20] * 4


def test_only_the_processes_asked_for_last_are_kept(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        places = [make.process(session, f"p{number}") for number in range(memory.MOST_PROCESSES + 2)]
    with database() as session:
        kept = [memory.memories.of(session, place.id) for place in places]
        assert memory.memories.of(session, places[-1].id) is kept[-1]
        assert memory.memories.of(session, places[0].id) is not kept[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(max_size=200), text=st.text(max_size=2000), language=st.sampled_from(["de", "tr", "ar", "uk", "?"])
)
def test_any_text_is_answered(
    place: make.Place, transact: Sessions, database: Sessions, title: str, text: str, language: str
) -> None:
    with transact() as session:
        if not session.scalar(select(Idea.id).limit(1)):
            idea(session, place, LIBRARY)
    with database() as session:
        for one in found(session, place, title, text, language=language):
            assert 0 < one.score <= 1
            assert one.shared_words or one.means_similar
