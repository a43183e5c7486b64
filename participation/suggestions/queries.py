"""What the newest run proposes for the board of a process."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, load_only

from participation.kit.db import read_rows
from participation.processes.models import Process
from participation.suggestions.models import SuggestionRun
from participation.suggestions.outcome import (
    FreshCluster,
    IdeaSuggestions,
    Outcome,
    Outlier,
    Ranked,
    Result,
    unpacked,
)

__all__ = [
    "FreshCluster",
    "IdeaSuggestions",
    "Outcome",
    "Outlier",
    "Ranked",
    "has_result",
    "last_finished",
    "latest_run",
    "newest_run",
    "runs_of",
]

MOST_KEPT = 8
# By what is in them, so that they never go out of date; each takes about 1 kB for an idea.
_kept: OrderedDict[str, Result] = OrderedDict()
_lock = Lock()
_NEWEST = (
    select(SuggestionRun.id, SuggestionRun.number, SuggestionRun.finished_at, SuggestionRun.result_sha256)
    .join(Process, Process.id == SuggestionRun.process_id)
    .where(Process.suggests, SuggestionRun.result.is_not(None))
    .order_by(SuggestionRun.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list of them."""

    number: int
    method: str
    data_sha256: str
    result_sha256: str
    board_version: int
    ideas: int
    filed: int
    clusters: int
    finished_at: datetime


def newest_run(session: Session, process_id: int) -> Outcome | None:
    """Return what the newest run proposes for a process; ``None`` where there was none or nobody wants any.

    One query; a second one the first time that this process of the server asks for a run.
    """
    row = read_rows(session, _NEWEST.where(SuggestionRun.process_id == process_id)).one_or_none()
    if row is None:
        return None
    result = _kept.get(row.result_sha256)
    if result is None:
        stored = session.scalar(select(SuggestionRun.result).where(SuggestionRun.id == row.id))
        if stored is None:
            return None
        result = _keep(row.result_sha256, unpacked(bytes(stored)))
    return Outcome(row.number, row.finished_at, result)


def latest_run(session: Session, process_id: int) -> SuggestionRun | None:
    """Return the last run of a process as it is stored, its result left out."""
    columns = [column.name for column in SuggestionRun.__table__.columns if column.name != "result"]
    return session.scalar(
        select(SuggestionRun)
        .options(load_only(*(getattr(SuggestionRun, name) for name in columns), raiseload=True))
        .where(SuggestionRun.process_id == process_id)
        .order_by(SuggestionRun.number.desc())
        .limit(1)
    )


def has_result(session: Session, run: SuggestionRun) -> bool:
    """Return whether the result of a run is still kept."""
    kept = select(SuggestionRun.id).where(SuggestionRun.id == run.id, SuggestionRun.result.is_not(None))
    return session.scalar(kept) is not None


def runs_of(session: Session, process_id: int) -> Sequence[RunLine]:
    """Return the runs of a process, the newest first."""
    columns = (
        SuggestionRun.number,
        SuggestionRun.method,
        SuggestionRun.data_sha256,
        SuggestionRun.result_sha256,
        SuggestionRun.board_version,
        SuggestionRun.ideas,
        SuggestionRun.filed,
        SuggestionRun.clusters,
        SuggestionRun.finished_at,
    )
    own: ColumnElement[bool] = SuggestionRun.process_id == process_id
    rows = read_rows(session, select(*columns).where(own).order_by(SuggestionRun.number.desc()))
    return [RunLine(*row) for row in rows]


def last_finished(session: Session) -> datetime | None:
    """Return when suggestions were last computed for any process."""
    return session.scalar(select(func.max(SuggestionRun.finished_at)))


def _keep(sha256: str, result: Result) -> Result:
    with _lock:
        _kept[sha256] = result
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return result
