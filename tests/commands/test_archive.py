"""Archives on the command line: without any option all three commands work, and every refusal is one line."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from pyrage.x25519 import Identity
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.accounts.models import Account
from participation.accounts.nowhere import DOMAIN
from participation.accounts.service import check_password
from participation.archive.models import ArchiveNote
from participation.kit import clock
from participation.kit.db import db
from participation.processes.models import RoleGrant
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Done = Callable[..., str]
Refused = Callable[..., str]
WORDS = "richtig pferd batterie"


@pytest.fixture
def place(transact: Sessions) -> make.Place:
    """A process with an idea that has twelve votes, and an admin."""
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=12)
        admin = make.account(session, "admin@example.org")
        make.account(session, "resident@example.org")
        session.add(RoleGrant(account_id=admin, role=Role.ADMIN, granted_at=clock.now()))
        session.add(RoleGrant(account_id=admin, role=Role.STAFF, process_id=place.id, granted_at=clock.now()))
    return place


@pytest.fixture
def elsewhere(app: Flask, database_kind: str) -> Callable[[], None]:
    """Empty the database, as if this were another installation."""
    from tests.databases import empty

    def clear() -> None:
        with app.app_context():
            db.session.remove()
            empty(db.engine)

    return clear


def test_out_and_in_without_any_option(
    done: Done, refused: Refused, place: make.Place, elsewhere: Callable[[], None], app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "process.zip"
    said = done("archive", "write", place.slug, str(file))
    assert "1 file" not in said
    assert f"{file}.key opens it. Keep the two apart" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "is not empty: it has rows in the table process" in refused("archive", "read", str(file))
    said = done("archive", "verify", str(file))
    assert said.startswith(f"{place.slug} as of ")
    assert "Without addresses of people\n" in said
    assert "  vote: 12\n" in said
    assert "All is well; manifest " in said
    elsewhere()
    said = done("archive", "read", str(file))
    assert said.splitlines()[-1] == "All is well: rows, files, votes, and the way from each statement to its sources."
    assert "12 votes on 1 ideas" in done("tally", place.slug)
    assert done("check").startswith("All is well")
    with app.app_context(), Session(db.engine) as session:
        addresses = session.scalars(select(Account.email).order_by(Account.id)).all()
        assert addresses
        assert all(address.endswith(f"@{DOMAIN}") for address in addresses)
        assert check_password(session, email=addresses[0], password="") is None
        assert session.scalars(select(RoleGrant.role)).all() == [Role.STAFF]
    visitor = PageClient(app)
    for path, form in (("sign-in", "sign_in-form"), ("account/reset", "request_reset-form")):
        fields: dict[str, Any] = {"email": addresses[0], "password": "anything at all"}
        page = visitor.get(f"/en/{path}")
        known = {name: value for name, value in fields.items() if page.select(f"[name={name}]")}
        assert "not a complete e-mail address" in visitor.submit(page, form, status=422, **known).text


def test_a_passphrase_from_a_file(
    done: Done, refused: Refused, place: make.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, words = tmp_path / "process.zip", tmp_path / "words"
    words.write_text("short\n")
    assert "too short" in refused("archive", "write", place.slug, str(file), "--passphrase-file", str(words))
    own = Identity.generate()
    said = done("archive", "write", place.slug, str(file), "--recipient", str(own.to_public()))
    assert "opens it" not in said
    assert not Path(f"{file}.key").exists()
    assert "say which one with --key" in refused("archive", "verify", str(file))
    (tmp_path / "own.key").write_text(f"{own}\n")
    assert "All is well" in done("archive", "verify", str(file), "--key", str(tmp_path / "own.key"))
    monkeypatch.setenv("ARCHIVE_PASSPHRASE", WORDS)
    assert "All is well" in done("archive", "verify", str(file), "--key", str(tmp_path / "own.key"))


@pytest.mark.accept
def test_a_passphrase_from_the_environment(
    done: Done, refused: Refused, place: make.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, words = tmp_path / "process.zip", tmp_path / "words"
    monkeypatch.setenv("ARCHIVE_PASSPHRASE", WORDS)
    done("archive", "write", place.slug, str(file))
    assert not Path(f"{file}.key").exists()
    monkeypatch.delenv("ARCHIVE_PASSPHRASE")
    assert "needs its passphrase" in refused("archive", "verify", str(file))
    words.write_text(f"{WORDS}\n")
    assert "All is well" in done("archive", "verify", str(file), "--passphrase-file", str(words))
    words.write_text("something else entirely\n")
    assert "does not fit" in refused("archive", "verify", str(file), "--passphrase-file", str(words))


def test_addresses_need_an_admin_and_a_reason(
    done: Done, refused: Refused, place: make.Place, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "process.zip"
    wish = ("archive", "write", place.slug, str(file), "--with-addresses")
    assert "--as EMAIL" in refused(*wish, "--because", "Umzug")
    assert "no account for nobody@example.org" in refused(*wish, "--as", "nobody@example.org", "--because", "Umzug")
    assert "Only an admin" in refused(*wish, "--as", "resident@example.org", "--because", "Umzug")
    assert "Say why" in refused(*wish, "--as", "admin@example.org")
    assert "go with --with-addresses" in refused(*wish[:-1], "--because", "Umzug")
    assert not file.exists()
    done(*wish, "--as", "admin@example.org", "--because", "Umzug")
    assert "With addresses of people\n" in done("archive", "verify", str(file))
    with app.app_context(), Session(db.engine) as session:
        assert session.scalars(select(ArchiveNote.reason)).all() == ["Umzug"]


def test_refusals(refused: Refused, place: make.Place, tmp_path: Path, command: Callable[..., Result]) -> None:
    file = tmp_path / "process.zip"
    assert "there is no process 'nothing'" in refused("archive", "write", "nothing", str(file))
    assert "there is no folder" in refused("archive", "write", place.slug, str(tmp_path / "nowhere" / "x.zip"))
    assert "public key" in refused("archive", "write", place.slug, str(file), "--recipient", "age1")
    assert "No such file" in refused("archive", "verify", str(file))
    file.write_text("hello")
    assert "is there already" in refused("archive", "write", place.slug, str(file))
    assert "not an archive of a process" in refused("archive", "verify", str(file))
    assert "not an archive of a process" in refused("archive", "verify", str(file), "--key", str(file))
    both = ("--key", str(file), "--passphrase-file", str(file))
    assert "not both" in refused("archive", "verify", str(file), *both)
    assert command("archive", "verify", str(file)).exit_code == 1
