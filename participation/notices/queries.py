"""Looking up a notice."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.notices.codes import hash_code
from participation.notices.models import Notice


def notice_by_code(session: Session, code: str) -> Notice | None:
    """Return the notice that has this code."""
    return session.scalar(select(Notice).where(Notice.code_hash == hash_code(code)))
