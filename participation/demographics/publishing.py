"""Publishing who takes part: what the worker does every night, and only when enough people have changed something."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from participation.demographics.figures import published_figures
from participation.demographics.models import PeopleFigures
from participation.demographics.queries import characteristics_of, latest_figures, people_changed, told
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.dialect import upsert
from participation.kit.suppression import K
from participation.processes.queries import all_processes, process_by_id
from participation.processes.service import touch


def publish_people_figures(beat: Callable[[], None]) -> None:
    """Publish the figures of each process that are due, each in a short transaction of its own."""
    process_ids = [process.id for process in all_processes(db.session())]
    for process_id in process_ids:
        # Looked at without a lock first: on most nights there is nothing to write.
        if is_due(db.session(), process_id):
            with transaction() as session:
                publish(session, process_id=process_id, now=clock.now())
        beat()


def is_due(session: Session, process_id: int) -> bool:
    """Return whether at least k people said something new or took it back since the last figures.

    Two releases that differ by one person would tell what that person said, however large the sums are.
    """
    last = latest_figures(session, process_id)
    if last is None:
        return told(session, process_id).people >= K
    return people_changed(session, process_id, since=last.made_at, people=last.people) >= K


def stale_figures(session: Session, process_id: int) -> list[str]:
    """Return which published figures are not what people said; nothing where somebody has said something new since."""
    last = latest_figures(session, process_id)
    if last is None or people_changed(session, process_id, since=last.made_at, people=last.people):
        return []
    framework_id = process_by_id(session, process_id).framework_id
    again = published_figures(told(session, process_id), characteristics_of(session, framework_id))
    stored, found = last.figures["characteristics"], again["characteristics"]
    # A question may have been added since, or taken away.
    wrong = [key for key in stored if key in found and stored[key] != found[key]]
    return wrong if last.figures["people"] == again["people"] else ["people", *wrong]


def publish(session: Session, *, process_id: int, now: datetime) -> bool:
    """Publish the figures of a process if they are due; return whether they were."""
    if not is_due(session, process_id):
        return False
    process, said = process_by_id(session, process_id), told(session, process_id)
    figures = published_figures(said, characteristics_of(session, process.framework_id))
    values = {"process_id": process_id, "people": said.people, "figures": figures, "made_at": now}
    upsert(session, PeopleFigures, values, key=["process_id"], update=["people", "figures", "made_at"])
    touch(session, process_id)
    return True
