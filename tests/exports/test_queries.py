"""What an export says is what the database holds: the same figures in every format, and nothing that is not public."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.curation.models import Filing
from participation.exports.document import Figures, People, StrategyInput, VoteRow, Votes, rows
from participation.exports.files import snapshot, write_strategy_input
from participation.exports.labels import Labels
from participation.exports.queries import Place, strategy_input
from participation.exports.spool import streams
from participation.exports.wording import labels, words
from participation.exports.writers import WRITERS
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Refused
from participation.multilingual import in_language
from participation.processes.models import Process
from participation.processes.queries import process_by_id
from participation.voting.models import Stance, Vote
from participation.voting.queries import FEWEST_VOTES, tallies
from participation.voting.service import put_vote
from tests import recount
from tests.exports.consultation import PUBLISHED, SECRET, START, Consultation, Transact, build
from tests.pages import queries

Database = Callable[[], AbstractContextManager[Session]]
PLACE = Place(city="Sample City", timezone="Europe/Berlin", idea_url=lambda idea_id: f"https://example.org/{idea_id}")


@pytest.fixture
def made(app: Flask, transact: Transact) -> Consultation:
    """A consultation whose results are shown."""
    return build(transact)


def document(app: Flask, made: Consultation, **options: Any) -> StrategyInput:
    """Return the document with its long lists read to the end."""
    with app.app_context(), snapshot(db.engine) as session:
        process = process_by_id(session, made.process_id)
        settings = {"language": "en", "now": clock.now(), "place": PLACE, **options}
        read = strategy_input(session, settings.pop("actor", SYSTEM), process, **settings)
        parts = {name: tuple(getattr(read, name)()) for name in streams()}
        assert {name: tuple(getattr(read, name)()) for name in streams()} == parts
    return replace(read, **{name: rows(*found) for name, found in parts.items()})


def written(app: Flask, made: Consultation, file_format: str, folder: Path, language: str = "en") -> Path:
    """Return the file of an export in one format."""
    path = folder / f"export.{WRITERS[file_format].extension}"
    with app.app_context():
        write_strategy_input(
            SYSTEM,
            process_id=made.process_id,
            file_format=file_format,
            language=language,
            path=path,
            now=clock.now(),
        )
    return path


def test_the_document_in_words(app: Flask, made: Consultation) -> None:
    read = document(app, made)
    places, courses, loose = (str(cluster_id) for cluster_id in made.clusters[:3])
    ids = [str(idea_id) for idea_id in made.ideas]
    assert read.figures == Figures(participants=7, ideas=5, votes=13, comments=4, filed_ideas=4, coverage=3 / 5)
    assert [(row.number, row.title, row.ideas) for row in read.principles] == [
        (1, "Openness", 2),
        (2, "Learning", 3),
        (3, "Unused", 0),
    ]
    [statement] = read.statements
    assert (statement.id, statement.number, statement.text) == (str(made.statement_id), 2, "The city helps.")
    assert (statement.cluster_ids, statement.ideas) == ((places, courses), 3)
    assert statement.principles == ("Openness", "Learning")
    assert statement.people == People(agree=3, unsure=2, disagree=4, people=6)
    # On the other ideas fewer than five people voted: no sum may tell by difference how.
    assert [(row.id, row.title, row.ideas, row.top_idea_ids, row.votes) for row in read.clusters] == [
        (places, "Places", 2, (ids[0], ids[1]), Votes(agree=3, unsure=1, disagree=1)),
        (courses, "Courses", 2, (ids[1], ids[2]), None),
        (loose, "Loose", 1, (ids[3],), None),
    ]
    assert (statement.text_in, statement.reasoning_in) == (
        {"en": "The city helps.", "de": "The city helps. (de)"},
        {"en": "Many ask for it."},
    )
    assert (read.title_in["de"], read.clusters[0].title_in) == ("Verfahren strategy", {"en": "Places"})
    assert [(row.number, row.title, row.ideas) for row in read.fields] == [(1, "Schools", 1)]
    assert (read.process_title, read.question, read.city) == ("Process strategy", "What shall we do?", "Sample City")
    assert read.source_note.splitlines()[-1] == "Principles: Framework (No. 1)"


def test_ideas_and_comments_in_words(app: Flask, made: Consultation) -> None:
    read = document(app, made)
    places, courses, loose = (str(cluster_id) for cluster_id in made.clusters[:3])
    ids = [str(idea_id) for idea_id in made.ideas]
    statement = (str(made.statement_id),)
    ideas = {row.id: row for row in read.ideas()}
    assert list(ideas) == [ids[4], ids[2], ids[3], ids[0], ids[1]]
    assert [ideas[key].cluster_ids for key in ids] == [(places,), (places, courses), (courses,), (loose,), ()]
    assert [ideas[key].main_cluster_id for key in ids] == [places, places, courses, loose, ""]
    assert [ideas[key].statement_ids for key in ids] == [statement, statement, statement, (), ()]
    assert [ideas[key].comments for key in ids] == [3, 0, 0, 0, 1]
    first = ideas[ids[0]]
    assert (first.principles, first.district, first.field) == (("Openness", "Learning"), "North", "Schools")
    assert (first.pseudonym, first.source, first.external_id) == ("Igel 0", "online", "")
    assert (ideas[ids[1]].source, ideas[ids[1]].external_id, ideas[ids[1]].language) == ("import", "ext-1", "ar")
    assert first.votes == Votes(agree=3, unsure=1, disagree=1)
    assert ideas[ids[4]].votes is None
    assert (first.principle_ids, first.field_id) == (
        tuple(row.id for row in read.principles[:2]),
        read.fields[0].id,
    )
    assert first.url == f"https://example.org/{ids[0]}"
    hidden = VoteRow(idea_id=ids[1], withheld="few")
    assert [row for row in read.votes() if row.idea_id in ids[:2]] == [
        VoteRow(idea_id=ids[0], agree=3, unsure=1, disagree=1, people=5),
        hidden,
    ]
    assert [row.idea_id for row in read.votes()] == list(ideas)
    assert [(row.cluster_id, row.idea_id, row.is_main, row.origin, row.origin_code) for row in read.filings()] == [
        (places, ids[0], True, "found by the team", "hand"),
        (places, ids[1], True, "found by the team", "hand"),
        (courses, ids[1], False, "found by the team", "hand"),
        (courses, ids[2], True, "found by the team", "hand"),
        (loose, ids[3], True, "found by the team", "hand"),
    ]
    comments = list(read.comments())
    assert [row.id for row in comments] == [str(comment_id) for comment_id in made.comments]
    assert [row.parent_id for row in comments] == ["", "", "", comments[2].id]
    assert [row.idea_id for row in comments] == [ids[4], ids[0], ids[0], ids[0]]


def test_figures_equal_the_database(app: Flask, made: Consultation, database: Database) -> None:
    read = document(app, made)
    with database() as session:
        published = session.scalars(
            select(Idea.id).where(Idea.process_id == made.process_id, Idea.state == IdeaState.PUBLISHED)
        ).all()
        for row in read.ideas():
            figures = tallies(session, [int(row.id)])[int(row.id)]
            told = Votes(agree=figures.agree, unsure=figures.unsure, disagree=figures.disagree)
            assert row.votes == (told if figures.people >= FEWEST_VOTES else None)
        for statement in read.statements:
            behind = session.scalars(
                select(Filing.idea_id).where(
                    Filing.cluster_id.in_(map(int, statement.cluster_ids)),
                    Filing.ended_at.is_(None),
                    Filing.idea_id.in_(published),
                )
            ).all()
            counted = recount.people(session, set(behind))
            assert statement.ideas == len(set(behind))
            assert statement.people == People(
                agree=counted.agree, unsure=counted.unsure, disagree=counted.disagree, people=counted.people
            )
        votes = session.scalar(select(func.count()).select_from(Vote).where(Vote.idea_id.in_(published)))
    assert read.figures.votes == votes
    assert read.figures.comments == len(list(read.comments()))


def test_files_carry_the_figures_of_the_document(app: Flask, made: Consultation, tmp_path: Path) -> None:
    read = document(app, made)
    votes = {row.id: row.votes for row in read.ideas()}
    expected = {key: (value.agree, value.unsure, value.disagree) for key, value in votes.items() if value}
    people = [read.statements[0].people]

    book = load_workbook(written(app, made, "xlsx", tmp_path))
    ideas = list(book["Ideas"].iter_rows(values_only=True))
    columns = [ideas[0].index(name) for name in ("Agree", "Unsure", "Disagree")]
    found = {row[0]: tuple(row[column] for column in columns) for row in ideas[1:]}
    assert found == {key: expected.get(key, ("hidden",) * 3) for key in votes}
    statements = list(book["Statements"].iter_rows(values_only=True))
    first = statements[0].index("People: Agree")
    stances = ("agree", "unsure", "disagree", "people")
    counted = [dict(zip(stances, row[first : first + 4], strict=True)) for row in statements[1:]]
    assert [People(**found) for found in counted] == people

    text = written(app, made, "csv", tmp_path).read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    stances = ("Idea: Agree", "Idea: Unsure", "Idea: Disagree")
    told = {row["Idea: ID"]: tuple(row[stance] for stance in stances) for row in table}
    assert told == {key: tuple(map(str, expected.get(key, ("hidden",) * 3))) for key in votes}

    whole = json.loads(written(app, made, "json", tmp_path).read_text(encoding="utf-8"))
    assert {idea["id"]: tuple(idea["votes"].values()) for idea in whole["ideas"] if idea["votes"]} == expected
    assert [People(**statement["people"]) for statement in whole["statements"]] == people
    assert Figures(**whole["figures"]) == read.figures


@pytest.mark.parametrize("file_format", WRITERS)
def test_nothing_hidden_is_in_any_file(app: Flask, made: Consultation, tmp_path: Path, file_format: str) -> None:
    path = written(app, made, file_format, tmp_path)
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    elif file_format == "pdf":
        from pypdf import PdfReader

        content = "\n".join(page.extract_text() for page in PdfReader(path).pages).encode()
    shown = re.sub(rb"\s+", b" ", content)
    assert b"Idea number 0" in shown
    assert SECRET.encode() not in shown


def test_hidden_results_stay_hidden(app: Flask, transact: Transact) -> None:
    made = build(transact, hides_results=True)
    read = document(app, made)
    assert {row.votes for row in read.ideas()} == {None}
    assert ({row.votes for row in read.clusters}, {row.people for row in read.statements}) == ({None}, {None})
    assert read.clusters[0].top_idea_ids == tuple(map(str, made.ideas[:2]))
    assert {(row.agree, row.withheld) for row in read.votes()} == {(None, "hidden")}
    with app.app_context():
        assert words("en").hidden in read.method_note
    later = document(app, made, now=clock.now() + timedelta(days=31))
    assert later.statements[0].people == People(agree=3, unsure=2, disagree=4, people=6)


@pytest.mark.parametrize("who", ["resident", "moderator", "stranger"])
def test_only_staff_get_a_document(app: Flask, made: Consultation, who: str) -> None:
    with pytest.raises(Refused):
        document(app, made, actor=made.actor(who))


@pytest.mark.parametrize("who", ["staff", "colleague", "admin"])
def test_staff_get_the_document(app: Flask, made: Consultation, who: str) -> None:
    assert document(app, made, actor=made.actor(who)).figures.ideas == PUBLISHED


def test_an_empty_process_is_a_document_too(app: Flask, made: Consultation, transact: Transact, tmp_path: Path) -> None:
    with transact() as session:
        empty = session.get_one(Process, made.other_id).id
    with app.app_context(), snapshot(db.engine) as session:
        read = strategy_input(
            session, SYSTEM, process_by_id(session, empty), language="en", now=clock.now(), place=PLACE
        )
        assert (list(read.ideas()), list(read.comments()), read.statements, read.clusters) == ([], [], (), ())
    assert read.figures == Figures(participants=0, ideas=0, votes=0, comments=0, filed_ideas=0, coverage=0.0)


def test_queries_do_not_grow_with_ideas(app: Flask, made: Consultation, transact: Transact) -> None:
    def cost() -> int:
        with queries(app) as statements:
            document(app, made)
        return len(statements)

    few = cost()
    with transact() as session:
        author = session.scalars(select(Idea.participant_id)).first()
        for number in range(300):
            session.add(
                Idea(
                    process_id=made.process_id,
                    participant_id=author,
                    state=IdeaState.PUBLISHED,
                    title=f"More {number}",
                    text="Text",
                    language="en",
                    submitted_at=START,
                )
            )
    assert cost() == few


def test_batches_follow_each_other(app: Flask, made: Consultation, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = document(app, made)
    for part in ("rows", "votes", "filings", "bundles", "answers"):
        monkeypatch.setattr(f"participation.exports.{part}.BATCH", 2)
    parts = document(app, made)
    # Comments come batch by batch of ideas, so the order must not depend on its size either.
    for name in streams():
        assert tuple(getattr(parts, name)()) == tuple(getattr(whole, name)())


def test_one_moment(app: Flask, made: Consultation, transact: Transact) -> None:
    with app.app_context(), snapshot(db.engine) as session:
        process = process_by_id(session, made.process_id)
        read = strategy_input(session, SYSTEM, process, language="en", now=clock.now(), place=PLACE)
        with transact() as other:
            other.get_one(Idea, made.ideas[0]).state = IdeaState.HIDDEN
            voter = other.scalars(select(Vote.participant_id)).first()
            put_vote(other, idea_id=made.ideas[4], participant_id=voter, stance=Stance.AGREE, revision=1, now=START)
        ideas = {row.id: row for row in read.ideas()}
    assert len(ideas) == read.figures.ideas
    assert ideas[str(made.ideas[4])].votes is None


def test_addresses_lead_to_the_idea(
    app: Flask, made: Consultation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/de/processes/{made.slug}/ideas/{made.ideas[4]}"
    for public, url in (
        ("", path),
        ("https://mitmachen.example.org", f"https://mitmachen.example.org{path}"),
        ("https://example.org/sub/", f"https://example.org/sub{path}"),
    ):
        monkeypatch.setitem(app.config, "PUBLIC_URL", public)
        whole = json.loads(written(app, made, "json", tmp_path, "de").read_text(encoding="utf-8"))
        assert whole["ideas"][0]["url"] == url


def test_labels_are_those_of_the_writers(app: Flask) -> None:
    with app.app_context(), in_language("en"):
        assert labels("en") == Labels()
