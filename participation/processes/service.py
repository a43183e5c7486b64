"""Creating and editing processes and phases, granting roles, joining a process."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.activity.service import record
from participation.kit.dialect import insert_missing, locked
from participation.kit.permissions import Refused, found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.processes.events import ProcessChanged, RoleEnded, RoleGranted
from participation.processes.models import Capability, Participant, Phase, PhaseKind, Process, ProcessState, RoleGrant
from participation.processes.official_names import looks_official
from participation.processes.policies import may_edit_process
from participation.processes.pseudonyms import random_pseudonym
from participation.processes.queries import participant_of, process_by_id


@dataclass(frozen=True, slots=True)
class ProcessDraft:
    """What an admin enters about a process."""

    slug: str
    title: Translated
    question: Translated
    summary: Translated
    advice: Translated
    next_step: Translated
    licence: Translated
    state: ProcessState
    hides_results: bool


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """What an admin enters about a phase."""

    kind: PhaseKind
    title: Translated
    description: Translated
    starts_at: datetime
    ends_at: datetime
    allows: frozenset[Capability]
    review_first: bool


def create_process(session: Session, actor: Actor, *, framework_id: int, draft: ProcessDraft, now: datetime) -> Process:
    """Return a new process without phases."""
    require(may_edit_process(actor, None))
    process = Process(framework_id=framework_id, created_at=now)
    _fill(process, draft)
    session.add(process)
    session.flush()
    record(session, ProcessChanged(process.id), account_id=actor.account_id, now=now)
    return process


def edit_process(session: Session, actor: Actor, *, process_id: int, draft: ProcessDraft, now: datetime) -> None:
    """Change what a process says about itself."""
    require(may_edit_process(actor, process_by_id(session, process_id)))
    _fill(session.get_one(Process, process_id), draft)
    _changed(session, actor, process_id, now)


def set_phases(session: Session, actor: Actor, *, process_id: int, phases: Sequence[PhaseDraft], now: datetime) -> None:
    """Replace the phases of a process; refuses phases that overlap or end before they start."""
    require(may_edit_process(actor, process_by_id(session, process_id)))
    ordered = sorted(phases, key=lambda phase: phase.starts_at)
    for phase in ordered:
        if phase.starts_at >= phase.ends_at:
            raise Refused(_l("A phase must end after it starts."))
    for before, after in itertools.pairwise(ordered):
        if after.starts_at < before.ends_at:
            raise Refused(_l("Phases must not overlap."))
    session.execute(delete(Phase).where(Phase.process_id == process_id))
    for phase in ordered:
        session.add(
            Phase(
                process_id=process_id,
                kind=phase.kind,
                title=phase.title,
                description=phase.description,
                starts_at=phase.starts_at,
                ends_at=phase.ends_at,
                allows_propose=Capability.PROPOSE in phase.allows,
                allows_comment=Capability.COMMENT in phase.allows,
                allows_vote=Capability.VOTE in phase.allows,
                review_first=phase.review_first,
            )
        )
    _changed(session, actor, process_id, now)


def touch(session: Session, process_id: int) -> None:
    """Tell caches that something readers can see in this process has changed."""
    session.execute(update(Process).where(Process.id == process_id).values(version=Process.version + 1))


def grant_role(
    session: Session, actor: Actor, *, account_id: int, role: Role, process_id: int | None, now: datetime
) -> None:
    """Give ``role`` to an account, everywhere or in one process; twice is the same as once."""
    require(may_edit_process(actor, process_by_id(session, process_id) if process_id else None))
    held = session.scalar(
        select(RoleGrant.id).where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == role,
            RoleGrant.process_id.is_(None) if process_id is None else RoleGrant.process_id == process_id,
            RoleGrant.ended_at.is_(None),
        )
    )
    if held:
        return
    session.add(
        RoleGrant(account_id=account_id, role=role, process_id=process_id, granted_by=actor.account_id, granted_at=now)
    )
    record(session, RoleGranted(account_id, role.value, process_id), account_id=actor.account_id, now=now)


def end_role(session: Session, actor: Actor, *, grant_id: int, now: datetime) -> None:
    """Take a role away; the last admin of everything keeps theirs, and ending twice is the same as once."""
    grant: RoleGrant = found(session.get(RoleGrant, grant_id))
    require(may_edit_process(actor, process_by_id(session, grant.process_id) if grant.process_id else None))
    if grant.ended_at is not None:
        return
    if grant.role is Role.ADMIN and grant.process_id is None:
        _require_another_admin(session)
    grant.ended_at = now
    event = RoleEnded(grant.account_id, grant.role.value, grant.process_id)
    record(session, event, account_id=actor.account_id, now=now)


def _require_another_admin(session: Session) -> None:
    held = select(RoleGrant.id).where(
        RoleGrant.role == Role.ADMIN, RoleGrant.process_id.is_(None), RoleGrant.ended_at.is_(None)
    )
    # Locked: two admins who end each other's role at the same moment must not both succeed.
    if len(session.scalars(locked(held)).all()) < 2:
        raise Refused(_l("This is the last admin. Please name another one first."))


def join(session: Session, actor: Actor, *, process_id: int, now: datetime) -> Participant:
    """Return the actor's participant in a process, made with a random pseudonym the first time."""
    if actor.account_id is None:
        raise Refused(_l("Please sign in to take part."))
    for _ in range(10):
        participant = participant_of(session, process_id=process_id, account_id=actor.account_id)
        if participant:
            return participant
        values = {
            "process_id": process_id,
            "account_id": actor.account_id,
            "pseudonym": random_pseudonym(),
            "joined_at": now,
        }
        # Conflicts on the account (a parallel request) or on the pseudonym both end in another round.
        insert_missing(session, Participant, values, key=[])
    raise RuntimeError("no free pseudonym found")


def choose_pseudonym(
    session: Session, actor: Actor, *, process_id: int, pseudonym: str, official_names: Iterable[str], now: datetime
) -> None:
    """Set the name by which the actor is known in a process.

    Refuses names that are taken, and those that could be taken for the city (``official_names``) or the moderation.
    """
    if looks_official(pseudonym, official_names):
        raise Refused(_l("This name could be taken for the city or the moderation. Please choose another one."))
    participant = join(session, actor, process_id=process_id, now=now)
    taken = session.scalar(
        select(Participant.id).where(
            Participant.process_id == process_id, Participant.pseudonym == pseudonym, Participant.id != participant.id
        )
    )
    if taken:
        raise Refused(_l("Somebody in this process already has this name. Please choose another one."))
    participant.pseudonym = pseudonym
    touch(session, process_id)


def _changed(session: Session, actor: Actor, process_id: int, now: datetime) -> None:
    touch(session, process_id)
    record(session, ProcessChanged(process_id), account_id=actor.account_id, now=now)


def _fill(process: Process, draft: ProcessDraft) -> None:
    process.slug = draft.slug
    process.title = draft.title
    process.question = draft.question
    process.summary = draft.summary
    process.advice = draft.advice
    process.next_step = draft.next_step
    process.licence = draft.licence
    process.state = draft.state
    process.hides_results = draft.hides_results
