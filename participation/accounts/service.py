"""Signing up, confirming, signing in and out, resetting a password, the first admin."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.events import (
    AccountConfirmed,
    AccountCreated,
    PasswordChanged,
    PasswordResetRequested,
    SignUpRepeated,
)
from participation.accounts.models import Account, LinkPurpose, OneTimeLink, SignIn
from participation.accounts.passwords import verify_password
from participation.activity.service import record
from participation.kit.db import read_rows
from participation.kit.dialect import insert_missing, locked

SIGN_IN_LASTS = timedelta(days=14)
LINK_LASTS = {
    LinkPurpose.CONFIRM: timedelta(days=3),
    LinkPurpose.RESET: timedelta(hours=2),
    LinkPurpose.INVITE: timedelta(days=7),
}


GOOD_SIGN_IN = (
    (SignIn.token_hash == bindparam("token_hash")) & SignIn.ended_at.is_(None) & (SignIn.expires_at > bindparam("now"))
)
"""The sign-in with the hash ``token_hash`` has neither ended nor expired ``now``."""


class SignedOut(Exception):
    """Whoever sends this request is not signed in any more."""


@dataclass(frozen=True, slots=True)
class Token:
    """The hash of a sign-in's token: only the database knows whose it is, and whether it is still good."""

    hash: bytes


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, the language that letters to them are written in, and what is new in the inbox."""

    actor: Actor
    language: str
    unread: int = 0


def normalise_email(email: str) -> str:
    """Return the address as it is stored and compared."""
    return email.strip().lower()


def hash_token(token: str) -> bytes:
    """Return the hash under which a random token is kept."""
    return hashlib.sha256(token.encode()).digest()


Agree = Callable[[Session, int], None]
"""Writes down that an account agrees to what whoever signs up was shown."""


def sign_up(
    session: Session,
    *,
    email: str,
    password_hash: str,
    language: str,
    now: datetime,
    agree: Agree = lambda _session, _account_id: None,
) -> None:
    """Create an account that waits for confirmation; whoever asks learns nothing about existing ones.

    An unconfirmed account takes the new password and gets a fresh link; a confirmed one only gets a hint by mail, and
    nobody else agrees to anything in its name.
    """
    address = normalise_email(email)
    values = {"email": address, "language": language, "created_at": now}
    insert_missing(session, Account, values, key=["email"])
    account = session.scalars(locked(select(Account).where(Account.email == address))).one()
    if account.confirmed_at:
        record(session, SignUpRepeated(account.id), account_id=None, now=now)
        return
    account.password_hash = password_hash
    account.language = language
    agree(session, account.id)
    record(session, AccountCreated(account.id), account_id=account.id, now=now)


def issue_link(session: Session, *, account_id: int, purpose: LinkPurpose, now: datetime) -> str:
    """Return the token of a new one-time link; earlier links of the same purpose stop working."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(expires_at=now)
    )
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            account_id=account_id,
            purpose=purpose,
            token_hash=hash_token(token),
            created_at=now,
            expires_at=now + LINK_LASTS[purpose],
        )
    )
    return token


def find_link(session: Session, *, token: str, purpose: LinkPurpose, now: datetime) -> OneTimeLink | None:
    """Return the link behind ``token`` if it is still good for ``purpose``."""
    return session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
    )


def confirm(session: Session, *, token: str, now: datetime) -> Account | None:
    """Confirm the address behind ``token`` and use the link up; ``None`` when the link is no longer good."""
    link = find_link(session, token=token, purpose=LinkPurpose.CONFIRM, now=now)
    if link is None:
        return None
    link.used_at = now
    account = session.get_one(Account, link.account_id)
    account.confirmed_at = account.confirmed_at or now
    record(session, AccountConfirmed(account.id), account_id=account.id, now=now)
    return account


def check_password(session: Session, *, email: str, password: str) -> Account | None:
    """Return the account if the password fits; takes the same time for unknown addresses."""
    account = session.scalar(select(Account).where(Account.email == normalise_email(email)))
    fits = verify_password(account.password_hash if account else None, password)
    return account if fits else None


def knows_password(session: Session, *, account_id: int, password: str) -> bool:
    """Return whether ``password`` is that of the account."""
    return verify_password(session.get_one(Account, account_id).password_hash, password)


def choose_language(session: Session, *, account_id: int, language: str) -> None:
    """Speak and write to the account in ``language`` from now on."""
    session.get_one(Account, account_id).language = language


def sign_in(session: Session, *, account_id: int, now: datetime) -> str:
    """Return the random token of a new sign-in."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(account_id=account_id, token_hash=hash_token(token), created_at=now, expires_at=now + SIGN_IN_LASTS)
    )
    return token


def sign_out(session: Session, *, token: str, now: datetime) -> None:
    """End the sign-in behind ``token``."""
    session.execute(update(SignIn).where(SignIn.token_hash == hash_token(token)).values(ended_at=now))


Owed = Callable[[str | None], frozenset[int | None]]
"""Reads what the column about texts still to be agreed to says, as an ``Actor`` has it."""


def sign_ins(
    held_roles: FromClause, suspensions: FromClause, owed: ColumnElement[str | None]
) -> Select[*tuple[Any, ...]]:
    """Return the statement for ``signed_in``.

    ``held_roles`` has the columns account_id, role and process_id, ``suspensions`` account_id, process_id and until;
    ``owed`` is a column about the account.
    """
    return (
        select(Account.id, Account.email, Account.language, Account.verified_at, held_roles.c.role)
        .add_columns(held_roles.c.process_id, Account.unread, suspensions.c.process_id, suspensions.c.until, owed)
        .join(SignIn, SignIn.account_id == Account.id)
        .outerjoin(held_roles, held_roles.c.account_id == Account.id)
        .outerjoin(suspensions, suspensions.c.account_id == Account.id)
        .where(GOOD_SIGN_IN)
    )


def signed_in(
    session: Session, statement: Select[*tuple[Any, ...]], read_owed: Owed, *, token: str, now: datetime
) -> SignedIn | None:
    """Return who is behind a sign-in token that has neither ended nor expired, with the roles held now.

    Suspensions come along, those that are over as well: whoever asks says for which moment. So does what the person
    has yet to agree to, as ``read_owed`` reads it.
    """
    rows = read_rows(session, statement, {"token_hash": hash_token(token), "now": now}).all()
    if not rows:
        return None
    account_id, email, language, verified_at, _role, _process_id, unread, *_suspension = rows[0]
    grants = frozenset((row[4], row[5]) for row in rows if row[4] is not None)
    suspensions = {row[7]: row[8] for row in rows if row[7] is not None}
    actor = Actor(
        account_id,
        email,
        grants,
        is_verified=verified_at is not None,
        suspensions=suspensions,
        owes=read_owed(rows[0][9]),
    )
    return SignedIn(actor, language, unread)


def request_reset(session: Session, *, email: str, now: datetime) -> None:
    """Send a link for a new password if the address has an account; whoever asks learns nothing."""
    account = session.scalar(select(Account).where(Account.email == normalise_email(email)))
    if account:
        record(session, PasswordResetRequested(account.id), account_id=None, now=now)


def set_password(
    session: Session, *, token: str, purpose: LinkPurpose, password_hash: str, now: datetime
) -> Account | None:
    """Set the password of the account behind ``token``, end all its sign-ins and use up all its links.

    Returns ``None`` when the link is no longer good. Having received the link confirms the address.
    """
    link = find_link(session, token=token, purpose=purpose, now=now)
    if link is None:
        return None
    account = session.get_one(Account, link.account_id)
    account.password_hash = password_hash
    account.confirmed_at = account.confirmed_at or now
    unused = (OneTimeLink.account_id == account.id) & OneTimeLink.used_at.is_(None)
    session.execute(update(OneTimeLink).where(unused).values(used_at=now))
    session.execute(
        update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )
    record(session, PasswordChanged(account.id), account_id=account.id, now=now)
    return account


def create_account(
    session: Session, *, email: str, language: str, now: datetime, password_hash: str | None = None
) -> Account:
    """Return a confirmed account for ``email``, made if there is none: for invitations and the demo."""
    address = normalise_email(email)
    values = {"email": address, "language": language, "created_at": now, "confirmed_at": now}
    insert_missing(session, Account, values, key=["email"])
    account = session.scalars(select(Account).where(Account.email == address)).one()
    if password_hash:
        account.password_hash = password_hash
    return account
