"""Decisions that were taken elsewhere and come along with imported contributions: they are taken like all others."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, select

from participation.accounts.actor import Actor
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.models import Comment
from participation.ideas.models import Idea
from participation.kit import clock
from participation.kit.db import db
from participation.moderation.models import Automation, DecisionKind
from participation.moderation.queue.bulk import MOST_AT_ONCE, BulkDecision, BulkResult, Wanted, decide_all


def decide_imported(
    actor: Actor,
    *,
    process_id: int,
    kind: SubjectKind,
    decisions: Mapping[str, DecisionKind],
    ground: str = "",
    reason: str = "",
    progress: Callable[[int], None] = lambda _done: None,
) -> dict[str, BulkResult]:
    """Decide about imported ideas or comments that still wait, and return what became of each, by external id.

    What moderators have decided meanwhile stays as it is, and is left out; doing this again does nothing more. Needs an
    application context.
    """
    results: dict[str, BulkResult] = {}
    keys = list(decisions)
    for start in range(0, len(keys), MOST_AT_ONCE):
        some = keys[start : start + MOST_AT_ONCE]
        waiting = db.session.execute(_waiting(process_id, kind, some)).all()
        # No read stays open while decisions are written.
        db.session.rollback()
        for wanted in DecisionKind:
            cases = {case_id: key for case_id, key in waiting if decisions[key] is wanted}
            decision = BulkDecision(wanted, automation=Automation.IMPORTED)
            if wanted is DecisionKind.HIDE:
                decision = BulkDecision(wanted, reason, ground, automation=Automation.IMPORTED)
            made = decide_all(
                actor,
                process_id=process_id,
                wanted=[Wanted(case_id) for case_id in cases],
                decision=decision,
                now=clock.now(),
            )
            results.update({cases[result.id]: result for result in made})
        progress(start + len(some))
    return results


def _waiting(process_id: int, kind: SubjectKind, external_ids: list[str]) -> Select[Any, Any]:
    table: Any = {SubjectKind.IDEA: Idea, SubjectKind.COMMENT: Comment}[kind]
    return (
        select(Case.id, table.external_id)
        .join(table, table.id == Case.subject_id)
        .where(
            table.process_id == process_id,
            table.external_id.in_(external_ids),
            Case.subject_kind == kind,
            Case.kind == CaseKind.REVIEW,
            Case.closed_at.is_(None),
        )
        .order_by(Case.id)
    )
