"""Which exports can be called off or fetched, and why not; who may export at all is a rule of strategy."""

from datetime import datetime

from participation.accounts.actor import Actor
from participation.exports.models import Export, ExportState
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.strategy.policies import may_export

_NO_FILE = {
    ExportState.WAITING: _l("This file is not ready yet."),
    ExportState.FAILED: _l("This file could not be written. Please ask for it again."),
    ExportState.CANCELLED: _l("This export was cancelled. Please ask for the file again."),
}


def may_cancel_export(actor: Actor, export: Export) -> Permission:
    """Staff of the process call off what is not finished."""
    permission = may_export(actor, export.process_id)
    if permission and export.state is not ExportState.WAITING:
        return refuse(_l("This export is finished already, so there is nothing to cancel."))
    return permission


def may_download(actor: Actor, export: Export, *, now: datetime) -> Permission:
    """Staff of the process fetch a file while it is kept; whoever lost the role since asking may not any more."""
    permission = may_export(actor, export.process_id)
    if not permission:
        return permission
    if export.state is not ExportState.DONE:
        return refuse(_NO_FILE[export.state])
    if not is_kept(export, now=now):
        return refuse(_l("This file was deleted because its time was over. Please ask for it again."))
    return ALLOWED


def is_kept(export: Export, *, now: datetime) -> bool:
    """Return whether the file of a finished export is still there to be fetched."""
    return export.removed_at is None and export.expires_at is not None and now < export.expires_at
