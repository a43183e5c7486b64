"""Reading imports and column mappings for the pages about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.activity.models import Job
from participation.ideas.policies import may_import
from participation.intake.choices import Choices
from participation.intake.models import ColumnMapping, IntakeKind, IntakeRun, IntakeState
from participation.intake.policies import may_cancel, may_keep_mappings, may_start
from participation.kit.permissions import found, require

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One import: its file, how far it is, and what came of it.

    ``per_mille`` is how much of the file has been read; ``report`` what ``ImportReport.stored`` says.
    """

    id: int
    public_id: str
    kind: IntakeKind
    origin: str
    state: IntakeState
    file_name: str
    size_bytes: int
    choices: Choices
    all_or_nothing: bool
    is_trial: bool
    per_mille: int
    report: Mapping[str, Any]
    failure: str
    uploaded_by: str
    is_own: bool
    uploaded_at: datetime
    finished_at: datetime | None
    may_start: bool
    may_cancel: bool


@dataclass(frozen=True, slots=True)
class MappingView:
    """One saved column mapping."""

    id: int
    name: str
    kind: IntakeKind
    origin: str
    columns: Mapping[str, Any]
    saved_by: str
    saved_at: datetime


def runs_of(session: Session, actor: Actor, process_id: int) -> tuple[list[RunView], bool]:
    """Return the latest imports of a process, and whether there are older ones; raises ``Refused``."""
    require(may_import(actor, process_id))
    statement = _runs(process_id).order_by(IntakeRun.uploaded_at.desc(), IntakeRun.id.desc()).limit(MOST_SHOWN + 1)
    runs = [_view(actor, *row) for row in session.execute(statement)]
    return runs[:MOST_SHOWN], len(runs) > MOST_SHOWN


def run_by_id(session: Session, actor: Actor, process_id: int, public_id: str) -> RunView:
    """Return one import; raises ``Missing``, also for one of another process, and ``Refused``."""
    require(may_import(actor, process_id))
    row = session.execute(_runs(process_id).where(IntakeRun.public_id == public_id)).one_or_none()
    return _view(actor, *found(row))


def mappings(session: Session, actor: Actor, kind: IntakeKind | None = None) -> list[MappingView]:
    """Return the saved mappings by name, those for files of one kind if asked; raises ``Refused``."""
    require(may_keep_mappings(actor))
    statement = select(ColumnMapping, Account.email).join(Account, Account.id == ColumnMapping.saved_by)
    if kind is not None:
        statement = statement.where(ColumnMapping.kind == kind)
    rows = session.execute(statement.order_by(ColumnMapping.name, ColumnMapping.id))
    return [_mapping(mapping, saved_by) for mapping, saved_by in rows]


def mapping_named(session: Session, name: str) -> MappingView:
    """Return the mapping with this name; raises ``Missing``."""
    return _mapping(found(session.scalar(select(ColumnMapping).where(ColumnMapping.name == name))), "")


def _runs(process_id: int) -> Select[IntakeRun, str, int]:
    return (
        select(IntakeRun, Account.email, Job.progress)
        .join(Account, Account.id == IntakeRun.uploaded_by)
        .outerjoin(Job, Job.id == IntakeRun.job_id)
        .where(IntakeRun.process_id == process_id)
    )


def _view(actor: Actor, run: IntakeRun, uploaded_by: str, progress: int | None) -> RunView:
    return RunView(
        id=run.id,
        public_id=run.public_id,
        kind=run.kind,
        origin=run.origin,
        state=run.state,
        file_name=run.file_name,
        size_bytes=run.size_bytes,
        choices=Choices.read(run.columns),
        all_or_nothing=run.all_or_nothing,
        is_trial=run.is_trial,
        per_mille=progress or 0,
        report=run.report,
        failure=run.failure or "",
        uploaded_by=uploaded_by,
        is_own=run.uploaded_by == actor.account_id,
        uploaded_at=run.uploaded_at,
        finished_at=run.finished_at,
        may_start=bool(may_start(actor, run)),
        may_cancel=bool(may_cancel(actor, run)),
    )


def _mapping(mapping: ColumnMapping, saved_by: str) -> MappingView:
    return MappingView(
        mapping.id, mapping.name, mapping.kind, mapping.origin, mapping.columns, saved_by, mapping.saved_at
    )
