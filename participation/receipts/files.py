"""The signed file that an author takes away: JSON that can be checked here, or anywhere without us."""

import base64
import binascii
import enum
import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.receipts.queries import ReceiptView, public_key, receipt_by_code
from participation.receipts.signing import FIRST_LINE, Wording, is_signed, parse_wording, pem, text_digest

# A file with the longest text that can be sent, every character escaped.
LONGEST_FILE = 60_000


@dataclass(frozen=True, slots=True)
class Contribution:
    """The text a receipt is about, as it was sent."""

    title: str
    text: str


class Finding(enum.Enum):
    """What the check of a file found."""

    NO_RECEIPT = "no_receipt"
    UNKNOWN_KEY = "unknown_key"
    CHANGED = "changed"
    CHANGED_TEXT = "changed_text"
    UNKNOWN_CODE = "unknown_code"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What a file is worth; ``said`` is what it says wherever the signature is ours.

    ``receipt`` is what we keep under its code, and ``has_text`` says that the text in it is the one that was sent.
    """

    finding: Finding
    said: Wording | None = None
    receipt: ReceiptView | None = None
    has_text: bool = False


def signed_file(receipt: ReceiptView, contribution: Contribution | None) -> str:
    """Return the file of a receipt, with the text it is about where that is known."""
    content: dict[str, object] = {
        "format": FIRST_LINE,
        "receipt": receipt.signed_text,
        "signature": base64.b64encode(receipt.signature).decode(),
        "public_key": pem(receipt.public_key),
    }
    if contribution:
        content["contribution"] = {"title": contribution.title, "text": contribution.text}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def check_file(session: Session, content: str) -> FileCheck:
    """Return what is to be said about a file that somebody shows us, whatever is in it."""
    fields = _fields(content)
    said = parse_wording(fields.get("receipt", "")) if fields else None
    if fields is None or said is None or fields.get("format") != FIRST_LINE:
        return FileCheck(Finding.NO_RECEIPT)
    key = public_key(session, said.fingerprint)
    if key is None:
        return FileCheck(Finding.UNKNOWN_KEY)
    # The key that counts is the one kept here; another one in the file would mislead whoever checks elsewhere.
    if fields.get("public_key") != pem(key) or not is_signed(said.text(), _signature(fields), key):
        return FileCheck(Finding.CHANGED)
    text = fields.get("text")
    if text is not None and text_digest(text, title=fields.get("title", "")) != said.digest:
        return FileCheck(Finding.CHANGED_TEXT, said)
    receipt = receipt_by_code(session, said.code)
    if receipt is None or receipt.signed_text != said.text():
        return FileCheck(Finding.UNKNOWN_CODE, said, has_text=text is not None)
    return FileCheck(Finding.GOOD, said, receipt, has_text=text is not None)


def _fields(content: str) -> dict[str, str] | None:
    """Return the texts in a file by name, those of the contribution among them; ``None`` for anything else."""
    if len(content) > LONGEST_FILE:
        return None
    try:
        loaded = json.loads(content)
        # Half a character, written as an escape, is no text that anybody could have sent.
        json.dumps(loaded, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    if not isinstance(loaded, dict):
        return None
    contribution = loaded.pop("contribution", {})
    if not isinstance(contribution, dict) or contribution.keys() & loaded.keys():
        return None
    fields = {**loaded, **contribution}
    known = {"format", "receipt", "signature", "public_key", "title", "text"}
    if not fields.keys() <= known or not all(isinstance(value, str) for value in fields.values()):
        return None
    return fields


def _signature(fields: dict[str, str]) -> bytes:
    try:
        return base64.b64decode(fields.get("signature", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""
