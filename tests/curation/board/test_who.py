"""Who may change the board: moderators of the process and admins, in every one of its steps."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.curation.board.clusters import (
    create_cluster,
    label_cluster,
    move_cluster,
    note_on_cluster,
    remove_cluster,
    remove_note,
    rename_cluster,
    reorder_clusters,
)
from participation.curation.board.filing import (
    file_each,
    file_ideas,
    set_clusters,
    set_main,
    unfile_ideas,
)
from participation.curation.board.reshaping import merge_clusters, split_cluster
from participation.curation.board.undo import undo_change
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.strategy.statements.sources import clusters_in_use
from tests.curation.board.desk import Desk

Known = dict[str, int]
Step = Callable[[Session, Actor, Known], Any]
WORDS: dict[str, Any] = {"title": {"en": "Words"}, "description": {}}


def now() -> dict[str, Any]:
    """Return the moment as an argument."""
    return {"now": clock.now()}


def at(known: Known) -> dict[str, Any]:
    """Return the process and the moment as arguments."""
    return {"process_id": known["process"], **now()}


STEPS: dict[str, Step] = {
    "make": lambda s, a, x: create_cluster(s, a, **WORDS, **at(x)),
    "rename": lambda s, a, x: rename_cluster(s, a, cluster_id=x["one"], **WORDS, **now()),
    "label": lambda s, a, x: label_cluster(s, a, cluster_id=x["one"], label="A", **now()),
    "remove": lambda s, a, x: remove_cluster(s, a, cluster_id=x["one"], in_use=clusters_in_use, **now()),
    "reorder": lambda s, a, x: reorder_clusters(s, a, order=[x["two"]], **at(x)),
    "move": lambda s, a, x: move_cluster(s, a, cluster_id=x["one"], places=1, **now()),
    "note": lambda s, a, x: note_on_cluster(s, a, cluster_id=x["one"], text="Look", **now()),
    "remove note": lambda s, a, x: remove_note(s, a, note_id=x["note"], **at(x)),
    "file": lambda s, a, x: file_ideas(s, a, idea_ids=[x["idea"]], cluster_id=x["two"], **at(x)),
    "accept": lambda s, a, x: file_each(s, a, wanted={x["idea"]: x["two"]}, **at(x)),
    "unfile": lambda s, a, x: unfile_ideas(s, a, idea_ids=[x["idea"]], cluster_id=x["one"], **at(x)),
    "main": lambda s, a, x: set_main(s, a, idea_id=x["idea"], cluster_id=x["two"], **at(x)),
    "all themes": lambda s, a, x: set_clusters(s, a, idea_id=x["idea"], cluster_ids=[], main_id=None, **at(x)),
    "split": lambda s, a, x: split_cluster(s, a, cluster_id=x["one"], idea_ids=[x["idea"]], **WORDS, **now()),
    "merge": lambda s, a, x: merge_clusters(
        s, a, cluster_ids=[x["one"]], into=x["two"], in_use=clusters_in_use, **at(x)
    ),
    "undo": lambda s, a, x: undo_change(s, a, number=x["step"], in_use=clusters_in_use, **at(x)),
}


def test_every_step_is_for_moderators(desk: Desk) -> None:
    (idea,) = desk.ideas(1)
    one, two = desk.themes("One", "Two")
    step = desk.file([idea], one).number or 0
    with desk.transact() as session:
        note = note_on_cluster(session, desk.moderator, cluster_id=one, text="Look", **now()).id
    known = {"process": desk.place.id, "idea": idea, "one": one, "two": two, "note": note, "step": step}
    version = desk.version
    place = desk.place.id
    refused = (
        ANONYMOUS,
        Actor(7),
        Actor(7, grants=frozenset({(Role.STAFF, place)})),
        Actor(7, grants=frozenset({(Role.MODERATOR, place + 1)})),
    )
    allowed = (SYSTEM, desk.moderator, Actor(None, grants=frozenset({(Role.ADMIN, None)})))
    for take in STEPS.values():
        for actor in refused:
            with pytest.raises(Refused), desk.transact() as session:
                take(session, actor, known)
        for actor in allowed:
            with pytest.raises(Undone), desk.transact() as session:
                try_it(session, take, actor, known)
    assert desk.version == version


def test_what_is_not_there_is_missing(desk: Desk) -> None:
    names = ("idea", "one", "two", "note", "step")
    nowhere = {name: 10**9 + number for number, name in enumerate(names)} | {"process": desk.place.id}
    for name, take in STEPS.items():
        if name in ("make", "reorder"):
            continue
        with pytest.raises(Missing), desk.transact() as session:
            take(session, desk.moderator, nowhere)


class Undone(Exception):
    """Rolls a step back."""


def try_it(session: Session, take: Step, actor: Actor, known: Known) -> None:
    """Take a step and roll it back."""
    take(session, actor, known)
    raise Undone
