"""Saying something about oneself, changing it, taking it back; nothing about it is logged."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.demographics.models import SelfDescription
from participation.demographics.policies import may_describe_self
from participation.demographics.queries import characteristics_of
from participation.kit.dialect import locked
from participation.kit.permissions import Missing, require
from participation.processes.models import Participant
from participation.processes.queries import participant_of, process_by_slug


def describe_self(session: Session, actor: Actor, *, slug: str, answers: Mapping[int, int], now: datetime) -> None:
    """Store the chosen option of each characteristic, by ids, in place of everything said before.

    Saying nothing is the same as taking everything back. Raises ``Missing`` for answers that are not offered.
    """
    process = process_by_slug(session, slug)
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    require(may_describe_self(actor, process, takes_part=participant is not None))
    assert participant is not None
    offered = {
        characteristic.id: {option.id for option in characteristic.options}
        for characteristic in characteristics_of(session, process.framework_id)
    }
    if any(option_id not in offered.get(characteristic_id, ()) for characteristic_id, option_id in answers.items()):
        raise Missing
    _forget(session, participant.id)
    session.add_all(
        SelfDescription(
            participant_id=participant.id, characteristic_id=characteristic_id, option_id=option_id, consented_at=now
        )
        for characteristic_id, option_id in sorted(answers.items())
    )
    session.flush()


def take_back_description(session: Session, actor: Actor, *, slug: str) -> None:
    """Delete everything the actor said about themselves in a process, whatever its phase; twice is the same as once."""
    process = process_by_slug(session, slug)
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    if participant is not None:
        _forget(session, participant.id)


def _forget(session: Session, participant_id: int) -> None:
    # One at a time per person: two forms sent at once must not both insert.
    session.execute(locked(select(Participant.id).where(Participant.id == participant_id), keeps_key=True))
    session.execute(delete(SelfDescription).where(SelfDescription.participant_id == participant_id))
