"""What the desk sees of objections: all of them, and one with both texts, the earlier decision, and who may answer."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.kit.permissions import Permission
from participation.moderation.appeals.decision_page import BADGES, AppealView, Rule, Wording, appeal_view, rule_of
from participation.moderation.appeals.policies import may_decide_appeal, who_decides
from participation.moderation.appeals.queries import (
    DecisionAbout,
    answer_facts,
    appealed,
    closed_appeals,
    email_of,
    open_appeals,
    was_noticed,
)
from participation.moderation.appeals.service import remedy_of
from participation.moderation.models import AppealOutcome, DecisionKind
from participation.moderation.words import automation_note, kind_label, outcome_label, subject_label
from participation.multilingual import Phrase, direction, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, deadline, moment
from participation.processes.models import Participant
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One objection in the list: what it is against, and until when there must be an answer, or what it was."""

    url: str
    label: str
    about: str
    title: str
    when: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class AppealsPage:
    """The objections of a process: those without an answer first, then the latest of the others."""

    workplace: Workplace
    waiting: tuple[AppealRow, ...]
    closed: tuple[AppealRow, ...]


@dataclass(frozen=True, slots=True)
class AppealPage:
    """One objection with everything it takes to answer it; ``consequence`` is what changing the decision would do."""

    workplace: Workplace
    id: int
    is_overdue: bool
    appeal: AppealView
    kind_label: str
    kind: str
    decided: str
    decided_by: str
    ground: Rule | None
    reason: str
    blocks: Phrase | None
    automation: str
    was_noticed: bool
    about_label: str
    title: str
    text: Wording
    state: str
    pseudonym: str
    idea_url: str
    who: str
    permission: Permission
    consequence: str
    answered_by: str


def appeals_page(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> AppealsPage:
    """Return the objections of a process as lists."""
    return AppealsPage(
        workplace=workplace(actor, process, g.language),
        waiting=tuple(_row(process, line, now) for line in open_appeals(session, process.id)),
        closed=tuple(_row(process, line, now) for line in closed_appeals(session, process.id)),
    )


def appeal_page(
    session: Session, actor: Actor, process: ProcessOutline, appeal_id: int, *, now: datetime
) -> AppealPage:
    """Return one objection of a process; raises ``Missing``."""
    row = appealed(session, process.id, appeal_id)
    decision, about, appeal = row.decision, row.about, row.objection
    author = session.get_one(Participant, appeal.participant_id)
    facts = answer_facts(session, appeal, decision)
    return AppealPage(
        workplace=workplace(actor, process, g.language),
        id=appeal.id,
        is_overdue=appeal.outcome is None and appeal.due_at < now,
        appeal=appeal_view(appeal, settled_before=now),
        kind_label=str(kind_label(decision.kind)),
        kind=BADGES.get(decision.kind, "info"),
        decided=moment(decision.decided_at),
        decided_by=email_of(session, decision.decided_by),
        ground=rule_of(decision.ground, process.slug),
        reason=decision.reason,
        blocks=phrase(decision.block_texts, g.language) if decision.block_texts else None,
        automation=str(automation_note(decision.automation)),
        was_noticed=was_noticed(session, decision.id),
        about_label=str(subject_label(about.kind)),
        title=about.title,
        text=Wording(about.text, about.language, direction(about.language)),
        state=about.state,
        pseudonym=author.pseudonym,
        idea_url=url_for("desk.idea", slug=process.slug, idea_id=about.idea_id),
        who=str(who_decides(facts.others)),
        permission=may_decide_appeal(actor, facts),
        consequence=_consequence(decision.kind, possible=remedy_of(session, actor, decision, about) is not None),
        answered_by=email_of(session, appeal.answered_by) if appeal.answered_by else "",
    )


def _row(process: ProcessOutline, line: DecisionAbout, now: datetime) -> AppealRow:
    appeal = line.objection
    if appeal.outcome is None:
        state = _("answer by %(moment)s", moment=deadline(appeal.due_at))
        kind = "danger" if appeal.due_at < now else "neutral"
    else:
        state = str(outcome_label(appeal.outcome))
        kind = "success" if appeal.outcome is AppealOutcome.CHANGED else "neutral"
    return AppealRow(
        url=url_for("appeals.appeal", slug=process.slug, appeal_id=appeal.id),
        label=str(kind_label(line.decision.kind)),
        about=str(subject_label(line.about.kind)),
        title=line.about.title,
        when=day(appeal.submitted_at),
        state=state,
        kind=kind,
    )


def _consequence(kind: DecisionKind, *, possible: bool) -> str:
    if kind is DecisionKind.WARN:
        return _("The warning no longer counts.")
    if kind is DecisionKind.REDACT:
        return _("What was taken out is kept nowhere, so it does not come back by itself. Tell the author what to do.")
    if not possible:
        return _("Nothing of the decision is left to take back: something else was decided since. The author is told.")
    return {
        DecisionKind.HIDE: _("The contribution becomes public again."),
        DecisionKind.ASK_CHANGE: _("The contribution is published as it stands."),
        DecisionKind.SUSPEND: _("The author can write again at once."),
        DecisionKind.MOVE: _("The earlier principles and field of action come back."),
        DecisionKind.ELSEWHERE: _("The link to an answer elsewhere goes away."),
    }.get(kind, "")
