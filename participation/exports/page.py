"""The page on which staff ask for a process as a file, see how far it is, fetch it and see who did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.activity.models import Job
from participation.exports.models import Export, ExportDownload, ExportState
from participation.exports.options import Options, read_options
from participation.exports.policies import is_kept, may_cancel_export, may_download
from participation.kit.permissions import require
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.workplace import Workplace, workplace
from participation.strategy.policies import may_export

MOST_SHOWN = 30
MOST_DOWNLOADS = 500


@dataclass(frozen=True, slots=True)
class Fetched:
    """Somebody got the file."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportItem:
    """One export on the list, and how far it is: ``rows`` of ``expected`` were read, and then written.

    ``read_at`` is the moment whose data the file holds, once everything was read; ``failure`` names what went wrong.
    With ``is_outdated`` something in the process was taken back since, so the file may say what nobody shall read now.
    """

    public_id: str
    format: str
    language: str
    options: Options
    state: str
    failure: str
    rows: int
    expected: int
    read_at: datetime | None
    requested_by: str
    is_own: bool
    requested_at: datetime
    size_bytes: int
    sha256: str
    expires_at: datetime | None
    fetched: tuple[Fetched, ...]
    is_outdated: bool
    may_download: bool
    may_cancel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportsPage:
    """The newest exports come first."""

    workplace: Workplace
    items: tuple[ExportItem, ...]
    is_running: bool
    has_older: bool
    hides_results: bool
    paper_number: str


def exports_page(
    session: Session, actor: Actor, process: ProcessOutline, *, language: str, now: datetime
) -> ExportsPage:
    """Return the page in ``language``; raises ``Refused`` when ``actor`` may not export."""
    require(may_export(actor, process.id))
    rows = session.execute(
        select(Export, Account.email, Job.progress)
        .join(Account, Account.id == Export.requested_by)
        .outerjoin(Job, Job.id == Export.job_id)
        .where(Export.process_id == process.id)
        .order_by(Export.requested_at.desc(), Export.id.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    fetched = _fetched(session, [export.id for export, _email, _progress in rows])
    items = tuple(
        _item(actor, process, export, email, progress, fetched.get(export.id, ()), now)
        for export, email, progress in rows[:MOST_SHOWN]
    )
    return ExportsPage(
        workplace=workplace(actor, process, language),
        items=items,
        is_running=any(item.state == ExportState.WAITING.value for item in items),
        has_older=len(rows) > MOST_SHOWN,
        hides_results=not may_see_results(process, now=now),
        paper_number=process.paper_number,
    )


def _fetched(session: Session, export_ids: Sequence[int]) -> dict[int, tuple[Fetched, ...]]:
    """Return who got the file of each export, the latest first."""
    rows = session.execute(
        select(ExportDownload.export_id, Account.email, ExportDownload.downloaded_at)
        .join(Account, Account.id == ExportDownload.account_id)
        .where(ExportDownload.export_id.in_(export_ids))
        .order_by(ExportDownload.id.desc())
        .limit(MOST_DOWNLOADS)
    )
    found: dict[int, tuple[Fetched, ...]] = {}
    for export_id, email, at in rows:
        found[export_id] = (*found.get(export_id, ()), Fetched(email, at))
    return found


def _item(
    actor: Actor,
    process: ProcessOutline,
    export: Export,
    email: str,
    progress: int | None,
    fetched: tuple[Fetched, ...],
    now: datetime,
) -> ExportItem:
    is_over = export.state is ExportState.DONE and not is_kept(export, now=now)
    expected = export.expected or 0
    return ExportItem(
        public_id=export.public_id,
        format=export.format,
        language=export.language,
        options=read_options(export.options),
        state="expired" if is_over else export.state.value,
        failure=export.failure or "",
        rows=min(progress or 0, expected),
        expected=expected,
        read_at=export.read_at,
        requested_by=email,
        is_own=export.requested_by == actor.account_id,
        requested_at=export.requested_at,
        size_bytes=export.size_bytes or 0,
        sha256=export.sha256 or "",
        expires_at=export.expires_at,
        fetched=fetched,
        is_outdated=export.losses is not None and export.losses != process.losses,
        may_download=bool(may_download(actor, export, now=now)),
        may_cancel=bool(may_cancel_export(actor, export)),
    )
