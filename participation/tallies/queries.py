"""Reading releases, what has changed since the latest, and somebody's own votes as the log knows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session

from participation.ideas.models import Idea, IdeaState
from participation.tallies.log import LoggedVote
from participation.tallies.models import Release
from participation.voting.models import Stance, Vote, VoteChange

PAGE = 20
SHOWN_TO_OTHERS = frozenset({IdeaState.PUBLISHED, IdeaState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release of the vote log of a process; ``changed_people`` and ``newest_vote`` are not for readers."""

    process_id: int
    number: int
    leaves: int
    changed_people: int
    newest_vote: int
    root: str
    file_sha256: str
    is_final: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OwnLoggedVote:
    """A vote for its voter: the log's view of it, and the idea as far as the voter may read it."""

    vote: LoggedVote
    stance: Stance
    cast_at: datetime
    idea_title: str
    idea_language: str
    idea_state: IdeaState


def latest_release(session: Session, process_id: int) -> ReleaseView | None:
    """Return the newest release of a process."""
    return next(iter(releases_of(session, process_id, most=1)), None)


def releases_of(session: Session, process_id: int, *, most: int | None = None) -> tuple[ReleaseView, ...]:
    """Return the releases of a process, the newest first."""
    statement = select(Release).where(Release.process_id == process_id).order_by(Release.number.desc()).limit(most)
    return tuple(_view(row) for row in session.scalars(statement))


def changed_people(session: Session, process_id: int, since: ReleaseView | None) -> int:
    """Return how many people have voted, changed or withdrawn a vote since a release, or at all.

    Votes that an import brings are told by their number: they may have been cast long ago. Of whoever votes in the very
    moment of a release one may be overlooked, never counted twice.
    """
    voters = select(Vote.participant_id).join(Idea, Idea.id == Vote.idea_id).where(Idea.process_id == process_id)
    if since is not None:
        voters = voters.where(or_(Vote.cast_at > since.made_at, Vote.id > since.newest_vote))
    withdrew = select(VoteChange.participant_id).where(VoteChange.process_id == process_id)
    people = union(voters, withdrew).subquery()
    return session.scalar(select(func.count()).select_from(people)) or 0


def logged_vote(session: Session, vote_id: int) -> tuple[int, LoggedVote, datetime] | None:
    """Return a vote with its process and when it was cast; ``None`` for one that was withdrawn."""
    statement = (
        select(Idea.process_id, Vote.idea_id, Vote.stance, Vote.nonce, Vote.cast_at)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Vote.id == vote_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    return row.process_id, LoggedVote(vote_id, row.idea_id, row.stance.value, row.nonce), row.cast_at


def own_logged_votes(
    session: Session, participant_id: int, *, before: int | None = None, idea_id: int | None = None
) -> tuple[tuple[OwnLoggedVote, ...], int | None]:
    """Return a page of a participant's votes, the latest first, and where the next page begins.

    Titles of ideas that are hidden or in review are left out, unless they are the voter's own.
    """
    statement = _own(participant_id).order_by(Vote.id.desc()).limit(PAGE + 1)
    if before is not None:
        statement = statement.where(Vote.id < before)
    if idea_id is not None:
        statement = statement.where(Vote.idea_id == idea_id)
    rows = session.execute(statement).all()
    votes = tuple(_own_vote(row, participant_id) for row in rows[:PAGE])
    return votes, votes[-1].vote.id if len(rows) > PAGE else None


def _own(participant_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Vote.id,
            Vote.idea_id,
            Vote.stance,
            Vote.nonce,
            Vote.cast_at,
            Idea.title,
            Idea.language,
            Idea.state,
            Idea.participant_id,
        )
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Vote.participant_id == participant_id)
    )


def _own_vote(row: Any, participant_id: int) -> OwnLoggedVote:
    shown = row.state in SHOWN_TO_OTHERS or row.participant_id == participant_id
    return OwnLoggedVote(
        vote=LoggedVote(row.id, row.idea_id, row.stance.value, row.nonce),
        stance=row.stance,
        cast_at=row.cast_at,
        idea_title=row.title if shown else "",
        idea_language=row.language,
        idea_state=row.state,
    )


def _view(row: Release) -> ReleaseView:
    return ReleaseView(
        process_id=row.process_id,
        number=row.number,
        leaves=row.leaves,
        changed_people=row.changed_people,
        newest_vote=row.newest_vote,
        root=row.root,
        file_sha256=row.file_sha256,
        is_final=row.is_final,
        made_at=row.made_at,
    )
