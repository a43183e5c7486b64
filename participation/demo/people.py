"""Who the people of the demo say they are, and how its whole city is made up: both invented, and labelled so."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.demo.cast import Cast
from participation.demographics.models import SelfDescription
from participation.demographics.publishing import publish
from participation.demographics.queries import characteristics_of
from participation.demographics.reference import import_reference, reference_file
from participation.kit.dialect import insert_missing
from participation.multilingual.texts import read_texts
from participation.processes.outline import ProcessOutline

CONTENT = Path(__file__).parent / "content" / "people.yaml"
SEED = 29
"""Drawn from apart: what people say about themselves must not change what else happens in the demo."""
TOLD_BEFORE = timedelta(days=2)


def describe_people(session: Session, process: ProcessOutline, cast: Cast, *, now: datetime) -> None:
    """Let many residents say something about themselves, and publish the sums beside those of the whole city."""
    content, chance = _content(), Random(SEED)  # noqa: S311  # the demo shall look the same every time
    import_reference(session, SYSTEM, content=reference_file(CONTENT.name, content["reference"]))
    characteristics = characteristics_of(session, process.framework_id)
    rows = []
    for number, participant_id in enumerate(cast.participants):
        # Whoever visits the demo shall find the questions unanswered.
        if chance.random() >= content["tells"] or number == cast.resident:
            continue
        for characteristic in characteristics:
            weights = content["answers"][characteristic.key]
            chosen = chance.choices(characteristic.options, [weights[option.key] for option in characteristic.options])
            rows.append(
                {
                    "participant_id": participant_id,
                    "characteristic_id": characteristic.id,
                    "option_id": chosen[0].id,
                    "consented_at": now - TOLD_BEFORE,
                }
            )
    insert_missing(session, SelfDescription, rows, key=[])
    publish(session, process_id=process.id, now=now)


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    content: dict[str, Any] = read_texts(CONTENT)
    return content
