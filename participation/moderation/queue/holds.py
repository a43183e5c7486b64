"""Who works on which case: holding one while working on it, taking the next one, giving it to somebody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.accounts.models import Account
from participation.cases.models import Case, CaseKind
from participation.ideas.policies import may_moderate
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.moderation.models import Decision
from participation.moderation.queue.filters import QueueFilter
from participation.moderation.queue.items import addresses
from participation.moderation.queue.listing import behind, place_of
from participation.moderation.queue.waiting import IN_ORDER, filtered, is_free, waits
from participation.multilingual import lazy as _l
from participation.processes.queries import held_roles

HELD_FOR = timedelta(minutes=10)


class Taken(Refused):
    """A colleague is working on the case."""


class Settled(Refused):
    """The case is closed already."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may decide in a process."""

    account_id: int
    email: str


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """How a case stands, for pages that look again and again; ``held_by`` is a colleague, never oneself."""

    case_id: int
    is_open: bool
    is_held_by_me: bool
    held_by: str
    held_until: datetime | None
    assigned_to: str


def hold(session: Session, actor: Actor, *, process_id: int, case_id: int, now: datetime) -> Case:
    """Hold an open case for ten minutes from now on; holding it again renews that.

    Raises ``Taken`` when a colleague holds it, ``Settled`` when it is closed, ``Missing`` for one of another process.
    """
    require(may_moderate(actor, process_id))
    case = _open_case(session, process_id, case_id)
    if is_held_by_other(case, actor, now):
        raise Taken(_l("A colleague is working on this at the moment."))
    _take(case, actor, now)
    return case


def release(session: Session, actor: Actor, *, process_id: int, case_id: int, now: datetime) -> Case:
    """Let go of a case that the actor holds; one that the actor does not hold stays as it is."""
    require(may_moderate(actor, process_id))
    case = _lock(session, process_id, case_id)
    if is_held(case, now) and not is_held_by_other(case, actor, now):
        let_go(case)
    return case


def assign(
    session: Session, actor: Actor, *, process_id: int, case_id: int, account_id: int | None, now: datetime
) -> Case:
    """Give an open case to somebody who may decide about it, or (``None``) to nobody.

    Whoever holds a case and gives it away lets go of it. Raises as ``hold`` does.
    """
    require(may_moderate(actor, process_id))
    case = _open_case(session, process_id, case_id)
    if is_held_by_other(case, actor, now):
        raise Taken(_l("A colleague is working on this at the moment."))
    if account_id is not None and account_id not in {one.account_id for one in colleagues(session, process_id)}:
        raise Refused(_l("This person does not moderate this process."))
    case.assigned_to = account_id
    if account_id is not None and account_id != actor.account_id:
        let_go(case)
    return case


def next_case(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    now: datetime,
    wanted: QueueFilter | None = None,
    instead_of: int | None = None,
) -> Case | None:
    """Hold the first case that nobody else works on or was given, and return it; ``None`` when there is none.

    Objections to the actor's own decisions are left to others. ``instead_of`` is a case that is let go; the next one
    stands behind it, or else at the beginning. Two people who ask at the same moment never get the same one.
    """
    require(may_moderate(actor, process_id))
    own = or_(Case.assigned_to.is_(None), Case.assigned_to == actor.account_id)
    on_offer = (Case.process_id == process_id, waits(now), is_free(actor, now=now), own, ~_objects_to(actor))
    statement = select(Case).where(*on_offer).order_by(*IN_ORDER).limit(1)
    if wanted is not None:
        statement = filtered(statement, actor, wanted, now=now)
    # What somebody else is just taking is left out, not waited for.
    statement = locked(statement, skip_locked=True, only=Case).execution_options(populate_existing=True)
    case = None
    if instead_of is not None:
        left = release(session, actor, process_id=process_id, case_id=instead_of, now=now)
        statement = statement.where(Case.id != instead_of)
        case = session.scalar(statement.where(behind(place_of(left))))
    case = case or session.scalar(statement)
    if case is not None:
        _take(case, actor, now)
    return case


def statuses(
    session: Session, actor: Actor, *, process_id: int, case_ids: Collection[int], now: datetime
) -> tuple[CaseStatus, ...]:
    """Return how these cases of a process stand, in the order of their ids."""
    here = select(Case).where(Case.process_id == process_id, Case.id.in_(list(case_ids))).order_by(Case.id)
    cases = session.scalars(here).all()
    names = addresses(session, {id_ for case in cases for id_ in (case.held_by, case.assigned_to)})
    return tuple(
        CaseStatus(
            case_id=case.id,
            is_open=case.closed_at is None,
            is_held_by_me=is_held(case, now) and not is_held_by_other(case, actor, now),
            held_by=names.get(case.held_by or 0, "") if is_held_by_other(case, actor, now) else "",
            held_until=case.held_until if is_held(case, now) else None,
            assigned_to=names.get(case.assigned_to or 0, ""),
        )
        for case in cases
    )


def colleagues(session: Session, process_id: int) -> tuple[Colleague, ...]:
    """Return who may decide in a process, by address."""
    held = held_roles()
    rows = session.execute(
        select(Account.id, Account.email)
        .join(held, held.c.account_id == Account.id)
        .where(
            held.c.role.in_((Role.MODERATOR, Role.ADMIN)),
            or_(held.c.process_id.is_(None), held.c.process_id == process_id),
        )
        .distinct()
        .order_by(Account.email)
    )
    return tuple(Colleague(account_id, email) for account_id, email in rows)


def is_held(case: Case, now: datetime) -> bool:
    """Return whether somebody is working on a case."""
    return case.held_by is not None and case.held_until is not None and case.held_until > now


def is_held_by_other(case: Case, actor: Actor, now: datetime) -> bool:
    """Return whether somebody else than the actor is working on a case."""
    return is_held(case, now) and case.held_by != actor.account_id


def let_go(case: Case) -> None:
    """Say that nobody is working on a case."""
    case.held_by = case.held_since = case.held_until = None


def _objects_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a case is an objection to a decision of the actor: somebody else answers it."""
    decided = exists().where(Decision.id == Case.about_id, Decision.decided_by == actor.account_id)
    return (Case.kind == CaseKind.APPEAL) & decided


def _take(case: Case, actor: Actor, now: datetime) -> None:
    if not is_held(case, now) or case.held_since is None:
        case.held_since = now
    case.held_by, case.held_until = actor.account_id, now + HELD_FOR


def _open_case(session: Session, process_id: int, case_id: int) -> Case:
    case = _lock(session, process_id, case_id)
    if case.closed_at is not None:
        raise Settled(_l("A colleague has decided about this already."))
    return case


def _lock(session: Session, process_id: int, case_id: int) -> Case:
    statement = locked(select(Case).where(Case.id == case_id, Case.process_id == process_id))
    return found(session.scalar(statement.execution_options(populate_existing=True)))
