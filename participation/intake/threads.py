"""Putting the comments of a file in an order in which each stands behind the one it answers."""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l

ORPHAN = _l("answers the comment “%(id)s”, which is neither in the file nor in the process")
ELSEWHERE = _l("answers the comment “%(id)s”, which is about another idea")
ABOVE = _l("answers the comment “%(id)s”, which could not be taken")
CIRCLE = _l("answers itself in a circle")


@dataclass(frozen=True, slots=True)
class Node:
    """A comment as far as its place matters: its key, the key of the one it answers, its idea and its row."""

    key: str
    parent: str | None
    idea_id: int
    submitted_at: datetime
    row: int


def in_order(
    nodes: Sequence[Node], known: Mapping[str, int], *, refused: frozenset[str], keeps_orphans: bool
) -> tuple[list[Node], list[tuple[Node, str]]]:
    """Return the nodes that have a place, oldest first but never in front of the one they answer; and the others.

    ``known`` are comments that the process has already, with their ideas; ``refused`` keys of the file that cannot be
    taken. The others come with the reason. With ``keeps_orphans`` those whose parent is nowhere begin a thread.
    """
    by_key = {node.key: node for node in nodes}
    waiting: dict[str, list[Node]] = defaultdict(list)
    problems: list[tuple[Node, str]] = []
    ready: list[tuple[datetime, int, Node]] = []
    for node in nodes:
        if node.parent is None:
            ready.append((node.submitted_at, node.row, node))
        elif node.parent in by_key:
            waiting[node.parent].append(node)
        elif node.parent in known and known[node.parent] == node.idea_id:
            ready.append((node.submitted_at, node.row, node))
        elif node.parent in known:
            problems.append((node, Reason(ELSEWHERE, id=node.parent)))
        elif keeps_orphans and node.parent not in refused:
            ready.append((node.submitted_at, node.row, replace(node, parent=None)))
        else:
            problems.append((node, Reason(ABOVE if node.parent in refused else ORPHAN, id=node.parent)))
    placed = _placed(ready, waiting, problems)
    _report_below(waiting, problems)
    done = {node.key for node in placed} | {node.key for node, _reason in problems}
    # What is left hangs together in circles, or on one.
    problems += [(node, Reason(CIRCLE)) for node in nodes if node.key not in done]
    return placed, sorted(problems, key=lambda problem: problem[0].row)


def first_named(key: str, parents: Mapping[str, str], named: Mapping[str, str]) -> str:
    """Return the idea of the first comment on the way up from ``key`` that names one, empty for none.

    ``parents`` are the ways up from comments that name none, ``named`` the ideas of the others.
    """
    passed: set[str] = set()
    while key in parents and key not in passed:
        passed.add(key)
        key = parents[key]
    return named.get(key, "")


def _placed(
    ready: list[tuple[datetime, int, Node]], waiting: dict[str, list[Node]], problems: list[tuple[Node, str]]
) -> list[Node]:
    heapq.heapify(ready)
    placed: list[Node] = []
    while ready:
        node = heapq.heappop(ready)[2]
        placed.append(node)
        for answer in waiting.pop(node.key, []):
            if answer.idea_id == node.idea_id:
                heapq.heappush(ready, (answer.submitted_at, answer.row, answer))
            else:
                problems.append((answer, Reason(ELSEWHERE, id=node.key)))
    return placed


def _report_below(waiting: dict[str, list[Node]], problems: list[tuple[Node, str]]) -> None:
    """Add to ``problems`` everything that answers something in it."""
    for node, _reason in problems:
        # The list grows while it is walked: answers to answers come up later.
        problems.extend((answer, Reason(ABOVE, id=node.key)) for answer in waiting.pop(node.key, []))
