"""Holding a statement against the criteria and values of the framework."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.principles.models import Criterion, Value
from participation.processes.models import Process
from participation.processes.service import touch
from participation.strategy.assessing.events import StatementAssessed
from participation.strategy.assessing.policies import may_assess
from participation.strategy.assessing.queries import wording_of
from participation.strategy.assessing.yardsticks import Yard, name_in, name_of
from participation.strategy.models import Assessment, Statement, StatementState, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says about a statement and one criterion or value, and why."""

    verdict: Verdict
    reason: Translated


class Outpaced(Exception):
    """A colleague has judged otherwise since the form was opened, about ``names``; ``own`` is all one's own changes."""

    def __init__(self, names: Iterable[str], own: Iterable[str]) -> None:
        super().__init__("assessed meanwhile")
        self.names = frozenset(names)
        self.own = frozenset(own)


def assess_statement(
    session: Session,
    actor: Actor,
    *,
    statement_id: int,
    judgements: Mapping[str, Judgement],
    seen: int,
    now: datetime,
    confirmed: Collection[str] = (),
) -> int:
    """Write down the judgements that differ from what was there, by name of criterion or value; return how many.

    Those ``confirmed`` are written down for the wording as it is now, although they say the same. ``seen`` is the
    newest assessment of the statement that the form showed: what is as it was there is nobody's wish to change
    anything. Raises ``Outpaced`` where a colleague said something else in between, and changes nothing then.
    """
    statement: Statement = found(session.scalar(locked(select(Statement).where(Statement.id == statement_id))))
    require(may_assess(actor, statement.process_id, statement.state))
    known = _known(session, statement.process_id)
    if not judgements.keys() <= known.keys():
        raise Refused(_l("This criterion is not part of the framework of this process."))
    rows = session.scalars(select(Assessment).where(Assessment.statement_id == statement_id).order_by(Assessment.id))
    shown: dict[str, Assessment] = {}
    latest: dict[str, Assessment] = {}
    for row in rows:
        latest[name_in(row)] = row
        if row.id <= seen:
            shown[name_in(row)] = row
    wanted = {name: _merged(judgement, shown.get(name)) for name, judgement in judgements.items()}
    changed = {
        name: wish
        for name, wish in wanted.items()
        if name in confirmed or not (_says(shown.get(name), wish) or _says(latest.get(name), wish))
    }
    outpaced = {name for name in changed if latest.get(name) is not shown.get(name)}
    if outpaced:
        raise Outpaced(outpaced, changed)
    revision = wording_of(session, statement_id).revision
    for name, wish in changed.items():
        if not wish.reason:
            raise Refused(_l("An assessment needs a reason in at least one language."))
        _replace(session, latest.get(name), now=now)
        session.add(_assessment(statement_id, revision, known[name], wish, by=actor.account_id, now=now))
    if changed:
        session.flush()
        if statement.state is StatementState.PUBLISHED:
            touch(session, statement.process_id)
        record(session, StatementAssessed(statement_id), account_id=actor.account_id, now=now)
    return len(changed)


def _known(session: Session, process_id: int) -> dict[str, tuple[Yard, int]]:
    """Return the criteria and values of the framework of a process by name."""
    framework_id = found(session.scalar(select(Process.framework_id).where(Process.id == process_id)))
    criteria = session.scalars(select(Criterion.id).where(Criterion.framework_id == framework_id))
    values = session.scalars(select(Value.id).where(Value.framework_id == framework_id))
    both = [*((Yard.CRITERION, id_) for id_ in criteria), *((Yard.VALUE, id_) for id_ in values)]
    return {name_of(kind, id_): (kind, id_) for kind, id_ in both}


def _merged(judgement: Judgement, shown: Assessment | None) -> Judgement:
    """Return the judgement with the wordings in languages that the form did not ask for."""
    return Judgement(judgement.verdict, reworded(shown.reason if shown else {}, judgement.reason))


def _says(row: Assessment | None, judgement: Judgement) -> bool:
    return row is not None and (row.verdict, row.reason) == (judgement.verdict, judgement.reason)


def _replace(session: Session, before: Assessment | None, *, now: datetime) -> None:
    if before is not None:
        before.replaced_at = now
        # The index allows one current assessment: the old one must be gone from it first.
        session.flush()


def _assessment(
    statement_id: int, revision: int, about: tuple[Yard, int], judgement: Judgement, *, by: int | None, now: datetime
) -> Assessment:
    kind, id_ = about
    return Assessment(
        statement_id=statement_id,
        criterion_id=id_ if kind is Yard.CRITERION else None,
        value_id=id_ if kind is Yard.VALUE else None,
        verdict=judgement.verdict,
        reason=judgement.reason,
        revision=revision,
        assessed_by=by,
        assessed_at=now,
    )
