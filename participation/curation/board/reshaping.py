"""Splitting a theme in two and putting several together; every idea keeps how strongly it belonged."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.clashing import Seen, refuse_moved
from participation.curation.board.clusters import add_cluster, on_board, order_now, put_in_order, raise_gone
from participation.curation.board.places import MAIN, NOT_THERE, TOUCHES, Places, moves_between, places_now
from participation.curation.board.steps import Because, Done, InUse, begin, lock_clusters, process_of, refuse_in_use
from participation.curation.board.tracing import held_because, ideas_in_any
from participation.curation.models import BoardChangeKind, Cluster
from participation.kit.permissions import Missing, Refused
from participation.kit.schema import Translated
from participation.multilingual import lazy as _l


def split_cluster(
    session: Session,
    actor: Actor,
    *,
    cluster_id: int,
    title: Translated,
    description: Translated,
    idea_ids: Collection[int],
    now: datetime,
    seen: int | None = None,
) -> Cluster:
    """Return a new theme right behind another one, with those ideas of it that were chosen.

    Raises ``Conflict`` where a colleague took one of them out after the board's version ``seen``, ``Missing`` where
    one was never in there, and ``Refused`` where none was chosen.
    """
    step = begin(session, actor, process_of(session, cluster_id), BoardChangeKind.SPLIT, now)
    on_board(Seen(step, seen), cluster_id)
    if not idea_ids:
        raise Refused(_l("Please choose the ideas for the new theme."))
    order = order_now(session, step.process_id)
    before = places_now(session, idea_ids)
    new = add_cluster(step, title=title, description=description)
    after = {idea_id: _instead(places, {cluster_id}, new.id) for idea_id, places in before.items()}
    refuse_moved(Seen(step, seen), before, after, ())
    if any(cluster_id not in places for places in before.values()):
        raise Missing
    because = held_because(session, idea_ids, {cluster_id: new.id})
    step.move(moves_between(before, after), because, otherwise=Because())
    order.insert(order.index(cluster_id) + 1, new.id)
    put_in_order(step, (), order, is_noted=False)
    step.more["from"] = [cluster_id]
    step.finish()
    return new


def merge_clusters(
    session: Session,
    actor: Actor,
    *,
    process_id: int,
    cluster_ids: Collection[int],
    into: int,
    in_use: InUse,
    now: datetime,
    seen: int | None = None,
) -> Done:
    """Let all ideas of some themes belong to another one instead, and take those themes off the board.

    Raises ``Refused`` while a statement rests on one that should go, ``Conflict`` where a colleague took one of them
    off the board after its version ``seen``.
    """
    step = begin(session, actor, process_id, BoardChangeKind.MERGE, now)
    going = set(cluster_ids) - {into}
    if not going:
        raise Refused(_l("Please choose at least two themes."))
    rows = lock_clusters(session, process_id, {into, *going})
    if gone := sorted({into, *going} - rows.keys()):
        raise_gone(Seen(step, seen), gone)
    refuse_in_use(session, going, in_use)
    idea_ids = ideas_in_any(session, going)
    before = places_now(session, idea_ids)
    after = {idea_id: _instead(places, going, into) for idea_id, places in before.items()}
    because = held_because(session, idea_ids, dict.fromkeys(sorted(going), into))
    step.move(moves_between(before, after), because, otherwise=Because())
    for cluster_id in sorted(going):
        step.take_off(rows[cluster_id], into=into)
    step.more["into"] = [into]
    return step.finish()


def _instead(places: Places, going: Collection[int], into: int) -> Places:
    """Return where an idea stands that belongs to ``into`` instead of the clusters that go; at least as strongly."""
    strongest = max((strength for held, strength in places.items() if held in going or held == into), default=NOT_THERE)
    after = {held: strength for held, strength in places.items() if held not in going}
    if strongest == MAIN:
        after = {held: min(strength, TOUCHES) for held, strength in after.items()}
    return {**after, into: strongest or TOUCHES}
