"""What is not kept for good: entries that were read long ago, and who got which digest."""

from datetime import timedelta

from sqlalchemy import delete, exists, select

from participation.activity.routines import Beat
from participation.kit import clock
from participation.kit.db import transaction
from participation.notifications.models import DigestLetter, DigestRun, InboxEntry

KEEPS_READ = timedelta(days=365)
KEEPS_LETTERS = timedelta(days=90)
AT_ONCE = 500


def tidy_inboxes(beat: Beat) -> None:
    """Remove entries read a year ago and the lists of letters of earlier quarters, a few at a time."""
    now = clock.now()
    old = select(InboxEntry.id).where(InboxEntry.read_at < now - KEEPS_READ).order_by(InboxEntry.id).limit(AT_ONCE)
    ended = DigestRun.done_at < now - KEEPS_LETTERS
    past = exists().where(DigestRun.id == DigestLetter.run_id, ended)
    while True:
        with transaction() as session:
            entries = session.scalars(old).all()
            letters = session.execute(
                select(DigestLetter.run_id, DigestLetter.account_id).where(past).limit(AT_ONCE)
            ).all()
            session.execute(delete(InboxEntry).where(InboxEntry.id.in_(entries)))
            for run_id in {run_id for run_id, _account_id in letters}:
                accounts = [account_id for its_run, account_id in letters if its_run == run_id]
                session.execute(
                    delete(DigestLetter).where(DigestLetter.run_id == run_id, DigestLetter.account_id.in_(accounts))
                )
        beat()
        if len(entries) < AT_ONCE and len(letters) < AT_ONCE:
            return
