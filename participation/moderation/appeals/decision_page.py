"""What authors are told about decisions: the list of them, and each with its reasons and the way to object."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.cases.models import SubjectKind
from participation.cases.queries import waits_for_author
from participation.kit.permissions import Permission, found
from participation.legal.models import LegalKind
from participation.legal.pages import page_url
from participation.moderation.appeals.policies import ObjectionFacts, may_appeal, may_withdraw_appeal
from participation.moderation.appeals.queries import (
    PAGE,
    About,
    DecisionAbout,
    own_decision,
    own_decisions,
    was_noticed,
)
from participation.moderation.grounds import GroundKind, ground_by_key
from participation.moderation.models import Appeal, AppealOutcome, Decision, DecisionKind
from participation.moderation.subjects import salted
from participation.moderation.words import (
    automation_note,
    ground_name,
    kind_label,
    outcome_label,
    scope_of,
    subject_label,
    what_was_decided,
)
from participation.multilingual import Phrase, direction, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import deadline, moment
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes, process_by_id
from participation.receipts.signing import text_digest

BADGES = {
    DecisionKind.PUBLISH: "success",
    DecisionKind.RESTORE: "success",
    DecisionKind.LIFT: "success",
    DecisionKind.KEEP: "success",
    DecisionKind.HIDE: "danger",
    DecisionKind.SUSPEND: "danger",
    DecisionKind.REDACT: "warning",
    DecisionKind.ASK_CHANGE: "warning",
    DecisionKind.WARN: "warning",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in the language it was written in; an empty one where that is not known."""

    text: str
    language: str
    dir: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision in the list of those about somebody's contributions."""

    label: str
    kind: str
    sentence: str
    url: str
    about: Wording
    when: str
    process: str
    note: str


@dataclass(frozen=True, slots=True)
class OwnDecisionsPage:
    """The decisions about somebody's contributions, the latest first."""

    decisions: tuple[DecisionLine, ...]
    first_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a decision rests on: where it stands, what it is called there, and what it says."""

    name: str
    title: Phrase
    text: Phrase
    url: str


@dataclass(frozen=True, slots=True)
class AppealView:
    """An objection as its author and the desk see it; ``due`` is until when there is an answer."""

    text: Wording
    submitted: str
    due: str
    is_open: bool
    outcome: str
    kind: str
    answer: str
    answered: str
    new_decision_url: str


@dataclass(frozen=True, slots=True)
class Check:
    """With what an author can show that an entry of the public log is about this text."""

    published: str
    salt: str
    digest: str
    fits: bool
    command: str
    log_url: str


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A statement of reasons: what was decided about a contribution, on what grounds, and what its author can do."""

    id: int
    title: str
    decided: str
    kind_label: str
    kind: str
    process: Phrase
    process_url: str
    about_label: str
    about_title: Wording
    about_text: Wording
    about_url: str
    scope: str
    lasts: str
    ground: Rule | None
    reason: str
    blocks: Phrase | None
    changes_url: str
    edit_url: str
    source: str
    automation: str
    until: str
    may_appeal: Permission
    may_withdraw: Permission
    appeal: AppealView | None
    check: Check | None


def own_decisions_page(
    session: Session, actor: Actor, *, before: int | None, undo: timedelta, now: datetime
) -> OwnDecisionsPage:
    """Return a page of the decisions about what the reader contributed."""
    account_id = found(actor.account_id)
    rows = own_decisions(session, account_id, settled_before=now - undo, before=before)
    titles = {process.id: pick(process.title, g.language) for process in all_processes(session)} if rows else {}
    return OwnDecisionsPage(
        decisions=tuple(_line(row, titles.get(row.decision.process_id, ""), now) for row in rows[:PAGE]),
        first_url=url_for("appeals.decisions") if before is not None else "",
        next_url=url_for("appeals.decisions", before=rows[PAGE - 1].decision.id) if len(rows) > PAGE else "",
    )


def own_decision_page(
    session: Session, actor: Actor, decision_id: int, *, undo: timedelta, now: datetime
) -> DecisionPage:
    """Return the reasons of a decision about what the reader contributed; raises ``Missing`` for other people's."""
    row = own_decision(session, found(actor.account_id), decision_id, settled_before=now - undo)
    decision, about = row.decision, row.about
    process = process_by_id(session, decision.process_id)
    facts = ObjectionFacts(
        is_author=True, is_undone=False, has_appeal=row.appeal is not None, until=decision.objection_until
    )
    outcome = row.appeal.outcome if row.appeal else None
    url = contribution_url(process.slug, about)
    return DecisionPage(
        id=decision.id,
        title=str(what_was_decided(decision.kind, about.kind)),
        decided=moment(decision.decided_at),
        kind_label=str(kind_label(decision.kind)),
        kind=BADGES.get(decision.kind, "info"),
        process=phrase(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        about_label=str(subject_label(about.kind)),
        about_title=_title(about),
        about_text=_wording(about.text, about.language),
        about_url=url,
        scope=str(scope_of(decision.kind)),
        lasts=_lasts(decision),
        ground=rule_of(decision.ground, process.slug),
        reason=decision.reason,
        blocks=phrase(decision.block_texts, g.language) if decision.block_texts else None,
        changes_url=_changes_url(process, decision),
        edit_url=_edit_url(session, process, decision, about),
        source=_source(session, decision),
        automation=str(automation_note(decision.automation)),
        until=deadline(decision.objection_until) if decision.objection_until else "",
        may_appeal=may_appeal(actor, facts, now=now),
        may_withdraw=may_withdraw_appeal(actor, is_author=row.appeal is not None, outcome=outcome),
        appeal=appeal_view(row.appeal, settled_before=now - undo) if row.appeal else None,
        check=_check(decision, about, process),
    )


def appeal_view(appeal: Appeal, *, settled_before: datetime) -> AppealView:
    """Return an objection with its answer, if there is one, for its author or the desk."""
    kinds = {AppealOutcome.UPHELD: "neutral", AppealOutcome.CHANGED: "success", AppealOutcome.WITHDRAWN: "neutral"}
    is_told = appeal.answered_at is not None and appeal.answered_at <= settled_before
    new = appeal.new_decision_id if is_told else None
    return AppealView(
        text=_wording(appeal.text, appeal.language),
        submitted=moment(appeal.submitted_at),
        due=deadline(appeal.due_at),
        is_open=appeal.outcome is None,
        outcome=str(outcome_label(appeal.outcome)) if appeal.outcome else "",
        kind=kinds[appeal.outcome] if appeal.outcome else "info",
        answer=appeal.answer,
        answered=moment(appeal.answered_at) if appeal.answered_at else "",
        new_decision_url=url_for("appeals.decision", decision_id=new) if new else "",
    )


def rule_of(key: str, slug: str) -> Rule | None:
    """Return the law or rule with this key for somebody to read; ``None`` where none was given.

    A rule leads to those of the process at ``slug``, with all their versions.
    """
    ground = ground_by_key(key)
    if ground is None:
        return None
    url = page_url(LegalKind.RULES, slug) if ground.kind is GroundKind.RULE else ""
    return Rule(ground_name(ground), phrase(ground.title, g.language), phrase(ground.text, g.language), url)


def contribution_url(slug: str, about: About) -> str:
    """Return where a contribution stands for its author; an empty text where the idea around it is not public."""
    if about.kind is SubjectKind.COMMENT and not about.idea_is_public:
        return ""
    anchor = None if about.kind is SubjectKind.IDEA else f"{about.kind.value}-{about.id}"
    return url_for("browse.idea", slug=slug, idea_id=about.idea_id, _anchor=anchor)


def _line(row: DecisionAbout, process: str, now: datetime) -> DecisionLine:
    decision, about = row.decision, row.about
    return DecisionLine(
        label=str(kind_label(decision.kind)),
        kind=BADGES.get(decision.kind, "info"),
        sentence=str(what_was_decided(decision.kind, about.kind)),
        url=url_for("appeals.decision", decision_id=decision.id),
        about=_title(about),
        when=moment(decision.decided_at),
        process=process,
        note=_note(row, now),
    )


def _note(row: DecisionAbout, now: datetime) -> str:
    until, appeal = row.decision.objection_until, row.appeal
    if appeal is not None:
        if appeal.outcome is not None:
            return _("You objected. %(outcome)s.", outcome=outcome_label(appeal.outcome))
        return _("You objected. You get an answer by %(moment)s.", moment=deadline(appeal.due_at))
    if until is not None and until >= now:
        return _("You can object until %(moment)s.", moment=deadline(until))
    return ""


def _title(about: About) -> Wording:
    if about.kind is SubjectKind.COMMENT and not about.idea_is_public:
        # The idea is somebody else's, and what is hidden is hidden here, too.
        return _wording(_("An idea that is not public at the moment"), g.language)
    return _wording(about.title, about.language if about.kind is SubjectKind.IDEA else "")


def _wording(text: str, language: str) -> Wording:
    return Wording(text, language, direction(language) if language else "auto")


def _lasts(decision: Decision) -> str:
    if decision.lasts_until is not None:
        return _("Until %(moment)s.", moment=deadline(decision.lasts_until))
    if decision.kind is DecisionKind.ASK_CHANGE:
        return _("Until you have changed it and somebody has read it again.")
    if decision.objection_until is not None:
        return _("As long as nothing else is decided.")
    return ""


def _source(session: Session, decision: Decision) -> str:
    if decision.objection_until is None:
        return ""
    if was_noticed(session, decision.id):
        return _("Somebody had pointed us to it.")
    return _("Moderators came upon it themselves; nobody had pointed them to it.")


def _changes_url(process: ProcessOutline, decision: Decision) -> str:
    """Return where everybody can see what was changed about an idea."""
    if decision.idea_id is None or decision.kind not in (DecisionKind.REDACT, DecisionKind.MOVE):
        return ""
    return url_for("history.idea", slug=process.slug, idea_id=decision.idea_id)


def _edit_url(session: Session, process: ProcessOutline, decision: Decision, about: About) -> str:
    """Return where the author changes the text, as long as moderators wait for that."""
    waits = decision.kind is DecisionKind.ASK_CHANGE and session.scalar(select(waits_for_author(about.kind, about.id)))
    if not waits:
        return ""
    if about.kind is SubjectKind.COMMENT:
        return url_for("comments.edit", slug=process.slug, idea_id=about.idea_id, comment_id=about.id)
    return url_for("editing.edit", slug=process.slug, idea_id=about.idea_id)


def _check(decision: Decision, about: About, process: ProcessOutline) -> Check | None:
    if not decision.content_digest:
        return None
    digest = text_digest(about.text, title=about.title if about.kind is SubjectKind.IDEA else "")
    salt = decision.salt.hex()
    return Check(
        published=decision.content_digest,
        salt=salt,
        digest=digest,
        fits=salted(decision.salt, digest) == decision.content_digest,
        command=f"printf {salt}{digest} | xxd -r -p | sha256sum",
        log_url=url_for("transparency.process", slug=process.slug, _anchor="log"),
    )
