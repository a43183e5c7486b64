"""Making what similar ideas are found by, and which ideas of a process say something similar, on the command line."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import begin_snapshot, db
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes
from participation.similarity.jobs import WORDS_ONLY, fill_process, method_now
from participation.similarity.memory import memories
from participation.similarity.queries import ALIKE
from participation.similarity.snapshot import Snapshot
from participation.similarity.words import Bag, bag_of, shared_words
from participation.suggestions.nearest import METHOD, Surroundings, surroundings_of
from participation.texts.vectors import encoder

NEAREST = 5
WITHOUT_EXTRA = "The extra “analysis” is not installed or switched off: similar ideas are found by words only."


@click.command()
@click.argument("process", required=False)
@in_application
def vectors(process: str | None) -> None:
    """Make missing vectors and neighbours of ideas, in one or all processes."""
    session = db.session()
    chosen = [process_named(session, process)] if process else all_processes(session, with_drafts=True)
    if encoder() is None:
        click.echo(WITHOUT_EXTRA)
    for outline in chosen:
        done = fill_process(outline.id, partial(_tell, outline))
        click.echo(f"{outline.slug}: {done} ideas")


@click.command()
@click.argument("process")
@click.option(
    "--limit", type=click.IntRange(1, 100), default=NEAREST, show_default=True, help="Nearest ideas for each."
)
@click.option("--all", "everything", is_flag=True, help="All ideas, not only the visible ones.")
@click.option("--words-only", is_flag=True, help="Leave out what texts mean, compare words alone.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@in_application
def similar(process: str, *, limit: int, everything: bool, words_only: bool, as_json: bool) -> None:
    """For each visible idea its nearest ones, with score and shared words; what is missing for that is made first.

    The nearest stand there however far they are, in the order of "nearness"; "alike" says which of them readers are
    offered as similar, which "score" decides.
    """
    session = db.session()
    outline = process_named(session, process)
    session.rollback()
    if not words_only:
        if encoder() is None:
            click.echo(WITHOUT_EXTRA, err=True)
        fill_process(outline.id, partial(_tell, outline))
    begin_snapshot(session)
    report = _report(session, outline, limit=limit, everything=everything, words_only=words_only)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    click.echo(f"{len(report['ideas'])} ideas; compared by {report['method']}")
    for line in _lines(report):
        click.echo(line)


def _report(
    session: Session, process: ProcessOutline, *, limit: int, everything: bool, words_only: bool
) -> dict[str, Any]:
    rows = _rows(session, process.id, everything=everything)
    ideas = {row.id: row for row in rows}
    bags = {row.id: bag_of(row.title, row.text, row.language) for row in rows}
    snapshot = memories.of(session, process.id).snapshot_at_last()
    around = surroundings_of(session, process.id, snapshot, words_only=words_only, everything=everything)
    return {
        "process": process.slug,
        "method": WORDS_ONLY if words_only else method_now(),
        "order": METHOD,
        "alike_from": ALIKE,
        "ideas": [
            {
                "external_id": row.external_id,
                "idea": row.id,
                "title": row.title,
                "nearest": _nearest(around, row, ideas, bags, limit) if around else [],
            }
            for row in rows
        ],
    }


def _nearest(
    around: Surroundings, row: Any, ideas: dict[int, Any], bags: dict[int, Bag], limit: int
) -> list[dict[str, Any]]:
    return [
        {
            "external_id": ideas[one.idea_id].external_id,
            "idea": one.idea_id,
            "nearness": one.nearness,
            "score": one.score,
            "alike": one.score >= ALIKE,
            "words": _words(around.snapshot, ideas[one.idea_id], bags[row.id]),
        }
        for one in around.nearest(row.id, bags[row.id], most=limit)
    ]


def _words(snapshot: Snapshot, other: Any, bag: Bag) -> list[str]:
    return list(shared_words(other.title, other.text, other.language, bag, snapshot.weight))


def _rows(session: Session, process_id: int, *, everything: bool) -> Sequence[Any]:
    """Return the ideas by number, with what is compared."""
    wanted = select(Idea.id, Idea.external_id, Idea.title, Idea.text, Idea.language)
    inside = wanted.where(Idea.process_id == process_id).order_by(Idea.id)
    return session.execute(inside if everything else inside.where(Idea.state == IdeaState.PUBLISHED)).all()


def _lines(report: dict[str, Any]) -> Iterator[str]:
    for idea in report["ideas"]:
        yield f"{idea['external_id'] or idea['idea']}: {idea['title']}"
        for one in idea["nearest"]:
            words = f" ({', '.join(one['words'])})" if one["words"] else ""
            yield f"  {one['nearness']:.4f} {one['external_id'] or one['idea']}{words}"


def _tell(outline: ProcessOutline, count: int) -> None:
    click.echo(f"{outline.slug}: {count} …", err=True)
