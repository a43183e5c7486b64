"""The opinion groups of a process as data, for machines and for whoever wants to check them."""

import secrets
from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.ideas.models import Idea
from participation.opinions.describing import (
    Consensus,
    Divide,
    Holding,
    against_majority,
    consensus,
    divisive,
    group_votes,
    representative,
)
from participation.opinions.grouping import METHOD, MIN_VOTES, Grouping, find_groups
from participation.opinions.matrix import VoteMatrix, read_votes
from participation.opinions.outcome import MOST_SHARED
from participation.processes.models import Participant

BATCH = 500


def groups_report(
    session: Session, process_id: int, *, k: int | None = None, min_votes: int = MIN_VOTES
) -> dict[str, Any]:
    """Return the opinion groups of a process as plain data; raises ``ValueError`` for a ``k`` that cannot be made.

    ``people`` says for each key which group the person is in. Keys are those of the source where votes were imported;
    everybody else gets one that is new in every report, so that two reports cannot be joined.
    """
    votes = read_votes(session, process_id)
    grouping = find_groups(votes, k=k, min_votes=min_votes)
    if k is not None and grouping.k != k:
        raise ValueError(f"{k} groups cannot be made: the people who voted stand in fewer different places")
    numbers = {
        "method": METHOD,
        "matrix_sha256": votes.digest(),
        "people_grouped": len(grouping.people),
        "people_with_too_few_votes": len(votes.people) - len(grouping.people),
        "ideas": votes.shape[1],
        "votes": len(votes.sides),
        "min_votes": min_votes,
        "k": grouping.k,
        "explained_variance": [round(share, 4) for share in grouping.explained],
        "candidates": [
            {"k": tried.k, "silhouette": round(tried.silhouette, 4), "smallest_group": tried.smallest}
            for tried in grouping.candidates
        ],
    }
    held = _held(votes, grouping, _external_ids(session, process_id))
    people = zip(_keys(session, grouping.people.tolist()), map(int, grouping.labels), strict=True)
    return {**numbers, **held, "people": dict(people)}


def _held(votes: VoteMatrix, grouping: Grouping, external: Mapping[int, str]) -> dict[str, Any]:
    """Return what groups hold, share and are divided about."""
    figures = group_votes(votes, grouping)
    # Of a single group everything would be representative.
    holdings = representative(votes, figures) if grouping.k > 1 else ((),) * grouping.k
    opposed = against_majority(votes, figures) if grouping.k > 1 else holdings

    def idea(idea_id: int) -> dict[str, Any]:
        return {"idea": idea_id, "external_id": external.get(idea_id)}

    def holding(held: Holding) -> dict[str, Any]:
        shares = {"share": round(held.share, 4), "elsewhere": round(held.elsewhere, 4)}
        return {**idea(held.idea_id), "side": _side(held.agrees), **shares, "votes": held.votes}

    def shared(found: Consensus) -> dict[str, Any]:
        shares = {"product": round(found.product, 4), "lowest_share": round(found.lowest, 4)}
        return {**idea(found.idea_id), "side": _side(found.agrees), **shares}

    def divide(found: Divide) -> dict[str, Any]:
        return {**idea(found.idea_id), "highest": round(found.highest, 4), "lowest": round(found.lowest, 4)}

    sizes = np.bincount(grouping.labels, minlength=grouping.k).tolist()
    return {
        "groups": [
            {
                "group": group,
                "size": size,
                "representative": [holding(held) for held in holdings[group]],
                "against_majority": [holding(held) for held in opposed[group]],
            }
            for group, size in enumerate(sizes)
        ],
        "consensus": [shared(found) for found in consensus(votes, figures, most=MOST_SHARED)],
        "divisive": [divide(found) for found in divisive(votes, figures)],
    }


def _side(agrees: bool) -> str:
    return "agree" if agrees else "disagree"


def _external_ids(session: Session, process_id: int) -> dict[int, str]:
    rows = session.execute(
        select(Idea.id, Idea.external_id).where(Idea.process_id == process_id, Idea.external_id.is_not(None))
    )
    return {row[0]: str(row[1]) for row in rows}


def _keys(session: Session, participant_ids: list[int]) -> list[str]:
    """Return a key for each participant, in their order."""
    known: dict[int, str] = {}
    for start in range(0, len(participant_ids), BATCH):
        part = participant_ids[start : start + BATCH]
        rows = session.execute(select(Participant.id, Participant.external_key).where(Participant.id.in_(part)))
        known.update({row[0]: str(row[1]) for row in rows if row[1] is not None})
    return [known.get(participant_id) or f"new-{secrets.token_hex(8)}" for participant_id in participant_ids]
