"""What authors of the demo say against decisions about them, and what they are answered."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.comments.models import Comment
from participation.demo.cast import Cast
from participation.demo.content import Entry
from participation.demo.timeline import Timeline
from participation.ideas.models import Idea
from participation.moderation.appeals.service import answer_appeal, submit_appeal
from participation.moderation.models import AppealOutcome, Decision, DecisionKind

ANSWER_WITHIN = timedelta(days=14)


def object_to_decisions(
    session: Session, entries: Iterable[Entry], cast: Cast, timeline: Timeline, answerer: Actor
) -> None:
    """Let authors object to what was hidden, where the content says so; somebody else than the moderator answers."""
    for entry in entries:
        objection = entry.get("objection")
        if objection is None:
            continue
        appeal = submit_appeal(
            session,
            cast.residents[entry["author"]],
            decision_id=_hiding(session, f"demo-{entry['key']}"),
            text=objection["text"].strip(),
            language=entry["language"],
            answer_within=ANSWER_WITHIN,
            now=timeline.moment(objection["days_ago"]),
        )
        if "answer" in objection:
            answer_appeal(
                session,
                answerer,
                appeal_id=appeal.id,
                outcome=AppealOutcome(objection["outcome"]),
                answer=objection["answer"].strip(),
                now=timeline.moment(objection["answered_days_ago"]),
            )


def _hiding(session: Session, key: str) -> int:
    """Return the decision that hid what was submitted under this key."""
    return session.scalars(
        select(Decision.id)
        .outerjoin(Idea, Idea.id == Decision.idea_id)
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .where(Decision.kind == DecisionKind.HIDE, or_(Idea.submission_key == key, Comment.submission_key == key))
    ).one()
