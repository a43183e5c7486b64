"""The first admin, and roles from the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.accounts.models import Account, LinkPurpose, ResidenceCode
from participation.accounts.service import find_link, hash_token
from participation.kit import clock
from participation.processes.queries import grants_of
from participation.receipts.codes import parse_code
from tests import make


@pytest.fixture(autouse=True)
def known_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links lead to a known place, whatever the environment says."""
    monkeypatch.setitem(app.config, "BASE_URL", "https://take-part.example.org")


def test_the_first_admin_gets_a_link(command: Callable, database: Callable) -> None:
    result = command("account", "create-admin", "Boss@Example.org", "--language", "en")
    assert result.exit_code == 0
    address, _, token = result.stdout.strip().rpartition("/")
    assert address == "https://take-part.example.org/en/account/invitation"
    with database() as session:
        account = session.scalars(select(Account)).one()
        assert account.email == "boss@example.org"
        assert grants_of(session, account.id) == {(Role.ADMIN, None)}
        link = find_link(session, token=token, purpose=LinkPurpose.INVITE, now=clock.now())
        assert link
        assert link.account_id == account.id


def test_a_second_link_replaces_the_first(command: Callable, database: Callable) -> None:
    tokens = [command("account", "create-admin", "boss@example.org").stdout.strip()[-43:] for _ in range(2)]
    with database() as session:
        good = [find_link(session, token=token, purpose=LinkPurpose.INVITE, now=clock.now()) for token in tokens]
        assert [link is not None for link in good] == [False, True]
        assert len(session.scalars(select(Account)).all()) == 1


def test_what_is_no_address_makes_no_admin(refused: Callable, database: Callable) -> None:
    assert refused("account", "create-admin", "nobody").startswith("nobody is not an e-mail address")
    with database() as session:
        assert session.scalars(select(Account)).all() == []


def test_a_role_in_one_process(done: Callable, transact: Callable, database: Callable) -> None:
    with transact() as session:
        place = make.process(session)
        account_id = make.account(session, "helper@example.org")
    assert done("account", "grant", "Helper@example.org", "moderator", "--process", "digital") == (
        "helper@example.org is moderator in digital.\n"
    )
    done("account", "grant", "helper@example.org", "staff")
    done("account", "grant", "helper@example.org", "staff")
    with database() as session:
        assert grants_of(session, account_id) == {(Role.MODERATOR, place.id), (Role.STAFF, None)}
    assert done("account", "list-roles").splitlines() == [
        "helper@example.org\tmoderator\tdigital",
        "helper@example.org\tstaff\teverywhere",
    ]


def test_unknown_people_processes_and_roles(refused: Callable, transact: Callable) -> None:
    assert refused("account", "grant", "nobody@example.org", "staff") == "there is no account for nobody@example.org"
    with transact() as session:
        make.process(session)
        make.account(session, "helper@example.org")
    line = refused("account", "grant", "helper@example.org", "staff", "--process", "elsewhere")
    assert line == "there is no process 'elsewhere'; there are: digital"
    assert "'resident' is not one of" in refused("account", "grant", "helper@example.org", "resident")


def test_codes_for_letters(done: Callable, refused: Callable, database: Callable, tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    assert done("account", "residence-codes", "3", "--days", "30", "--out", str(path)) == (
        f"{path}: 3 codes, good for 30 days\n"
    )
    codes = path.read_text().splitlines()
    assert path.stat().st_mode & 0o777 == 0o600
    with database() as session:
        rows = session.scalars(select(ResidenceCode).order_by(ResidenceCode.id)).all()
        assert [row.code_hash for row in rows] == [hash_token(parse_code(code) or "") for code in codes]
        assert {(row.expires_at - row.created_at).days for row in rows} == {30}
    line = refused("account", "residence-codes", "1", "--out", str(path))
    assert line == f"{path} exists already: choose another name"
