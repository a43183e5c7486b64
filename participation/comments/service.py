"""Writing comments, publishing and hiding them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.cases.models import CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.comments.events import CommentHidden, CommentPublished, CommentPutBack, CommentSubmitted
from participation.comments.models import Comment, CommentStance, CommentState, Voice
from participation.comments.policies import may_comment, may_speak_as
from participation.ideas.policies import may_moderate
from participation.ideas.queries import idea_in
from participation.ideas.service import freeze_text
from participation.ideas.standing import note_comments
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.models import Participant
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.service import join, take_back, touch
from participation.receipts.models import ReceiptKind
from participation.receipts.service import receipt_for_text


def write_comment(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    idea_id: int,
    parent_id: int | None,
    text: str,
    language: str,
    submission_key: str,
    opened_at: datetime | None,
    now: datetime,
    stance: CommentStance | None = None,
    voice: Voice = Voice.RESIDENT,
) -> Comment:
    """Return the new comment: published, or in review where the phase asks for it first.

    Official voices are read by nobody first. The same ``submission_key`` again returns the comment that it made the
    first time.
    """
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, idea_id)
    participant = join(session, actor, process_id=idea.process_id, now=now)
    # One at a time per person: sent twice at once, the second finds what the first has made.
    session.execute(locked(select(Participant.id).where(Participant.id == participant.id), keeps_key=True))
    earlier = session.scalar(select(Comment).where(Comment.submission_key == submission_key))
    if earlier:
        if earlier.participant_id != participant.id:
            raise Refused(_l("This form has been used already."))
        return earlier
    require(may_comment(actor, process, idea.state, now=now, opened_at=opened_at))
    require(may_speak_as(actor, process.id, voice))
    parent = _parent(session, idea_id, parent_id)
    in_review = voice is Voice.RESIDENT and process.reviews_first(now)
    comment = Comment(
        process_id=idea.process_id,
        idea_id=idea_id,
        participant_id=participant.id,
        parent_id=parent.id if parent else None,
        thread_id=parent.thread_id if parent else None,
        state=CommentState.IN_REVIEW if in_review else CommentState.PUBLISHED,
        stance=stance,
        voice=voice,
        text=text,
        language=language,
        submission_key=submission_key,
        submitted_at=now,
        published_at=None if in_review else now,
    )
    session.add(comment)
    session.flush()
    comment.thread_id = comment.thread_id or comment.id
    freeze_text(session, idea_id=idea_id, participant_id=participant.id, now=now)
    receipt_for_text(session, kind=ReceiptKind.COMMENT, subject_id=comment.id, text=text, now=now)
    ask_for_reading(session, comment, process=process, now=now)
    record(session, CommentSubmitted(comment.id), account_id=actor.account_id, now=now)
    if not in_review:
        note_comments(session, idea_id, more=1)
        touch(session, idea.process_id)
    return comment


def publish_comment(session: Session, actor: Actor, *, comment_id: int, now: datetime) -> Comment:
    """Make a comment public that waited for review or was hidden."""
    comment = lock_comment(session, comment_id)
    require(may_moderate(actor, comment.process_id))
    if comment.state not in (CommentState.IN_REVIEW, CommentState.HIDDEN):
        raise Refused(_l("This comment is not waiting for a decision any more."))
    comment.state = CommentState.PUBLISHED
    comment.published_at = comment.published_at or now
    note_comments(session, comment.idea_id, more=1)
    touch(session, comment.process_id)
    record(session, CommentPublished(comment.id), account_id=actor.account_id, now=now)
    return comment


def hide_comment(session: Session, actor: Actor, *, comment_id: int, now: datetime) -> Comment:
    """Take a comment out of the public; answers to it stay readable."""
    comment = lock_comment(session, comment_id)
    require(may_moderate(actor, comment.process_id))
    if comment.state not in (CommentState.IN_REVIEW, CommentState.PUBLISHED):
        raise Refused(_l("This comment is not public any more."))
    if comment.state is CommentState.PUBLISHED:
        note_comments(session, comment.idea_id, more=-1)
    comment.state = CommentState.HIDDEN
    take_back(session, comment.process_id)
    record(session, CommentHidden(comment.id), account_id=actor.account_id, now=now)
    return comment


def put_back_comment(
    session: Session,
    actor: Actor,
    *,
    comment_id: int,
    state: CommentState,
    published_at: datetime | None,
    now: datetime,
) -> Comment:
    """Give a comment the standing back that it had before a decision; whether that may be is for moderation to say."""
    comment = lock_comment(session, comment_id)
    require(may_moderate(actor, comment.process_id))
    if (comment.state, comment.published_at) != (state, published_at):
        more = (state is CommentState.PUBLISHED) - (comment.state is CommentState.PUBLISHED)
        comment.state, comment.published_at = state, published_at
        note_comments(session, comment.idea_id, more=more)
        take_back(session, comment.process_id)
        record(session, CommentPutBack(comment.id), account_id=actor.account_id, now=now)
    return comment


def subject_of(comment: Comment) -> CaseSubject:
    """Return a comment as cases know it."""
    return CaseSubject(comment.process_id, SubjectKind.COMMENT, comment.id, comment.idea_id, comment.language)


def ask_for_reading(session: Session, comment: Comment, *, process: ProcessOutline, now: datetime) -> None:
    """Ask moderators to read a new or changed comment, before it is public or after; official voices nobody reads."""
    if comment.voice is not Voice.RESIDENT:
        return
    open_case(session, CaseKind.REVIEW, subject_of(comment), due_at=process.review_due(now), now=now)


def _parent(session: Session, idea_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    # Locked: it must not be changed while it is being answered.
    parent = session.scalar(locked(select(Comment).where(Comment.id == parent_id)))
    if parent is None or parent.idea_id != idea_id or parent.state is not CommentState.PUBLISHED:
        raise Refused(_l("The comment you want to answer is not there any more."))
    return parent


def lock_comment(session: Session, comment_id: int) -> Comment:
    """Return the comment as it is now, locked until the transaction ends; raises ``Missing``."""
    statement = locked(select(Comment).where(Comment.id == comment_id)).execution_options(populate_existing=True)
    return found(session.scalar(statement))
