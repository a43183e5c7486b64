"""The vote panel on the page of an idea: the figures, the own vote, and why there may be no buttons."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.about_me_invitation import about_me_url
from participation.ideas.models import IdeaState
from participation.kit.forms import opened_now
from participation.listings.ideas import IdeaRow
from participation.processes.models import Capability, Participant
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_results
from participation.voting.electorate import residence_url
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
    residence_url: str
    points_url: str
    opened: str
    cast_at: datetime | None
    about_me_url: str


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
    invited = ""
    if own and participant:
        invited = about_me_url(
            session, process, idea_id=idea.id, participant_id=participant.id, cast_at=own.cast_at, now=now
        )
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
        reason="" if permission or (possible and not actor.is_signed_in) else str(permission.reason),
        sign_in_url=url_for("accounts.sign_in", next=f"{url}#vote") if possible and not actor.is_signed_in else "",
        residence_url=residence_url(actor, process, f"{url}#vote") if possible else "",
        points_url=_points_url(process, idea, now),
        opened=opened_now() if permission else "",
        cast_at=own.cast_at if own else None,
        about_me_url=invited,
    )


def _points_url(process: ProcessOutline, idea: IdeaRow, now: datetime) -> str:
    if idea.state is not IdeaState.PUBLISHED or not is_possible(process, Capability.PRIORITISE, now=now):
        return ""
    return url_for("voting.priorities", slug=process.slug, idea=idea.id)
