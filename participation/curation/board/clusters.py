"""Making, naming, ordering and removing themes, and what the team notes about them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clashing import Seen, changes_after, clusters_gone, refuse_reworded, taken_by
from participation.curation.board.conflicts import Clash, ClashKind, Conflict
from participation.curation.board.places import MAIN, NOT_THERE, TOUCHES, Move
from participation.curation.board.steps import (
    Because,
    Done,
    InUse,
    Step,
    begin,
    lock_clusters,
    process_of,
    refuse_in_use,
)
from participation.curation.models import LABEL_LONGEST, BoardChangeKind, Cluster, ClusterNote, Filing
from participation.kit.permissions import Missing, Refused, found
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual import reworded

MOST_THEMES = 300
NOTE_LONGEST = 2000


def create_cluster(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    title: Translated,
    description: Translated,
    now: datetime,
    label: str = "",
) -> Cluster:
    """Return a new theme at the end of the board."""
    step = begin(session, actor, process_id, BoardChangeKind.MAKE, now)
    cluster = add_cluster(step, title=title, description=description, label=label)
    step.finish()
    return cluster


def rename_cluster(
    session: Session,
    actor: Actor,
    *,
    cluster_id: int,
    title: Translated,
    description: Translated,
    now: datetime,
    seen: int | None = None,
) -> Cluster:
    """Change what a theme is called and says; languages not given stay, empty ones go.

    Raises ``Conflict`` where a colleague worded it otherwise after the board's version ``seen``.
    """
    step = begin(session, actor, process_of(session, cluster_id), BoardChangeKind.DESCRIBE, now)
    cluster = on_board(Seen(step, seen), cluster_id)
    wanted = {
        "title": reworded(cluster.title, title),
        "description": reworded(cluster.description, description),
    }
    refuse_reworded(Seen(step, seen), cluster, wanted)
    step.describe(cluster, **wanted)
    step.finish()
    return cluster


def label_cluster(
    session: Session, actor: Actor, *, cluster_id: int, label: str, now: datetime, seen: int | None = None
) -> Cluster:
    """Set the short word by which the team tells themes apart; raises ``Conflict`` as ``rename_cluster`` does."""
    step = begin(session, actor, process_of(session, cluster_id), BoardChangeKind.DESCRIBE, now)
    cluster = on_board(Seen(step, seen), cluster_id)
    wanted = _label(label)
    refuse_reworded(Seen(step, seen), cluster, {"label": {"": wanted}})
    step.describe(cluster, label=wanted)
    step.finish()
    return cluster


def remove_cluster(
    session: Session, actor: Actor, *, cluster_id: int, in_use: InUse, now: datetime, seen: int | None = None
) -> Done:
    """Take a theme off the board; its ideas leave it, the history stays.

    Raises ``Refused`` while a statement rests on it, and ``Conflict`` where a colleague removed it already.
    """
    step = begin(session, actor, process_of(session, cluster_id), BoardChangeKind.REMOVE, now)
    cluster = on_board(Seen(step, seen), cluster_id)
    refuse_in_use(session, [cluster_id], in_use)
    leaving = [Move(idea_id, cluster_id, held, NOT_THERE) for idea_id, held in held_in(session, cluster_id)]
    step.move(leaving, {}, otherwise=Because())
    step.take_off(cluster)
    return step.finish()


def reorder_clusters(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    order: Sequence[int],
    now: datetime,
    seen: int | None = None,
) -> Done:
    """Put themes into an order; those that are not named follow as they were, those that are gone are passed over.

    Raises ``Conflict`` where a colleague ordered them otherwise after the board's version ``seen``.
    """
    step = begin(session, actor, process_id, BoardChangeKind.ORDER, now)
    before = order_now(session, process_id)
    first = [cluster_id for cluster_id in dict.fromkeys(order) if cluster_id in before]
    after = [*first, *(cluster_id for cluster_id in before if cluster_id not in first)]
    if before != after:
        _refuse_reordered(Seen(step, seen))
        put_in_order(step, before, after)
    return step.finish()


def move_cluster(session: Session, actor: Actor, *, cluster_id: int, places: int, now: datetime) -> Done:
    """Move a theme so many places towards the end of the board, or with a negative number to its beginning."""
    process_id = process_of(session, cluster_id)
    step = begin(session, actor, process_id, BoardChangeKind.ORDER, now)
    before = order_now(session, process_id)
    if cluster_id not in before:
        raise Missing
    after = [other for other in before if other != cluster_id]
    after.insert(max(0, before.index(cluster_id) + places), cluster_id)
    if before != after:
        put_in_order(step, before, after)
    return step.finish()


def note_on_cluster(session: Session, actor: Actor, *, cluster_id: int, text: str, now: datetime) -> ClusterNote:
    """Return a note about a theme that only the team reads; it stands beside those of colleagues."""
    step = begin(session, actor, process_of(session, cluster_id), BoardChangeKind.NOTE, now)
    on_board(Seen(step, None), cluster_id)
    words = text.strip()
    if not words or len(words) > NOTE_LONGEST:
        raise Refused(_l("A note needs a text of at most %(most)s characters.", most=NOTE_LONGEST))
    note = ClusterNote(cluster_id=cluster_id, text=words, written_by=actor.account_id, written_at=now)
    session.add(note)
    session.flush()
    step.more["note"] = {"id": note.id, "cluster": cluster_id, "before": False, "after": True}
    step.finish()
    return note


def remove_note(session: Session, actor: Actor, *, process_id: int, note_id: int, now: datetime) -> Done:
    """Take a note away; the step can be undone. Raises ``Missing`` where there is none in the process."""
    step = begin(session, actor, process_id, BoardChangeKind.NOTE, now)
    inside = (ClusterNote.id == note_id, Cluster.process_id == process_id)
    note = found(session.scalar(select(ClusterNote).join(Cluster, Cluster.id == ClusterNote.cluster_id).where(*inside)))
    if note.removed_at is None:
        note.removed_at = now
        step.more["note"] = {"id": note.id, "cluster": note.cluster_id, "before": True, "after": False}
    return step.finish()


def add_cluster(step: Step, *, title: Translated, description: Translated, label: str = "") -> Cluster:
    """Return a new theme at the end of the board, as part of a step; raises ``Refused`` where there are too many."""
    inside = (Cluster.process_id == step.process_id, Cluster.removed_at.is_(None))
    count, last = step.session.execute(select(func.count(), func.max(Cluster.position)).where(*inside)).one()
    if count >= MOST_THEMES:
        raise Refused(_l("A board holds at most %(most)s themes.", most=MOST_THEMES))
    cluster = Cluster(
        process_id=step.process_id,
        position=(last or 0) + 1,
        title=reworded({}, title),
        description=reworded({}, description),
        label=_label(label),
        created_by=step.actor.account_id,
        created_at=step.now,
    )
    step.session.add(cluster)
    step.session.flush()
    step.put_on(cluster, is_new=True)
    return cluster


def on_board(seen: Seen, cluster_id: int) -> Cluster:
    """Return a theme of the board, locked; raises ``Conflict`` where a colleague took it away, else ``Missing``."""
    step = seen.step
    cluster = lock_clusters(step.session, step.process_id, [cluster_id]).get(cluster_id)
    if cluster is None:
        raise_gone(seen, [cluster_id])
    return found(cluster)


def raise_gone(seen: Seen, cluster_ids: Sequence[int]) -> None:
    """Raise ``Conflict`` for themes that are gone since somebody saw them, ``Missing`` for any others."""
    if seen.is_current:
        raise Missing
    raise Conflict(seen.step.board.version, tuple(clusters_gone(seen, cluster_ids)))


def held_in(session: Session, cluster_id: int) -> list[tuple[int, int]]:
    """Return the ideas that belong to a theme, whatever their state, and how strongly each."""
    inside = (Filing.cluster_id == cluster_id, Filing.ended_at.is_(None))
    rows = session.execute(select(Filing.idea_id, Filing.is_main).where(*inside).order_by(Filing.idea_id))
    return [(idea_id, MAIN if is_main else TOUCHES) for idea_id, is_main in rows]


def order_now(session: Session, process_id: int) -> list[int]:
    """Return the themes of a board in their order."""
    inside = (Cluster.process_id == process_id, Cluster.removed_at.is_(None))
    return list(session.scalars(select(Cluster.id).where(*inside).order_by(Cluster.position, Cluster.id)))


def put_in_order(step: Step, before: Sequence[int], after: Sequence[int], *, is_noted: bool = True) -> None:
    """Let themes stand in an order; what was there before is remembered unless it is part of something larger."""
    rows = {row.id: row for row in step.session.scalars(select(Cluster).where(Cluster.id.in_(list(after))))}
    for position, cluster_id in enumerate(after, 1):
        rows[cluster_id].position = position
    if is_noted:
        step.more["order"] = {"before": list(before), "after": list(after)}


def _refuse_reordered(seen: Seen) -> None:
    if seen.is_current or seen.version is None:
        return
    session, process_id = seen.step.session, seen.step.process_id
    numbers = [
        change.number
        for change in changes_after(session, process_id, seen.version)
        if "order" in change.details and change.done_by != seen.step.actor.account_id
    ]
    if numbers:
        taken = taken_by(session, process_id, numbers[-1:])[numbers[-1]]
        clash = Clash(ClashKind.ORDER, number=numbers[-1], by=taken.by, at=taken.at)
        raise Conflict(seen.step.board.version, (clash,))


def _label(text: str) -> str:
    label = " ".join(text.split())
    if len(label) > LABEL_LONGEST:
        raise Refused(_l("A label has at most %(most)s characters.", most=LABEL_LONGEST))
    return label
