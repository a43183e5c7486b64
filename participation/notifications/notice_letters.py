"""Letters to those who pointed at something and left an address: that it has come in, and what became of it."""

from datetime import timedelta

from flask import current_app

from participation.browse.notice_words import outcome_for
from participation.kit.db import db
from participation.kit.links import page_url
from participation.kit.mail import send
from participation.moderation.models import Decision
from participation.moderation.words import ground_label
from participation.multilingual import in_language, negotiate, pick
from participation.multilingual.moments import day
from participation.notices.codes import notice_code
from participation.notices.events import NoticeClosed, NoticeReceived
from participation.notices.models import Notice, NoticeReason
from participation.notifications.recipients import written
from participation.processes.queries import process_by_id


def confirm(event: NoticeReceived) -> None:
    """Send the code with which somebody looks up what becomes of a notice; nothing where no address was left."""
    notice = db.session.get(Notice, event.notice_id)
    if notice is not None and notice.contact:
        _write(notice, "notice_received")


def tell_outcome(event: NoticeClosed) -> None:
    """Tell what became of a notice, unless the decision was taken back meanwhile."""
    notice = db.session.get(Notice, event.notice_id)
    if notice is not None and notice.contact and notice.decision_id == event.decision_id:
        _write(notice, "notice_outcome")


def _write(notice: Notice, template: str) -> None:
    config, session = current_app.config, db.session()
    language = negotiate([notice.language], config["LANGUAGES"], config["BABEL_DEFAULT_LOCALE"])
    decision = session.get(Decision, notice.decision_id) if notice.decision_id else None
    # Worked out only now, so that no queue or log ever holds a code.
    code = notice_code(config["SECRET_KEY"], notice.submission_key or "")
    process = process_by_id(session, notice.process_id)
    with in_language(language):
        words = {
            "given": day(notice.submitted_at),
            "answer_by": day(notice.submitted_at + timedelta(days=config["NOTICE_ANSWER_DAYS"])),
            "outcome": str(outcome_for(session, notice, decision.kind if decision else None)),
            "ground": ground_label(decision.ground, language) if decision else "",
        }
    letter = written(
        notice.contact or "",
        language,
        template,
        # A repetition is the same message for the program that shows it.
        message_id=f"{template}-{notice.id}",
        **words,
        is_urgent=notice.reason is NoticeReason.THREAT_TO_LIFE,
        process=pick(process.title, language),
        code=code,
        url=page_url("notices.status", language=language, notice_code=code),
    )
    send(letter, config)
