"""Releases of open data: when there is one, what it holds, and that it ends when something is not public any more."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor
from participation.activity.models import Job, JobState
from participation.activity.worker import run_due_job
from participation.comments.changes import edit_comment, withdraw_comment
from participation.comments.models import CommentState
from participation.comments.service import hide_comment, put_back_comment
from participation.exports.models import DataRelease, ReleaseState
from participation.exports.opendata import jobs
from participation.exports.opendata.policies import OLDEST, REST
from participation.exports.opendata.service import AGAIN
from participation.exports.opendata.writing import write_release
from participation.ideas.addenda import hide_addendum, put_back_addendum
from participation.ideas.editing import edit_idea
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.redaction import redact_idea
from participation.ideas.service import IdeaDraft, hide_idea, put_back_idea
from participation.ideas.withdrawal import withdraw_idea
from participation.kit import clock
from participation.processes.models import Process, ProcessState
from participation.processes.queries import process_by_id
from participation.processes.service import touch
from participation.strategy.statements.service import withdraw_statement
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Work = Callable[[], None]
Hide = Callable[[Session, datetime], object]
IDEAS = ("Erste", "Zweite", "Dritte", "Vierte", "Fünfte")
COMMENTS = ("Sechster", "Siebter", "Achter", "Neunter")
ADDENDA = ("Zehnter", "Elfter")
NAMES = ("Stille Weide", "Leises Moos")


@pytest.fixture
def work(app: Flask) -> Work:
    """Let the worker look what is due and do it."""

    def run() -> None:
        with app.app_context():
            jobs.renew_releases(lambda: None)
            while run_due_job({jobs.OPEN_DATA_JOB: jobs.run_release}):
                pass

    return run


def releases(database: Sessions) -> list[DataRelease]:
    with database() as session:
        return list(session.scalars(select(DataRelease).order_by(DataRelease.number)))


def states(database: Sessions) -> list[str]:
    return [release.state.value for release in releases(database)]


def files(app: Flask, release: DataRelease) -> Path:
    return Path(app.config["DATA_DIR"]) / "opendata" / release.public_id


def everything(app: Flask, release: DataRelease) -> str:
    """Return all that stands in the files of a release."""
    folder = files(app, release)
    assert sorted(path.name for path in folder.iterdir()) == sorted(release.files)
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in release.files if not name.endswith("zip"))


def rows_of(app: Flask, release: DataRelease, table: str) -> list[dict[str, Any]]:
    text = (files(app, release) / f"{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def fetched(client: PageClient, address: str) -> str:
    """Fetch a file to its end and return its fingerprint."""
    answer = client.get(address, status=200)
    assert answer.data
    answer.response.close()
    return answer.response.headers["ETag"]


def age(transact: Sessions, span: timedelta) -> None:
    """Let the current release be so much older."""
    with transact() as session:
        for release in session.scalars(select(DataRelease)):
            release.checked_at = release.checked_at and release.checked_at - span
            release.ended_at = release.ended_at and release.ended_at - span


def test_a_release_holds_what_is_public_and_nobody(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, work: Work
) -> None:
    with transact() as session:
        author = make.participant(session, place, pseudonym=NAMES[0])
        seen = make.idea(session, place, title="Brunnen", author=author, principles=("climate",))
        few = make.idea(session, place, title="Bank")
        make.idea(session, place, title="Zauberwort", state=IdeaState.HIDDEN)
        make.idea(session, place, title="Wartewort", state=IdeaState.IN_REVIEW)
        make.comment(session, place, seen, body="Ja!", author=make.participant(session, place, pseudonym=NAMES[1]))
        make.comment(session, place, seen, body="Versteckt", state=CommentState.HIDDEN)
        make.votes(session, place, seen, agree=4, disagree=2)
        make.votes(session, place, few, agree=4)
        theme = make.cluster(session, place, title="Wasser", ideas=[seen])
        statement = make.statement(session, place, [theme])
    work()
    (release,) = releases(database)
    assert (release.state, release.number) == (ReleaseState.CURRENT, 1)
    text = everything(app, release)
    assert [word for word in (*NAMES, "Zauberwort", "Wartewort", "Versteckt") if word in text] == []
    ideas = {row["title"]: row for row in rows_of(app, release, "ideas")}
    assert set(ideas) == {"Brunnen", "Bank"}
    assert (ideas["Brunnen"]["comments"], ideas["Brunnen"]["main_theme_id"]) == (1, str(theme))
    votes = {row["idea_id"]: row for row in rows_of(app, release, "votes")}
    assert [votes[str(seen)][name] for name in ("agree", "unsure", "disagree", "people")] == [4, 0, 2, 6]
    assert (votes[str(few)]["agree"], votes[str(few)]["people"], votes[str(few)]["withheld"]) == (None, None, "few")
    assert [row["text"] for row in rows_of(app, release, "comments")] == ["Ja!"]
    ways = [[row["statement_id"], row["theme_id"], row["idea_id"]] for row in rows_of(app, release, "provenance")]
    assert sorted(ways, key=str) == sorted([[str(statement), str(theme), str(seen)], [None, None, str(few)]], key=str)
    assert ideas["Brunnen"]["url"].endswith(f"/ideas/{seen}")
    assert ideas["Brunnen"]["url"].startswith("http")
    assert {path.stat().st_mode & 0o777 for path in files(app, release).iterdir()} == {0o600}
    assert [path.name for path in files(app, release).parent.iterdir()] == [release.public_id]


def ways_of_hiding(session: Session, place: make.Place) -> list[tuple[str, Hide]]:
    """Return words that are public, and for each what takes it out of the public; everything is made before."""
    person = make.account(session)
    actor, author = make.actor(session, person), make.participant(session, place, account_id=person)
    host = make.idea(session, place, title="Bleibt")
    return [
        *_of_ideas(session, place, actor, author),
        *_of_comments(session, place, actor, author, host),
        *_of_addenda(session, place, host),
        _of_statements(session, place, host),
    ]


def _of_ideas(session: Session, place: make.Place, actor: Actor, author: int) -> list[tuple[str, Hide]]:
    process = process_by_id(session, place.id)
    hidden, withdrawn, redacted, edited, returned = (
        make.idea(session, place, title=word, author=author) for word in IDEAS
    )
    others: dict[str, Any] = {"draft": IdeaDraft("Anders", "Ganz anders gesagt.", "de"), "opened_at": None}
    ways: list[Hide] = [
        lambda session, now: hide_idea(session, SYSTEM, idea_id=hidden, now=now),
        lambda session, now: withdraw_idea(session, actor, process=process, idea_id=withdrawn, reason=None, now=now),
        lambda session, now: redact_idea(
            session, SYSTEM, idea_id=redacted, passages=[IDEAS[2]], reason="A name", now=now
        ),
        lambda session, now: edit_idea(
            session, actor, process=process, idea_id=edited, revision=_revision(session, edited), now=now, **others
        ),
        lambda session, now: put_back_idea(
            session, SYSTEM, idea_id=returned, state=IdeaState.IN_REVIEW, published_at=None, now=now
        ),
    ]
    return list(zip(IDEAS, ways, strict=True))


def _of_comments(session: Session, place: make.Place, actor: Actor, author: int, host: int) -> list[tuple[str, Hide]]:
    hidden, withdrawn, edited, returned = (
        make.comment(session, place, host, body=word, author=author) for word in COMMENTS
    )
    others: dict[str, Any] = {"text": "Nun so", "language": "de", "stance": None, "window": timedelta(hours=1)}
    ways: list[Hide] = [
        lambda session, now: hide_comment(session, SYSTEM, comment_id=hidden, now=now),
        lambda session, now: withdraw_comment(session, actor, slug=place.slug, comment_id=withdrawn, now=now),
        lambda session, now: edit_comment(session, actor, slug=place.slug, comment_id=edited, now=now, **others),
        lambda session, now: put_back_comment(
            session, SYSTEM, comment_id=returned, state=CommentState.IN_REVIEW, published_at=None, now=now
        ),
    ]
    return list(zip(COMMENTS, ways, strict=True))


def _of_addenda(session: Session, place: make.Place, host: int) -> list[tuple[str, Hide]]:
    now = clock.now()
    moments = {"submitted_at": now, "published_at": now}
    added = [
        Addendum(
            process_id=place.id,
            idea_id=host,
            state=IdeaState.PUBLISHED,
            text=word,
            language="de",
            submission_key=word,
            **moments,
        )
        for word in ADDENDA
    ]
    session.add_all(added)
    session.flush()
    hidden, returned = (row.id for row in added)
    ways: list[Hide] = [
        lambda session, now: hide_addendum(session, SYSTEM, addendum_id=hidden, now=now),
        lambda session, now: put_back_addendum(
            session, SYSTEM, addendum_id=returned, state=IdeaState.IN_REVIEW, published_at=None, now=now
        ),
    ]
    return list(zip(ADDENDA, ways, strict=True))


def _of_statements(session: Session, place: make.Place, host: int) -> tuple[str, Hide]:
    theme = make.cluster(session, place, title="Thema", ideas=[host])
    statement = make.statement(session, place, [theme], words="Zwölfte")
    return "Zwölfte", lambda session, now: withdraw_statement(
        session, SYSTEM, statement_id=statement, reason={"en": "Not so"}, now=now
    )


def _revision(session: Session, idea_id: int) -> int:
    return session.get_one(Idea, idea_id).revision


def test_each_way_of_hiding_ends_the_release_at_once(
    app: Flask, place: make.Place, client: PageClient, transact: Sessions, database: Sessions, work: Work
) -> None:
    with transact() as session:
        ways = ways_of_hiding(session, place)
    work()
    for number, (word, hide) in enumerate(ways, start=1):
        *_, release = releases(database)
        assert word in everything(app, release), word
        address = place.url(f"/data/{number}/ideas.csv")
        etag = fetched(client, address)
        with transact() as session:
            hide(session, clock.now())
        # Nobody but the one who hid it has done anything yet.
        gone = client.get(address, status=410, headers={"If-None-Match": etag})
        assert word not in gone.text
        assert gone.response.headers["Cache-Control"] == "no-cache, must-revalidate"
        assert client.get(place.url("/data/record.ttl")).text.count("dcat:Distribution") == 0
        assert "ideas.csv" not in client.get(place.url("/data")).links()
        work()
        *_, before, current = releases(database)
        assert (before.state, current.state) == (ReleaseState.WITHDRAWN, ReleaseState.CURRENT), word
        assert word not in everything(app, current), word
        assert not files(app, before).exists()
        assert before.removed_at
    assert fetched(client, place.url(f"/data/{len(ways) + 1}/ideas.csv"))


def test_what_is_hidden_while_a_release_is_written_is_never_handed_out(
    app: Flask,
    place: make.Place,
    client: PageClient,
    transact: Sessions,
    database: Sessions,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transact() as session:
        idea = make.idea(session, place, title="Eile")
    write = write_release

    def slowly(*args: Any, **options: Any) -> Any:
        monkeypatch.undo()
        result = write(*args, **options)
        with transact() as session:
            hide_idea(session, SYSTEM, idea_id=idea, now=clock.now())
        return result

    monkeypatch.setattr(jobs, "write_release", slowly)
    work()
    assert releases(database) == []
    assert list((Path(app.config["DATA_DIR"]) / "opendata").iterdir()) == []
    work()
    (release,) = releases(database)
    assert release.number == 1
    assert "Eile" not in everything(app, release)


def test_a_new_release_comes_when_there_is_something_new(
    app: Flask, place: make.Place, client: PageClient, transact: Sessions, database: Sessions, work: Work
) -> None:
    with transact() as session:
        idea = make.idea(session, place, title="Erste")
    work()
    work()
    assert states(database) == ["current"]
    # A change that nobody sees in the data: looked at after an hour, and nothing new.
    with transact() as session:
        touch(session, place.id)
    work()
    age(transact, REST)
    work()
    assert states(database) == ["current"]
    assert releases(database)[0].version == 2
    with transact() as session:
        make.idea(session, place, title="Zweite")
        touch(session, place.id)
    work()
    assert states(database) == ["current"]
    age(transact, REST)
    work()
    assert states(database) == ["replaced", "current"]
    assert client.get(place.url("/data/1/ideas.csv", language="en"), status=410).texts("h1") == [
        "This release is not there any more"
    ]
    # Votes raise no version; somebody looks once a day.
    with transact() as session:
        make.votes(session, place, idea, agree=7)
    age(transact, REST)
    work()
    assert states(database) == ["replaced", "current"]
    age(transact, OLDEST)
    work()
    assert states(database) == ["replaced", "replaced", "current"]
    work()
    assert [path.name for path in (Path(app.config["DATA_DIR"]) / "opendata").iterdir()] == [
        releases(database)[-1].public_id
    ]


def test_a_process_can_keep_its_data_to_itself(
    app: Flask, place: make.Place, client: PageClient, transact: Sessions, database: Sessions, work: Work
) -> None:
    with transact() as session:
        make.idea(session, place)
    work()
    assert fetched(client, place.url("/data/1/ideas.csv"))
    for values in ({"opens_data": False}, {"opens_data": True, "state": ProcessState.DRAFT}):
        with transact() as session:
            session.execute(update(Process).values(values))
        client.get(place.url("/data/1/ideas.csv"), status=404 if "state" in values else 410)
        client.get(place.url("/data/record.ttl"), status=404)
        assert "strategy" not in client.get("/de/data").text
        work()
        assert states(database) == ["withdrawn"]
    client.get(place.url("/data"), status=404)
    assert list((Path(app.config["DATA_DIR"]) / "opendata").iterdir()) == []


def test_hidden_results_are_in_no_file(
    app: Flask, transact: Sessions, database: Sessions, client: PageClient, work: Work
) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        make.votes(session, place, make.idea(session, place), agree=7)
    work()
    (release,) = releases(database)
    (row,) = rows_of(app, release, "votes")
    assert (row["agree"], row["people"], row["withheld"]) == (None, None, "hidden")
    assert "Vote figures are not in it yet" in client.get(place.url("/data", language="en")).text


def test_a_release_that_cannot_be_written_is_tried_again(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_args: object, **_options: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(jobs, "write_release", full_disk)
    work()
    assert states(database) == ["building"]
    with transact() as session:
        session.execute(update(Job).values(state=JobState.FAILED))
    work()
    assert states(database) == ["failed"]
    monkeypatch.undo()
    age(transact, AGAIN)
    work()
    assert states(database) == ["failed", "current"]
    assert len(list((Path(app.config["DATA_DIR"]) / "opendata").iterdir())) == 1


def test_a_second_worker_writes_the_same_release_or_nothing(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, work: Work
) -> None:
    work()
    (release,) = releases(database)
    with app.app_context():
        jobs.run_release({"release_id": release.id}, no_progress())
    assert states(database) == ["current"]
    assert files(app, release).is_dir()


def no_progress() -> Any:
    return lambda _rows: None
