"""Dated additions below an idea, by its author, once the text itself stays as it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.ideas.events import AddendumHidden, AddendumPublished, AddendumPutBack, AddendumSubmitted
from participation.ideas.models import Addendum, IdeaState
from participation.ideas.policies import may_add, may_moderate
from participation.ideas.queries import facts_about
from participation.ideas.search import index_ideas
from participation.ideas.service import lock_idea
from participation.ideas.waiting import ask_for_reading
from participation.kit.db import read_rows
from participation.kit.dialect import locked
from participation.kit.permissions import Missing, Refused, found, require
from participation.multilingual import lazy as _l
from participation.processes.outline import ProcessOutline
from participation.processes.service import take_back, touch
from participation.receipts.models import ReceiptKind
from participation.receipts.service import receipt_for_text


@dataclass(frozen=True, slots=True)
class AddendumView:
    """One addendum as it stands below its idea."""

    id: int
    text: str
    language: str
    state: IdeaState
    submitted_at: datetime
    published_at: datetime | None
    revision: int


# Asked with every idea page: it stands ready, because putting a statement together takes longer than running it.
_BELOW = (
    select(
        Addendum.id,
        Addendum.text,
        Addendum.language,
        Addendum.state,
        Addendum.submitted_at,
        Addendum.published_at,
        Addendum.revision,
    )
    .where(Addendum.idea_id == bindparam("idea_id"))
    .order_by(Addendum.id)
)


def addenda_below(session: Session, idea_id: int, *, sees_all: bool) -> tuple[AddendumView, ...]:
    """Return the addenda of an idea, oldest first: the public ones, or with ``sees_all`` those that are not, too."""
    return tuple(
        AddendumView(*row)
        for row in read_rows(session, _BELOW, {"idea_id": idea_id})
        if sees_all or row.state is IdeaState.PUBLISHED
    )


def addendum_in(session: Session, process_id: int, addendum_id: int) -> Addendum:
    """Return an addendum of this process, whoever asks; raises ``Missing``."""
    row = session.get(Addendum, addendum_id)
    return found(row if row and row.process_id == process_id else None)


def public_addenda(session: Session, idea_ids: Iterable[int]) -> dict[int, list[AddendumView]]:
    """Return the public addenda of each idea that has any, oldest first."""
    statement = (
        select(Addendum)
        .where(Addendum.idea_id.in_(list(idea_ids)), Addendum.state == IdeaState.PUBLISHED)
        .order_by(Addendum.idea_id, Addendum.id)
    )
    below: dict[int, list[AddendumView]] = {}
    for row in session.scalars(statement):
        view = AddendumView(row.id, row.text, row.language, row.state, row.submitted_at, row.published_at, row.revision)
        below.setdefault(row.idea_id, []).append(view)
    return below


def add_addendum(
    session: Session,
    actor: Actor,
    *,
    process: ProcessOutline,
    idea_id: int,
    text: str,
    language: str,
    submission_key: str,
    opened_at: datetime | None,
    now: datetime,
) -> Addendum:
    """Return the new addendum: published, or in review where the phase asks for it first.

    The same ``submission_key`` again returns the addendum that it made the first time.
    """
    # Locked, so that two windows together cannot go over the limit.
    idea = lock_idea(session, idea_id)
    if idea.process_id != process.id:
        raise Missing
    facts = facts_about(session, actor, idea)
    earlier = session.scalar(select(Addendum).where(Addendum.submission_key == submission_key))
    if earlier:
        if earlier.idea_id != idea.id or not facts.is_author:
            raise Refused(_l("This form has been used already."))
        return earlier
    require(may_add(actor, process, facts, now=now, opened_at=opened_at))
    in_review = process.reviews_first(now)
    addendum = Addendum(
        process_id=idea.process_id,
        idea_id=idea.id,
        state=IdeaState.IN_REVIEW if in_review else IdeaState.PUBLISHED,
        text=text,
        language=language,
        submission_key=submission_key,
        submitted_at=now,
        published_at=None if in_review else now,
    )
    session.add(addendum)
    session.flush()
    receipt_for_text(session, kind=ReceiptKind.ADDENDUM, subject_id=addendum.id, text=text, now=now)
    ask_for_reading(session, addendum, process=process, now=now)
    record(session, AddendumSubmitted(addendum.id), account_id=actor.account_id, now=now)
    if not in_review:
        _seen_anew(session, addendum)
    return addendum


def publish_addendum(session: Session, actor: Actor, *, addendum_id: int, now: datetime) -> Addendum:
    """Make an addendum public that waited for review or was hidden."""
    addendum = lock_addendum(session, addendum_id)
    require(may_moderate(actor, addendum.process_id))
    if addendum.state not in (IdeaState.IN_REVIEW, IdeaState.HIDDEN):
        raise Refused(_l("This addendum is not waiting for a decision any more."))
    addendum.state = IdeaState.PUBLISHED
    addendum.published_at = addendum.published_at or now
    _seen_anew(session, addendum)
    record(session, AddendumPublished(addendum.id), account_id=actor.account_id, now=now)
    return addendum


def hide_addendum(session: Session, actor: Actor, *, addendum_id: int, now: datetime) -> Addendum:
    """Take an addendum out of the public; the decision about it belongs to moderation."""
    addendum = lock_addendum(session, addendum_id)
    require(may_moderate(actor, addendum.process_id))
    if addendum.state not in (IdeaState.IN_REVIEW, IdeaState.PUBLISHED):
        raise Refused(_l("This addendum is not public any more."))
    addendum.state = IdeaState.HIDDEN
    _seen_anew(session, addendum)
    record(session, AddendumHidden(addendum.id), account_id=actor.account_id, now=now)
    return addendum


def put_back_addendum(
    session: Session, actor: Actor, *, addendum_id: int, state: IdeaState, published_at: datetime | None, now: datetime
) -> Addendum:
    """Give an addendum the standing back that it had before a decision; moderation says whether that may be."""
    addendum = lock_addendum(session, addendum_id)
    require(may_moderate(actor, addendum.process_id))
    if (addendum.state, addendum.published_at) != (state, published_at):
        addendum.state, addendum.published_at = state, published_at
        _seen_anew(session, addendum)
        record(session, AddendumPutBack(addendum.id), account_id=actor.account_id, now=now)
    return addendum


def _seen_anew(session: Session, addendum: Addendum) -> None:
    session.flush()
    index_ideas(session, [addendum.idea_id])
    seen = touch if addendum.state is IdeaState.PUBLISHED else take_back
    seen(session, addendum.process_id)


def lock_addendum(session: Session, addendum_id: int) -> Addendum:
    """Return the addendum as it is now, locked until the transaction ends; raises ``Missing``."""
    statement = locked(select(Addendum).where(Addendum.id == addendum_id)).execution_options(populate_existing=True)
    return found(session.scalar(statement))
