"""Reading processes, grants and participants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.actor import Grant, Role
from participation.accounts.models import Account
from participation.accounts.service import normalise_email
from participation.kit.db import read_rows
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.principles.models import Framework
from participation.processes.models import Capability, Participant, Phase, Process, ProcessState, RoleGrant
from participation.processes.outline import PhaseOutline, ProcessOutline


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """Somebody with a role, since when and by whom."""

    grant_id: int
    email: str
    role: Role
    granted_at: datetime
    granted_by: str


def process_by_slug(session: Session, slug: str) -> ProcessOutline:
    """Return the process at this address with its phases; raises ``Missing``."""
    process = found(session.scalar(select(Process).where(Process.slug == slug)))
    return outlines(session, [process])[0]


def process_by_id(session: Session, process_id: int) -> ProcessOutline:
    """Return the process with this id; raises ``Missing``."""
    return outlines(session, [found(session.get(Process, process_id))])[0]


def process_id_by_slug(session: Session, slug: str) -> int | None:
    """Return the id behind an address."""
    return session.scalar(select(Process.id).where(Process.slug == slug))


def all_processes(session: Session, *, with_drafts: bool = False) -> list[ProcessOutline]:
    """Return processes, the newest first."""
    statement = select(Process).order_by(Process.created_at.desc(), Process.id.desc())
    if not with_drafts:
        statement = statement.where(Process.state != ProcessState.DRAFT)
    return outlines(session, session.scalars(statement).all())


def outlines(session: Session, processes: Iterable[Process]) -> list[ProcessOutline]:
    """Return the outlines of ``processes`` in their order; one query for all phases."""
    wanted = list(processes)
    phases: dict[int, list[Phase]] = {process.id: [] for process in wanted}
    statement = select(Phase).where(Phase.process_id.in_(phases)).order_by(Phase.starts_at, Phase.id)
    for phase in session.scalars(statement):
        phases[phase.process_id].append(phase)
    return [_outline(process, phases[process.id]) for process in wanted]


def grants_of(session: Session, account_id: int) -> frozenset[Grant]:
    """Return the roles an account holds now."""
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.process_id).where(
            RoleGrant.account_id == account_id, RoleGrant.ended_at.is_(None)
        )
    )
    return frozenset((role, process_id) for role, process_id in rows)


def held_roles() -> Subquery:
    """Return the roles that are held now, with the columns account_id, role and process_id."""
    held = select(RoleGrant.account_id, RoleGrant.role, RoleGrant.process_id).where(RoleGrant.ended_at.is_(None))
    return held.subquery("held")


def suspensions() -> Subquery:
    """Return who was kept from writing where and until when, with the columns account_id, process_id and until."""
    suspended = select(Participant.account_id, Participant.process_id, Participant.suspended_until.label("until"))
    return suspended.where(Participant.suspended_until.is_not(None)).subquery("suspended")


def role_holders(session: Session, process_id: int | None) -> list[RoleHolder]:
    """Return who holds a role in a process, or (with ``None``) everywhere, in the order of roles and addresses."""
    giver = aliased(Account)
    here = RoleGrant.process_id.is_(None) if process_id is None else RoleGrant.process_id == process_id
    rows = session.execute(
        select(RoleGrant, Account.email, giver.email)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(giver, giver.id == RoleGrant.granted_by)
        .where(here, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.role, Account.email, RoleGrant.id)
    )
    return [
        RoleHolder(grant.id, email, grant.role, grant.granted_at, granted_by or "") for grant, email, granted_by in rows
    ]


def framework_titles(session: Session) -> list[tuple[int, Translated]]:
    """Return the frameworks that a process can rest on."""
    return list(session.execute(select(Framework.id, Framework.title).order_by(Framework.id)))


def account_id_by_email(session: Session, email: str) -> int | None:
    """Return the confirmed account with this address."""
    return session.scalar(
        select(Account.id).where(Account.email == normalise_email(email), Account.confirmed_at.is_not(None))
    )


def participant_of(session: Session, *, process_id: int, account_id: int | None) -> Participant | None:
    """Return the participant that an account is in a process, if it has taken part."""
    if account_id is None:
        return None
    return session.scalar(
        select(Participant).where(Participant.process_id == process_id, Participant.account_id == account_id)
    )


def _outline(process: Process, phases: list[Phase]) -> ProcessOutline:
    return ProcessOutline(
        id=process.id,
        slug=process.slug,
        framework_id=process.framework_id,
        state=process.state,
        title=process.title,
        question=process.question,
        summary=process.summary,
        advice=process.advice,
        next_step=process.next_step,
        licence=process.licence,
        hides_results=process.hides_results,
        version=process.version,
        phases=tuple(_phase_outline(phase) for phase in phases),
        electorate=process.electorate,
        measures_time=process.measures_time,
        suggests=process.suggests,
        opens_data=process.opens_data,
        data_licence=process.data_licence,
        paper_number=process.paper_number,
        losses=process.losses,
    )


def _phase_outline(phase: Phase) -> PhaseOutline:
    allowed = {
        Capability.PROPOSE: phase.allows_propose,
        Capability.COMMENT: phase.allows_comment,
        Capability.VOTE: phase.allows_vote,
        Capability.PRIORITISE: phase.allows_prioritise,
    }
    return PhaseOutline(
        id=phase.id,
        kind=phase.kind,
        title=phase.title,
        description=phase.description,
        starts_at=phase.starts_at,
        ends_at=phase.ends_at,
        allows=frozenset(capability for capability, allows in allowed.items() if allows),
        review_first=phase.review_first,
        points=phase.points,
        points_most=phase.points_most,
        points_given=phase.points_given,
        points_given_most=phase.points_given_most,
        review_hours=phase.review_hours,
        review_rules=phase.review_rules,
        publishes_itself=phase.publishes_itself,
    )


# Asked with every page: they stand ready, because putting a statement together takes longer than running it.
VERSIONS = select(func.coalesce(func.sum(Process.version), 0))
VERSION = select(Process.version).where(Process.slug == bindparam("slug"))


def public_version(session: Session, slug: str | None) -> int:
    """Return a number that changes whenever something public does: in one process, or in any of them."""
    if slug is None:
        return read_rows(session, VERSIONS).scalar() or 0
    return read_rows(session, VERSION, {"slug": slug}).scalar() or 0


def main_process(processes: Iterable[ProcessOutline], now: datetime) -> ProcessOutline | None:
    """Return the process that the front page is about: one where something is possible now, else the newest.

    An archived one comes last, but still before nothing at all.
    """
    shown = [process for process in processes if process.state is not ProcessState.DRAFT]
    shown.sort(key=lambda process: process.state is ProcessState.ARCHIVED)
    for process in shown:
        if process.state is ProcessState.PUBLISHED and any(
            process.is_open(capability, now) for capability in Capability
        ):
            return process
    return shown[0] if shown else None
