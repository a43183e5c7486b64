"""The words that moderators watch themselves: putting them on the list and taking them off it."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import insert_new
from participation.kit.permissions import Missing, Refused, found, require
from participation.multilingual import lazy as _l
from participation.signals.events import WatchedWordsChanged
from participation.signals.models import WatchedWord
from participation.signals.policies import may_be_watched, may_watch_words
from participation.texts.stems import fold


def words_of(session: Session, process_id: int) -> tuple[WatchedWord, ...]:
    """Return the words that are watched in a process, by language and spelling; those for all processes among them."""
    here = or_(WatchedWord.process_id == process_id, WatchedWord.process_id.is_(None))
    return tuple(
        session.scalars(
            select(WatchedWord).where(here).order_by(WatchedWord.language, WatchedWord.word, WatchedWord.id)
        )
    )


def watch_word(
    session: Session, actor: Actor, *, process_id: int | None, language: str, word: str, now: datetime
) -> None:
    """Put a word on the list of a process, or on that of all processes; what waits is looked at anew soon.

    A star at the beginning or end stands for whatever the word begins or ends with. Raises ``Refused`` for a word that
    says too little and for one that is there already.
    """
    require(may_watch_words(actor, process_id))
    entry = " ".join(word.split())
    require(may_be_watched(fold(entry.strip("* "))))
    row = {
        "process_id": process_id,
        "language": language,
        "word": entry,
        "added_by": actor.account_id,
        "added_at": now,
    }
    if not insert_new(session.connection(), WatchedWord, row, key=()):
        raise Refused(_l("This word is on the list already."))
    record(session, WatchedWordsChanged(process_id), account_id=actor.account_id, now=now)


def forget_word(session: Session, actor: Actor, *, process_id: int, word_id: int, now: datetime) -> None:
    """Take a word off the list; one for all processes only by those who moderate all of them."""
    row: WatchedWord = found(session.get(WatchedWord, word_id))
    if row.process_id not in (None, process_id):
        raise Missing
    require(may_watch_words(actor, row.process_id))
    session.execute(delete(WatchedWord).where(WatchedWord.id == word_id))
    record(session, WatchedWordsChanged(row.process_id), account_id=actor.account_id, now=now)
