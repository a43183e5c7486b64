"""The vote panel on the page of an idea: the figures, the own vote, and why there may be no buttons."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import IdeaState
from participation.kit.forms import opened_now
from participation.listings.ideas import IdeaRow
from participation.processes.models import Capability, Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.voting.policies import may_vote
from participation.voting.queries import VoteFigures, own_vote


@dataclass(frozen=True, slots=True)
class VotePart:
    """The figures and the own vote; ``reason`` says why there are no buttons."""

    action: str
    agree: int
    unsure: int
    disagree: int
    hidden: bool
    hidden_reason: str
    current: str
    revision: int
    reason: str
    sign_in_url: str
    opened: str
    cast_at: datetime | None


def vote_part(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    idea: IdeaRow,
    participant: Participant | None,
    *,
    url: str,
    now: datetime,
) -> VotePart:
    """Return the vote panel of the idea at ``url`` as ``participant`` finds it."""
    results = may_see_results(process, now=now)
    figures = idea.figures if results else VoteFigures()
    own = own_vote(session, idea_id=idea.id, participant_id=participant.id if participant else None)
    permission = may_vote(actor, process, idea.state, now=now)
    possible = is_possible(process, Capability.VOTE, now=now) and idea.state is IdeaState.PUBLISHED
    return VotePart(
        action=url_for("voting.vote", slug=process.slug, idea_id=idea.id),
        agree=figures.agree,
        unsure=figures.unsure,
        disagree=figures.disagree,
        hidden=not results,
        hidden_reason="" if results else str(results.reason),
        current=own.stance.value if own else "",
        revision=idea.revision,
        reason="" if possible else str(permission.reason),
        sign_in_url=url_for("accounts.sign_in", next=f"{url}#vote") if possible and not actor.is_signed_in else "",
        opened=opened_now() if permission else "",
        cast_at=own.cast_at if own else None,
    )
