"""Who answers reports of barriers, says how accessible the platform is, and uploads videos in sign language."""

from datetime import datetime

from participation.accessibility.models import BarrierReport, BarrierState
from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l


def may_handle_barriers(actor: Actor) -> Permission:
    """Whether ``actor`` may read and answer reports of barriers: staff of the whole platform, and admins."""
    if actor.has(Role.STAFF):
        return ALLOWED
    return refuse(_l("Only city staff may do this."))


def may_answer_barrier(actor: Actor, report: BarrierReport) -> Permission:
    """Whether ``actor`` may answer a report; what was answered was sent, and stays."""
    if not (permission := may_handle_barriers(actor)):
        return permission
    if report.state is BarrierState.ANSWERED:
        return refuse(_l("This report has been answered already."))
    return ALLOWED


def may_put_off_barrier(actor: Actor, report: BarrierReport, *, until: datetime, latest: datetime) -> Permission:
    """Whether ``actor`` may name a later day for the answer: once, and none after ``latest``."""
    if not (permission := may_answer_barrier(actor, report)):
        return permission
    if report.interim_at is not None:
        return refuse(_l("A later day was named already. It has to hold."))
    if until <= report.due_at:
        return refuse(_l("This day is not later than the promised one."))
    if until > latest:
        return refuse(_l("This is later than the rules allow."))
    return ALLOWED


def may_edit_statement(actor: Actor) -> Permission:
    """Whether ``actor`` may say how accessible the platform is."""
    return _admins(actor)


def may_keep_sign_videos(actor: Actor) -> Permission:
    """Whether ``actor`` may upload and remove videos in sign language."""
    return _admins(actor)


def _admins(actor: Actor) -> Permission:
    if actor.has(Role.ADMIN):
        return ALLOWED
    return refuse(_l("Only admins of the platform may do this."))
