"""A process on its way from one database into the other kind and back: all of it, nothing else, or nothing at all."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pyrage.x25519 import Identity
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.accounts.models import Account
from participation.accounts.nowhere import DOMAIN
from participation.activity.models import Job, LogEntry
from participation.archive import rows as archive_rows
from participation.archive import writing
from participation.archive.keys import Keys, key_path, new_lock
from participation.archive.layout import HEAD, Head, json_bytes
from participation.archive.models import ArchiveNote, ArchiveStep
from participation.archive.problems import ArchiveProblem, Damaged
from participation.archive.reading import NotEmpty, check_empty, read_archive
from participation.archive.scope import kept_tables
from participation.archive.verifying import verify_archive
from participation.archive.writing import WriteOrder, write_archive
from participation.cases.models import SubjectKind
from participation.commands.tally import breaks
from participation.curation.models import Cluster
from participation.ideas.models import Idea
from participation.ideas.search import matching
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.permissions import Refused
from participation.kit.schema import Base
from participation.processes.models import Process, RoleGrant
from participation.processes.queries import process_by_id
from participation.provenance.verify import provenance_breaks
from participation.similarity.jobs import SIMILARITY_JOB
from participation.tallies.releases import release_log
from participation.voting.models import Vote
from participation.wordings.queries import shown_in
from tests import lineages, make
from tests.archive.everything import NOT_HERE, OURS, THEIRS, fill
from tests.archive.travelling import SINCE, read, rows, tables, unpacked, write

LATER = clock.now() + timedelta(days=1)


def is_empty(app: Flask) -> bool:
    """Return whether no archived table of a database has a row."""
    try:
        with app.app_context(), Session(db.engine) as session:
            check_empty(session)
    except NotEmpty:
        return False
    return True


@pytest.fixture
def everything(app: Flask) -> Flask:
    """The application with a row in every table for each of two processes, and somebody whom nothing names."""
    with app.app_context(), transaction() as session:
        for side in (THEIRS, OURS):
            fill(session.connection(), side)
        make.account(session, "bystander@example.org")
    return app


def test_all_of_a_process_and_nothing_else(everything: Flask, target: Flask, tmp_path: Path) -> None:
    path, second = tmp_path / "one.zip", tmp_path / "two.zip"
    written = write(everything, path, OURS.process_id)
    content = unpacked(path)
    assert {name: count for name, (count, _sha256) in tables(content).items()} == {
        table.name: 1 for table in kept_tables()
    }
    assert written.rows == len(kept_tables()) == json.loads(content[HEAD])["rows"]
    whole = b"".join(content.values())
    for stranger in (b"theirs", b"left-", b"@example.org", b"bystander", b"ours-1000-password_hash", b"token"):
        assert stranger not in whole, stranger
    assert b"ours-1000-title" in whole
    assert rows(content, "account")[0]["email"] == f"account-{OURS.id_in('account')}@{DOMAIN}"
    assert {key: value for key, value in rows(content, "account")[0].items() if key in ("unread", "mail_rhythm")} == {
        "unread": 1,
        "mail_rhythm": "never",
    }
    ended = {"export": "cancelled", "intake_run": "cancelled", "data_release": "failed"}
    assert {name: rows(content, name)[0]["state"] for name in ended} == ended
    assert [rows(content, name)[0]["job_id"] for name in ended] == [None] * 3
    assert rows(content, "notice")[0]["contact"] is None
    assert rows(content, "notice")[0]["contact_erased_at"] == json.loads(content[HEAD])["written_at"]

    found = read(target, path)
    assert (found.process_id, found.rows, found.sha256) == (OURS.process_id, written.rows, written.sha256)
    write(target, second, OURS.process_id)
    back = unpacked(second)
    assert {name: one for name, one in tables(back).items() if name not in SINCE} == {
        name: one for name, one in tables(content).items() if name not in SINCE
    }
    assert rows(back, "log_entry")[:-1] == rows(content, "log_entry")
    assert rows(back, "log_entry")[-1]["action"] == "ArchiveRead"
    with target.app_context(), Session(db.engine) as session:
        for name in Base.metadata.tables.keys() - {table.name for table in kept_tables()} - NOT_HERE:
            kept = session.scalar(select(func.count()).select_from(Base.metadata.tables[name]))
            assert kept == (1 if name == "job" else 0), name
        assert session.scalars(select(Job.kind)).all() == [SIMILARITY_JOB]
        assert session.scalars(select(Idea.id).where(matching("ours"))).all() == [OURS.id_in("idea")]


def test_addresses_go_along_only_for_an_admin_with_a_reason(everything: Flask, target: Flask, tmp_path: Path) -> None:
    path, account = tmp_path / "one.zip", OURS.id_in("account")
    admin = Actor(account, "admin", frozenset({(Role.ADMIN, None)}))
    for actor, reason in ((SYSTEM, "Umzug"), (admin, " "), (Actor(account, "", frozenset({(Role.STAFF, None)})), "x")):
        with pytest.raises(Refused):
            write(everything, path, OURS.process_id, actor=actor, has_addresses=True, reason=reason)
    assert list(tmp_path.glob("one*")) == []
    written = write(everything, path, OURS.process_id, actor=admin, has_addresses=True, reason=" Umzug ")
    whole = b"".join(unpacked(path).values())
    assert set(re.findall(rb"[a-z-]+@example\.org", whole)) == {b"ours@example.org", b"ours-notice@example.org"}
    assert b"password" not in whole.replace(b'"password_hash":null', b"")
    with everything.app_context(), Session(db.engine) as session:
        note = session.scalars(select(ArchiveNote).where(ArchiveNote.has_addresses)).one()
        assert (note.step, note.sha256, note.has_addresses, note.reason, note.account_id, note.process_id) == (
            ArchiveStep.WRITTEN, written.sha256, True, "Umzug", account, OURS.process_id,
        )  # fmt: skip
        entry = session.scalars(select(LogEntry).where(LogEntry.action == "ArchiveWritten")).one()
        assert entry.account_id == account
        assert entry.payload == {"process_id": OURS.process_id, "note_id": note.id}
    read(target, path)
    with target.app_context(), Session(db.engine) as session:
        assert session.execute(select(Account.email, Account.password_hash)).all() == [("ours@example.org", None)]


@pytest.fixture
def scene(app: Flask) -> lineages.Scene:
    """A process from votes to measures, its vote log released, a theme merged into a later one, the last idea gone."""
    with app.app_context():
        with transaction() as session:
            made = lineages.scene(session)
            make.votes(session, made.place, made.ideas[1], agree=12, disagree=5)
            make.wording(session, made.ideas[0], language="tr", title="Sıralar", provider="libretranslate")
            gone = make.idea(session, made.place, title="Nicht mehr da")
            early = make.cluster(session, made.place, title="Early", ideas=())
            late = make.cluster(session, made.place, title="Late", ideas=())
            session.execute(update(Cluster).where(Cluster.id == early).values(merged_into=late, removed_at=clock.now()))
        assert release_log(process_by_id(db.session(), made.place.id))
        with transaction() as session:
            for kind in ("standing", "tally", "idea_principle", "idea_search"):
                table = Base.metadata.tables[kind]
                session.execute(table.delete().where(table.c.idea_id == gone))
            session.execute(Idea.__table__.delete().where(Idea.id == gone))  # type: ignore[attr-defined]  # a table
    return made


def test_everything_holds_and_goes_on_where_it_was_read(
    app: Flask, scene: lineages.Scene, target: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "one.zip"
    written = write(app, path, scene.place.id)
    assert written.files == 4
    with app.app_context():
        before = db.session.scalar(select(func.max(Idea.id)))
        votes = db.session.scalar(select(func.count(Vote.id)))
        merged = db.session.execute(select(Cluster.id, Cluster.merged_into).order_by(Cluster.id)).all()
        db.session.remove()
    read(target, path)
    with target.app_context():
        session = db.session()
        process = process_by_id(session, scene.place.id)
        assert list(breaks(session, process)) == []
        assert list(provenance_breaks(session, process, now=clock.now(), with_log=True)) == []
        assert session.scalar(select(func.count(Vote.id))) == votes
        assert session.execute(select(Cluster.id, Cluster.merged_into).order_by(Cluster.id)).all() == merged
        assert sorted(session.scalars(select(Idea.id).where(matching("baenken")))) == sorted(scene.ideas)
        # In another language, too: wordings come along, and what a search finds by them is made anew.
        assert list(session.scalars(select(Idea.id).where(matching("sıra", "tr")))) == [scene.ideas[0]]
        assert [one.title for one in shown_in(session, {(SubjectKind.IDEA, scene.ideas[0]): 1}, "tr").values()] == [
            "Sıralar"
        ]
        session.rollback()
        place = scene.place
        with transaction() as writing_session:
            # The number of an idea that is gone is not given away again.
            assert make.idea(writing_session, place) > (before or 0) + 1
            make.cluster(writing_session, place, title="Next", ideas=())
        files = sorted(one.name for one in (Path(target.config["DATA_DIR"]) / "tallies").rglob("*") if one.is_file())
        assert len(files) == 4
        assert list(Path(target.config["DATA_DIR"]).glob("archive-*")) == []


def test_all_or_nothing(app: Flask, scene: lineages.Scene, target: Flask, tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    write(app, path, scene.place.id)
    good, key = path.read_bytes(), key_path(path).read_text()
    with pytest.raises(NotEmpty, match="rows in the table process"):
        read(app, path)
    for bad in (good[:-1], good[: len(good) // 2], good.replace(b"Archive of", b"Archive 0f")):
        path.write_bytes(bad)
        with pytest.raises(ArchiveProblem):
            read(target, path)
    path.write_bytes(good)
    key_path(path).write_text(f"{Identity.generate()}\n")
    with pytest.raises(ArchiveProblem, match="does not fit"):
        read(target, path)
    assert is_empty(target)
    assert list((Path(target.config["DATA_DIR"]) / "tallies").glob("*/*")) == []
    key_path(path).write_text(key)
    assert read(target, path).files == 4
    with pytest.raises(NotEmpty):
        read(target, path)


def _changed(app: Flask, path: Path, process_id: int, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Write an archive as somebody would who knows the public key and wants something in."""
    path.unlink(missing_ok=True)
    key_path(path).unlink(missing_ok=True)
    with monkeypatch.context() as patched:
        for name, value in changes.items():
            patched.setattr(writing, name, value)
        write(app, path, process_id)


def around_the_rows() -> list[tuple[dict[str, Any], str]]:
    """Return what can be wrong around the rows; it is found before any database hears of it."""

    def later_format(**fields: Any) -> Any:
        return lambda **known: Head(**{**known, **fields})

    return [
        ({"Head": later_format(written_at="2026-11-23T12:00:00")}, "says what it cannot say"),
        ({"kept_tables": lambda: kept_tables()[1:]}, "do not fit what they name"),
        ({"kept_tables": lambda: kept_tables()[::-1]}, "do not fit what they name"),
        ({"kept_tables": lambda: [*kept_tables(), kept_tables()[0]]}, "stands where nothing like that belongs"),
        ({"hold": lambda _places, folder: {"files/tallies/1-x.txt.gz": _file(folder)}}, "nothing in it refers to"),
        ({"hold": lambda _places, folder: {"files/../../x": _file(folder)}}, "something that no archive holds"),
        ({"hold": lambda _places, folder: {"/etc/x": _file(folder)}}, "something that no archive holds"),
        ({"Head": later_format(format=2)}, "bring this installation up to date"),
        ({"Head": later_format(schema="9999")}, "written by a later version"),
        ({"Head": later_format(schema="0003")}, "read it with that version into an empty database"),
        ({"Head": later_format(has_addresses="many")}, "has_addresses is not what it should be"),
    ]


def test_what_was_made_up_is_refused(
    app: Flask,
    database_kind: str,
    scene: lineages.Scene,
    target: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, pid, lines = tmp_path / "one.zip", scene.place.id, archive_rows.lines

    def replaced(table: str, old: bytes, new: bytes) -> Any:
        return lambda session, one, extent: (
            line.replace(old, new) if one.name == table else line for line in lines(session, one, extent)
        )

    with app.app_context(), transaction() as session:
        person = make.account(session, "staff@example.org")
        session.add(RoleGrant(account_id=person, role=Role.STAFF, process_id=pid, granted_at=clock.now()))
    cases: list[tuple[dict[str, Any], str]] = [
        ({"lines": replaced("vote", b'"idea_id":', b'"idea_id":9')}, "rows of vote do not fit"),
        (
            {"lines": replaced("idea", b'"state":"published"', b'"state":"loved"')},
            "a row of idea cannot be read: state",
        ),
        ({"lines": replaced("standing", b'"process_id":%d' % pid, b'"process_id":77')}, "do not fit"),
        ({"lines": replaced("tally", b'"agree"', b'"agreed"')}, "has not the columns"),
        (
            {"lines": replaced("role_grant", b'"process_id":%d' % pid, b'"process_id":null')},
            "rows of account do not belong",
        ),
        (
            {"lines": replaced("account", b'"password_hash":null', b'"password_hash":"$argon2id$x"')},
            "rows of account do not belong",
        ),
        (
            {"lines": replaced("account", b"@no-address.invalid", b"@example.org")},
            "rows of account do not belong",
        ),
        ({"readme": lambda _head: b"other"}, ""),
    ]
    for changes, says in [*(around_the_rows() if database_kind == "sqlite" else ()), *cases]:
        _changed(app, path, pid, monkeypatch, **changes)
        if says:
            with target.app_context(), pytest.raises(ArchiveProblem, match=says):
                read_archive(SYSTEM, path, Keys(), now=LATER)
            assert is_empty(target), says
    # What stands around the data may be anything that was written along with it.
    assert read(target, path).slug == scene.place.slug


def _file(folder: Path) -> Path:
    path = folder / "made-up"
    path.write_bytes(b"x")
    return path


def test_only_complete_files_appear(
    app: Flask, scene: lineages.Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.zip"

    def stop(_share: float, _rows: int) -> None:
        raise KeyboardInterrupt

    order = WriteOrder(process_id=scene.place.id, path=path, lock=new_lock())
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        write_archive(SYSTEM, order, now=clock.now(), progress=stop)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            write(app, path, scene.place.id)
    assert list(tmp_path.iterdir()) == []
    with app.app_context(), Session(db.engine) as session:
        assert session.scalars(select(ArchiveNote)).all() == []
    path.touch()
    with pytest.raises(ArchiveProblem, match="is there already"):
        write(app, path, scene.place.id)
    path.unlink()
    key_path(path).touch()
    with pytest.raises(ArchiveProblem, match="is there already"):
        write(app, path, scene.place.id)
    assert key_path(path).read_bytes() == b""


def test_verifying_takes_no_database(
    app: Flask, scene: lineages.Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.zip"
    written = write(app, path, scene.place.id)
    heard: list[tuple[float, int]] = []
    found = verify_archive(path, Keys(), progress=lambda share, rows: heard.append((share, rows)))
    assert (found.sha256, found.advice, found.head.process) == (written.sha256, "", scene.place.slug)
    assert heard[-1] == (1.0, written.rows)
    assert sorted(heard) == heard
    _changed(
        app, path, scene.place.id, monkeypatch, Head=lambda **known: Head(**{**known, "schema": "9999", "rows": 0})
    )
    assert "later version" in verify_archive(path, Keys()).advice
    _changed(app, path, scene.place.id, monkeypatch, json_bytes=_forgetful)
    with pytest.raises(Damaged, match="the table vote is not the one that was written"):
        verify_archive(path, Keys())


def _forgetful(content: Any) -> bytes:
    return json_bytes(content).replace(b'"name": "vote",\n   "rows": ', b'"name": "vote",\n   "rows": 1')


def test_a_process_that_nobody_published(app: Flask, target: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction() as session:
        place = make.process(session)
        session.execute(update(Process).values(state="draft"))
    write(app, tmp_path / "one.zip", place.id)
    assert read(target, tmp_path / "one.zip").files == 0
