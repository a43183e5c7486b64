"""Creating and editing processes and phases, granting roles, joining a process."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.activity.service import record
from participation.kit.dialect import insert_new, locked
from participation.kit.permissions import Refused, found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.processes.events import ProcessChanged, RoleEnded, RoleGranted
from participation.processes.models import (
    REVIEW_HOURS,
    Capability,
    DataLicence,
    Electorate,
    Participant,
    Phase,
    PhaseKind,
    Process,
    ProcessState,
    RoleGrant,
)
from participation.processes.official_names import looks_official
from participation.processes.phase_rules import (
    PointLimits,
    may_end_points,
    may_have_points,
    may_have_points_most,
    may_limit_points,
    may_limit_points_most,
    may_publish_itself,
    may_remove_phase,
    may_wait,
)
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
    electorate: Electorate = Electorate.CONFIRMED
    measures_time: bool = False
    suggests: bool = True
    opens_data: bool = True
    data_licence: DataLicence = DataLicence.DL_DE_BY
    paper_number: str = ""


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """What an admin enters about a phase; ``id`` is that of the phase which it changes, if there is one."""

    kind: PhaseKind
    title: Translated
    description: Translated
    starts_at: datetime
    ends_at: datetime
    allows: frozenset[Capability]
    review_first: bool
    points: int = 0
    points_most: int = 0
    id: int | None = None
    review_hours: int = REVIEW_HOURS
    review_rules: Translated = field(default_factory=dict)
    publishes_itself: bool = False

    @property
    def limits(self) -> PointLimits:
        """What the phase says about points."""
        return PointLimits.of(self.allows, self.points, self.points_most)


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
    before = process_by_id(session, process_id)
    require(may_edit_process(actor, before))
    _fill(session.get_one(Process, process_id), draft)
    if draft.state is not before.state or draft.hides_results > before.hides_results:
        take_back(session, process_id)
    _changed(session, actor, process_id, now)


def set_phases(session: Session, actor: Actor, *, process_id: int, phases: Sequence[PhaseDraft], now: datetime) -> None:
    """Make ``phases`` the phases of a process: those with an id are changed, others are new, the rest goes.

    Refuses phases that overlap or end before they start, and to take back what people have given points by.
    """
    process = process_by_id(session, process_id)
    require(may_edit_process(actor, process))
    ordered = sorted(phases, key=lambda phase: phase.starts_at)
    for draft in ordered:
        if draft.starts_at >= draft.ends_at:
            raise Refused(_l("A phase must end after it starts."))
        require(may_have_points(draft.limits))
        require(may_have_points_most(draft.limits))
        require(may_wait(draft.review_hours))
        require(may_publish_itself(wanted=draft.publishes_itself, review_first=draft.review_first))
    for earlier, later in itertools.pairwise(ordered):
        if later.starts_at < earlier.ends_at:
            raise Refused(_l("Phases must not overlap."))
    # Locked: nobody gives points by the old limits while the new ones are written.
    stored = session.scalars(locked(select(Phase).where(Phase.process_id == process_id).order_by(Phase.id)))
    known = {phase.id: phase for phase in stored}
    kept = [(known.pop(draft.id or 0, None), draft) for draft in ordered]
    for phase in known.values():
        require(may_remove_phase(phase.points_given))
        session.delete(phase)
    for before, draft in kept:
        if before is not None:
            require(may_end_points(draft.limits, before.points_given))
            require(may_limit_points(draft.limits, before.points_given))
            require(may_limit_points_most(draft.limits, before.points_given_most))
        phase = before or Phase(process_id=process_id)
        _fill_phase(phase, draft)
        session.add(phase)
    session.flush()
    if process.hides_results:
        # Where voting goes on longer than before, results that were shown are hidden again.
        take_back(session, process_id)
    _changed(session, actor, process_id, now)


def note_points(session: Session, phase_id: int, *, given: int, most: int) -> None:
    """Keep in mind that somebody gave ``given`` points in a phase, ``most`` of them to one idea."""
    session.execute(
        update(Phase)
        .where(Phase.id == phase_id, or_(Phase.points_given < given, Phase.points_given_most < most))
        .values(
            points_given=case((Phase.points_given < given, given), else_=Phase.points_given),
            points_given_most=case((Phase.points_given_most < most, most), else_=Phase.points_given_most),
        )
        .execution_options(synchronize_session=False)
    )


def touch(session: Session, process_id: int) -> None:
    """Tell caches that something readers can see in this process has changed."""
    session.execute(update(Process).where(Process.id == process_id).values(version=Process.version + 1))


def take_back(session: Session, process_id: int) -> None:
    """Tell caches, and end what was published of the process: something is not for the public any more.

    To be called in the transaction that hides, withdraws or changes what readers could see, so that no copy which was
    made before is handed out after it.
    """
    values = {"version": Process.version + 1, "losses": Process.losses + 1}
    session.execute(update(Process).where(Process.id == process_id).values(values))


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
        insert_new(session.connection(), Participant, values, key=())
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
    process.electorate = draft.electorate
    process.measures_time = draft.measures_time
    process.suggests = draft.suggests
    process.opens_data = draft.opens_data
    process.data_licence = draft.data_licence
    process.paper_number = draft.paper_number


def _fill_phase(phase: Phase, draft: PhaseDraft) -> None:
    phase.kind = draft.kind
    phase.title = draft.title
    phase.description = draft.description
    phase.starts_at = draft.starts_at
    phase.ends_at = draft.ends_at
    phase.allows_propose = Capability.PROPOSE in draft.allows
    phase.allows_comment = Capability.COMMENT in draft.allows
    phase.allows_vote = Capability.VOTE in draft.allows
    phase.allows_prioritise = Capability.PRIORITISE in draft.allows
    phase.points = draft.points
    phase.points_most = draft.points_most
    phase.review_first = draft.review_first
    phase.review_hours = draft.review_hours
    phase.review_rules = draft.review_rules
    phase.publishes_itself = draft.publishes_itself
