"""Deciding about content: publish, keep, hide with a ground and reasons, ask for a change, warn, suspend, and so on."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import SubjectKind
from participation.ideas.models import Addendum, Idea
from participation.ideas.redaction import redact_idea
from participation.ideas.service import lock_idea
from participation.kit.permissions import Refused, require
from participation.kit.schema import Translated
from participation.moderation.appeals.queries import others_than
from participation.moderation.curating.service import move_idea, point_elsewhere
from participation.moderation.events import Decided
from participation.moderation.grounds import ground_by_key
from participation.moderation.models import Automation, Decision, DecisionKind
from participation.moderation.openness.times import note_time
from participation.moderation.policies import (
    ABOUT_AUTHORS,
    APPEALABLE,
    TURNS,
    may_decide,
    may_judge,
    may_say_why,
    may_suspend_until,
    may_turn_to_author,
)
from participation.moderation.settling import OpenCases, open_cases, settle
from participation.moderation.subjects import (
    Contribution,
    Subject,
    author_of,
    check_text,
    digest_of,
    kind_of,
    lock_author,
    lock_subject,
    salted,
    turn,
)
from participation.moderation.terms import SUSPENDED_LONGEST, terms
from participation.multilingual import lazy as _l
from participation.processes.models import Participant
from participation.processes.queries import process_by_id
from participation.texts.redaction import SHORTEST, holds

__all__ = ["MOST_PASSAGES", "Subject", "decide", "redact"]
MOST_PASSAGES = 20
SALT_BYTES = 16
SUSPENDED_BEFORE = "suspended_before"
"""Under this name a decision about an author keeps until when the person was suspended already."""


def decide(
    session: Session,
    actor: Actor,
    *,
    subject: Subject,
    kind: DecisionKind,
    reason: str = "",
    ground: str = "",
    block_texts: Translated | None = None,
    details: Mapping[str, Any] | None = None,
    lasts_until: datetime | None = None,
    automation: Automation = Automation.NONE,
    case_id: int | None = None,
    opened_at: datetime | None = None,
    now: datetime,
) -> Decision:
    """Carry out a decision and keep it with its ground and reasons; the author hears of it when it cannot be undone.

    ``case_id`` is the case that was worked on, ``opened_at`` when somebody began. Raises ``TextChanged`` when the
    author has changed the text since somebody read it, and ``Refused`` when the decision does not fit any more, says
    not why, or when a colleague works on the same contribution.
    """
    if kind is DecisionKind.REDACT:
        raise ValueError("passages are taken out by redact()")
    _require_reasons(kind, ground, reason, block_texts or {}, automation)
    if kind in ABOUT_AUTHORS:
        lock_author(session, SubjectKind(subject.kind), subject.id)
    thing = lock_subject(session, SubjectKind(subject.kind), subject.id)
    require(may_decide(actor, thing.process_id, kind_of(thing), thing.state.value, kind))
    _require_no_own_matter(session, actor, thing)
    check_text(thing, subject)
    cases = open_cases(session, actor, thing, case_id=case_id, now=now)
    began = cases.named.held_since if cases.named else None
    decision = _decision(session, actor, thing, kind, cases, now=now)
    decision.reason, decision.ground, decision.block_texts = reason.strip(), ground, dict(block_texts or {})
    was_signalled = cases.are_signalled and automation is Automation.NONE
    decision.automation = Automation.SIGNALLED if was_signalled else automation
    decision.lasts_until = lasts_until
    decision.details = _carry_out(session, actor, thing, decision, details or {}, now=now)
    session.add(decision)
    session.flush()
    delay = timedelta(0) if actor.account_id is None else terms().undo
    settle(session, decision, thing, cases, delay=delay, now=now)
    began_at = opened_at or began
    if began_at is not None:
        note_time(session, process_by_id(session, thing.process_id), kind, now - began_at, now=now)
    record(session, Decided(decision.id), account_id=actor.account_id, now=now, delay=delay)
    return decision


def redact(
    session: Session, actor: Actor, *, idea_id: int, passages: Sequence[str], reason: str, ground: str, now: datetime
) -> list[Decision]:
    """Take passages out of an idea, its addenda and its history; return the decision about each thing that changed.

    The reason is public, so it must not say what was taken out. Raises ``NotFound`` for passages that stand nowhere.
    """
    if not reason.strip():
        raise Refused(_l("Please give the reason; everybody will read it."))
    if not passages or len(passages) > MOST_PASSAGES or any(len(passage.strip()) < SHORTEST for passage in passages):
        raise Refused(_l("Please give the passages that are to be taken out."))
    if any(holds(reason, passage) for passage in passages):
        raise Refused(_l("Everybody will read the reason, so it must not contain what is taken out."))
    _require_reasons(DecisionKind.REDACT, ground, reason, {}, Automation.NONE)
    idea = lock_idea(session, idea_id)
    addenda = session.scalars(select(Addendum).where(Addendum.idea_id == idea.id).order_by(Addendum.id))
    # Made of the texts as they are now: afterwards they are others.
    prepared = [_redaction(session, actor, thing, reason.strip(), ground, now=now) for thing in (idea, *addenda)]
    redacted = redact_idea(session, actor, idea_id=idea_id, passages=passages, reason=reason.strip(), now=now)
    text_changed = redacted.text_changed or bool(redacted.revisions_closed)
    affected = [
        one for one in prepared if (one[0].addendum_id in redacted.addendum_ids if one[0].addendum_id else text_changed)
    ]
    for decision, thing, cases in affected:
        session.add(decision)
        session.flush()
        settle(session, decision, thing, cases, delay=timedelta(0), now=now)
    # One letter to the author is enough, however many parts were concerned; it cannot be undone, so it goes at once.
    decisions = [decision for decision, _thing, _cases in affected]
    record(session, Decided(decisions[0].id), account_id=actor.account_id, now=now)
    return decisions


def _redaction(
    session: Session, actor: Actor, thing: Idea | Addendum, reason: str, ground: str, *, now: datetime
) -> tuple[Decision, Contribution, OpenCases]:
    cases = open_cases(session, actor, thing, case_id=None, now=now)
    decision = _decision(session, actor, thing, DecisionKind.REDACT, cases, now=now)
    decision.reason, decision.ground = reason, ground
    return decision, thing, cases


def _require_no_own_matter(session: Session, actor: Actor, thing: Contribution) -> None:
    if actor.account_id is None or author_of(session, thing).account_id != actor.account_id:
        return
    others = others_than(session, thing.process_id, {actor.account_id})
    require(may_judge(is_own=True, has_colleagues=bool(others.moderators or others.admins)))


def _require_reasons(
    kind: DecisionKind, ground: str, reason: str, block_texts: Translated, automation: Automation
) -> None:
    if ground and ground_by_key(ground) is None:
        raise Refused(_l("This rule or law is not in the list."))
    has_facts = bool(reason.strip() or block_texts)
    require(may_say_why(kind, has_ground=bool(ground), has_facts=has_facts, automation=automation))


def _decision(
    session: Session, actor: Actor, thing: Contribution, kind: DecisionKind, cases: OpenCases, *, now: datetime
) -> Decision:
    author = author_of(session, thing)
    salt = secrets.token_bytes(SALT_BYTES)
    subject_kind = kind_of(thing)
    can_object = kind in APPEALABLE and author.account_id is not None
    return Decision(
        process_id=thing.process_id,
        idea_id=thing.id if subject_kind is SubjectKind.IDEA else None,
        comment_id=thing.id if subject_kind is SubjectKind.COMMENT else None,
        addendum_id=thing.id if subject_kind is SubjectKind.ADDENDUM else None,
        participant_id=author.id,
        kind=kind,
        objection_until=now + terms().objection if can_object else None,
        waited_seconds=None if cases.since is None else int((now - cases.since).total_seconds()),
        salt=salt,
        content_digest=salted(salt, digest_of(thing)),
        state_before=thing.state.value,
        published_before=thing.published_at,
        decided_by=actor.account_id,
        decided_at=now,
    )


def _carry_out(
    session: Session,
    actor: Actor,
    thing: Contribution,
    decision: Decision,
    details: Mapping[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Do what was decided, and return the details that are kept with it."""
    kind = decision.kind
    if kind in TURNS:
        turn(session, actor, thing, kind, now=now)
    elif kind is DecisionKind.MOVE:
        return move_idea(session, actor, idea_id=thing.id, details=details, now=now)
    elif kind is DecisionKind.ELSEWHERE:
        return point_elsewhere(session, actor, idea_id=thing.id, details=details)
    elif kind in ABOUT_AUTHORS:
        return {**details, **_turn_to_author(session, actor, decision, now=now)}
    return dict(details)


def _turn_to_author(session: Session, actor: Actor, decision: Decision, *, now: datetime) -> dict[str, Any]:
    author = session.get_one(Participant, decision.participant_id, populate_existing=True)
    before = author.suspended_until
    require(may_turn_to_author(actor, decision.kind, account_id=author.account_id, suspended_until=before, now=now))
    if decision.kind is DecisionKind.WARN:
        return {}
    if decision.kind is DecisionKind.SUSPEND:
        require(may_suspend_until(decision.lasts_until, longest=SUSPENDED_LONGEST, now=now))
    author.suspended_until = decision.lasts_until if decision.kind is DecisionKind.SUSPEND else None
    return {SUSPENDED_BEFORE: before.isoformat() if before else None}
