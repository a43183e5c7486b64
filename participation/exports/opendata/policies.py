"""Which release may be handed out, and when there shall be a new one."""

from datetime import datetime, timedelta

from participation.exports.models import DataRelease, ReleaseState
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline

REST = timedelta(hours=1)
"""How long a release stands before a change alone makes a new one."""
OLDEST = timedelta(days=1)
"""How long until somebody looks whether votes have changed, which no version counts."""


def opens_data(process: ProcessOutline) -> bool:
    """Return whether a process offers what is public of it as open data."""
    return process.opens_data and process.state is not ProcessState.DRAFT


def is_offered(release: DataRelease | None, process: ProcessOutline) -> bool:
    """Return whether the files of a release may be handed out: nothing it holds has been taken back since."""
    return (
        release is not None
        and release.state is ReleaseState.CURRENT
        and release.losses == process.losses
        and opens_data(process)
    )


def is_due(current: DataRelease | None, process: ProcessOutline, *, now: datetime) -> bool:
    """Return whether somebody has to look for something new; at once where nothing can be handed out."""
    if not opens_data(process):
        return False
    if current is None or not is_offered(current, process) or current.checked_at is None:
        return True
    looked = now - current.checked_at
    return looked >= (REST if current.version != process.version else OLDEST)
