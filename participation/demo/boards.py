"""What the team of the demo does on the board once the ideas are sorted: labels, notes, second themes, an undo."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clusters import label_cluster, note_on_cluster, reorder_clusters
from participation.curation.board.filing import file_ideas
from participation.curation.board.places import Placing
from participation.curation.board.queries import board_version
from participation.curation.board.undo import undo_change
from participation.curation.models import Cluster
from participation.demo.cast import Cast
from participation.demo.content import Entry, ProcessContent, board_content
from participation.demo.reports import subject_by_key
from participation.demo.timeline import Timeline
from participation.processes.outline import ProcessOutline
from participation.strategy.statements.sources import clusters_in_use


def work_on_board(
    session: Session, process: ProcessOutline, cast: Cast, timeline: Timeline, admin: Actor, content: ProcessContent
) -> None:
    """Take every step that the content names for this process, in its order."""
    team: Mapping[str, Actor] = {"moderator": cast.moderator, "admin": admin}
    titles = {entry["key"]: entry["title"] for entry in content.clusters}
    rows = session.scalars(select(Cluster).where(Cluster.process_id == process.id)).all()
    themes = {key: row.id for key, title in titles.items() for row in rows if row.title == title}
    for entry in board_content().get(content.slug, ()):
        now = timeline.now - timedelta(hours=entry["hours_ago"])
        _take(session, team[entry["by"]], process.id, themes, entry, {"now": now})


def _take(
    session: Session, actor: Actor, process_id: int, themes: Mapping[str, int], entry: Entry, when: dict[str, Any]
) -> None:
    if "label" in entry:
        label_cluster(session, actor, cluster_id=themes[entry["label"]], label=entry["text"], **when)
    elif "note" in entry:
        note_on_cluster(session, actor, cluster_id=themes[entry["note"]], text=entry["text"], **when)
    elif "first" in entry:
        reorder_clusters(session, actor, process_id=process_id, order=[themes[entry["first"]]], **when)
    elif "undo" in entry:
        last = board_version(session, process_id)
        undo_change(session, actor, process_id=process_id, number=last, in_use=clusters_in_use, **when)
    else:
        _kind, idea_id = subject_by_key(session, f"demo-{entry['idea']}")
        where = {"process_id": process_id, "cluster_id": themes[entry["also"]], **when}
        file_ideas(session, actor, idea_ids=[idea_id], placing=Placing.ALSO, **where)
