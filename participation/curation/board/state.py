"""How the board stands now and what happened since somebody last looked, for pages that look again and again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.history import HistoryLine, Titled, lines_after, named
from participation.curation.board.queries import (
    BoardCluster,
    RestCounts,
    board_clusters,
    board_version,
    rest_counts,
)
from participation.curation.board.wording import sentence
from participation.kit.schema import Translated

MOST_CHANGES = 30


@dataclass(frozen=True, slots=True)
class BoardState:
    """What is new; all of it empty where the board's version is the one that was asked for.

    ``is_all`` is false where more happened than is told: then the whole board is to be read again.
    """

    version: int
    is_all: bool = True
    changes: tuple[HistoryLine, ...] = ()
    names: dict[int, Translated] | None = None
    titles: dict[int, Titled] | None = None
    clusters: tuple[BoardCluster, ...] = ()
    counts: RestCounts | None = None


def board_state(session: Session, actor: Actor, process_id: int, *, since: int) -> BoardState:
    """Return what happened on the board after its version ``since``; one short look where nothing did."""
    version = board_version(session, process_id)
    if version <= since:
        return BoardState(version)
    lines = lines_after(session, actor, process_id, since, MOST_CHANGES + 1)
    told = named(session, process_id, lines[:MOST_CHANGES], has_more=len(lines) > MOST_CHANGES)
    return BoardState(
        version=version,
        is_all=not told.has_more,
        changes=told.lines,
        names=told.names,
        titles=told.titles,
        clusters=board_clusters(session, process_id),
        counts=rest_counts(session, process_id),
    )


def as_json(state: BoardState, language: str) -> dict[str, Any]:
    """Return the state as values for JSON, with a sentence about each step in ``language``."""
    answer: dict[str, Any] = {"version": state.version, "all": state.is_all}
    if state.counts is None:
        return answer | {"changes": []}
    return answer | {
        "changes": [
            {
                "number": line.number,
                "kind": line.kind.value,
                "mine": line.is_own,
                "by": line.by,
                "at": line.at.isoformat(),
                "sentence": sentence(line, state.names or {}, state.titles or {}, language),
                "ideas": list(line.ideas),
                "idea_count": line.idea_count,
                "clusters": sorted({*line.clusters, *line.into, *line.out_of}),
                "undone": line.undone_at is not None,
            }
            for line in state.changes
        ],
        "clusters": [{"id": one.id, "ideas": one.ideas, "main": one.main} for one in state.clusters],
        "ideas": state.counts.ideas,
        "filed": state.counts.filed,
        "unfiled": state.counts.unfiled,
        "without_main": state.counts.without_main,
    }
