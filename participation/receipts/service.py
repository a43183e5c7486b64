"""Issuing receipts, and putting a new signing key into use."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.kit.dialect import insert_missing
from participation.receipts.codes import new_code
from participation.receipts.keyring import keyring
from participation.receipts.models import Receipt, ReceiptKey, ReceiptKind
from participation.receipts.signing import SigningKey, said_by, text_digest


def receipt_for_text(
    session: Session,
    *,
    kind: ReceiptKind,
    subject_id: int,
    text: str,
    title: str = "",
    revision: int = 1,
    now: datetime,
) -> Receipt:
    """Return the receipt of a contribution that is a text, to be called in the transaction that takes it."""
    digest = text_digest(text, title=title)
    return issue_receipt(session, kind=kind, subject_id=subject_id, revision=revision, digest=digest, now=now)


def issue_receipt(
    session: Session,
    *,
    kind: ReceiptKind,
    subject_id: int,
    revision: int,
    digest: str,
    now: datetime,
    came_in: datetime | None = None,
) -> Receipt:
    """Return the receipt of a contribution; the same contribution and revision again returns the same receipt.

    ``digest`` is the ``text_digest`` of what was sent, empty for a vote. Of a vote only the day is kept. What
    came in before ``now`` did so at ``came_in``. Raises ``KeyUnusable`` when there is a signing key that cannot be
    read.
    """
    about = (Receipt.kind == kind, Receipt.subject_id == subject_id, Receipt.revision == revision)
    earlier = session.scalar(select(Receipt).where(*about))
    if earlier:
        return earlier
    key = keyring().signing_key()
    is_vote = kind is ReceiptKind.VOTE
    moment = came_in or now
    receipt = Receipt(
        code=new_code(),
        kind=kind,
        subject_id=subject_id,
        revision=revision,
        digest="" if is_vote else digest,
        issued_at=_day(moment) if is_vote else moment.astimezone(UTC).replace(microsecond=0),
        key_id=note_key(session, key, now=now),
    )
    receipt.signature = key.sign(said_by(receipt, key.fingerprint).text())
    session.add(receipt)
    session.flush()
    return receipt


def note_key(session: Session, key: SigningKey, *, now: datetime) -> int:
    """Return the number under which the public half of ``key`` is kept for good."""
    known = select(ReceiptKey.id).where(ReceiptKey.fingerprint == key.fingerprint)
    found = session.scalar(known)
    if found is not None:
        return found
    values = {"fingerprint": key.fingerprint, "public_key": key.public_key, "first_used_at": now}
    insert_missing(session, ReceiptKey, values, key=["fingerprint"])
    return session.scalars(known).one()


def _day(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
