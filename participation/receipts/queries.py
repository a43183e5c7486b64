"""Reading receipts and the public keys that they can be checked with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from participation.receipts.models import Receipt, ReceiptKey, ReceiptKind
from participation.receipts.signing import is_signed, said_by


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with the words that were signed, the signature, and the public key that belongs to it."""

    code: str
    kind: ReceiptKind
    subject_id: int
    revision: int
    digest: str
    issued_at: datetime
    signed_text: str
    signature: bytes
    fingerprint: str
    public_key: bytes

    @property
    def is_valid(self) -> bool:
        """Whether the signature fits what is kept about the receipt."""
        return is_signed(self.signed_text, self.signature, self.public_key)


@dataclass(frozen=True, slots=True)
class KeyView:
    """A public key that receipts were signed with."""

    fingerprint: str
    public_key: bytes
    first_used_at: datetime


def receipt_by_code(session: Session, code: str) -> ReceiptView | None:
    """Return the receipt with this code, in the spelling of ``parse_code``."""
    row = session.execute(_receipts().where(Receipt.code == code)).one_or_none()
    return _view(*row) if row else None


def receipts_about(session: Session, kind: ReceiptKind, subject_ids: Iterable[int]) -> dict[int, list[ReceiptView]]:
    """Return the receipts of each contribution of this kind that has any, the one of the latest revision first."""
    about: dict[int, list[ReceiptView]] = {}
    statement = _receipts().where(Receipt.kind == kind, Receipt.subject_id.in_(list(subject_ids)))
    for receipt, key in session.execute(statement.order_by(Receipt.subject_id, Receipt.revision.desc())):
        about.setdefault(receipt.subject_id, []).append(_view(receipt, key))
    return about


def latest_digest(session: Session, receipt: ReceiptView) -> tuple[int, str]:
    """Return revision and digest of the latest receipt of the same contribution."""
    same = (Receipt.kind == receipt.kind) & (Receipt.subject_id == receipt.subject_id)
    statement = select(Receipt.revision, Receipt.digest).where(same).order_by(Receipt.revision.desc()).limit(1)
    revision, digest = session.execute(statement).one()
    return revision, digest


def numbers_with_receipt(session: Session, kind: ReceiptKind, subject_ids: Iterable[int]) -> set[int]:
    """Return which of these contributions have a receipt; what came from elsewhere has none."""
    wanted = list(subject_ids)
    if not wanted:
        return set()
    return set(session.scalars(select(Receipt.subject_id).where(Receipt.kind == kind, Receipt.subject_id.in_(wanted))))


def public_keys(session: Session) -> list[KeyView]:
    """Return all public keys that were ever signed with, the latest first."""
    keys = session.scalars(select(ReceiptKey).order_by(ReceiptKey.first_used_at.desc(), ReceiptKey.id.desc()))
    return [KeyView(key.fingerprint, key.public_key, key.first_used_at) for key in keys]


def public_key(session: Session, fingerprint: str) -> bytes | None:
    """Return the public key with this fingerprint, in DER, if it is one of ours."""
    return session.scalar(select(ReceiptKey.public_key).where(ReceiptKey.fingerprint == fingerprint))


def _receipts() -> Select[Receipt, ReceiptKey]:
    return select(Receipt, ReceiptKey).join(ReceiptKey, ReceiptKey.id == Receipt.key_id)


def _view(receipt: Receipt, key: ReceiptKey) -> ReceiptView:
    return ReceiptView(
        code=receipt.code,
        kind=receipt.kind,
        subject_id=receipt.subject_id,
        revision=receipt.revision,
        digest=receipt.digest,
        issued_at=receipt.issued_at,
        signed_text=said_by(receipt, key.fingerprint).text(),
        signature=receipt.signature,
        fingerprint=key.fingerprint,
        public_key=key.public_key,
    )
