"""Who may decide what about a contribution in which state, take a decision back, and keep text blocks; and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from participation.accounts.actor import Actor, Role
from participation.cases.models import SubjectKind
from participation.ideas.policies import may_moderate
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.moderation.models import Automation, DecisionKind
from participation.multilingual import lazy as _l

_WAITING, _PUBLIC, _HIDDEN, _WITHDRAWN = "in_review", "published", "hidden", "withdrawn"
_ANY = frozenset({_WAITING, _PUBLIC, _HIDDEN, _WITHDRAWN})
STATES: Mapping[DecisionKind, frozenset[str]] = {
    DecisionKind.PUBLISH: frozenset({_WAITING}),
    # What was hidden or taken back meanwhile can still wait for an answer to a notice.
    DecisionKind.KEEP: _ANY - {_WAITING},
    DecisionKind.HIDE: frozenset({_WAITING, _PUBLIC}),
    DecisionKind.RESTORE: frozenset({_HIDDEN}),
    DecisionKind.REDACT: _ANY - {_WITHDRAWN},
    DecisionKind.ASK_CHANGE: frozenset({_WAITING, _PUBLIC}),
    DecisionKind.MOVE: _ANY - {_WITHDRAWN},
    DecisionKind.ELSEWHERE: _ANY - {_WITHDRAWN},
    # These are about the author: taking the text back is no way around them.
    DecisionKind.WARN: _ANY,
    DecisionKind.SUSPEND: _ANY,
    DecisionKind.LIFT: _ANY,
}
"""In which states of a contribution each decision can be taken."""

_IDEAS = frozenset({SubjectKind.IDEA})
SUBJECTS: Mapping[DecisionKind, frozenset[SubjectKind]] = {
    **dict.fromkeys(DecisionKind, frozenset(SubjectKind)),
    DecisionKind.REDACT: _IDEAS | {SubjectKind.ADDENDUM},
    # An addendum stays as it was written.
    DecisionKind.ASK_CHANGE: frozenset({SubjectKind.IDEA, SubjectKind.COMMENT}),
    DecisionKind.MOVE: _IDEAS,
    DecisionKind.ELSEWHERE: _IDEAS,
}
"""What each decision can be about."""

NEEDS_GROUND = frozenset({DecisionKind.HIDE, DecisionKind.REDACT, DecisionKind.WARN, DecisionKind.SUSPEND})
NEEDS_FACTS = NEEDS_GROUND | {DecisionKind.ASK_CHANGE}
APPEALABLE = NEEDS_FACTS | {DecisionKind.MOVE, DecisionKind.ELSEWHERE}
"""Decisions to which the author can object."""
ABOUT_AUTHORS = frozenset({DecisionKind.WARN, DecisionKind.SUSPEND, DecisionKind.LIFT})
TURNS = frozenset({DecisionKind.PUBLISH, DecisionKind.HIDE, DecisionKind.RESTORE})
"""Decisions that change whether a contribution is public."""


@dataclass(frozen=True, slots=True)
class UndoFacts:
    """What taking a decision back rests on.

    ``is_latest`` says that nothing has happened to its subject since.
    """

    decided_by: int | None
    decided_at: datetime
    kind: DecisionKind
    is_undone: bool
    is_latest: bool
    answers_appeal: bool = False


def may_decide(actor: Actor, process_id: int, subject_kind: SubjectKind, state: str, kind: DecisionKind) -> Permission:
    """Whether ``actor`` may take such a decision about a contribution in this state."""
    moderates = may_moderate(actor, process_id)
    if not moderates:
        return moderates
    if subject_kind not in SUBJECTS[kind]:
        return refuse(_l("This decision does not go with this kind of contribution."))
    if state not in STATES[kind]:
        return refuse(_reason(subject_kind, kind))
    return ALLOWED


def may_judge(*, is_own: bool, has_colleagues: bool) -> Permission:
    """Whether somebody who may decide may do so about this contribution: not the own one, unless nobody else could."""
    if is_own and has_colleagues:
        return refuse(_l("This is your own contribution, so a colleague decides about it."))
    return ALLOWED


def possible_kinds(actor: Actor, process_id: int, subject_kind: SubjectKind, state: str) -> tuple[DecisionKind, ...]:
    """Return the decisions that ``actor`` may take about a contribution in this state, in the order of the kinds."""
    return tuple(kind for kind in DecisionKind if may_decide(actor, process_id, subject_kind, state, kind))


def may_say_why(kind: DecisionKind, *, has_ground: bool, has_facts: bool, automation: Automation) -> Permission:
    """Whether a decision says why: what a law or a rule forbids, and what is the case here."""
    if automation is Automation.IMPORTED:
        # It was taken elsewhere, and what was not said there cannot be made up here.
        return ALLOWED
    if kind in NEEDS_GROUND and not has_ground:
        return refuse(_l("Please choose the rule or law that this rests on."))
    if kind in NEEDS_FACTS and not has_facts:
        return refuse(_l("Please give the reason; the author will read it."))
    return ALLOWED


def may_turn_to_author(
    actor: Actor, kind: DecisionKind, *, account_id: int | None, suspended_until: datetime | None, now: datetime
) -> Permission:
    """Whether ``actor`` may warn the author of a contribution, keep the person from writing, or end that."""
    if account_id is None:
        return refuse(_l("The author has no account here, so nobody would hear of it."))
    if account_id == actor.account_id:
        return refuse(_l("This is your own contribution."))
    if kind is DecisionKind.LIFT and (suspended_until is None or suspended_until <= now):
        return refuse(_l("The author may write already."))
    return ALLOWED


def may_suspend_until(lasts_until: datetime | None, *, longest: timedelta, now: datetime) -> Permission:
    """Whether a suspension can last until then."""
    if lasts_until is None or not now < lasts_until <= now + longest:
        return refuse(_l("Please say for how long."))
    return ALLOWED


def may_undo(actor: Actor, process_id: int, decision: UndoFacts, *, window: timedelta, now: datetime) -> Permission:
    """Whether ``actor`` may take a decision back: whoever took it, soon, and before anything else has happened."""
    moderates = may_moderate(actor, process_id)
    if not moderates:
        return moderates
    if decision.decided_by is None or decision.decided_by != actor.account_id:
        return refuse(_l("Only whoever took a decision can take it back."))
    if decision.kind is DecisionKind.REDACT:
        return refuse(_l("What was taken out of a text is gone, so this cannot be taken back."))
    if decision.is_undone:
        return refuse(_l("This decision has been taken back already."))
    if now - decision.decided_at >= window:
        return refuse(_l("It is too late to take this back: the author hears of it now. You can decide anew."))
    if decision.answers_appeal:
        return refuse(_l("This decision answers an objection, so it cannot be taken back."))
    if not decision.is_latest:
        return refuse(_l("Something has happened since, so this cannot be taken back. You can decide anew."))
    return ALLOWED


def may_keep_blocks(actor: Actor, process_id: int | None) -> Permission:
    """Whether ``actor`` may keep the text blocks of a process, or (with ``None``) those for all processes."""
    if actor.has(Role.MODERATOR, process_id):
        return ALLOWED
    if process_id is None:
        return refuse(_l("Only moderators of all processes may change what is there for all."))
    return may_moderate(actor, process_id)


def _reason(subject_kind: SubjectKind, kind: DecisionKind) -> Any:
    if kind is DecisionKind.KEEP:
        return _l("This is not public yet. Please publish or hide it.")
    if kind is DecisionKind.PUBLISH:
        return _NOT_WAITING[subject_kind]
    return _NOT_HIDDEN[subject_kind] if kind is DecisionKind.RESTORE else _NOT_PUBLIC[subject_kind]


_NOT_WAITING = {
    SubjectKind.IDEA: _l("This idea is not waiting for a decision any more."),
    SubjectKind.COMMENT: _l("This comment is not waiting for a decision any more."),
    SubjectKind.ADDENDUM: _l("This addendum is not waiting for a decision any more."),
}
_NOT_HIDDEN = {
    SubjectKind.IDEA: _l("This idea is not hidden any more."),
    SubjectKind.COMMENT: _l("This comment is not hidden any more."),
    SubjectKind.ADDENDUM: _l("This addendum is not hidden any more."),
}
_NOT_PUBLIC = {
    SubjectKind.IDEA: _l("This idea is not public any more."),
    SubjectKind.COMMENT: _l("This comment is not public any more."),
    SubjectKind.ADDENDUM: _l("This addendum is not public any more."),
}
