"""Writing and publishing legal texts, and agreeing to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import insert_new, insert_returning, locked
from participation.kit.permissions import Refused, found, require
from participation.kit.schema import Translated
from participation.legal.events import ConsentGiven, LegalDraftDiscarded, LegalTextPublished
from participation.legal.models import Consent, LegalKind, LegalText
from participation.legal.policies import may_write_legal
from participation.legal.queries import drafts, holding_text, last_number, published_among
from participation.multilingual import lazy as _l
from participation.processes.models import Process
from participation.processes.service import touch


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody writes: the text and what is new in it by language, and whether people have to agree anew."""

    text: Translated
    changes: Translated
    asks_consent: bool


CHANGED = _l("Somebody else has changed this draft meanwhile. Please look at it again.")


class ChangedMeanwhile(Refused):
    """Somebody else saved, published or threw away the draft since it was looked at."""


def save_draft(
    session: Session,
    actor: Actor,
    *,
    kind: LegalKind,
    process_id: int | None,
    wording: Wording,
    seen: str,
    now: datetime,
) -> LegalText:
    """Return the draft of the next version with a new wording; ``seen`` is the stamp of the draft it was made from.

    Raises ``ChangedMeanwhile`` when that is not the draft any more.
    """
    require(may_write_legal(actor, kind, process_id))
    draft = _draft(session, kind, process_id, seen)
    if draft is None:
        empty: dict[str, Any] = {"kind": kind, "process_id": process_id, "text": {}, "changes": {}, "written_at": now}
        if not insert_new(session.connection(), LegalText, empty, key=()):
            # Of what holds everywhere there is no row for which two people could have waited.
            raise ChangedMeanwhile(CHANGED)
        draft = session.scalars(drafts(kind, process_id)).one()
    draft.text, draft.changes = _said(wording.text), _said(wording.changes)
    draft.asks_consent = wording.asks_consent and kind is not LegalKind.IMPRINT
    draft.written_by, draft.written_at = actor.account_id, now
    session.flush()
    return draft


def discard_draft(
    session: Session, actor: Actor, *, kind: LegalKind, process_id: int | None, seen: str, now: datetime
) -> None:
    """Throw a draft away; what is published stays. Raises ``ChangedMeanwhile``, and ``Missing`` without a draft."""
    require(may_write_legal(actor, kind, process_id))
    session.delete(found(_draft(session, kind, process_id, seen)))
    record(session, LegalDraftDiscarded(kind.value, process_id), account_id=actor.account_id, now=now)


def publish_draft(
    session: Session, actor: Actor, *, kind: LegalKind, process_id: int | None, seen: str, now: datetime
) -> LegalText:
    """Return the draft as the version that holds from now on.

    Raises ``ChangedMeanwhile`` when it is not the draft that was looked at, and ``Missing`` without a draft.
    """
    require(may_write_legal(actor, kind, process_id))
    draft = found(_draft(session, kind, process_id, seen))
    if not draft.text:
        raise Refused(_l("There is no text yet."))
    _publish(session, actor, draft, now=now)
    return draft


def lead_back(session: Session, actor: Actor, *, kind: LegalKind, process_id: int, seen: str, now: datetime) -> None:
    """Let what holds everywhere hold in a process from now on; the versions of its own stay readable.

    ``seen`` is the number of the version that holds. Raises ``ChangedMeanwhile`` when that does not hold any more.
    """
    require(may_write_legal(actor, kind, process_id))
    _wait_for_others(session, process_id)
    holding = holding_text(session, kind, process_id)
    if holding is None or holding.process_id != process_id or str(holding.number) != seen:
        raise ChangedMeanwhile(_l("This version does not hold any more."))
    text = LegalText(kind=kind, process_id=process_id, text={}, changes={}, written_by=actor.account_id, written_at=now)
    session.add(text)
    _publish(session, actor, text, now=now)


def agree(session: Session, *, account_id: int, text_ids: Iterable[int], now: datetime) -> None:
    """Write down that an account agrees to the versions it was shown; once is enough.

    What was not published is passed over: nobody can have been shown it.
    """
    rows = [
        {"account_id": account_id, "legal_text_id": text_id, "given_at": now}
        for text_id in published_among(session, text_ids)
    ]
    key = ["account_id", "legal_text_id"]
    given = insert_returning(session, Consent, rows, key=key, returning=[Consent.legal_text_id])
    for (text_id,) in sorted(given):
        record(session, ConsentGiven(text_id), account_id=account_id, now=now)


def _draft(session: Session, kind: LegalKind, process_id: int | None, seen: str) -> LegalText | None:
    """Return the draft that ``seen`` is the stamp of, or ``None`` where there was none and is none."""
    if process_id is not None:
        _wait_for_others(session, process_id)
    draft = session.scalar(locked(drafts(kind, process_id)))
    stamp = draft.written_at.isoformat() if draft else ""
    if stamp != seen:
        raise ChangedMeanwhile(CHANGED)
    return draft


def _wait_for_others(session: Session, process_id: int) -> None:
    """Let nobody else write or publish a text of the process meanwhile, also where there is no draft to be locked."""
    session.execute(locked(select(Process.id).where(Process.id == process_id), keeps_key=True))


def _publish(session: Session, actor: Actor, text: LegalText, *, now: datetime) -> None:
    text.number = last_number(session, text.kind, text.process_id) + 1
    text.published_by, text.published_at = actor.account_id, now
    session.flush()
    record(session, LegalTextPublished(text.id), account_id=actor.account_id, now=now)
    if text.process_id is not None:
        touch(session, text.process_id)


def _said(text: Translated) -> Translated:
    return {language: words.strip() for language, words in text.items() if words.strip()}
