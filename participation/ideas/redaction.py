"""Taking passages out of an idea: only that, never rewriting; who asked for it and why belongs to moderation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.ideas.editing import earlier_revision
from participation.ideas.events import IdeaRedacted
from participation.ideas.models import Addendum, Idea, IdeaRevision, Replacement
from participation.ideas.policies import may_redact
from participation.ideas.search import index_ideas
from participation.ideas.service import lock_idea
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, require
from participation.multilingual import lazy as _l
from participation.processes.service import take_back
from participation.texts.redaction import holds, take_out


@dataclass(frozen=True, slots=True)
class Redacted:
    """What a redaction changed: the text of the idea (or an earlier revision of it), and which addenda."""

    idea: Idea
    text_changed: bool
    revisions_closed: int
    addendum_ids: tuple[int, ...]


class NotFound(Refused):
    """Some passages stand nowhere in the idea; ``passages`` says which."""

    def __init__(self, passages: Sequence[str]) -> None:
        super().__init__(_l("This stands nowhere in the idea. Please copy it exactly as it is written there."))
        self.passages = tuple(passages)


def redact_idea(
    session: Session, actor: Actor, *, idea_id: int, passages: Sequence[str], reason: str, now: datetime
) -> Redacted:
    """Take every occurrence of the passages out of an idea, its addenda and its history.

    What stood there becomes a revision that nobody sees, and so does every earlier one that holds a passage. The text
    is frozen from then on, or its author could put the words back. Votes stay valid, also those on forms that were
    opened before. Raises ``NotFound`` for passages that stand nowhere.
    """
    idea = lock_idea(session, idea_id)
    require(may_redact(actor, idea.process_id, idea.state))
    addenda = list(session.scalars(locked(select(Addendum).where(Addendum.idea_id == idea.id).order_by(Addendum.id))))
    earlier = list(session.scalars(select(IdeaRevision).where(IdeaRevision.idea_id == idea.id)))
    revisions = [revision for revision in earlier if revision.closed_at is None]
    _require_found(passages, idea, addenda, revisions)
    affected = [revision for revision in revisions if _holds_any(passages, revision.title, revision.text)]
    for revision in affected:
        revision.closed_at = now
        revision.reason = revision.reason or reason
    text_changed = _holds_any(passages, idea.title, idea.text)
    if text_changed:
        _replace_text(session, idea, passages, reason, now=now)
    idea.frozen_at = idea.frozen_at or now
    changed = [addendum for addendum in addenda if _holds_any(passages, addendum.text)]
    for addendum in changed:
        addendum.text = take_out(addendum.text, passages)
        addendum.revision += 1
    session.flush()
    index_ideas(session, [idea.id])
    record(session, IdeaRedacted(idea.id), account_id=actor.account_id, now=now)
    take_back(session, idea.process_id)
    return Redacted(idea, text_changed, len(affected), tuple(addendum.id for addendum in changed))


def _replace_text(session: Session, idea: Idea, passages: Sequence[str], reason: str, *, now: datetime) -> None:
    before = earlier_revision(idea, replaced_by=Replacement.REDACTION, now=now)
    before.reason, before.closed_at = reason, now
    session.add(before)
    idea.title, idea.text = take_out(idea.title, passages), take_out(idea.text, passages)
    # What is taken out here stands there still.
    idea.source_url = None
    idea.revision += 1
    idea.revised_at = now


def _require_found(
    passages: Sequence[str], idea: Idea, addenda: Sequence[Addendum], revisions: Sequence[IdeaRevision]
) -> None:
    texts = [idea.title, idea.text, *(addendum.text for addendum in addenda)]
    texts += [text for revision in revisions for text in (revision.title, revision.text)]
    missing = [passage for passage in passages if not any(holds(text, passage) for text in texts)]
    if missing:
        raise NotFound(missing)


def _holds_any(passages: Sequence[str], *texts: str) -> bool:
    return any(holds(text, passage) for passage in passages for text in texts)
