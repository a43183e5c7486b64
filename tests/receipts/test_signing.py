"""What is signed: every value of it, and nothing else passes for it."""

import os
from dataclasses import replace

import pytest

from participation.receipts.codes import new_code
from participation.receipts.models import ReceiptKind
from participation.receipts.signing import (
    BadSeed,
    SigningKey,
    Wording,
    fingerprint,
    is_signed,
    parse_wording,
    pem,
    seed_from_text,
    text_digest,
)

KEY = SigningKey(bytes(range(32)))
SAID = Wording(
    code="0000-0000-0000-0000-0000",
    kind=ReceiptKind.IDEA,
    number=17,
    revision=1,
    digest="ab" * 32,
    received="2026-05-03T10:00:00Z",
    fingerprint=KEY.fingerprint,
)
TAMPERED = {
    "code": replace(SAID, code=new_code()),
    "kind": replace(SAID, kind=ReceiptKind.COMMENT),
    "number": replace(SAID, number=18),
    "no number": replace(SAID, number=None),
    "revision": replace(SAID, revision=2),
    "digest": replace(SAID, digest="ac" * 32),
    "no digest": replace(SAID, digest=""),
    "received": replace(SAID, received="2026-05-03T10:00:01Z"),
    "key": replace(SAID, fingerprint="0" * 64),
}


def test_the_text_is_the_one_that_is_published() -> None:
    assert SAID.text() == (
        "participation receipt 1\n"
        "code: 0000-0000-0000-0000-0000\n"
        "kind: idea\n"
        "number: 17\n"
        "revision: 1\n"
        f"digest: sha256:{'ab' * 32}\n"
        "received: 2026-05-03T10:00:00Z\n"
        f"key: {KEY.fingerprint}\n"
    )
    assert parse_wording(SAID.text()) == SAID


def test_a_signature_fits_its_text_only() -> None:
    signature = KEY.sign(SAID.text())
    assert is_signed(SAID.text(), signature, KEY.public_key)
    other = SigningKey(os.urandom(32))
    assert not is_signed(SAID.text(), signature, other.public_key)
    assert not is_signed(SAID.text(), other.sign(SAID.text()), KEY.public_key)
    for place in range(64):
        broken = bytearray(signature)
        broken[place] ^= 1
        assert not is_signed(SAID.text(), bytes(broken), KEY.public_key)


@pytest.mark.parametrize("said", TAMPERED.values(), ids=TAMPERED)
def test_each_value_is_signed(said: Wording) -> None:
    assert parse_wording(said.text()) == said
    assert not is_signed(said.text(), KEY.sign(SAID.text()), KEY.public_key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("participation receipt 1", "participation receipt 2"),
        ("kind: idea", "kind: petition"),
        ("number: 17", "number: 017"),
        ("number: 17", "number: seventeen"),
        ("number: 17\n", ""),
        ("number: 17\n", "number: 17\nnumber: 17\n"),
        ("revision: 1", "revision: 1 "),
        ("revision: 1\n", "revision: 1\r\n"),
        ("code: ", "name: "),
        ("\nkey:", "\nauthor: someone\nkey:"),
    ],
)
def test_other_texts_are_no_receipts(old: str, new: str) -> None:
    assert old in SAID.text()
    assert parse_wording(SAID.text().replace(old, new, 1)) is None


@pytest.mark.parametrize("text", ["", "\n", "x" * 100_000, "\n" * 100_000, SAID.text() + "\n", SAID.text()[:-1]])
def test_rubbish_is_no_receipt(text: str) -> None:
    assert parse_wording(text) is None


@pytest.mark.parametrize("signature", [b"", b"x", b"\0" * 64, b"\xff" * 64, b"\0" * 65])
def test_rubbish_is_no_signature(signature: bytes) -> None:
    assert not is_signed(SAID.text(), signature, KEY.public_key)


@pytest.mark.parametrize("public_key", [b"", b"x", KEY.public_key[:-1]])
def test_rubbish_is_no_key(public_key: bytes) -> None:
    assert not is_signed(SAID.text(), KEY.sign(SAID.text()), public_key)


def test_the_known_answer_of_rfc_8032() -> None:
    """The first test of section 7.1 of RFC 8032: key and signature of the empty message."""
    key = SigningKey(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert key.public_key[-32:].hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign("").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert key.fingerprint == fingerprint(key.public_key)
    assert pem(key.public_key).splitlines()[0] == "-----BEGIN PUBLIC KEY-----"


def test_a_digest_is_that_of_title_empty_line_and_text() -> None:
    assert text_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert text_digest("c", title="ab") != text_digest("bc", title="a")
    assert text_digest("Text", title="Titel") == text_digest("Titel\n\nText")


@pytest.mark.parametrize("text", ["", "abc", "Ä" * 44, "A" * 40, "A" * 48, "A" * 43 + "="[:0]])
def test_what_is_no_seed(text: str) -> None:
    with pytest.raises(BadSeed):
        seed_from_text(text)
