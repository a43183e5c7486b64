"""Changing the text of an idea as long as nobody else has reacted to it."""

from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.ideas.events import IdeaEdited
from participation.ideas.models import Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.policies import may_edit
from participation.ideas.queries import facts_about
from participation.ideas.revisions import TextChanged
from participation.ideas.search import index_ideas
from participation.ideas.service import IdeaDraft, lock_idea, set_tags
from participation.ideas.waiting import ask_for_reading
from participation.kit.permissions import Missing, require
from participation.multilingual import lazy as _l
from participation.processes.outline import ProcessOutline
from participation.processes.service import take_back
from participation.receipts.models import ReceiptKind
from participation.receipts.service import receipt_for_text


def edit_idea(
    session: Session,
    actor: Actor,
    *,
    process: ProcessOutline,
    idea_id: int,
    draft: IdeaDraft,
    revision: int,
    opened_at: datetime | None,
    now: datetime,
) -> Idea:
    """Give an idea the text and the tags of ``draft``, and return it.

    A new text raises the revision and, where the phase asks for review first, goes back into it. The earlier text is
    kept if it was public. The author's own vote stays: nobody knows the new text better. Sending what stands there
    already changes nothing. Raises ``TextChanged`` when ``revision`` is not the one that stands there now.
    """
    idea = lock_idea(session, idea_id)
    if idea.process_id != process.id:
        raise Missing
    require(may_edit(actor, process, facts_about(session, actor, idea), now=now, opened_at=opened_at))
    says_something_new = (draft.title, draft.text, draft.language) != (idea.title, idea.text, idea.language)
    if says_something_new and revision != idea.revision:
        raise TextChanged(_l("This text has been changed since you opened it."))
    was_public = idea.state is IdeaState.PUBLISHED
    set_tags(session, idea, process.framework_id, draft)
    if says_something_new:
        _replace_text(session, idea, draft, now=now)
        if was_public and process.reviews_first(now):
            idea.state = IdeaState.IN_REVIEW
        ask_for_reading(session, idea, process=process, now=now)
    index_ideas(session, [idea.id])
    record(session, IdeaEdited(idea.id), account_id=actor.account_id, now=now)
    if was_public:
        take_back(session, idea.process_id)
    return idea


def _replace_text(session: Session, idea: Idea, draft: IdeaDraft, *, now: datetime) -> None:
    if idea.state is IdeaState.PUBLISHED:
        session.add(earlier_revision(idea, replaced_by=Replacement.EDIT, now=now))
    idea.title, idea.text, idea.language = draft.title, draft.text, draft.language
    idea.revision += 1
    idea.revised_at = now
    session.flush()
    receipt_for_text(
        session,
        kind=ReceiptKind.IDEA,
        subject_id=idea.id,
        title=idea.title,
        text=idea.text,
        revision=idea.revision,
        now=now,
    )


def earlier_revision(idea: Idea, *, replaced_by: Replacement, now: datetime) -> IdeaRevision:
    """Return what stands in ``idea`` now as the revision that it is about to become."""
    return IdeaRevision(
        idea_id=idea.id,
        revision=idea.revision,
        title=idea.title,
        text=idea.text,
        language=idea.language,
        written_at=idea.revised_at or idea.submitted_at,
        replaced_at=now,
        replaced_by=replaced_by,
    )
