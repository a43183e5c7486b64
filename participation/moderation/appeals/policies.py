"""Who may object to a decision, who may answer, and why not; pure, like all policies."""

from dataclasses import dataclass
from datetime import datetime

from participation.accounts.actor import Actor, Role
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.moderation.models import AppealOutcome
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.multilingual.moments import lazy_moment


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """What the rules about objecting to one decision rest on; ``is_author`` is seen from the person who asks."""

    is_author: bool
    is_undone: bool
    has_appeal: bool
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Others:
    """How many people could answer besides those who decided, as moderators and as admins."""

    moderators: int
    admins: int


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What the rules about answering one appeal rest on; ids are those of accounts."""

    process_id: int
    decided_by: int | None
    author: int | None
    outcome: AppealOutcome | None
    others: Others


def may_appeal(actor: Actor, decision: ObjectionFacts, *, now: datetime) -> Permission:
    """Whether ``actor`` may object to a decision: its author, once, within the time for that."""
    if not decision.is_author or not actor.is_signed_in:
        return refuse(_l("Only the author of a contribution may object to a decision about it."))
    if decision.is_undone:
        return refuse(_l("This decision has been taken back, so there is nothing to object to."))
    if decision.until is None:
        return refuse(_l("This decision takes nothing away, so there is nothing to object to."))
    if decision.has_appeal:
        return refuse(_l("You have objected to this decision already."))
    if now > decision.until:
        return refuse(
            lazily(_l("The time to object ended on %(moment)s."), moment=lazy_moment(decision.until, is_end=True))
        )
    return ALLOWED


def may_withdraw_appeal(actor: Actor, *, is_author: bool, outcome: AppealOutcome | None) -> Permission:
    """Whether ``actor`` may take an objection back: its author, until somebody has answered."""
    if not is_author or not actor.is_signed_in:
        return refuse(_l("Only whoever objected may take the objection back."))
    return ALLOWED if outcome is None else _over(outcome)


def may_decide_appeal(actor: Actor, appeal: AnswerFacts) -> Permission:
    """Whether ``actor`` may answer an appeal: a person who works as a moderator, neither its author nor the decider."""
    if not actor.is_signed_in or not actor.has(Role.MODERATOR, appeal.process_id):
        return refuse(_l("Only moderators of this process may do this."))
    if appeal.outcome is not None:
        return _over(appeal.outcome)
    if actor.account_id == appeal.author:
        return refuse(_l("This is your own contribution, so somebody else answers."))
    if actor.account_id == appeal.decided_by:
        return refuse(_someone_else(appeal.others))
    return ALLOWED


def who_decides(others: Others) -> object:
    """Return a lazy sentence that says who may answer an appeal."""
    if others.moderators:
        return _l("Another moderator answers than the one who decided.")
    if others.admins:
        return _l("Only one person moderates this process. So an admin answers, not the one who decided.")
    return _l("Only one person moderates this process, and there is no other admin. Another one must be named first.")


def _someone_else(others: Others) -> object:
    if others.moderators:
        return _l("You took this decision yourself, so another moderator answers.")
    if others.admins:
        return _l("You took this decision yourself, and nobody else moderates this process. So an admin answers.")
    return _l("You took this decision yourself, and there is nobody else. Another moderator must be named first.")


def _over(outcome: AppealOutcome) -> Permission:
    if outcome is AppealOutcome.WITHDRAWN:
        return refuse(_l("This objection has been taken back."))
    return refuse(_l("This objection has been answered already."))
