"""Tables of receipts and of the public keys that they can be checked with."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class ReceiptKind(enum.Enum):
    """What a receipt is for."""

    IDEA = "idea"
    ADDENDUM = "addendum"
    COMMENT = "comment"
    VOTE = "vote"


class ReceiptKey(Base):
    """A public key; kept for good, so that receipts can be checked after the signing key was changed."""

    __tablename__ = "receipt_key"

    id: Mapped[int] = big_id()
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Receipt(Base):
    """Proof that a contribution came in; ``subject_id`` is a plain number, because what it names lies above.

    ``digest`` is that of the text as it was sent; votes have none, their stance must not be guessed from it.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "revision"),)

    id: Mapped[int] = big_id()
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[ReceiptKind] = mapped_column(named_enum(ReceiptKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(String(64), default="")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_id: Mapped[int] = reference("receipt_key.id")
    signature: Mapped[bytes] = mapped_column(LargeBinary)
