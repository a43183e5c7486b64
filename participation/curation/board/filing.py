"""Filing ideas under themes, taking them out and saying which theme is the main one of an idea."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clashing import Seen, refuse_moved
from participation.curation.board.places import (
    MAIN,
    TOUCHES,
    Places,
    Placing,
    filed_in,
    moves_between,
    places_now,
)
from participation.curation.board.steps import Because, Done, Step, begin, lock_clusters, process_of
from participation.curation.models import BoardChangeKind, Filing, FilingOrigin
from participation.ideas.models import Idea
from participation.kit.db import in_batches
from participation.kit.permissions import Missing, Refused
from participation.multilingual import lazy as _l

MOST_CLUSTERS = 20

Columns = int | Mapping[int, int] | None
"""The theme that ideas leave: one for all of them, one for each idea that leaves any, or none."""


def file_ideas(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_ids: Collection[int],
    cluster_id: int,
    now: datetime,
    placing: Placing = Placing.AUTO,
    out_of: Columns = None,
    origin: FilingOrigin = FilingOrigin.HAND,
    reason: str = "",
    seen: int | None = None,
) -> Done:
    """File ideas under a theme of their process, in one step; filing twice is the same as once.

    ``out_of`` is the theme that they leave for it. Raises ``Conflict`` where a colleague filed one of them elsewhere
    after the board's version ``seen``, ``Missing`` for a theme or an idea that is not in the process.
    """
    step = begin(session, actor, process_id, BoardChangeKind.FILE, now)
    before = places_now(session, idea_ids)
    after = {
        idea_id: filed_in(places, cluster_id, placing, _column(out_of, idea_id)) for idea_id, places in before.items()
    }
    return _rearrange(step, before, after, Because(origin, reason), seen)


def file_each(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    wanted: Mapping[int, int],
    now: datetime,
    placing: Placing = Placing.AUTO,
    origin: FilingOrigin = FilingOrigin.SUGGESTED,
    reason: str = "",
    seen: int | None = None,
) -> Done:
    """File each idea under the theme that ``wanted`` names for it, all in one step; raises as ``file_ideas`` does."""
    step = begin(session, actor, process_id, BoardChangeKind.FILE, now)
    before = places_now(session, wanted)
    after = {idea_id: filed_in(places, wanted[idea_id], placing) for idea_id, places in before.items()}
    return _rearrange(step, before, after, Because(origin, reason), seen)


def unfile_ideas(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_ids: Collection[int],
    cluster_id: Columns,
    now: datetime,
    seen: int | None = None,
) -> Done:
    """Take ideas out of a theme, or with ``None`` out of all of theirs; raises as ``file_ideas`` does."""
    step = begin(session, actor, process_id, BoardChangeKind.FILE, now)
    before = places_now(session, idea_ids)
    left = {idea_id: _column(cluster_id, idea_id) for idea_id in before}
    after = {
        idea_id: {} if cluster_id is None else {held: places[held] for held in places if held != left[idea_id]}
        for idea_id, places in before.items()
    }
    return _rearrange(step, before, after, Because(), seen)


def set_main(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_id: int,
    cluster_id: int,
    now: datetime,
    seen: int | None = None,
) -> Done:
    """Make a theme the main one of an idea, which then only touches the former; raises as ``file_ideas`` does."""
    return file_ideas(
        session,
        actor,
        process_id=process_id,
        idea_ids=[idea_id],
        cluster_id=cluster_id,
        placing=Placing.MAIN,
        seen=seen,
        now=now,
    )


def set_clusters(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    idea_id: int,
    cluster_ids: Collection[int],
    main_id: int | None,
    now: datetime,
    seen: int | None = None,
) -> Done:
    """Set all the themes of an idea and which of them is the main one; raises as ``file_ideas`` does.

    With ``None`` the main one stays as long as it is among them; the first theme of an idea is its main one anyway.
    """
    if main_id is not None and main_id not in cluster_ids:
        raise Refused(_l("The main theme must be one of the themes of the idea."))
    step = begin(session, actor, process_id, BoardChangeKind.FILE, now)
    before = places_now(session, [idea_id])
    kept = next((held for held, strength in before[idea_id].items() if strength == MAIN and held in cluster_ids), None)
    main = main_id or kept or (None if before[idea_id] else next(iter(cluster_ids), None))
    after = {idea_id: {held: MAIN if held == main else TOUCHES for held in cluster_ids}}
    return _rearrange(step, before, after, Because(), seen)


def file_idea(
    session: Session,
    actor: Actor,
    *,
    idea_id: int,
    cluster_id: int,
    now: datetime,
    placing: Placing = Placing.AUTO,
    reason: str = "",
) -> Filing:
    """Return the filing of an idea under a theme of the same process; twice is the same as once."""
    process_id = process_of(session, cluster_id)
    file_ideas(
        session,
        actor,
        process_id=process_id,
        idea_ids=[idea_id],
        cluster_id=cluster_id,
        placing=placing,
        reason=reason,
        now=now,
    )
    held = (Filing.idea_id == idea_id, Filing.cluster_id == cluster_id, Filing.ended_at.is_(None))
    return session.scalars(select(Filing).where(*held)).one()


def unfile_idea(session: Session, actor: Actor, *, idea_id: int, cluster_id: int, now: datetime) -> Done:
    """Take an idea out of a theme; nothing happens when it is not in there."""
    process_id = process_of(session, cluster_id)
    return unfile_ideas(session, actor, process_id=process_id, idea_ids=[idea_id], cluster_id=cluster_id, now=now)


def _column(columns: Columns, idea_id: int) -> int | None:
    return columns.get(idea_id) if isinstance(columns, Mapping) else columns


def _rearrange(
    step: Step, before: Mapping[int, Places], after: Mapping[int, Places], because: Because, seen: int | None
) -> Done:
    _check_ideas(step, after)
    targets = {cluster_id for idea_id, places in after.items() for cluster_id in places.keys() - before[idea_id].keys()}
    gone = targets - lock_clusters(step.session, step.process_id, targets).keys()
    refuse_moved(Seen(step, seen), before, after, gone)
    if any(len(places) > MOST_CLUSTERS for places in after.values()):
        raise Refused(_l("An idea can touch at most %(most)s themes.", most=MOST_CLUSTERS))
    step.move(moves_between(before, after), {}, otherwise=because)
    return step.finish()


def _check_ideas(step: Step, idea_ids: Collection[int]) -> None:
    """Raise ``Missing`` unless all of these are ideas of the board's process."""
    known = 0
    for batch in in_batches(idea_ids):
        inside = (Idea.process_id == step.process_id, Idea.id.in_(batch))
        known += step.session.scalar(select(func.count()).select_from(Idea).where(*inside)) or 0
    if known != len(idea_ids):
        raise Missing
