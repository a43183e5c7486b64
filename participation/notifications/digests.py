"""Digests by mail: what is new, once a day or once a week, for everybody who wants it so.

A round begins with one statement for all its letters. They are claimed in batches with a lease; one connection takes a
whole batch, and each letter is noted as soon as the server has it. Whatever dies on the way, every letter is noted
once; one that was handed over a moment before goes out again as the same message.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from participation.accounts.models import MailRhythm
from participation.activity.pace import LEASE
from participation.activity.routines import Beat
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.mail import HandOver, Letter, LineLost, MailFailed, mail_line
from participation.notifications import rounds
from participation.notifications.composing import digest_letter, items_from
from participation.notifications.events import LettersToSend
from participation.notifications.matters import Matter, matters_of
from participation.notifications.models import LetterState
from participation.notifications.queries import Unmailed, unmailed
from participation.notifications.recipients import Recipient, recipients
from participation.notifications.rounds import Batch, Claim
from participation.notifications.worded import matters_for

BEGINS = timedelta(hours=6)
"""At this time of day rounds begin, in the city's time zone; the weekly one on Mondays."""
EVERY_MINUTES = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter, or none where there is nothing to say, and the entries that it tells of."""

    letter: Letter | None = None
    told: tuple[int, ...] = ()


NOTHING = Composed()


def periods(moment: datetime, zone: ZoneInfo) -> Mapping[MailRhythm, str]:
    """Return the day and the week whose rounds are due at ``moment``; before their hour those are the ones before."""
    local = moment.astimezone(zone).replace(tzinfo=None) - BEGINS
    year, week, _day = local.isocalendar()
    return {MailRhythm.DAILY: f"{local:%Y-%m-%d}", MailRhythm.WEEKLY: f"{year}-W{week:02}"}


def begin_due_rounds(_beat: Beat) -> None:
    """Begin the rounds whose time has come, and go on with those that got stuck."""
    session = db.session()
    now = clock.now()
    due = periods(now, clock.zone(current_app.config["TIMEZONE"]))
    new = {rhythm: period for rhythm, period in due.items() if not rounds.is_begun(session, rhythm, period)}
    stuck = rounds.rounds_to_go_on(session, now=now)
    session.rollback()
    for rhythm, period in new.items():
        with transaction() as writing:
            letters = rounds.begin_round(writing, rhythm, period, now=now)
        logger.info("the %s round of %s has %d letters", rhythm.value, period, letters)
    for run_id in stuck:
        with transaction() as writing:
            rounds.go_on(writing, run_id, now=now)


def send_letters(event: LettersToSend) -> None:
    """Send the next letters of a round and let the rest follow, so that other deliveries come in between.

    Raises ``OSError`` or ``MailFailed`` when the mail server is away; the letters wait until it is back.
    """
    began = clock.now()
    with transaction() as session:
        batch = rounds.claim(session, event.run_id, now=began)
    if batch is None:
        return
    waiting = list(batch.claims)
    try:
        composed = _compose(batch)
        with mail_line(current_app.config) as hand_over:
            # Whatever is not sent before the lease is over would be sent by two workers.
            while waiting and clock.now() < began + LEASE / 2:
                claim = waiting.pop(0)
                _send(batch, claim, composed.get(claim.account_id, NOTHING), hand_over)
    finally:
        # Each was tried or is given back: none waits for the end of the lease.
        if waiting:
            with transaction() as session:
                rounds.give_back(session, batch, [claim.account_id for claim in waiting], now=clock.now())
    with transaction() as session:
        rounds.go_on(session, batch.run_id, now=clock.now())


def _compose(batch: Batch) -> dict[int, Composed]:
    """Return the letters of a batch, read with a few statements for all of them."""
    session = db.session()
    everybody = recipients(session, [claim.account_id for claim in batch.claims])
    readers = {id_: one for id_, one in everybody.items() if one.rhythm is batch.rhythm}
    new = unmailed(session, readers.keys(), through=batch.through_id)
    matters = matters_of(session, [entry for one in new.values() for entry in one.entries], now=clock.now())
    languages = {id_: reader.language for id_, reader in readers.items()}
    own: dict[int, list[Matter]] = {}
    for matter in matters_for(session, matters, languages):
        own.setdefault(matter.entry.account_id, []).append(matter)
    # Nothing may be open while the mail server is spoken to.
    session.rollback()
    return {id_: _composed(batch, readers[id_], one, own[id_]) for id_, one in new.items()}


def _composed(batch: Batch, recipient: Recipient, new: Unmailed, matters: list[Matter]) -> Composed:
    said = [item for item in items_from(recipient, matters) if not item.is_gone]
    letter = digest_letter(recipient, said, more=new.more, run_id=batch.run_id) if said else None
    return Composed(letter, tuple(entry.id for entry in new.entries))


def _send(batch: Batch, claim: Claim, composed: Composed, hand_over: HandOver) -> None:
    """Hand one letter over and note what became of it; raises ``LineLost`` or ``OSError`` when no other can follow."""
    try:
        if composed.letter is not None:
            hand_over(composed.letter)
    except (MailFailed, OSError) as problem:
        known = isinstance(problem, MailFailed)
        with transaction() as session:
            rounds.note_failed(
                session,
                batch,
                claim,
                # What else the system says may name somebody.
                error=str(problem) if known else type(problem).__name__,
                is_final=getattr(problem, "is_final", False),
                now=clock.now(),
            )
        if isinstance(problem, LineLost) or not known:
            raise
        return
    state = LetterState.SENT if composed.letter else LetterState.EMPTY
    with transaction() as session:
        rounds.note_sent(session, batch, claim.account_id, told=composed.told, state=state, now=clock.now())
