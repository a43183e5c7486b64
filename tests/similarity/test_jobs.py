"""What the worker makes: vectors of the current text only, and lists of neighbours that pages read."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM, Role
from participation.activity.models import Job, JobState
from participation.activity.worker import work_once
from participation.commands import main
from participation.handlers import JOBS
from participation.ideas.models import Idea, IdeaState
from participation.ideas.service import IdeaDraft, hide_idea, submit_idea
from participation.intake.events import IdeasImported
from participation.kit import clock
from participation.processes.models import Process
from participation.similarity import jobs, memory
from participation.similarity.jobs import fill_process, look_at_import, method_now, queue_missing
from participation.similarity.models import IdeaVector, Neighbourhood
from participation.similarity.queries import neighbours_of, similar_ideas, similar_to_idea
from participation.similarity.service import MadeVector, put_vectors
from participation.texts.vectors import DIMENSIONS, Encoder, Vector, pack
from tests import make
from tests.pages import PageClient

Sessions = Callable[[], AbstractContextManager[Session]]

LIBRARY = ("Längere Öffnungszeiten der Bibliothek", "Die Stadtbibliothek soll auch am Sonntag geöffnet haben.")
READING = ("Bibliothek am Sonntag", "Die Bibliothek sollte am Wochenende länger offen sein, auch sonntags.")
PLAYGROUND = ("Neuer Spielplatz", "Auf dem Spielplatz fehlen eine Schaukel und ein Klettergerüst.")
ENGLISH = ("Open the library on Sundays", "Many people only have time to read and borrow books at the weekend.")

ARABIC = ("ar", "فتح المكتبة يوم الأحد", "يجب أن تكون ساعات عمل مكتبة المدينة أطول.")
UKRAINIAN = ("uk", "Бібліотека має працювати в неділю", "Години роботи міської бібліотеки мають бути довшими.")


def idea(session: Session, place: make.Place, words: tuple[str, str], **more: object) -> int:
    return make.idea(session, place, title=words[0], body=words[1], **more)  # type: ignore[arg-type]  # the same names


def neighbours(session: Session, place: make.Place, idea_id: int) -> list[int]:
    return [one.idea_id for one in neighbours_of(session, ANONYMOUS, process_id=place.id, idea_id=idea_id)]


def vector(session: Session, place: make.Place, idea_id: int) -> Vector | None:
    snapshot = memory.snapshot_of(session, place.id)
    assert snapshot is not None
    return snapshot.vector(idea_id)


def fill(app: Flask, place: make.Place) -> int:
    with app.app_context():
        return fill_process(place.id, lambda _done: None)


def test_an_idea_that_is_submitted_and_the_one_like_it_know_each_other(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        older, other = idea(session, place, LIBRARY), idea(session, place, PLAYGROUND)
    assert fill(app, place) == 2
    with database() as session:
        before = session.scalars(select(Process.version)).one()
        assert neighbours(session, place, older) == []
    with transact() as session:
        author = make.actor(session, make.account(session))
        draft = IdeaDraft(READING[0], READING[1], "de")
        newer = submit_idea(
            session, author, process_id=place.id, draft=draft, submission_key="k", opened_at=None, now=clock.now()
        ).id
    with app.app_context():
        work_once(JOBS)
    with database() as session:
        assert neighbours(session, place, newer) == [older]
        assert neighbours(session, place, older) == [newer]
        assert neighbours(session, place, other) == []
        ours = neighbours_of(session, ANONYMOUS, process_id=place.id, idea_id=newer)
        theirs = neighbours_of(session, ANONYMOUS, process_id=place.id, idea_id=older)
        # Readers of the older idea see the newer one: the pages in memory must go.
        assert session.scalars(select(Process.version)).one() > before + 1
    assert ours[0].score == theirs[0].score
    assert "Öffnungszeiten" not in theirs[0].shared_words
    assert {"Bibliothek", "Sonntag"} <= set(theirs[0].shared_words)


def test_hidden_and_changed_ideas_are_no_neighbours(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        one, hidden, changed = (
            idea(session, place, LIBRARY),
            idea(session, place, READING),
            idea(session, place, READING),
        )
    fill(app, place)
    with database() as session:
        assert neighbours(session, place, one) == [hidden, changed]
    with transact() as session:
        hide_idea(session, SYSTEM, idea_id=hidden, now=clock.now())
        session.execute(update(Idea).where(Idea.id == changed).values(text="Neu", revision=2, revised_at=clock.now()))
        moderator = make.actor(session, make.account(session), role=Role.MODERATOR, process_id=place.id)
    with database() as session:
        assert neighbours(session, place, one) == []
        assert neighbours(session, place, changed) == []
        seen = neighbours_of(session, moderator, process_id=place.id, idea_id=one, with_unpublished=True)
    assert [(near.idea_id, near.state) for near in seen] == [(hidden, IdeaState.HIDDEN)]
    assert fill(app, place) == 1
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == one).values(revision=2))
    with database() as session:
        assert neighbours_of(session, moderator, process_id=place.id, idea_id=one, with_unpublished=True) == ()


def test_neighbours_of_another_process_are_not_given_away(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        other = make.process(session, "other")
        one, _two = idea(session, place, LIBRARY), idea(session, place, READING)
    fill(app, place)
    with database() as session:
        assert neighbours(session, other, one) == []


def test_filling_again_makes_nothing(app: Flask, place: make.Place, transact: Sessions) -> None:
    told: list[int] = []
    with transact() as session:
        for _ in range(3):
            idea(session, place, LIBRARY)
    with app.app_context():
        assert fill_process(place.id, told.append) == 3
        assert fill_process(place.id, told.append) == 0
    assert told == [3]


def test_batches_end_with_everything_done(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "NEIGHBOURS_AT_ONCE", 2)
    told: list[int] = []
    with transact() as session:
        ideas = [idea(session, place, LIBRARY) for _ in range(5)]
    with app.app_context():
        assert fill_process(place.id, told.append) == 5
    assert told == [2, 4, 5]
    with database() as session:
        for one in ideas:
            assert neighbours(session, place, one) == [other for other in ideas if other != one]


def test_an_import_queues_one_job_and_the_job_fills_the_process(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        idea(session, place, LIBRARY)
    with app.app_context():
        look_at_import(IdeasImported(place.id))
        look_at_import(IdeasImported(place.id))
    with database() as session:
        assert session.scalars(select(Job.payload)).all() == [{"process_id": place.id}]
    with app.app_context():
        work_once(JOBS)
    with database() as session:
        assert session.execute(select(Job.state, Job.progress)).all() == [(JobState.DONE, 1)]
        assert session.scalar(select(func.count()).select_from(Neighbourhood)) == 1


def test_the_nightly_look_queues_a_job_only_where_something_is_missing(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        full = make.process(session, "full")
        idea(session, place, LIBRARY)
        idea(session, full, LIBRARY)
    fill(app, full)
    beats: list[bool] = []
    with app.app_context():
        queue_missing(lambda: beats.append(True))
    with database() as session:
        assert session.scalars(select(Job.payload)).all() == [{"process_id": place.id}]
    assert len(beats) == 2


def test_the_command_fills_all_processes(app: Flask, place: make.Place, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        idea(session, place, LIBRARY)
        idea(session, make.process(session, "other"), LIBRARY)
    result = CliRunner().invoke(main, ["vectors"], obj=app, standalone_mode=False)
    assert result.exception is None
    assert sorted(result.stdout.splitlines()[1:]) == ["digital: 1 ideas", "other: 1 ideas"]
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Neighbourhood)) == 2
        assert session.scalar(select(func.count()).select_from(IdeaVector)) == 0


def test_meaning_finds_ideas_across_languages(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, meaning: Encoder
) -> None:
    with transact() as session:
        library, _playground = idea(session, place, LIBRARY), idea(session, place, PLAYGROUND)
        english = idea(session, place, ENGLISH, language="en")
    fill(app, place)
    with database() as session:
        assert neighbours(session, place, library) == [english]
        near = neighbours_of(session, ANONYMOUS, process_id=place.id, idea_id=english)
        assert [(one.idea_id, one.means_similar) for one in near] == [(library, True)]
        same = similar_to_idea(session, ANONYMOUS, process_id=place.id, idea_id=english)
        assert [one.idea_id for one in same] == [library]
        for language, title, text in (ARABIC, UKRAINIAN):
            similar = similar_ideas(session, ANONYMOUS, process_id=place.id, title=title, text=text, language=language)
            assert {one.idea_id for one in similar} == {library, english}
            assert all(one.means_similar for one in similar)


def test_vectors_belong_to_the_revision_they_were_made_from(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, meaning: Encoder
) -> None:
    with transact() as session:
        one, _other = idea(session, place, LIBRARY), idea(session, place, ENGLISH, language="en")
    fill(app, place)
    with database() as session:
        first = session.execute(select(IdeaVector.id, IdeaVector.revision).where(IdeaVector.idea_id == one)).one()
        assert vector(session, place, one) is not None
    with transact() as session:
        session.execute(
            update(Idea).where(Idea.id == one).values(title="X", text="Spielplatz", revision=2, revised_at=clock.now())
        )
    with database() as session:
        assert vector(session, place, one) is None
    with transact() as session:
        stale = MadeVector(one, 1, pack(meaning.encode(*LIBRARY)))
        assert put_vectors(session, place.id, [stale], method=meaning.method, now=clock.now()) == 0
    fill(app, place)
    with database() as session:
        second = session.execute(select(IdeaVector.id, IdeaVector.revision).where(IdeaVector.idea_id == one)).one()
        assert vector(session, place, one) is not None
    assert (first.revision, second.revision) == (1, 2)
    assert second.id > first.id


def test_vectors_go_with_their_idea(app: Flask, place: make.Place, transact: Sessions, meaning: Encoder) -> None:
    with transact() as session:
        one = idea(session, place, LIBRARY)
    fill(app, place)
    with transact() as session:
        for table in Idea.metadata.tables.values():
            if "idea_id" in table.columns and table.name not in ("idea_vector", "neighbourhood"):
                session.execute(delete(table).where(table.c.idea_id == one))
        session.execute(delete(Idea).where(Idea.id == one))
        assert session.scalar(select(func.count()).select_from(IdeaVector)) == 0
        assert session.scalar(select(func.count()).select_from(Neighbourhood)) == 0


def test_what_was_found_by_words_only_is_looked_at_again_once_meanings_are_known(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, request: pytest.FixtureRequest
) -> None:
    with transact() as session:
        library, english = idea(session, place, LIBRARY), idea(session, place, ENGLISH, language="en")
    fill(app, place)
    with database() as session:
        assert neighbours(session, place, library) == []
    by_words = method_now()
    request.getfixturevalue("meaning")
    assert method_now() != by_words
    fill(app, place)
    with database() as session:
        assert neighbours(session, place, library) == [english]


def test_a_vector_as_it_is_stored_has_a_fixed_size(meaning: Encoder) -> None:
    assert len(pack(meaning.encode(*LIBRARY))) == 4 + DIMENSIONS


@pytest.mark.parametrize("number", [1, 3])
def test_pages_show_similar_ideas_with_the_reason(
    app: Flask,
    client: PageClient,
    member: Callable[..., PageClient],
    place: make.Place,
    transact: Sessions,
    number: int,
) -> None:
    with transact() as session:
        one = idea(session, place, LIBRARY)
        for _ in range(number):
            idea(session, place, READING)
        idea(session, place, PLAYGROUND)
    fill(app, place)
    page = client.get(place.url(f"/ideas/{one}", language="en"))
    assert page.texts("#similar") == ["Says something similar"]
    assert page.texts(".similar-links__link") == [READING[0]] * number
    assert "Bibliothek" in page.texts(".similar-links__why")[0]
    desk = member(Role.MODERATOR, process_id=place.id).get(f"/en/desk/processes/{place.slug}/ideas/{one}")
    assert READING[0] in desk.text


def test_a_page_without_similar_ideas_says_nothing_about_them(
    app: Flask, client: PageClient, place: make.Place, transact: Sessions
) -> None:
    with transact() as session:
        one = idea(session, place, LIBRARY)
        idea(session, place, PLAYGROUND)
    fill(app, place)
    assert client.get(place.url(f"/ideas/{one}", language="en")).texts("#similar") == []
