"""Writing what somebody thinks of an idea: the vote, its tally and the idea's standing, each with the one before.

Votes come by the thousand. So the statements stand ready, because putting one together takes longer than running it,
and nobody waits in line: a vote is only replaced while it is what it was thought to be, and the tally is changed by the
difference.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.ideas.standing import NOTE_VOTES, agreement, contested, note_votes
from participation.kit.dialect import Chain, insert_new
from participation.voting.models import Skip, Stance, Tally, Vote, VoteChange, new_nonce


class Ballot(NamedTuple):
    """What somebody thinks of an idea from now on; ``stance`` is ``None`` to withdraw what was said before."""

    process_id: int
    idea_id: int
    participant_id: int
    stance: Stance | None
    revision: int
    now: datetime


class Before(NamedTuple):
    """What there was before a ballot; ``agree`` and ``disagree`` are ``None`` where nobody has voted yet."""

    stance: Stance | None
    skipped_at: datetime | None
    agree: int | None
    disagree: int | None


def put_ballot(session: Session, ballot: Ballot, before: Before) -> None:
    """Write a ballot with all that follows from it; one that says what is said already changes nothing."""
    own = {"idea": ballot.idea_id, "person": ballot.participant_id}
    connection = session.connection()
    if before.skipped_at is not None and ballot.stance is not None:
        connection.execute(_UNSKIP, own)
    if before.agree is None and before.stance is not ballot.stance:
        nobody = {"idea_id": ballot.idea_id, **{stance.value: 0 for stance in Stance}}
        insert_new(connection, Tally, nobody, key=("idea_id",))
    while before.stance is not ballot.stance:
        if _replace(session, connection, ballot, before):
            break
        # The same person was quicker in another request: what counts is the difference to what stands there now.
        before = before_of(session, idea_id=ballot.idea_id, participant_id=ballot.participant_id)
    else:
        return
    if ballot.stance is None:
        change = {"participant_id": ballot.participant_id, "process_id": ballot.process_id}
        insert_new(connection, VoteChange, change, key=("participant_id",))


def before_of(session: Session, *, idea_id: int, participant_id: int) -> Before:
    """Return what there is now."""
    return Before(*session.connection().execute(_BEFORE, {"idea": idea_id, "person": participant_id}).one())


def _replace(session: Session, connection: Connection, ballot: Ballot, before: Before) -> bool:
    """Write a ballot and return ``True``, or ``False`` without a change when the vote is not as before any more."""
    changes = {stance: (stance is ballot.stance) - (stance is before.stance) for stance in Stance}
    agree = (before.agree or 0) + changes[Stance.AGREE]
    disagree = (before.disagree or 0) + changes[Stance.DISAGREE]
    values: dict[str, Any] = {
        "idea": ballot.idea_id,
        "person": ballot.participant_id,
        "before": before.stance,
        "more_agree": changes[Stance.AGREE],
        "more_disagree": changes[Stance.DISAGREE],
        "more_unsure": changes[Stance.UNSURE],
        "agreed": agreement(agree, disagree),
        "argued": contested(agree, disagree),
    }
    chain = _WITHDRAW
    if ballot.stance is not None:
        chain = _CAST if before.stance is None else _CHANGE
        values |= {"choice": ballot.stance, "seen": ballot.revision, "at": ballot.now, "secret": new_nonce()}
    counted = chain.run(connection, values)
    if counted is None:
        return False
    if tuple(counted) != (agree, disagree):
        # Others have voted meanwhile: now nobody can until this is done.
        note_votes(session, {ballot.idea_id: (counted.agree, counted.disagree)})
    return True


_VOTE: Any = Vote.__table__
_TALLY: Any = Tally.__table__
_SKIP: Any = Skip.__table__
_OWN = (Vote.idea_id == bindparam("idea")) & (Vote.participant_id == bindparam("person"))
_AS_BEFORE = _OWN & (Vote.stance == bindparam("before"))
_WORDS: dict[str, Any] = {
    "stance": bindparam("choice"),
    "revision": bindparam("seen"),
    "cast_at": bindparam("at"),
    "nonce": bindparam("secret"),
}
_COUNT = (
    update(_TALLY)
    .where(Tally.idea_id == bindparam("idea"))
    .values({stance.value: _TALLY.c[stance.value] + bindparam(f"more_{stance.value}") for stance in Stance})
    .returning(_TALLY.c.agree, _TALLY.c.disagree)
)
_CAST = Chain(
    lambda insert: (
        insert(_VOTE)
        .values(idea_id=bindparam("idea"), participant_id=bindparam("person"), **_WORDS)
        .on_conflict_do_nothing(index_elements=("idea_id", "participant_id"))
    ),
    _COUNT,
    NOTE_VOTES,
)
_CHANGE = Chain(lambda _insert: update(_VOTE).where(_AS_BEFORE).values(**_WORDS), _COUNT, NOTE_VOTES)
_WITHDRAW = Chain(lambda _insert: delete(_VOTE).where(_AS_BEFORE), _COUNT, NOTE_VOTES)
_UNSKIP = delete(_SKIP).where(Skip.idea_id == bindparam("idea"), Skip.participant_id == bindparam("person"))
_BEFORE = (
    select(Vote.stance, Skip.skipped_at, Tally.agree, Tally.disagree)
    .select_from(Idea)
    .outerjoin(Vote, (Vote.idea_id == Idea.id) & (Vote.participant_id == bindparam("person")))
    .outerjoin(Skip, (Skip.idea_id == Idea.id) & (Skip.participant_id == bindparam("person")))
    .outerjoin(Tally, Tally.idea_id == Idea.id)
    .where(Idea.id == bindparam("idea"))
)
