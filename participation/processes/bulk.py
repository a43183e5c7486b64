"""Making many participants at once, for people who came with an import and have no account here."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from participation.kit.dialect import insert_missing
from participation.processes.models import Participant
from participation.processes.pseudonyms import random_pseudonym

KEY_LONGEST = 120


def join_by_key(session: Session, *, process_id: int, keys: Mapping[str, datetime]) -> dict[str, int]:
    """Return the participant's id for each external key; those not there yet join under a random pseudonym.

    ``keys`` says when each of them did something: they took part from the earliest of these moments on. Keys are at
    most 120 characters long. Whoever calls has asked whether the actor may do this.
    """
    wanted = sorted(keys)
    for _ in range(10):
        known = _ids_by_key(session, process_id, wanted)
        missing = [key for key in wanted if key not in known]
        if not missing:
            _move_back(session, {known[key]: keys[key] for key in wanted})
            return known
        # A pseudonym that is taken leaves its key out, for another round.
        rows = [
            {"process_id": process_id, "external_key": key, "pseudonym": random_pseudonym(), "joined_at": keys[key]}
            for key in missing
        ]
        insert_missing(session, Participant, rows, key=[])
    raise RuntimeError("no free pseudonym found")


def first_moments(done: Iterable[tuple[str | None, datetime]]) -> dict[str, datetime]:
    """Return when each key did something first; ``None``, which is nobody, is left out."""
    first: dict[str, datetime] = {}
    for key, moment in done:
        if key is not None:
            first[key] = min(moment, first.get(key, moment))
    return first


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


def _move_back(session: Session, moments: Mapping[int, datetime]) -> None:
    """Let participants have joined at these moments, where they have not joined earlier."""
    rows = session.execute(select(Participant.id, Participant.joined_at).where(Participant.id.in_(moments)))
    earlier = [{"who": id_, "moment": moments[id_]} for id_, joined_at in rows if moments[id_] < joined_at]
    if earlier:
        statement = update(Participant).where(Participant.id == bindparam("who")).values(joined_at=bindparam("moment"))
        session.connection().execute(statement, earlier)


def _ids_by_key(session: Session, process_id: int, keys: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(Participant.external_key, Participant.id).where(
            Participant.process_id == process_id, Participant.external_key.in_(keys)
        )
    )
    return {key: participant_id for key, participant_id in rows if key is not None}
