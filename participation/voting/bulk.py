"""Taking over many votes at once, as an import does; tallies follow in the same transaction."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import column, select, values
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.ideas.models import Idea
from participation.ideas.policies import may_import
from participation.ideas.standing import note_votes
from participation.kit.dialect import insert_missing, locked, upsert
from participation.kit.permissions import require
from participation.processes.bulk import first_moments, join_by_key
from participation.processes.service import touch
from participation.voting.models import Stance, Tally, Vote, VoteChange, new_nonce


class ImportedVote(NamedTuple):
    """One vote from elsewhere: on the idea with this external id, by the person with this key.

    Where nobody knows when it was cast, ``is_dated`` is false and ``cast_at`` when it came.
    """

    external_id: str
    voter_key: str
    stance: Stance
    cast_at: datetime
    is_dated: bool = True


@dataclass(slots=True)
class VotesTaken:
    """What became of a batch: first votes, later votes of the same person, votes known or overtaken already."""

    added: int = 0
    changed: int = 0
    present: int = 0
    unknown: list[int] = field(default_factory=list)
    """Places in the batch of the votes whose idea does not exist."""


Pair = tuple[int, int]
Cast = tuple[Stance, datetime]


def take_votes(session: Session, actor: Actor, *, process_id: int, votes: Sequence[ImportedVote]) -> VotesTaken:
    """Store the votes that are newer than what the same person said about the same idea before.

    Of two votes cast at the same moment the later one in ``votes`` counts. Taking the same votes again changes
    nothing. Raises ``Refused`` for anybody but admins and staff. A few hundred at a time keep the transaction short.
    """
    require(may_import(actor, process_id))
    ideas = _ideas(session, process_id, {vote.external_id for vote in votes})
    voted = first_moments((vote.voter_key, vote.cast_at) for vote in votes if vote.external_id in ideas)
    voters = join_by_key(session, process_id=process_id, keys=voted)
    idea_ids = sorted({idea_id for idea_id, _ in ideas.values()})
    tallies = _locked_tallies(session, idea_ids)
    pairs = {(ideas[vote.external_id][0], voters[vote.voter_key]) for vote in votes if vote.external_id in ideas}
    before = dict(_stored(session, pairs))
    after, taken = dict(before), VotesTaken()
    for place, vote in enumerate(votes):
        if vote.external_id not in ideas:
            taken.unknown.append(place)
        else:
            _take(after, (ideas[vote.external_id][0], voters[vote.voter_key]), vote, taken)
    changes = {pair: cast for pair, cast in after.items() if before.get(pair) != cast}
    if changes:
        _store(session, changes, dict(ideas.values()))
        _count(session, tallies, before, changes)
        # Their time is that of the source: that these votes have changed cannot be told from it.
        moved = {person for idea, person in changes if (idea, person) in before}
        rows = [{"participant_id": person, "process_id": process_id} for person in sorted(moved)]
        insert_missing(session, VoteChange, rows, key=["participant_id"])
        touch(session, process_id)
    return taken


def _take(casts: dict[Pair, Cast], pair: Pair, vote: ImportedVote, taken: VotesTaken) -> None:
    known, cast = casts.get(pair), (vote.stance, vote.cast_at)
    if known is None:
        taken.added += 1
    elif cast == known or cast[1] < known[1] or (cast[0] is known[0] and not vote.is_dated):
        taken.present += 1
        return
    else:
        taken.changed += 1
    casts[pair] = cast


def _ideas(session: Session, process_id: int, external_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    rows = session.execute(
        select(Idea.external_id, Idea.id, Idea.revision).where(
            Idea.process_id == process_id, Idea.external_id.in_(external_ids)
        )
    )
    return {external_id: (idea_id, revision) for external_id, idea_id, revision in rows if external_id is not None}


def _locked_tallies(session: Session, idea_ids: list[int]) -> dict[int, dict[Stance, int]]:
    if not idea_ids:
        return {}
    blank = [{"idea_id": idea_id, **{stance.value: 0 for stance in Stance}} for idea_id in idea_ids]
    insert_missing(session, Tally, blank, key=["idea_id"])
    # Nobody else may vote on these ideas until the new figures stand; always locked in the same order.
    rows = session.execute(
        locked(
            select(Tally.idea_id, Tally.agree, Tally.disagree, Tally.unsure)
            .where(Tally.idea_id.in_(idea_ids))
            .order_by(Tally.idea_id)
        )
    )
    return {row.idea_id: {stance: getattr(row, stance.value) for stance in Stance} for row in rows}


def _stored(session: Session, pairs: Collection[Pair]) -> Iterator[tuple[Pair, Cast]]:
    if not pairs:
        return
    # Joined to a list of values, each pair is one step in the index; "(idea, person) IN (…)" would read every vote on
    # SQLite.
    columns = (column("idea_id", Vote.idea_id.type), column("participant_id", Vote.participant_id.type))
    asked = values(*columns, name="asked").data(sorted(pairs)).cte()
    own = (Vote.idea_id == asked.c.idea_id) & (Vote.participant_id == asked.c.participant_id)
    statement = select(Vote.idea_id, Vote.participant_id, Vote.stance, Vote.cast_at).select_from(asked).join(Vote, own)
    for idea_id, participant_id, stance, cast_at in session.execute(statement):
        yield (idea_id, participant_id), (stance, cast_at)


def _store(session: Session, casts: dict[Pair, Cast], revisions: dict[int, int]) -> None:
    rows = [
        {
            "idea_id": idea_id,
            "participant_id": participant_id,
            "stance": stance,
            "revision": revisions[idea_id],
            "cast_at": cast_at,
            "nonce": new_nonce(),
        }
        for (idea_id, participant_id), (stance, cast_at) in casts.items()
    ]
    upsert(session, Vote, rows, key=["idea_id", "participant_id"], update=["stance", "revision", "cast_at", "nonce"])


def _count(
    session: Session, tallies: dict[int, dict[Stance, int]], before: dict[Pair, Cast], changes: dict[Pair, Cast]
) -> None:
    for pair, (stance, _) in changes.items():
        figures = tallies[pair[0]]
        figures[stance] += 1
        if pair in before:
            figures[before[pair][0]] -= 1
    touched = sorted({idea_id for idea_id, _ in changes})
    rows = [
        {"idea_id": idea_id, **{stance.value: count for stance, count in tallies[idea_id].items()}}
        for idea_id in touched
    ]
    upsert(session, Tally, rows, key=["idea_id"], update=[stance.value for stance in Stance])
    sides = {idea_id: (tallies[idea_id][Stance.AGREE], tallies[idea_id][Stance.DISAGREE]) for idea_id in touched}
    note_votes(session, sides)
