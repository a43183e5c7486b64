"""Casting, changing and withdrawing votes; the tally follows in the same transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea
from participation.ideas.policies import may_react
from participation.ideas.queries import idea_in
from participation.ideas.revisions import TextChanged, says_the_same
from participation.ideas.service import freeze_text
from participation.kit.dialect import locked
from participation.kit.permissions import found, require
from participation.multilingual import lazy as _l
from participation.processes.models import Participant
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.processes.service import join
from participation.receipts.models import Receipt, ReceiptKind
from participation.receipts.service import issue_receipt
from participation.voting.ballots import Ballot, before_of, put_ballot
from participation.voting.models import Stance, Vote
from participation.voting.policies import may_vote
from participation.voting.scene import Voter, scene_of

Opened = datetime | Callable[[], datetime | None] | None
"""When a form was opened, or the function that finds out: it is only asked when voting is over."""
Recall = Callable[[str, int, Callable[[], ProcessOutline]], ProcessOutline]
"""Returns the process with this slug and version from memory, or what the function returns that reads it."""


def cast_vote(
    session: Session,
    voter: Voter,
    *,
    slug: str,
    idea_id: int,
    stance: Stance | None,
    revision: int,
    now: datetime,
    opened_at: Opened = None,
    recall: Recall = lambda _slug, _version, read: read(),
) -> None:
    """Set the voter's stance on an idea, or withdraw it with ``None``; repeating changes nothing.

    Raises ``TextChanged`` for a vote on a text that has been changed since; what moderators took out does not count
    as a change. Nothing is logged about who voted what.
    """
    scene = scene_of(session, voter, slug=slug, idea_id=idea_id, now=now)
    actor = scene.actor
    process = recall(slug, scene.version, lambda: process_by_slug(session, slug))
    permission = may_vote(actor, process, scene.state, now=now)
    if not permission and opened_at is not None:
        opened = opened_at() if callable(opened_at) else opened_at
        permission = may_vote(actor, process, scene.state, now=now, opened_at=opened)
    require(permission)
    participant_id = scene.participant_id or join(session, actor, process_id=process.id, now=now).id
    if scene.frozen_at is None and scene.author_id != participant_id:
        freeze_text(session, idea_id=idea_id, participant_id=participant_id, now=now)
        # Only now nobody can change the text any more: read again what it is.
        scene = scene_of(session, actor, slug=slug, idea_id=idea_id, now=now)
        require(may_react(scene.state))
    if revision != scene.revision and not says_the_same(session, idea_in(session, process.id, idea_id), revision):
        raise TextChanged(_l("The text of this idea has changed meanwhile. Please read it again before you vote."))
    put_ballot(session, Ballot(process.id, idea_id, participant_id, stance, revision, now), scene.before)


def put_vote(
    session: Session, *, idea_id: int, participant_id: int, stance: Stance | None, revision: int, now: datetime
) -> None:
    """Store one person's stance and bring the idea's tally along; without any check of who or when."""
    session.flush()
    process_id = session.scalars(select(Idea.process_id).where(Idea.id == idea_id)).one()
    before = before_of(session, idea_id=idea_id, participant_id=participant_id)
    put_ballot(session, Ballot(process_id, idea_id, participant_id, stance, revision, now), before)


def receipt_of_vote(session: Session, actor: Actor, *, idea_id: int, now: datetime) -> Receipt:
    """Return the receipt of the actor's vote on an idea, issued when it is asked for first; raises ``Missing``.

    It says on which day the vote was cast. Another stance later is still the same vote and keeps its receipt.
    """
    own = (Participant.id == Vote.participant_id) & (Participant.account_id == actor.account_id)
    statement = select(Vote.id, Vote.cast_at).join(Participant, own).where(Vote.idea_id == idea_id)
    # Locked: of several requests at once the first one issues the receipt, and the vote stays until it has.
    vote_id, cast_at = found(session.execute(locked(statement, only=Vote)).one_or_none())
    return issue_receipt(
        session, kind=ReceiptKind.VOTE, subject_id=vote_id, revision=1, digest="", now=now, came_in=cast_at
    )
