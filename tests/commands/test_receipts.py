"""Receipts from the command line: a new key while everything runs, and checking without a browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from participation.kit import clock
from participation.receipts.codes import new_code
from participation.receipts.files import Contribution, signed_file
from participation.receipts.keyring import EXTENSION, Keyring, new_seed_text
from participation.receipts.models import Receipt, ReceiptKind
from participation.receipts.queries import public_keys, receipt_by_code
from participation.receipts.service import receipt_for_text
from tests import make
from tests.conftest import Sessions

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def own_key(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application signs with a key of this test alone."""
    monkeypatch.setitem(app.extensions, EXTENSION, Keyring("", tmp_path / "keys"))


@pytest.fixture
def code(transact: Sessions) -> str:
    """The code of a receipt for an idea that is there."""
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title="A bench", body="By the river")
        return receipt_for_text(
            session, kind=ReceiptKind.IDEA, subject_id=idea, title="A bench", text="By the river", now=clock.now()
        ).code


@pytest.fixture
def file(code: str, database: Sessions, tmp_path: Path) -> Path:
    """The file of that receipt."""
    with database() as session:
        receipt = receipt_by_code(session, code)
        assert receipt
        path = tmp_path / "receipt.json"
        path.write_text(signed_file(receipt, Contribution("A bench", "By the river")), encoding="utf-8")
    return path


def test_a_code_is_checked(done: Run, refused: Run, code: str, transact: Sessions) -> None:
    said = done("receipts", "verify", code.lower().replace("-", ""))
    assert f"code: {code}" in said
    assert "The signature is valid. The contribution is: published" in said
    assert "is not the code of a receipt" in refused("receipts", "verify", code[:-1])
    assert "there is no receipt with the code" in refused("receipts", "verify", new_code())
    with transact() as session:
        session.execute(update(Receipt).values(revision=2))
    assert "no longer fits its signature" in refused("receipts", "verify", code)


def test_a_file_is_checked(done: Run, refused: Run, file: Path, transact: Sessions) -> None:
    said = done("receipts", "verify", str(file))
    assert "The contribution is: published" in said
    assert "The text in the file is the one that was sent." in said
    with transact() as session:
        session.execute(delete(Receipt))
    assert "nothing is kept about this receipt any more" in done("receipts", "verify", str(file))
    content = json.loads(file.read_text(encoding="utf-8"))
    content["contribution"]["text"] = "By the lake"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert "is not the one that was sent" in refused("receipts", "verify", str(file))
    file.write_bytes(b"\xff\xfe")
    assert "is not the file of a receipt" in refused("receipts", "verify", str(file))


def test_a_new_key_is_used_and_noted_at_once(done: Run, code: str, transact: Sessions, database: Sessions) -> None:
    said = done("receipts", "new-key")
    with transact() as session:
        later = receipt_for_text(session, kind=ReceiptKind.IDEA, subject_id=999, text="Text", now=clock.now()).code
    with database() as session:
        keys = [key.fingerprint for key in public_keys(session)]
        assert keys[0] in said
        signed_with = [receipt.fingerprint for one in (later, code) if (receipt := receipt_by_code(session, one))]
        assert signed_with == keys
    assert "The signature is valid" in done("receipts", "verify", code)


def test_a_key_that_is_a_setting_is_changed_by_hand(
    done: Run, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, EXTENSION, Keyring(new_seed_text(), tmp_path))
    said = done("receipts", "new-key")
    assert "RECEIPT_KEY is set" in said
    assert Keyring(said.splitlines()[-1], tmp_path).signing_key().fingerprint not in said
