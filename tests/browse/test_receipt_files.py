"""The file of a receipt: checked here even when nothing else is left, and elsewhere without us."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from participation.ideas.service import lock_idea
from participation.receipts.codes import new_code
from participation.receipts.models import Receipt, ReceiptKey
from tests.browse.receipted import (
    AUTHOR,
    idea_receipt,
    vote_receipt,
)
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]


def download(member: Member, kind: str, number: int) -> dict[str, Any]:
    """Return the file that the author takes away."""
    page = member(email=AUTHOR).get(f"/en/my/receipts/{kind}/{number}/file")
    assert page.headers["Content-Disposition"].startswith("attachment")
    content: dict[str, Any] = json.loads(page.text)
    return content


def checked(client: PageClient, content: object, *, status: int) -> Page:
    """Paste the content of a file and return the answer."""
    text = content if isinstance(content, str) else json.dumps(content)
    return client.submit(client.get("/en/receipt/file"), "file-form", content=text, status=status)


def test_a_file_is_checked_with_its_text(transact: Sessions, client: PageClient, member: Member, place: Place) -> None:
    with transact() as session:
        idea, code = idea_receipt(session, place)
    content = download(member, "idea", idea)
    assert content["contribution"] == {"title": "A bench", "text": "By the river"}
    page = checked(client, content, status=200)
    assert "This file is genuine" in page.one(".alert")
    assert "exactly the text that was sent" in page.one(".alert")
    assert code in page.one(".receipt-code")
    # Nothing is left of it: the signature alone still counts.
    with transact() as session:
        session.execute(delete(Receipt))
    page = checked(client, content, status=200)
    assert "we keep nothing about this receipt any more" in page.one(".alert")
    assert "number: " in page.one(".signed-text__block")
    with transact() as session:
        session.execute(delete(ReceiptKey))
    assert "the key is none of ours" in checked(client, content, status=422).one(".alert")


def test_each_change_of_a_file_is_noticed(transact: Sessions, client: PageClient, member: Member, place: Place) -> None:
    with transact() as session:
        idea, code = idea_receipt(session, place)
        other = idea_receipt(session, place)[0]
    content, foreign = download(member, "idea", idea), download(member, "idea", other)
    text = content["receipt"]
    changes: list[tuple[dict[str, Any], str]] = [
        ({"receipt": text.replace(code, new_code())}, "the signature does not fit"),
        ({"receipt": text.replace("kind: idea", "kind: comment")}, "the signature does not fit"),
        ({"receipt": text.replace("revision: 1", "revision: 2")}, "the signature does not fit"),
        ({"receipt": text.replace("received: 2", "received: 1")}, "the signature does not fit"),
        ({"receipt": text.replace("key: ", "key: 0")}, "the key is none of ours"),
        ({"receipt": foreign["receipt"]}, "the signature does not fit"),
        ({"receipt": ""}, "not the file of a receipt"),
        ({"signature": foreign["signature"]}, "the signature does not fit"),
        ({"signature": "ä"}, "the signature does not fit"),
        ({"public_key": content["public_key"].replace("M", "N", 1)}, "the signature does not fit"),
        ({"format": "other"}, "not the file of a receipt"),
        ({"contribution": {"title": "A bench", "text": "By the lake"}}, "is not the one that was sent"),
        ({"contribution": {"title": "A bank", "text": "By the river"}}, "is not the one that was sent"),
        ({"contribution": {"text": "By the river"}}, "is not the one that was sent"),
        ({"contribution": {"text": "\ud800"}}, "not the file of a receipt"),
        ({"contribution": {"receipt": "x"}}, "not the file of a receipt"),
        ({"contribution": "By the river"}, "not the file of a receipt"),
        ({"author": "somebody"}, "not the file of a receipt"),
        ({"receipt": 7}, "not the file of a receipt"),
    ]
    for change, words in changes:
        assert words in checked(client, {**content, **change}, status=422).one(".alert"), change


@pytest.mark.parametrize("text", ["nonsense", "[]", "{}", "null", "[" * 50_000, '{"receipt": "\\u0000"}', "x" * 70_000])
def test_what_is_no_file(client: PageClient, app: Flask, text: str) -> None:
    assert checked(client, text, status=422).select(".alert, .error-summary")


def test_the_file_of_a_vote_tells_nothing(transact: Sessions, member: Member, client: PageClient, place: Place) -> None:
    with transact() as session:
        idea, _code = vote_receipt(session, place)
    content = download(member, "vote", idea)
    assert set(content) == {"format", "receipt", "signature", "public_key"}
    assert "number: -\n" in content["receipt"]
    assert "digest: -\n" in content["receipt"]
    assert "This file is genuine" in checked(client, content, status=200).one(".alert")


def test_a_closed_text_is_not_handed_out_again(transact: Sessions, member: Member, place: Place) -> None:
    with transact() as session:
        idea, _code = idea_receipt(session, place)
        row = lock_idea(session, idea)
        row.text, row.revision = "By the […]", 2
    assert "contribution" not in download(member, "idea", idea)


def test_checking_without_us(
    transact: Sessions, client: PageClient, member: Member, place: Place, tmp_path: Path
) -> None:
    """The program and the commands on the page of keys really do what they say."""
    with transact() as session:
        idea, code = idea_receipt(session, place)
    content = download(member, "idea", idea)
    page = client.get("/en/receipts/keys")
    key = client.get(page.links()["Download this key 1"])
    assert key.text == content["public_key"]
    (tmp_path / "receipt.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "key.pem").write_text(key.text, encoding="ascii")
    program = page.select("#with-python")[0].xpath("string()")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    *said, digest = done.stdout.splitlines()
    assert f"code: {code}" in said
    assert f"digest: sha256:{digest}" in said
    changed = {**content, "receipt": content["receipt"].replace("revision: 1", "revision: 2")}
    (tmp_path / "receipt.json").write_text(json.dumps(changed), encoding="utf-8")
    assert subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False).returncode


@pytest.mark.skipif(not (shutil.which("openssl") and shutil.which("jq")), reason="needs openssl and jq")
def test_checking_with_openssl(
    transact: Sessions, client: PageClient, member: Member, place: Place, tmp_path: Path
) -> None:
    with transact() as session:
        idea, _code = idea_receipt(session, place)
    content = download(member, "idea", idea)
    (tmp_path / "receipt.json").write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "key.pem").write_text(content["public_key"], encoding="ascii")
    commands = client.get("/en/receipts/keys").select("#with-openssl")[0].xpath("string()")
    done = subprocess.run(["sh", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Signature Verified Successfully" in done.stdout
    fingerprint, digest = [line.split()[0] for line in done.stdout.splitlines()[-2:]]
    assert f"key: {fingerprint}\n" in content["receipt"]
    assert f"digest: sha256:{digest}\n" in content["receipt"]
