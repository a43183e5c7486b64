"""Submitting ideas, publishing and hiding them, tagging them with principles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.ideas.events import IdeaHidden, IdeaPublished, IdeaPutBack, IdeaSubmitted, IdeaTagged
from participation.ideas.models import Idea, IdeaAspect, IdeaPrinciple, IdeaSource, IdeaState
from participation.ideas.policies import may_moderate, may_submit
from participation.ideas.search import index_ideas
from participation.ideas.standing import open_standings
from participation.ideas.waiting import ask_for_reading
from participation.kit.dialect import insert_missing, locked
from participation.kit.permissions import Refused, found, require
from participation.multilingual import lazy as _l
from participation.principles.models import Aspect, Principle
from participation.processes.queries import process_by_id
from participation.processes.service import join, take_back, touch
from participation.receipts.models import ReceiptKind
from participation.receipts.service import receipt_for_text

MOST_PRINCIPLES = 3


@dataclass(frozen=True, slots=True)
class IdeaDraft:
    """What a resident enters; no principles means "not sure"."""

    title: str
    text: str
    language: str
    principle_ids: tuple[int, ...] = ()
    district_id: int | None = None
    field_id: int | None = None
    aspect_ids: tuple[int, ...] = ()


def submit_idea(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    draft: IdeaDraft,
    submission_key: str,
    opened_at: datetime | None,
    now: datetime,
) -> Idea:
    """Return the new idea: published, or in review where the phase asks for it first.

    The same ``submission_key`` again returns the idea that it made the first time.
    """
    process = process_by_id(session, process_id)
    participant = join(session, actor, process_id=process_id, now=now)
    earlier = session.scalar(select(Idea).where(Idea.submission_key == submission_key))
    if earlier:
        if earlier.participant_id != participant.id:
            raise Refused(_l("This form has been used already."))
        return earlier
    require(may_submit(actor, process, now=now, opened_at=opened_at))
    in_review = process.reviews_first(now)
    idea = Idea(
        process_id=process_id,
        participant_id=participant.id,
        state=IdeaState.IN_REVIEW if in_review else IdeaState.PUBLISHED,
        source=IdeaSource.ONLINE,
        title=draft.title,
        text=draft.text,
        language=draft.language,
        district_id=draft.district_id,
        field_id=draft.field_id,
        submission_key=submission_key,
        submitted_at=now,
        published_at=None if in_review else now,
    )
    session.add(idea)
    session.flush()
    open_standings(session, process_id=process_id, idea_ids=[idea.id])
    index_ideas(session, [idea.id])
    _set_principles(session, idea, process.framework_id, draft.principle_ids)
    _set_aspects(session, idea, process.framework_id, draft.aspect_ids)
    receipt_for_text(session, kind=ReceiptKind.IDEA, subject_id=idea.id, title=idea.title, text=idea.text, now=now)
    ask_for_reading(session, idea, process=process, now=now)
    record(session, IdeaSubmitted(idea.id), account_id=actor.account_id, now=now)
    if not in_review:
        touch(session, process_id)
    return idea


def publish_idea(session: Session, actor: Actor, *, idea_id: int, now: datetime) -> Idea:
    """Make an idea public that waited for review or was hidden."""
    idea = lock_idea(session, idea_id)
    require(may_moderate(actor, idea.process_id))
    if idea.state not in (IdeaState.IN_REVIEW, IdeaState.HIDDEN):
        raise Refused(_l("This idea is not waiting for a decision any more."))
    idea.state = IdeaState.PUBLISHED
    idea.published_at = idea.published_at or now
    touch(session, idea.process_id)
    record(session, IdeaPublished(idea.id), account_id=actor.account_id, now=now)
    return idea


def hide_idea(session: Session, actor: Actor, *, idea_id: int, now: datetime) -> Idea:
    """Take an idea out of the public; the decision about it belongs to moderation."""
    idea = lock_idea(session, idea_id)
    require(may_moderate(actor, idea.process_id))
    if idea.state not in (IdeaState.IN_REVIEW, IdeaState.PUBLISHED):
        raise Refused(_l("This idea is not public any more."))
    idea.state = IdeaState.HIDDEN
    take_back(session, idea.process_id)
    record(session, IdeaHidden(idea.id), account_id=actor.account_id, now=now)
    return idea


def put_back_idea(
    session: Session, actor: Actor, *, idea_id: int, state: IdeaState, published_at: datetime | None, now: datetime
) -> Idea:
    """Give an idea the standing back that it had before a decision; whether that may be is for moderation to say."""
    idea = lock_idea(session, idea_id)
    require(may_moderate(actor, idea.process_id))
    if (idea.state, idea.published_at) != (state, published_at):
        idea.state, idea.published_at = state, published_at
        take_back(session, idea.process_id)
        record(session, IdeaPutBack(idea.id), account_id=actor.account_id, now=now)
    return idea


def tag_idea(session: Session, actor: Actor, *, idea_id: int, principle_ids: Sequence[int], now: datetime) -> None:
    """Set the principles of an idea as moderators see them."""
    idea = lock_idea(session, idea_id)
    require(may_moderate(actor, idea.process_id))
    session.execute(delete(IdeaPrinciple).where(IdeaPrinciple.idea_id == idea_id))
    _set_principles(session, idea, process_by_id(session, idea.process_id).framework_id, principle_ids)
    touch(session, idea.process_id)
    record(session, IdeaTagged(idea_id), account_id=actor.account_id, now=now)


def freeze_text(session: Session, *, idea_id: int, participant_id: int, now: datetime) -> None:
    """Say that a participant voted or commented: unless it is the author, the text of the idea stays from now on."""
    session.flush()
    # On the connection: what the session has loaded of ideas is read again by whoever wants to know.
    session.connection().execute(_FREEZE, {"idea": idea_id, "by": participant_id, "frozen_at": now})


def lock_idea(session: Session, idea_id: int) -> Idea:
    """Return the idea as it is now, locked until the transaction ends; raises ``Missing``."""
    # Read anew: what the session knows already may have changed while it waited for the lock.
    statement = locked(select(Idea).where(Idea.id == idea_id)).execution_options(populate_existing=True)
    return found(session.scalar(statement))


def set_tags(session: Session, idea: Idea, framework_id: int, draft: IdeaDraft) -> None:
    """Replace everything that an idea is tagged with by what ``draft`` says; raises ``Refused`` for unknown choices."""
    idea.district_id, idea.field_id = draft.district_id, draft.field_id
    session.execute(delete(IdeaPrinciple).where(IdeaPrinciple.idea_id == idea.id))
    session.execute(delete(IdeaAspect).where(IdeaAspect.idea_id == idea.id))
    _set_principles(session, idea, framework_id, draft.principle_ids)
    _set_aspects(session, idea, framework_id, draft.aspect_ids)


def _set_principles(session: Session, idea: Idea, framework_id: int, principle_ids: Sequence[int]) -> None:
    wanted = tuple(dict.fromkeys(principle_ids))
    if len(wanted) > MOST_PRINCIPLES:
        raise Refused(_l("Please choose at most three principles."))
    known = set(
        session.scalars(select(Principle.id).where(Principle.framework_id == framework_id, Principle.id.in_(wanted)))
    )
    if known != set(wanted):
        raise Refused(_l("This principle does not exist."))
    if wanted:
        rows = [{"idea_id": idea.id, "principle_id": principle_id} for principle_id in wanted]
        insert_missing(session, IdeaPrinciple, rows, key=["idea_id", "principle_id"])


def _set_aspects(session: Session, idea: Idea, framework_id: int, aspect_ids: Sequence[int]) -> None:
    wanted = set(aspect_ids)
    if not wanted:
        return
    known = select(Aspect.id).where(Aspect.framework_id == framework_id, Aspect.id.in_(wanted))
    if set(session.scalars(known)) != wanted:
        raise Refused(_l("This choice does not exist any more."))
    rows = [{"idea_id": idea.id, "aspect_id": aspect_id} for aspect_id in sorted(wanted)]
    insert_missing(session, IdeaAspect, rows, key=["idea_id", "aspect_id"])


_FREEZE = update(Idea.__table__).where(  # type: ignore[arg-type]  # a mapped class has a table
    Idea.id == bindparam("idea"), Idea.frozen_at.is_(None), Idea.participant_id != bindparam("by")
)
