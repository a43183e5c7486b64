"""Tables of accounts, their sign-ins and their one-time links."""

import enum
from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference


class LinkPurpose(enum.Enum):
    """What a one-time link is good for."""

    CONFIRM = "confirm"
    RESET = "reset"
    INVITE = "invite"


class MailRhythm(enum.Enum):
    """How often somebody gets mail about what happens; letters about the account itself always come at once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Account(Base):
    """A person who can sign in; what the person says in public hangs on participants, not on this.

    ``verified_at`` is the day on which a residence code was entered, and ``code_tries`` how many were tried since.
    """

    __tablename__ = "account"

    id: Mapped[int] = big_id()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_rhythm: Mapped[MailRhythm] = mapped_column(named_enum(MailRhythm), default=MailRhythm.AT_ONCE)
    # How many entries of the inbox are new; kept along with them.
    unread: Mapped[int] = mapped_column(default=0)
    code_tries: Mapped[int] = mapped_column(default=0)
    code_tries_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Base):
    """One signed-in browser; the cookie holds a random token, this row its hash, so it can be ended here."""

    __tablename__ = "sign_in"

    id: Mapped[int] = big_id()
    account_id: Mapped[int] = reference("account.id", index=True, cascade=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeLink(Base):
    """A link that was mailed or shown once; only the hash of its token is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = big_id()
    account_id: Mapped[int] = reference("account.id", index=True, cascade=True)
    purpose: Mapped[LinkPurpose] = mapped_column(named_enum(LinkPurpose))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ResidenceCode(Base):
    """A code from a letter: whoever enters it lives where the letter went; only its hash is kept, it counts once."""

    __tablename__ = "residence_code"

    id: Mapped[int] = big_id()
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
