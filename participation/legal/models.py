"""Tables of legal texts and of consents to them."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class LegalKind(enum.Enum):
    """What a legal text is."""

    IMPRINT = "imprint"
    PRIVACY = "privacy"
    RULES = "rules"


class LegalText(Base):
    """One version of a legal text, for everything (``process_id`` empty) or in place of that for one process.

    What is not published is a draft, one at a time; what is published stays as it is. The number counts published
    versions of one place. ``text`` holds headings ("## …") and paragraphs by language, ``changes`` what is new in it.
    With ``asks_consent`` people who take part have to agree anew. Before the first version the text that came with
    the product holds. A published version of a process without any ``text`` says that from then on what holds
    everywhere holds there, too.
    """

    __tablename__ = "legal_text"
    __table_args__ = (
        Index(
            "uq_legal_text_number",
            "kind",
            text("coalesce(process_id, 0)"),
            "number",
            unique=True,
            sqlite_where=text("number IS NOT NULL"),
            postgresql_where=text("number IS NOT NULL"),
        ),
        Index(
            "uq_legal_text_draft",
            "kind",
            text("coalesce(process_id, 0)"),
            unique=True,
            sqlite_where=text("number IS NULL"),
            postgresql_where=text("number IS NULL"),
        ),
        # Looked at with every request of somebody signed in: nothing but numbers, and mostly empty.
        Index(
            "ix_legal_text_asking",
            "kind",
            "process_id",
            "number",
            sqlite_where=text("asks_consent = 1"),
            postgresql_where=text("asks_consent"),
        ),
        CheckConstraint("(number IS NULL) = (published_at IS NULL)", name="published"),
    )

    id: Mapped[int] = big_id()
    kind: Mapped[LegalKind] = mapped_column(named_enum(LegalKind))
    process_id: Mapped[int | None] = reference("process.id", nullable=True, index=True)
    number: Mapped[int | None]
    text: Mapped[dict[str, str]]
    changes: Mapped[dict[str, str]]
    asks_consent: Mapped[bool] = mapped_column(default=False)
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = reference("account.id", nullable=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Consent(Base):
    """Somebody agreed to a version of a legal text."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("account_id", "legal_text_id"),)

    id: Mapped[int] = big_id()
    account_id: Mapped[int] = reference("account.id", cascade=True)
    legal_text_id: Mapped[int] = reference("legal_text.id", index=True)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
