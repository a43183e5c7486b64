"""Who may do what in a process, and why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.multilingual.moments import lazy_moment
from participation.processes.models import Capability, Electorate, ProcessState
from participation.processes.outline import ProcessOutline

GRACE = timedelta(minutes=15)
OPEN_FOR = timedelta(hours=24)
"""So long a form that somebody has open counts as opened in time: as long as it can be sent without a second look."""
BALLOTS = frozenset({Capability.VOTE, Capability.PRIORITISE})
"""What says something about results, and is for those whom the process counts as its voters."""


@dataclass(frozen=True, slots=True)
class DeskRights:
    """Which work places of a process somebody may enter."""

    moderates: bool
    exports: bool
    edits: bool

    @property
    def answers(self) -> bool:
        """Whether one answers for the city: those do who export what was said to it."""
        return self.exports


_UNTIL = {
    Capability.PROPOSE: _l("Proposing ideas has been closed since %(moment)s."),
    Capability.COMMENT: _l("Commenting has been closed since %(moment)s."),
    Capability.VOTE: _l("Voting has been closed since %(moment)s."),
    Capability.PRIORITISE: _l("Giving points has been closed since %(moment)s."),
}
_FROM = {
    Capability.PROPOSE: _l("Proposing ideas will be possible from %(moment)s."),
    Capability.COMMENT: _l("Commenting will be possible from %(moment)s."),
    Capability.VOTE: _l("Voting will be possible from %(moment)s."),
    Capability.PRIORITISE: _l("Giving points will be possible from %(moment)s."),
}
_NEVER = {
    Capability.PROPOSE: _l("Proposing ideas is not part of this process."),
    Capability.COMMENT: _l("Commenting is not part of this process."),
    Capability.VOTE: _l("Voting is not part of this process."),
    Capability.PRIORITISE: _l("Giving points is not part of this process."),
}


def may_see_process(actor: Actor, process: ProcessOutline) -> Permission:
    """Drafts are for the desk; everything else is public."""
    if process.state is not ProcessState.DRAFT or actor.has_desk(process.id):
        return ALLOWED
    return refuse(_l("This process has not been published yet."))


def may_contribute(
    actor: Actor, process: ProcessOutline, capability: Capability, *, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether ``actor`` may propose, comment, vote or give points now; who may vote, the process says.

    A form that was opened while it was still possible has a grace of 15 minutes after the end; no vote or point has
    where results that were hidden have appeared. Whoever is suspended neither proposes nor comments, and
    who has yet to agree to new rules does none of it.
    """
    permission = may_take_part(actor, process, capability, now=now, opened_at=opened_at)
    if not permission:
        return permission
    return has_agreed(actor, process.id) if capability in BALLOTS else may_write(actor, process.id, now=now)


def may_write(actor: Actor, process_id: int, *, now: datetime) -> Permission:
    """Whether nobody keeps ``actor`` from writing in a process; whether it is possible there is another question."""
    until = actor.suspended_until(process_id, now)
    if until is None:
        return has_agreed(actor, process_id)
    return refuse(lazily(_l("You cannot write in this process until %(moment)s."), moment=lazy_moment(until)))


def has_agreed(actor: Actor, process_id: int) -> Permission:
    """Whether ``actor`` has agreed to all that asks for it in a process; a "no" asks to, and pages lead there."""
    if not actor.owes_consent(process_id):
        return ALLOWED
    return refuse(_l("The rules or the privacy notice are new. Please read them and agree before you go on."))


def may_take_part(
    actor: Actor, process: ProcessOutline, capability: Capability, *, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether ``actor`` may do what goes with ``capability``, apart from writing itself."""
    permission = is_possible(process, capability, now=now, opened_at=opened_at)
    if not permission:
        return permission
    if not actor.is_signed_in:
        return refuse(_l("Please sign in to take part."))
    if capability in BALLOTS:
        return is_in_electorate(actor, process)
    return ALLOWED


def is_in_electorate(actor: Actor, process: ProcessOutline) -> Permission:
    """Whether ``actor`` is one of those whose votes and points count in a process; the phase is another question."""
    if process.electorate is Electorate.CONFIRMED or actor.is_verified:
        return ALLOWED
    return refuse(_l("In this process those vote who live here. Please enter the code from the letter you got."))


def is_possible(
    process: ProcessOutline, capability: Capability, *, now: datetime, opened_at: datetime | None = None
) -> Permission:
    """Whether the process allows ``capability`` now, whoever asks; a "no" says since or until when."""
    if process.state is not ProcessState.PUBLISHED:
        return refuse(_l("This process is not open for contributions."))
    in_grace = (
        opened_at is not None
        and opened_at <= now <= opened_at + OPEN_FOR
        and _ended_within_grace(process, capability, opened_at=opened_at, now=now)
    )
    if process.is_open(capability, now) or in_grace:
        return ALLOWED
    return refuse(_closed_reason(process, capability, now))


def _ended_within_grace(process: ProcessOutline, capability: Capability, *, opened_at: datetime, now: datetime) -> bool:
    if process.hides_results and capability in BALLOTS and may_see_results(process, now=now):
        # The results that were hidden until now would sway whoever still has a form open.
        return False
    ended = process.closed_since(capability, now)
    return process.is_open(capability, opened_at) and ended is not None and now - ended <= GRACE


def _closed_reason(process: ProcessOutline, capability: Capability, now: datetime) -> Any:
    if opens := process.opens_at(capability, now):
        return lazily(_FROM[capability], moment=lazy_moment(opens))
    if since := process.closed_since(capability, now):
        return lazily(_UNTIL[capability], moment=lazy_moment(since, is_end=True))
    return _NEVER[capability]


def may_see_results(process: ProcessOutline, *, now: datetime) -> Permission:
    """Whether vote figures are shown; the one rule for pages, sorts, exports and everything else.

    Where a process hides results they appear for everybody at the same moment, when voting and giving points have
    both ended for good: the votes would sway the points, and the other way round.
    """
    if not process.hides_results:
        return ALLOWED
    to_come = {kind for kind in BALLOTS if process.is_open(kind, now) or process.opens_at(kind, now)}
    if Capability.PRIORITISE in to_come:
        return refuse(
            _l("Results are shown when voting and giving points have ended, so that nobody is swayed by them.")
        )
    if to_come:
        return refuse(_l("Results are shown when voting has ended, so that nobody is swayed by them."))
    return ALLOWED


def may_edit_process(actor: Actor, process: ProcessOutline | None) -> Permission:
    """Admins edit processes; only admins of everything create them."""
    if actor.has(Role.ADMIN, process.id if process else None):
        return ALLOWED
    return refuse(_l("Only admins may edit processes."))


def may_create_process(actor: Actor) -> Permission:
    """Only admins of everything create processes and give roles that hold everywhere."""
    return may_edit_process(actor, None)


def desk_rights(actor: Actor, process_id: int) -> DeskRights:
    """Return what ``actor`` may work on in a process."""
    return DeskRights(
        moderates=actor.has(Role.MODERATOR, process_id),
        exports=actor.has(Role.STAFF, process_id),
        edits=actor.has(Role.ADMIN, process_id),
    )
