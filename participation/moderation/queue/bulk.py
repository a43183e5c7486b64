"""Deciding about many cases: each in a transaction of its own, with a result of its own."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import Case, SubjectKind
from participation.cases.queries import SubjectKey
from participation.kit.db import db, transaction
from participation.kit.permissions import Missing, Refused, found
from participation.kit.schema import Translated
from participation.moderation.models import Automation, Decision, DecisionKind
from participation.moderation.queue.contributions import Contribution, contributions
from participation.moderation.service import decide
from participation.moderation.settling import SETTLED
from participation.moderation.subjects import Subject, subject_of
from participation.moderation.undoing import undo_decision
from participation.multilingual import lazy as _l
from participation.texts import excerpt

MOST_AT_ONCE = 100
TITLE_LENGTH = 80
_TOKEN = re.compile(r"(\d{1,18})-([0-9a-f]{0,64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of many cases; ``read`` names the text that was shown, as in ``QueueItem.read``, empty for any text."""

    case_id: int
    read: str = ""


@dataclass(frozen=True, slots=True)
class BulkDecision:
    """What is to be decided about all of them."""

    kind: DecisionKind
    reason: str = ""
    ground: str = ""
    block_texts: Translated = field(default_factory=dict)
    automation: Automation = Automation.NONE


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one of them: the decision, or (a lazy sentence) why there is none.

    ``id`` is the case that was to be decided, or the decision that was to be undone.
    """

    id: int
    title: str = ""
    language: str = ""
    decision_id: int | None = None
    kind: DecisionKind | None = None
    problem: Any = None


def wanted_from(tokens: Sequence[str]) -> tuple[Wanted, ...]:
    """Return what ``QueueItem.token`` stands for, each case once; raises ``ValueError`` for anything else."""
    wanted: dict[int, Wanted] = {}
    for token in tokens:
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise ValueError("no case of the queue")
        case_id = int(match[1])
        wanted.setdefault(case_id, Wanted(case_id, match[2]))
    if len(wanted) > MOST_AT_ONCE:
        raise ValueError("too many cases at once")
    return tuple(wanted.values())


def decide_all(
    actor: Actor, *, process_id: int, wanted: Sequence[Wanted], decision: BulkDecision, now: datetime
) -> tuple[BulkResult, ...]:
    """Decide about each case and return what became of it, in order; needs an application context.

    Whatever goes wrong with one of them leaves the others alone. What is public already is kept instead of published.
    Several cases about the same contribution are settled by one decision.
    """
    subjects = _subjects(db.session(), process_id, wanted)
    made: dict[SubjectKey | None, BulkResult] = {}
    results = []
    for one in wanted:
        subject = subjects.get(one.case_id)
        if subject in made:
            results.append(replace(made[subject], id=one.case_id))
            continue
        result = _result(one.case_id, partial(_decide, actor, process_id, one, decision, now))
        if subject and result.decision_id:
            made[subject] = result
        results.append(result)
    return tuple(results)


def undo_all(actor: Actor, *, process_id: int, decision_ids: Sequence[int], now: datetime) -> tuple[BulkResult, ...]:
    """Undo each of these decisions and return what became of it, in order; needs an application context."""
    return tuple(
        _result(decision_id, partial(_undo, actor, process_id, decision_id, now)) for decision_id in decision_ids
    )


@dataclass(slots=True)
class _Title:
    """How a contribution is called in the result, known as soon as it has been found."""

    text: str = ""
    language: str = ""

    def take(self, session: Session, subject: SubjectKey) -> Contribution:
        """Look the contribution up and return it; raises ``Missing``."""
        thing = found(contributions(session, [subject]).get(subject))
        self.text = thing.title if thing.kind is SubjectKind.IDEA else excerpt(thing.text, TITLE_LENGTH)
        self.language = thing.language
        return thing


def _subjects(session: Session, process_id: int, wanted: Sequence[Wanted]) -> dict[int, SubjectKey]:
    """Return which contributions the cases are about, of those that a decision settles."""
    here = select(Case.id, Case.subject_kind, Case.subject_id).where(
        Case.process_id == process_id, Case.id.in_([one.case_id for one in wanted]), Case.kind.in_(SETTLED)
    )
    return {case_id: (kind, subject_id) for case_id, kind, subject_id in session.execute(here)}


def _result(id_: int, work: Callable[[Session, _Title], Decision]) -> BulkResult:
    title = _Title()
    try:
        with transaction() as session:
            made = work(session, title)
            decision_id, kind = made.id, made.kind
    except Refused as refused:
        return BulkResult(id_, title.text, title.language, problem=refused.reason)
    except Missing:
        return BulkResult(id_, problem=_l("This is not there any more."))
    return BulkResult(id_, title.text, title.language, decision_id, kind)


def _undo(actor: Actor, process_id: int, decision_id: int, now: datetime, session: Session, title: _Title) -> Decision:
    here = select(Decision).where(Decision.id == decision_id, Decision.process_id == process_id)
    title.take(session, subject_of(found(session.scalar(here))))
    return undo_decision(session, actor, decision_id=decision_id, now=now)


def _decide(
    actor: Actor,
    process_id: int,
    one: Wanted,
    decision: BulkDecision,
    now: datetime,
    session: Session,
    title: _Title,
) -> Decision:
    case = found(session.scalar(select(Case).where(Case.id == one.case_id, Case.process_id == process_id)))
    thing = title.take(session, (case.subject_kind, case.subject_id))
    if case.kind not in SETTLED:
        raise Refused(_l("Please decide about this one on its own page."))
    is_comment = case.subject_kind is SubjectKind.COMMENT
    revision = int(one.read) if case.subject_kind is SubjectKind.IDEA and one.read.isdigit() else None
    subject = Subject(case.subject_kind.value, case.subject_id, revision, one.read if is_comment else "")
    return decide(
        session,
        actor,
        subject=subject,
        kind=_fitting(decision.kind, thing),
        reason=decision.reason,
        ground=decision.ground,
        block_texts=decision.block_texts,
        automation=decision.automation,
        case_id=case.id,
        now=now,
    )


def _fitting(kind: DecisionKind, thing: Contribution) -> DecisionKind:
    if kind is DecisionKind.PUBLISH and thing.state != "in_review":
        return DecisionKind.KEEP
    return kind
