"""Switching a provider on and off, trying again, keeping what a provider made of a text, and letting go of it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.models import Process
from participation.processes.service import touch
from participation.wordings import showing
from participation.wordings.events import ErrandsTriedAgain, TranslatorChosen
from participation.wordings.models import Errand, ErrandState, Origin, ProviderHealth, Wording, WordingState
from participation.wordings.policies import may_choose_provider, may_see_errands
from participation.wordings.subjects import Subject


def choose_provider(
    session: Session, actor: Actor, *, process_id: int, provider: str, offered: Collection[str], now: datetime
) -> bool:
    """Switch the provider of a process on, to another one, or off with an empty name; return whether that is new.

    What is asked for or dropped because of it is left to the worker.
    """
    require(may_choose_provider(actor, process_id))
    process = found(session.scalar(locked(select(Process).where(Process.id == process_id))))
    if provider and provider not in offered:
        raise Refused(_l("This service is not set up here."))
    if process.translator == provider:
        return False
    process.translator = provider
    # What one service could not do another one may.
    failed = (Errand.process_id == process_id, Errand.state == ErrandState.FAILED)
    session.execute(update(Errand).where(*failed).values(state=ErrandState.VOID))
    session.flush()
    touch(session, process_id)
    record(session, TranslatorChosen(process_id, provider), account_id=actor.account_id, now=now)
    return True


def try_again(session: Session, actor: Actor, *, process_id: int, now: datetime) -> int:
    """Have the provider of a process asked again for everything that failed; return how many errands that are.

    A break that the provider has is over, too.
    """
    require(may_see_errands(actor, process_id))
    failed = (Errand.process_id == process_id, Errand.state == ErrandState.FAILED)
    count = session.scalar(select(func.count()).where(*failed)) or 0
    again = {"state": ErrandState.WAITING, "attempts": 0, "next_at": now, "asked_at": now, "ended_at": None}
    session.execute(update(Errand).where(*failed).values(again))
    provider = select(Process.translator).where(Process.id == process_id).scalar_subquery()
    session.execute(update(ProviderHealth).where(ProviderHealth.name == provider).values(resumes_at=None))
    waiting = (Errand.process_id == process_id, Errand.state == ErrandState.WAITING, Errand.next_at > now)
    session.execute(update(Errand).where(*waiting).values(next_at=now))
    record(session, ErrandsTriedAgain(process_id, count), account_id=actor.account_id, now=now)
    return count


def keep_machine_wording(
    session: Session,
    *,
    process_id: int,
    idea_id: int,
    subject: Subject,
    revision: int,
    source_language: str,
    language: str,
    title: str,
    text: str,
    provider: str,
    now: datetime,
) -> Wording | None:
    """Show what ``provider`` made of a text; ``None`` where people's wording of the same revision is shown already."""
    kind, number = subject
    wording = Wording(
        process_id=process_id,
        idea_id=idea_id,
        subject_kind=kind,
        subject_id=number,
        revision=revision,
        source_language=source_language,
        language=language,
        origin=Origin.MACHINE,
        provider=provider,
        state=WordingState.SHOWN,
        title=title,
        text=text,
        made_at=now,
    )
    return wording if showing.show(session, wording, now=now) else None


def drop_machine_wordings(session: Session, process_id: int, *, most: int) -> int:
    """Delete up to ``most`` of the wordings that providers made in a process, and return how many.

    Of what moderators took down the words go, and that it was taken down stays: no provider makes it again.
    """
    made = (Wording.process_id == process_id, Wording.origin == Origin.MACHINE)
    is_down = Wording.state == WordingState.REFUSED
    session.execute(update(Wording).where(*made, is_down, Wording.text != "").values(title="", text=""))
    statement = select(Wording).where(*made, ~is_down)
    rows = list(session.scalars(statement.order_by(Wording.id).limit(most)))
    showing.delete(session, rows)
    return len(rows)


def call_off(session: Session, process_id: int, *, now: datetime) -> None:
    """Call every errand of a process off, also those that are done: switched on again, all is asked for anew."""
    off = (Errand.process_id == process_id, Errand.state != ErrandState.VOID)
    session.execute(update(Errand).where(*off).values(state=ErrandState.VOID, ended_at=now, claimed_until=None))
