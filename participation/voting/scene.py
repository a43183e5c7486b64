"""Everything that a vote depends on, in one look at the database."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.accounts.models import Account, SignIn
from participation.accounts.service import GOOD_SIGN_IN, SignedOut, Token
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import read_rows
from participation.kit.permissions import found
from participation.legal.queries import owed, places_in
from participation.processes.models import Participant, Process
from participation.voting.ballots import Before
from participation.voting.models import Skip, Tally, Vote

Voter = Actor | Token
"""Somebody we know already, or the sign-in of somebody of whom only the database knows who it is."""


class Scene(NamedTuple):
    """An idea as a voter stands to it; ``participant_id`` is empty before the first contribution."""

    actor: Actor
    process_id: int
    version: int
    state: IdeaState
    revision: int
    frozen_at: datetime | None
    author_id: int
    participant_id: int | None
    before: Before


def scene_of(session: Session, voter: Voter, *, slug: str, idea_id: int, now: datetime) -> Scene:
    """Return the scene in which ``voter`` votes; raises ``Missing``, and ``SignedOut`` for a sign-in that is over."""
    place = {"slug": slug, "idea": idea_id}
    if isinstance(voter, Actor):
        return _read(session, _BY_ACCOUNT, {**place, "account": voter.account_id})._replace(actor=voter)
    scene = _read(session, _BY_TOKEN, {**place, "token_hash": voter.hash, "now": now})
    if not scene.actor.is_signed_in:
        raise SignedOut
    return scene


def _read(session: Session, statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Scene:
    row: Any = found(read_rows(session, statement, values).one_or_none())
    account_id, verified_at = row[:2]
    actor = Actor(account_id, is_verified=verified_at is not None, owes=places_in(row[2]))
    parts: tuple[Any, ...] = (actor, *row[3:-4], Before(*row[-4:]))
    return Scene(*parts)


def _scene(voter: Any) -> Select[*tuple[Any, ...]]:
    """Return the statement for a scene; ``voter`` joins the account to process and idea."""
    here = select(
        Account.id,
        Account.verified_at,
        owed(),
        Process.id,
        Process.version,
        Idea.state,
        Idea.revision,
        Idea.frozen_at,
        Idea.participant_id,
        Participant.id,
        Vote.stance,
        Skip.skipped_at,
        Tally.agree,
        Tally.disagree,
    ).select_from(voter)
    own = (Participant.process_id == Process.id) & (Participant.account_id == Account.id)
    return (
        here.outerjoin(Participant, own)
        .outerjoin(Vote, (Vote.idea_id == Idea.id) & (Vote.participant_id == Participant.id))
        .outerjoin(Skip, (Skip.idea_id == Idea.id) & (Skip.participant_id == Participant.id))
        .outerjoin(Tally, Tally.idea_id == Idea.id)
        .where(Process.slug == bindparam("slug"), Idea.id == bindparam("idea"))
    )


_PLACE = Process.__table__.join(Idea.__table__, Idea.process_id == Process.id)
# Asked with every vote: they stand ready, because putting a statement together takes longer than running it.
_BY_ACCOUNT = _scene(_PLACE.outerjoin(Account.__table__, Account.id == bindparam("account")))
_BY_TOKEN = _scene(
    _PLACE.outerjoin(SignIn.__table__, GOOD_SIGN_IN).outerjoin(Account.__table__, Account.id == SignIn.account_id)
)
