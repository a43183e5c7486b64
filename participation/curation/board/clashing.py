"""Finding out whether colleagues changed, after the board was shown to somebody, what that person wants to change."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.curation.board.conflicts import Clash, ClashKind, Conflict
from participation.curation.board.places import Places, changed_since, in_order, places_at
from participation.curation.board.steps import Step
from participation.curation.models import BoardChange, Cluster
from participation.kit.permissions import Missing
from participation.kit.schema import Translated


@dataclass(frozen=True, slots=True)
class Seen:
    """A step of somebody to whom the board was shown in a version; ``None`` where nobody looked at anything."""

    step: Step
    version: int | None

    @property
    def is_current(self) -> bool:
        """Whether nothing can have changed since."""
        return self.version is None or self.version >= self.step.board.version


@dataclass(frozen=True, slots=True)
class StepBy:
    """By whom and when a step was taken."""

    account_id: int | None
    by: str
    at: Any


def refuse_moved(seen: Seen, before: Mapping[int, Places], after: Mapping[int, Places], gone: Collection[int]) -> None:
    """Raise ``Conflict`` where colleagues moved ideas that shall stand as ``after`` says, or took a cluster away.

    ``before`` is where they stand now. Who wants what is there already is not in the way of anybody. Clusters that
    are ``gone`` without anybody having seen them are ``Missing``.
    """
    if seen.is_current or seen.version is None:
        if gone:
            raise Missing
        return
    clashes = [*_moved(seen, before, after, seen.version), *clusters_gone(seen, gone)]
    if clashes:
        raise Conflict(seen.step.board.version, tuple(clashes))


def clusters_gone(seen: Seen, cluster_ids: Collection[int]) -> list[Clash]:
    """Return a clash for each cluster that is not on the board any more; raises ``Missing`` for what never was."""
    if not cluster_ids:
        return []
    session, process_id = seen.step.session, seen.step.process_id
    inside = (Cluster.id.in_(list(cluster_ids)), Cluster.process_id == process_id)
    rows = session.scalars(select(Cluster).where(*inside).order_by(Cluster.id)).all()
    if len(rows) != len(set(cluster_ids)):
        raise Missing
    steps = taken_by(session, process_id, [row.version for row in rows])
    return [
        Clash(
            ClashKind.CLUSTER_GONE,
            cluster_id=row.id,
            number=row.version or None,
            now_text=row.title,
            now_in=(row.merged_into,) if row.merged_into else (),
            **_who(steps, row.version),
        )
        for row in rows
    ]


def refuse_reworded(seen: Seen, cluster: Cluster, wanted: Mapping[str, Translated]) -> None:
    """Raise ``Conflict`` where a colleague changed the fields of a cluster to something else than is ``wanted``."""
    if seen.is_current or seen.version is None or cluster.version <= seen.version:
        return
    then = _fields_at(seen, cluster, seen.version)
    clashes = []
    for name, number in then.items():
        is_label = name == "label"
        stands = {"": cluster.label} if is_label else getattr(cluster, name)
        if name in wanted and stands != wanted[name]:
            steps = taken_by(seen.step.session, seen.step.process_id, [number])
            if steps[number].account_id == seen.step.actor.account_id:
                continue
            kind = ClashKind.LABEL if is_label else ClashKind.WORDING
            clash = Clash(kind, cluster_id=cluster.id, number=number, now_text=stands, wanted_text=wanted[name])
            clashes.append(replace(clash, **_who(steps, number)))
    if clashes:
        raise Conflict(seen.step.board.version, tuple(clashes))


def changes_after(session: Session, process_id: int, version: int) -> Iterable[BoardChange]:
    """Return the steps after ``version``, the first one first."""
    later = (BoardChange.process_id == process_id, BoardChange.number > version)
    return session.scalars(select(BoardChange).where(*later).order_by(BoardChange.number))


def taken_by(session: Session, process_id: int, numbers: Iterable[int]) -> dict[int, StepBy]:
    """Return who took these steps, by their numbers."""
    wanted = (BoardChange.process_id == process_id, BoardChange.number.in_(sorted(set(numbers))))
    rows = session.execute(
        select(BoardChange.number, BoardChange.done_by, Account.email, BoardChange.done_at)
        .outerjoin(Account, Account.id == BoardChange.done_by)
        .where(*wanted)
    )
    return {number: StepBy(done_by, email or "", done_at) for number, done_by, email, done_at in rows}


def _moved(seen: Seen, before: Mapping[int, Places], after: Mapping[int, Places], version: int) -> Iterable[Clash]:
    session, step = seen.step.session, seen.step
    latest = changed_since(session, [idea_id for idea_id in after if before[idea_id] != after[idea_id]], version)
    if not latest:
        return
    then = places_at(session, latest, version)
    steps = taken_by(session, step.process_id, latest.values())
    for idea_id, number in sorted(latest.items()):
        taken = steps.get(number)
        if then[idea_id] == before[idea_id] or (taken and taken.account_id == step.actor.account_id):
            continue
        yield Clash(
            ClashKind.IDEA,
            idea_id=idea_id,
            number=number,
            then=in_order(then[idea_id]),
            now_in=in_order(before[idea_id]),
            **_who(steps, number),
        )


def _fields_at(seen: Seen, cluster: Cluster, version: int) -> dict[str, int]:
    """Return which fields of a cluster were changed after ``version``, each with the number of the latest step."""
    changed: dict[str, int] = {}
    for change in changes_after(seen.step.session, seen.step.process_id, version):
        for entry in change.details.get("clusters", ()):
            if entry["id"] == cluster.id:
                changed |= dict.fromkeys(entry["after"], change.number)
    return changed


def _who(steps: Mapping[int, StepBy], number: int) -> dict[str, Any]:
    taken = steps.get(number)
    return {"by": taken.by, "at": taken.at} if taken else {}
