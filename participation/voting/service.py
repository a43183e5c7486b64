"""Casting, changing and withdrawing votes; the tally follows in the same transaction."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.policies import may_react
from participation.ideas.queries import idea_in
from participation.ideas.revisions import TextChanged, says_the_same
from participation.ideas.service import freeze_text
from participation.ideas.standing import note_votes
from participation.kit.dialect import insert_missing, locked, upsert
from participation.kit.permissions import require
from participation.multilingual import lazy as _l
from participation.processes.queries import process_by_slug
from participation.processes.service import join
from participation.receipts.models import ReceiptKind
from participation.receipts.service import issue_receipt
from participation.voting.models import Stance, Tally, Vote
from participation.voting.policies import may_vote


def cast_vote(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    idea_id: int,
    stance: Stance | None,
    revision: int,
    now: datetime,
    opened_at: datetime | None = None,
) -> None:
    """Set the actor's stance on an idea, or withdraw it with ``None``; repeating changes nothing.

    Raises ``TextChanged`` for a vote on a text that has been changed since; what moderators took out does not count
    as a change. Nothing is logged about who voted what.
    """
    process = process_by_slug(session, slug)
    idea = idea_in(session, process.id, idea_id)
    require(may_vote(actor, process, idea.state, now=now, opened_at=opened_at))
    participant = join(session, actor, process_id=idea.process_id, now=now)
    freeze_text(session, idea_id=idea_id, participant_id=participant.id, now=now)
    # Only now nobody can change the text any more: read again what it is.
    session.refresh(idea)
    require(may_react(idea.state))
    if not says_the_same(session, idea, revision):
        raise TextChanged(_l("The text of this idea has changed meanwhile. Please read it again before you vote."))
    put_vote(session, idea_id=idea_id, participant_id=participant.id, stance=stance, revision=revision, now=now)
    if stance is not None:
        own = (Vote.idea_id == idea_id) & (Vote.participant_id == participant.id)
        vote_id = session.scalars(select(Vote.id).where(own)).one()
        # Another stance is still the same vote, so it keeps its receipt, which says nothing of any stance.
        issue_receipt(session, kind=ReceiptKind.VOTE, subject_id=vote_id, revision=1, digest="", now=now)


def put_vote(
    session: Session, *, idea_id: int, participant_id: int, stance: Stance | None, revision: int, now: datetime
) -> None:
    """Store one person's stance and bring the idea's tally along; without any check of who or when."""
    insert_missing(session, Tally, {"idea_id": idea_id, "agree": 0, "disagree": 0, "unsure": 0}, key=["idea_id"])
    # One voter at a time per idea: the difference below is only right while nobody else counts.
    session.execute(locked(select(Tally.idea_id).where(Tally.idea_id == idea_id)))
    own = (Vote.idea_id == idea_id) & (Vote.participant_id == participant_id)
    before = session.scalar(select(Vote.stance).where(own))
    if before is stance:
        return
    if stance is None:
        session.execute(delete(Vote).where(own))
    else:
        values = {
            "idea_id": idea_id,
            "participant_id": participant_id,
            "stance": stance,
            "revision": revision,
            "cast_at": now,
        }
        upsert(session, Vote, values, key=["idea_id", "participant_id"], update=["stance", "revision", "cast_at"])
    changes = {}
    if before is not None:
        changes[before.value] = getattr(Tally, before.value) - 1
    if stance is not None:
        changes[stance.value] = getattr(Tally, stance.value) + 1
    counted = update(Tally).where(Tally.idea_id == idea_id).values(**changes).returning(Tally.agree, Tally.disagree)
    agree, disagree = session.execute(counted).one()
    note_votes(session, {idea_id: (agree, disagree)})
