"""Codes from letters: whoever enters one lives where the letter went, and belongs to the voters of this place."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.events import ResidenceVerified
from participation.accounts.models import Account, ResidenceCode
from participation.accounts.service import hash_token
from participation.activity.service import record
from participation.kit.dialect import locked
from participation.kit.permissions import Refused
from participation.multilingual import lazy as _l
from participation.receipts.codes import new_code, parse_code

MOST_TRIES = 10
TRIES_COUNT = timedelta(days=1)


class TooManyTries(Refused):
    """Somebody has tried too many codes for today."""


def make_codes(session: Session, *, number: int, lasts: timedelta, now: datetime) -> list[str]:
    """Return so many new codes; only their hashes are kept, so this is the only moment at which they can be read."""
    codes = [new_code() for _ in range(number)]
    rows = [{"code_hash": hash_token(code), "created_at": now, "expires_at": now + lasts} for code in codes]
    session.execute(insert(ResidenceCode), rows)
    return codes


def use_code(session: Session, actor: Actor, *, typed: str, now: datetime) -> bool:
    """Use up the code that somebody typed; return whether the residence of their account is verified now.

    A wrong code, a used one and one that is too old all end the same way. Raises ``TooManyTries`` after ten within a
    day. Which code it was is kept nowhere, and both it and the account only carry the day: among those who entered
    a code on the same day, the letter's address and the account cannot be put together afterwards.
    """
    if actor.account_id is None:
        raise Refused(_l("Please sign in to take part."))
    # Locked: tries sent all at once are counted one after the other.
    account = session.scalars(
        locked(select(Account).where(Account.id == actor.account_id), keeps_key=True).execution_options(
            populate_existing=True
        )
    ).one()
    if account.verified_at is not None:
        return True
    _count_try(account, now)
    code, day = parse_code(typed), _day(now)
    if code is None or not _use_up(session, code, day, now):
        return False
    account.verified_at = day
    account.code_tries, account.code_tries_since = 0, None
    record(session, ResidenceVerified(account.id), account_id=account.id, now=now)
    return True


def is_verified(session: Session, account_id: int) -> bool:
    """Return whether an account belongs to somebody whose residence is verified."""
    return session.scalar(select(Account.verified_at).where(Account.id == account_id)) is not None


def _count_try(account: Account, now: datetime) -> None:
    if account.code_tries_since is None or account.code_tries_since + TRIES_COUNT <= now:
        account.code_tries, account.code_tries_since = 0, now
    if account.code_tries >= MOST_TRIES:
        raise TooManyTries(_l("You have tried many codes today. Please try again tomorrow."))
    account.code_tries += 1


def _use_up(session: Session, code: str, day: datetime, now: datetime) -> bool:
    unused = (ResidenceCode.code_hash == hash_token(code)) & ResidenceCode.used_at.is_(None)
    used = session.execute(
        update(ResidenceCode)
        .where(unused, ResidenceCode.expires_at > now)
        .values(used_at=day)
        .returning(ResidenceCode.id)
        .execution_options(synchronize_session=False)
    )
    return used.one_or_none() is not None


def _day(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
