"""What is signed and how: the wording of a receipt, Ed25519 signatures, and the digest of a text."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from participation.receipts.models import Receipt, ReceiptKind

FIRST_LINE = "participation receipt 1"
SEED_BYTES = 32
NAMES = ("code", "kind", "number", "revision", "digest", "received", "key")
NOTHING = "-"
_LINE = re.compile(r"([a-z]+): ([0-9A-Za-z:.-]+)", re.ASCII)


class BadSeed(ValueError):
    """A signing key is not 32 bytes in base64."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a receipt says, nothing of it about a person.

    For a vote there is no ``number`` and no ``digest``, and ``received`` is only the day: moment or number could be
    held against the course of the figures.
    """

    code: str
    kind: ReceiptKind
    number: int | None
    revision: int
    digest: str
    received: str
    fingerprint: str

    def text(self) -> str:
        """Return the text that is signed, a line for each value, in ASCII."""
        values = (
            self.code,
            self.kind.value,
            NOTHING if self.number is None else str(self.number),
            str(self.revision),
            f"sha256:{self.digest}" if self.digest else NOTHING,
            self.received,
            self.fingerprint,
        )
        lines = [f"{name}: {value}" for name, value in zip(NAMES, values, strict=True)]
        return "\n".join([FIRST_LINE, *lines]) + "\n"


class SigningKey:
    """A private key that receipts are signed with."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        # SubjectPublicKeyInfo, so that standard tools read it and work out the same fingerprint.
        self.public_key = self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.fingerprint = fingerprint(self.public_key)

    def sign(self, text: str) -> bytes:
        """Return the signature of ``text``, 64 bytes."""
        return self._private.sign(text.encode())


def said_by(receipt: Receipt, fingerprint: str) -> Wording:
    """Return what a receipt says that is signed with the key of this fingerprint."""
    is_vote = receipt.kind is ReceiptKind.VOTE
    received = receipt.issued_at.astimezone(UTC)
    return Wording(
        code=receipt.code,
        kind=receipt.kind,
        number=None if is_vote else receipt.subject_id,
        revision=receipt.revision,
        digest="" if is_vote else receipt.digest,
        received=f"{received:%Y-%m-%d}" if is_vote else f"{received:%Y-%m-%dT%H:%M:%SZ}",
        fingerprint=fingerprint,
    )


def parse_wording(text: str) -> Wording | None:
    """Return what a signed text says; ``None`` when it is not exactly what a receipt looks like."""
    first, *lines = text.splitlines()[: len(NAMES) + 2] or [""]
    values = {match[1]: match[2] for line in lines if (match := _LINE.fullmatch(line))}
    if first != FIRST_LINE or tuple(values) != NAMES:
        return None
    try:
        parsed = Wording(
            code=values["code"],
            kind=ReceiptKind(values["kind"]),
            number=None if values["number"] == NOTHING else int(values["number"]),
            revision=int(values["revision"]),
            digest="" if values["digest"] == NOTHING else values["digest"].removeprefix("sha256:"),
            received=values["received"],
            fingerprint=values["key"],
        )
    except ValueError:
        return None
    return parsed if parsed.text() == text else None


def is_signed(text: str, signature: bytes, public_key: bytes) -> bool:
    """Return whether ``signature`` is that of ``text`` under ``public_key`` (DER)."""
    try:
        key = load_der_public_key(public_key)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, text.encode())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def fingerprint(public_key: bytes) -> str:
    """Return the SHA-256 of a public key in DER, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def pem(public_key: bytes) -> str:
    """Return a public key in DER as the text that standard tools read (RFC 7468)."""
    body = base64.encodebytes(public_key).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body}-----END PUBLIC KEY-----\n"


def text_digest(text: str, *, title: str = "") -> str:
    """Return the SHA-256 of a contribution as it was sent, in hexadecimal.

    It is taken of the UTF-8 bytes of the text; a title stands before it, with an empty line between them.
    """
    return hashlib.sha256((f"{title}\n\n{text}" if title else text).encode()).hexdigest()


def seed_from_text(text: str) -> bytes:
    """Return the 32 bytes of a signing key from its base64; raises ``BadSeed``."""
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadSeed from None
    if len(seed) != SEED_BYTES:
        raise BadSeed
    return seed
