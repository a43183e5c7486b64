"""Translations in exports: what readers are shown at that moment, marked as what it is, and nothing else."""

from pathlib import Path

import docx
from flask import Flask
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.cases.models import SubjectKind
from participation.comments.models import Comment, CommentStance
from participation.exports.council.naming import Names
from participation.exports.files import snapshot, write_strategy_input
from participation.exports.queries import Place, strategy_input
from participation.exports.reading import expected_rows
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.processes.queries import process_by_id
from participation.wordings.models import WordingState
from tests import lineages, make
from tests.conftest import Sessions
from tests.make import Place as Made

PLACE = Place(city="City", timezone="Europe/Berlin", idea_url=str, languages=("de", "en", "tr"))
SECRET = "Unheard-of"


def talked(session: Session) -> tuple[Made, list[int]]:
    """Make a Turkish idea with an addendum and a comment, all of them in English too, and much that nobody is shown."""
    place = make.process(session, "parks")
    shown = make.idea(session, place, title="Ağaçlar", body="Gölge yok.", language="tr")
    hidden = make.idea(session, place, title=SECRET, language="tr", state=IdeaState.HIDDEN)
    added = Addendum(
        process_id=place.id,
        idea_id=shown,
        state=IdeaState.PUBLISHED,
        text="Meydanda",
        language="tr",
        submitted_at=clock.now(),
        published_at=clock.now(),
    )
    session.add(added)
    session.flush()
    comment = make.comment(session, place, shown, body="Evet")
    make.wording(session, shown, language="en", title="Trees", body="No shade.", provider="libretranslate")
    make.wording(session, shown, language="de", title="Bäume", body="Kein Schatten.")
    make.wording(session, added.id, kind=SubjectKind.ADDENDUM, language="en", body="In the square")
    make.wording(session, comment, kind=SubjectKind.COMMENT, language="fr", body="Oui")
    make.wording(session, hidden, language="en", title=SECRET, body=SECRET)
    make.wording(session, shown, language="pl", title=SECRET, body=SECRET, revision=9)
    make.wording(session, shown, language="uk", title=SECRET, body=SECRET, state=WordingState.WAITING)
    make.idea(session, place, title="Benches", language="en")
    return place, [shown, added.id, comment]


def test_documents_have_translations_of_what_everybody_reads(app: Flask, transact: Sessions, tmp_path: Path) -> None:
    with transact() as session:
        place, (idea, addendum, comment) = talked(session)
    with app.app_context(), snapshot(db.engine) as session:
        process, now = process_by_id(session, place.id), clock.now()
        english, turkish = (
            strategy_input(session, SYSTEM, process, language=language, now=now, place=PLACE)
            for language in ("en", "tr")
        )
        found = {(row.kind_code, row.about_id, row.language): row for row in english.translations()}
        assert set(found) == {
            ("idea", str(idea), "en"),
            ("idea", str(idea), "de"),
            ("addendum", str(addendum), "en"),
            ("comment", str(comment), "fr"),
        }
        assert {row.idea_id for row in found.values()} == {str(idea)}
        machine, people = found["idea", str(idea), "en"], found["idea", str(idea), "de"]
        assert (machine.origin, machine.origin_code, machine.provider) == ("machine", "machine", "LibreTranslate")
        assert (people.origin, people.origin_code, people.provider) == ("people", "human", "")
        assert expected_rows(session, place.id, now=now)["translations"] == len(found)
        first, second = english.ideas()
        assert (first.title, first.language, second.translated) == ("Ağaçlar", "tr", None)
        assert first.translated
        assert (first.translated.title, first.translated.origin_code) == ("Trees", "machine")
        assert first.translated.text.startswith("No shade.\n\n[Addendum, ")
        assert first.translated.text.endswith("]\nIn the square")
        assert first.translated.note == (
            "translated by machine (LibreTranslate); the original is in this language: Turkish"
        )
        assert (english.has_translations, turkish.has_translations) == (True, False)
        assert [row.translated for row in turkish.ideas()] == [None, None]
        # No language that nobody wrote in: what is said comes from the framework and the process.
        assert english.spoken["principles.title"] == ("de", "en")
        assert english.spoken["statements.text"] == ()
        (named,) = Names(session, place.id, [idea], str, language="de").of(idea)
        assert named.translated
        assert (named.title, named.translated.title, named.translated.text) == ("Ağaçlar", "Bäume", "")
    files = {kind: tmp_path / f"export.{kind}" for kind in ("jsonl", "docx")}
    for kind, path in files.items():
        with app.app_context():
            write_strategy_input(
                SYSTEM, process_id=place.id, file_format=kind, language="en", path=path, now=clock.now()
            )
    assert SECRET not in files["jsonl"].read_text(encoding="utf-8")
    # The council reads what it understands, knows that it is a translation, and of what.
    cells = {
        cell.text for table in docx.Document(str(files["docx"])).tables for row in table.rows for cell in row.cells
    }
    assert "Trees (translated by machine (LibreTranslate); the original is in this language: Turkish: Ağaçlar)" in cells
    assert "Benches" in cells


def test_what_was_translated_and_changed_then_stands_as_it_was_written(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        place, (idea, _addendum, _comment) = talked(session)
        session.get_one(Idea, idea).revision += 1
    with app.app_context(), snapshot(db.engine) as session:
        process = process_by_id(session, place.id)
        document = strategy_input(session, SYSTEM, process, language="en", now=clock.now(), place=PLACE)
        assert [row.translated for row in document.ideas()] == [None, None]
        assert {row.kind_code for row in document.translations()} == {"addendum", "comment"}
        assert not document.has_translations


def test_papers_quote_what_was_written_and_say_what_it_means(app: Flask, transact: Sessions, tmp_path: Path) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title="Kütüphane", body="Kütüphane yok. Kim öder?", language="tr")
        said = make.comment(session, place, idea, body="Çok pahalı")
        other = make.comment(session, place, idea, body="Za drogo")
        for number, language in ((said, "tr"), (other, "pl")):
            comment = session.get_one(Comment, number)
            comment.language, comment.stance = language, CommentStance.OBJECTS
        session.flush()
        make.wording(
            session, idea, language="en", title="Library", body="There is no library. Who pays?", provider="deepl"
        )
        make.wording(session, said, kind=SubjectKind.COMMENT, language="en", body="Too dear")
        cluster = make.cluster(session, place, ideas=[idea])
        lineages.signed(session, place, (cluster,), idea=idea, quoted="Kütüphane yok.")
    path = tmp_path / "paper.docx"

    def lines() -> list[str]:
        with app.app_context():
            write_strategy_input(
                SYSTEM, process_id=place.id, file_format="docx", language="en", path=path, now=clock.now()
            )
        return [" ".join(one.text.split()) for one in docx.Document(str(path)).paragraphs]

    told = lines()
    how = "translated by machine (DeepL); the original is in this language: Turkish"
    assert f"„Kütüphane yok.“ (idea {idea}) The whole sentence ({how}): There is no library." in told
    people = "translated by people; the original is in this language: Turkish"
    assert f"Çok pahalı (comment on idea {idea}) ({people}) Too dear" in told
    assert f"Za drogo (comment on idea {idea} · Polish)" in told
    with transact() as session:
        session.get_one(Idea, idea).state = IdeaState.HIDDEN
    told = lines()
    assert [word for word in ("Kütüphane", "library", "pahalı", "dear") if word in "".join(told)] == []
