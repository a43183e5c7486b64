"""What a program proposes for the board of a process, on the command line."""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import begin_snapshot, db, in_batches
from participation.multilingual import pick
from participation.processes.outline import ProcessOutline
from participation.similarity.jobs import fill_vectors
from participation.suggestions.material import Material, read_material
from participation.suggestions.method import METHOD, can_compute, compute, parameters
from participation.suggestions.outcome import Result, digest, plain
from participation.suggestions.queries import latest_run, newest_run
from participation.suggestions.space import SEED
from participation.texts.vectors import encoder

LANGUAGE = "en"
NO_STORED = "there is no stored run; without --stored suggestions are computed now"
NOT_INSTALLED = "suggestions need the package scipy, which is not installed"
SWITCHED_OFF = "Suggestions are switched off for this process: nothing of this is shown on its board."


@click.command()
@click.argument("process")
@click.option("--stored", is_flag=True, help="What the worker computed last; otherwise it is computed now.")
@click.option("--words-only", is_flag=True, help="Leave out what texts mean, compare words alone.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@in_application
def suggest(process: str, *, stored: bool, words_only: bool, as_json: bool) -> None:
    """Propose a theme for each idea that has none, with confidence and reasons; nothing is filed.

    Also: themes that may be missing, and ideas that may be out of place.
    """
    session = db.session()
    outline = process_named(session, process)
    report = _stored(session, outline) if stored else _computed(session, outline, words_only=words_only)
    if not outline.suggests:
        click.echo(SWITCHED_OFF, err=True)
    for line in [json.dumps(report, ensure_ascii=False, indent=2)] if as_json else _lines(report):
        click.echo(line)


def _stored(session: Session, process: ProcessOutline) -> dict[str, Any]:
    begin_snapshot(session)
    run, outcome = latest_run(session, process.id), newest_run(session, process.id)
    if run is None or outcome is None:
        raise click.ClickException(NO_STORED)
    made = {
        "run": run.number,
        "method": run.method,
        "seed": run.seed,
        "parameters": run.parameters,
        "data_sha256": run.data_sha256,
        "result_sha256": run.result_sha256,
    }
    return _report(session, process, read_material(session, process.id), outcome.result, made)


def _computed(session: Session, process: ProcessOutline, *, words_only: bool) -> dict[str, Any]:
    if not can_compute():
        raise click.ClickException(NOT_INSTALLED)
    session.rollback()
    if not words_only:
        if encoder() is None:
            click.echo("The extra “analysis” is not installed or switched off: words alone are compared.", err=True)
        fill_vectors(process.id, partial(_tell, process))
    begin_snapshot(session)
    material = read_material(session, process.id, words_only=words_only)
    result = compute(session, process.id, material)
    made = {
        "run": None,
        "method": METHOD,
        "seed": SEED,
        "parameters": parameters(),
        "data_sha256": material.sha256,
        "result_sha256": digest(plain(result)),
    }
    return _report(session, process, material, result, made)


def _report(
    session: Session, process: ProcessOutline, material: Material, result: Result, made: dict[str, Any]
) -> dict[str, Any]:
    titles = {
        theme.id: pick({code: title for code, title, _text in theme.wordings}, LANGUAGE) for theme in material.themes
    }
    ideas = _ideas(session, process.id)

    def external(idea_ids: Iterable[int]) -> list[str | int]:
        return [ideas[one][0] or one for one in idea_ids if one in ideas]

    def cluster(cluster_id: int | None) -> dict[str, Any]:
        return {"cluster": cluster_id, "title": titles.get(cluster_id or 0, "")}

    unfiled = [idea_id for idea_id in ideas if idea_id not in material.filed]
    return {
        "process": process.slug,
        **made,
        "compares": "meaning and words" if material.with_meaning else "words",
        "confidence_is_rough": result.is_rough,
        "ideas": len(ideas),
        "filed": len(material.filed),
        "clusters": [cluster(theme.id) for theme in material.themes],
        "suggestions": [
            {
                "external_id": ideas[idea_id][0],
                "idea": idea_id,
                "title": ideas[idea_id][1],
                "ranked": [
                    {**cluster(one.cluster_id), "confidence": one.confidence}
                    for one in result.of(idea_id).ranked
                    if one.cluster_id in titles
                ],
                "nearest": external(result.of(idea_id).nearest),
                "words": list(result.of(idea_id).words),
            }
            for idea_id in unfiled
        ],
        "fresh": [
            {
                # They may be those of an idea that is not public any more.
                "words": list(group.words) if all(one in ideas for one in group.idea_ids) else [],
                "ideas": external(group.idea_ids),
            }
            for group in result.fresh
        ],
        "outliers": [
            {
                "external_id": ideas[one.idea_id][0],
                "idea": one.idea_id,
                "filed_in": cluster(one.cluster_id),
                "better": cluster(one.better_cluster_id),
                "confidence": one.confidence,
            }
            for one in result.outliers
            if one.idea_id in ideas
        ],
    }


def _ideas(session: Session, process_id: int) -> dict[int, tuple[str | None, str]]:
    """Return the visible ideas of a process: external id and title."""
    public = (Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED)
    ids = session.scalars(select(Idea.id).where(*public).order_by(Idea.id)).all()
    found: dict[int, tuple[str | None, str]] = {}
    for batch in in_batches(ids):
        rows = session.execute(
            select(Idea.id, Idea.external_id, Idea.title).where(Idea.id.in_(batch)).order_by(Idea.id)
        )
        found |= {idea_id: (external_id, title) for idea_id, external_id, title in rows}
    return found


def _lines(report: dict[str, Any]) -> list[str]:
    counted = f"{report['filed']} of {report['ideas']} ideas are filed under {len(report['clusters'])} themes"
    lines = [f"{counted}; compared by {report['compares']}, {report['method']}"]
    if report["confidence_is_rough"]:
        lines.append("Too few are filed for confidence to be a percentage: read it as an order.")
    for one in report["suggestions"]:
        if one["ranked"]:
            best = one["ranked"][0]
            words = f" ({', '.join(one['words'])})" if one["words"] else ""
            lines.append(f"{one['external_id'] or one['idea']}: {best['title']}, {best['confidence']:.0%}{words}")
    if not any(one["ranked"] for one in report["suggestions"]):
        lines.append(
            "Nothing to propose: file a few ideas under themes first." if report["ideas"] else "There are no ideas."
        )
    lines += [
        f"a theme may be missing: {', '.join(map(str, group['words']))}: {len(group['ideas'])} ideas"
        for group in report["fresh"]
    ]
    lines += [
        f"may be out of place: {one['external_id'] or one['idea']} in {one['filed_in']['title']},"
        f" rather {one['better']['title']}"
        for one in report["outliers"]
    ]
    return lines


def _tell(process: ProcessOutline, count: int) -> None:
    click.echo(f"{process.slug}: {count} vectors …", err=True)
