"""Making, renaming and removing clusters; filing ideas and taking them out."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.curation.events import ClusterChanged, IdeaFiled, IdeaUnfiled
from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea
from participation.ideas.policies import may_moderate
from participation.kit.dialect import locked
from participation.kit.permissions import Refused, found, require
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l
from participation.multilingual import reworded
from participation.processes.service import touch


def create_cluster(
    session: Session, actor: Actor, *, process_id: int, title: Translated, description: Translated, now: datetime
) -> Cluster:
    """Return a new cluster at the end of the board."""
    require(may_moderate(actor, process_id))
    last = session.scalar(select(func.max(Cluster.position)).where(Cluster.process_id == process_id)) or 0
    cluster = Cluster(
        process_id=process_id,
        position=last + 1,
        title=reworded({}, title),
        description=reworded({}, description),
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(cluster)
    session.flush()
    _changed(session, actor, cluster, now)
    return cluster


def rename_cluster(
    session: Session, actor: Actor, *, cluster_id: int, title: Translated, description: Translated, now: datetime
) -> Cluster:
    """Change what a cluster is called and says; languages not given stay, empty ones go."""
    cluster = _lock(session, cluster_id)
    require(may_moderate(actor, cluster.process_id))
    cluster.title = reworded(cluster.title, title)
    cluster.description = reworded(cluster.description, description)
    _changed(session, actor, cluster, now)
    return cluster


def remove_cluster(session: Session, actor: Actor, *, cluster_id: int, now: datetime) -> None:
    """Take a cluster off the board; its ideas become unfiled, the history stays."""
    cluster = _lock(session, cluster_id)
    require(may_moderate(actor, cluster.process_id))
    cluster.removed_at = now
    session.execute(
        update(Filing)
        .where(Filing.cluster_id == cluster_id, Filing.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor.account_id)
    )
    _changed(session, actor, cluster, now)


def file_idea(
    session: Session, actor: Actor, *, idea_id: int, cluster_id: int, now: datetime, reason: str = ""
) -> Filing:
    """Return the filing of an idea in a cluster of the same process; twice is the same as once."""
    cluster = _lock(session, cluster_id)
    require(may_moderate(actor, cluster.process_id))
    idea = found(session.get(Idea, idea_id))
    if idea.process_id != cluster.process_id:
        raise Refused(_l("This idea belongs to another process."))
    filing = _current(session, idea_id, cluster_id)
    if filing:
        return filing
    filing = Filing(cluster_id=cluster_id, idea_id=idea_id, reason=reason, filed_by=actor.account_id, filed_at=now)
    session.add(filing)
    session.flush()
    touch(session, cluster.process_id)
    record(session, IdeaFiled(idea_id, cluster_id), account_id=actor.account_id, now=now)
    return filing


def unfile_idea(session: Session, actor: Actor, *, idea_id: int, cluster_id: int, now: datetime) -> None:
    """Take an idea out of a cluster; nothing happens when it is not in there."""
    cluster = _lock(session, cluster_id)
    require(may_moderate(actor, cluster.process_id))
    filing = _current(session, idea_id, cluster_id)
    if filing is None:
        return
    filing.ended_at = now
    filing.ended_by = actor.account_id
    touch(session, cluster.process_id)
    record(session, IdeaUnfiled(idea_id, cluster_id), account_id=actor.account_id, now=now)


def _current(session: Session, idea_id: int, cluster_id: int) -> Filing | None:
    return session.scalar(
        select(Filing).where(Filing.idea_id == idea_id, Filing.cluster_id == cluster_id, Filing.ended_at.is_(None))
    )


def _lock(session: Session, cluster_id: int) -> Cluster:
    statement = select(Cluster).where(Cluster.id == cluster_id, Cluster.removed_at.is_(None))
    cluster: Cluster | None = session.scalar(locked(statement))
    return found(cluster)


def _changed(session: Session, actor: Actor, cluster: Cluster, now: datetime) -> None:
    touch(session, cluster.process_id)
    record(session, ClusterChanged(cluster.id), account_id=actor.account_id, now=now)
