"""What somebody sees who looks up what became of a notice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.browse.notice_words import outcome_for, subject_of
from participation.browse.translations import shown_here
from participation.kit import clock
from participation.listings.translated import title_in, written_idea
from participation.moderation.models import Decision
from participation.moderation.terms import terms
from participation.moderation.words import ground_label
from participation.multilingual import Phrase, pick
from participation.multilingual.moments import day
from participation.notices.models import Notice, NoticeReason
from participation.notices.pages import address_of
from participation.notices.subjects import NoticedText, noticed_text
from participation.notices.words import REASONS
from participation.processes.policies import may_see_process
from participation.processes.queries import process_by_id


@dataclass(frozen=True, slots=True)
class NoticeStatus:
    """A notice and what became of it; no title or address of what is not public (any more)."""

    code: str
    given: str
    about: str
    title: str
    language: str
    url: str
    process_title: str
    reason: str
    is_urgent: bool
    emergency_number: str
    answer_by: str
    is_decided: bool
    decided: str
    outcome: str
    ground: str
    tells_by_mail: bool
    tells_in_inbox: bool
    contact: str


def notice_status(session: Session, notice: Notice, code: str) -> NoticeStatus:
    """Return the page for whoever has the code of a notice."""
    process = process_by_id(session, notice.process_id)
    noticed = noticed_text(session, notice.process_id, notice.subject_kind, notice.subject_id)
    is_public = noticed.is_public and bool(may_see_process(ANONYMOUS, process))
    title = _title(session, noticed) if is_public else Phrase("", g.language)
    decision = session.get(Decision, notice.decision_id) if notice.decision_id else None
    decided_at = told_at(notice)
    is_decided = decided_at is not None and decided_at <= clock.now()
    is_urgent = notice.reason is NoticeReason.THREAT_TO_LIFE
    answer_by = notice.submitted_at + timedelta(days=current_app.config["NOTICE_ANSWER_DAYS"])
    return NoticeStatus(
        code=code,
        given=day(notice.submitted_at),
        about=str(subject_of(notice.subject_kind)),
        title=title.text,
        language=title.language,
        url=address_of(process.slug, noticed.subject) if is_public else "",
        process_title=pick(process.title, g.language),
        reason=str(REASONS[notice.reason]),
        is_urgent=is_urgent,
        emergency_number=current_app.config["EMERGENCY_NUMBER"],
        answer_by="" if is_urgent else day(answer_by),
        is_decided=is_decided,
        decided=day(notice.closed_at) if is_decided and notice.closed_at else "",
        outcome=str(outcome_for(session, notice, decision.kind if decision else None)) if is_decided else "",
        ground=ground_label(decision.ground, g.language) if is_decided and decision else "",
        tells_by_mail=notice.contact is not None,
        tells_in_inbox=notice.account_id is not None,
        contact=current_app.config["CONTACT_EMAIL"],
    )


def _title(session: Session, noticed: NoticedText) -> Phrase:
    idea_id = noticed.subject.idea_id
    shown = shown_here(session, [written_idea(idea_id, noticed.title_language)])
    return title_in(shown, idea_id, noticed.title, noticed.title_language)


def told_at(notice: Notice) -> datetime | None:
    """Return when a decision about a notice holds for good, because it cannot be undone any more."""
    return notice.closed_at + terms().undo if notice.closed_at else None
