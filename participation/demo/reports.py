"""What readers of the demo report, and what the moderator finds right as it is."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.cases.models import SubjectKind
from participation.comments.models import Comment
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.timeline import Timeline
from participation.ideas.models import Idea
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.notices.codes import notice_code
from participation.notices.models import NoticeReason
from participation.notices.service import NoticeText, give_notice
from participation.processes.outline import ProcessOutline

ANSWER_WITHIN = timedelta(days=7)


def report(session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, entries: Iterable[Entry]) -> None:
    """Let readers point at contributions; some of it the moderator has looked at already."""
    for number, entry in enumerate(entries, start=1):
        kind, subject_id = subject_by_key(session, f"demo-{entry['about']}")
        key = f"demo-report-{process.id}-{number}"
        give_notice(
            session,
            ANONYMOUS if entry["by"] is None else cast.residents[entry["by"]],
            process=process,
            kind=kind,
            subject_id=subject_id,
            said=NoticeText(NoticeReason(entry["reason"]), entry["text"].strip(), entry["language"]),
            # Nobody is told the code, so nobody needs to look one up.
            code=notice_code("demo", key),
            submission_key=key,
            answered_within=ANSWER_WITHIN,
            now=timeline.moment(entry["days_ago"]),
        )
        if "kept_days_ago" in entry:
            decide(
                session,
                cast.moderator,
                subject=Subject(kind.value, subject_id),
                kind=DecisionKind.KEEP,
                reason="",
                now=timeline.moment(entry["kept_days_ago"]),
            )


def subject_by_key(session: Session, key: str) -> tuple[SubjectKind, int]:
    """Return what was submitted under this key."""
    idea_id = session.scalar(select(Idea.id).where(Idea.submission_key == key))
    if idea_id is not None:
        return SubjectKind.IDEA, idea_id
    return SubjectKind.COMMENT, session.scalars(select(Comment.id).where(Comment.submission_key == key)).one()
