"""Making many participants at once, for people who came with an import and have no account here."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.kit.dialect import insert_missing
from participation.processes.models import Participant
from participation.processes.pseudonyms import random_pseudonym

KEY_LONGEST = 120


def join_by_key(session: Session, *, process_id: int, keys: Iterable[str], now: datetime) -> dict[str, int]:
    """Return the participant's id for each external key; those not there yet join under a random pseudonym.

    Keys are at most 120 characters long. Whoever calls has asked whether the actor may do this.
    """
    wanted = sorted(set(keys))
    for _ in range(10):
        known = _ids_by_key(session, process_id, wanted)
        missing = [key for key in wanted if key not in known]
        if not missing:
            return known
        # A pseudonym that is taken leaves its key out, for another round.
        rows = [
            {"process_id": process_id, "external_key": key, "pseudonym": random_pseudonym(), "joined_at": now}
            for key in missing
        ]
        insert_missing(session, Participant, rows, key=[])
    raise RuntimeError("no free pseudonym found")


def join_as(session: Session, *, process_id: int, key: str, pseudonym: str, now: datetime) -> int:
    """Return the id of the participant with this external key, made under ``pseudonym`` or one that begins with it."""
    for attempt in range(1, 100):
        known = _ids_by_key(session, process_id, [key])
        if known:
            return known[key]
        name = pseudonym if attempt == 1 else f"{pseudonym} {attempt}"
        values = {"process_id": process_id, "external_key": key, "pseudonym": name, "joined_at": now}
        insert_missing(session, Participant, values, key=[])
    raise RuntimeError("no free pseudonym found")


def _ids_by_key(session: Session, process_id: int, keys: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(Participant.external_key, Participant.id).where(
            Participant.process_id == process_id, Participant.external_key.in_(keys)
        )
    )
    return {key: participant_id for key, participant_id in rows if key is not None}
