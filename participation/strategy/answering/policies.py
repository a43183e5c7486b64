"""Who answers for the city, asks a department for an answer, and reports on measures."""

from collections.abc import Mapping

from participation.accounts.actor import Actor, Role
from participation.ideas.models import IdeaState
from participation.kit.permissions import ALLOWED, Permission, refuse
from participation.multilingual import lazy as _l
from participation.strategy.models import AnswerOutcome, MeasureState, StatementState

FOLLOWS: Mapping[MeasureState, frozenset[MeasureState]] = {
    MeasureState.PLANNED: frozenset(MeasureState),
    MeasureState.RUNNING: frozenset({MeasureState.RUNNING, MeasureState.DONE, MeasureState.STOPPED}),
    MeasureState.DONE: frozenset({MeasureState.DONE, MeasureState.RUNNING}),
    MeasureState.STOPPED: frozenset({MeasureState.STOPPED, MeasureState.PLANNED, MeasureState.RUNNING}),
}
"""What a measure can come to from each state."""


def may_answer(actor: Actor, process_id: int) -> Permission:
    """Staff answer for the city."""
    if actor.has(Role.STAFF, process_id):
        return ALLOWED
    return refuse(_l("Only staff of this process may answer for the city."))


def may_answer_idea(actor: Actor, process_id: int, state: IdeaState) -> Permission:
    """Whether ``actor`` may answer an idea in this state: what the public cannot read gets no public answer."""
    permission = may_answer(actor, process_id)
    if permission and state is not IdeaState.PUBLISHED:
        return refuse(_l("This idea is not public, so it gets no public answer."))
    return permission


def may_answer_bundle(actor: Actor, process_id: int, *, is_public: bool) -> Permission:
    """Whether ``actor`` may answer ideas that say the same, together."""
    permission = may_answer(actor, process_id)
    if permission and not is_public:
        return refuse(_l("These ideas are not together any more, or none of them is public."))
    return permission


def may_answer_statement(actor: Actor, process_id: int, state: StatementState) -> Permission:
    """Whether ``actor`` may answer a statement in this state."""
    permission = may_answer(actor, process_id)
    if permission and state is not StatementState.PUBLISHED:
        return refuse(_l("This statement is not public. It has to be signed off first."))
    return permission


def may_refer(actor: Actor, process_id: int, *, is_public: bool) -> Permission:
    """Whether ``actor`` may ask a department for an answer: moderators and staff, about what is public."""
    if not (actor.has(Role.MODERATOR, process_id) or actor.has(Role.STAFF, process_id)):
        return refuse(_l("Only moderators and staff of this process may ask a department for an answer."))
    if not is_public:
        return refuse(_l("This is not public, so no department can answer it in public."))
    return ALLOWED


def may_begin_measure(actor: Actor, process_id: int, outcome: AnswerOutcome, *, is_latest: bool) -> Permission:
    """Whether ``actor`` may say what the city does after an answer with this ``outcome``."""
    permission = may_answer(actor, process_id)
    if not permission:
        return permission
    if not is_latest:
        return refuse(_l("There is a later answer. What the city does belongs to the latest one."))
    if outcome is AnswerOutcome.NO:
        return refuse(_l("The city said no, so nothing follows. Answer anew if that has changed."))
    return ALLOWED


def may_report(actor: Actor, process_id: int, state: MeasureState, after: MeasureState) -> Permission:
    """Whether ``actor`` may report that a measure in ``state`` has come to ``after``."""
    permission = may_answer(actor, process_id)
    if permission and after not in FOLLOWS[state]:
        return refuse(_l("A measure that has begun cannot be only planned again, and one that is done is not stopped."))
    return permission
