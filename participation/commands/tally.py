"""The tally of a process on the command line, and the check that everything published about it is right."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.commands.group import in_application
from participation.commands.groups import HIDDEN
from participation.commands.processes import process_named
from participation.demographics.publishing import stale_figures
from participation.ideas.models import Idea
from participation.insights.counting import count_figures, idea_counts, mark_of
from participation.insights.figures import EVERY_MINUTES
from participation.insights.queries import known_marks, latest_figures
from participation.kit import clock
from participation.kit.db import begin_snapshot, db
from participation.listings.standings import standing_breaks
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.tallies.figures import figures_of
from participation.tallies.queries import releases_of
from participation.tallies.verify import release_breaks
from participation.voting.priority_queries import PointFigures, point_figures, priority_breaks
from participation.voting.queries import tallies, tally_breaks

SOON = f"within {EVERY_MINUTES} minutes, as something has happened since"
# What the mark of the figures stands for; the others may have changed without it.
MARKED_FIGURES = ("total", "principles", "fields", "districts", "verdicts", "shares")


@click.command()
@click.argument("process")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@in_application
def tally(process: str, as_json: bool) -> None:
    """Show how people voted: counts, agreement with its interval, releases of the vote log."""
    session = db.session()
    begin_snapshot(session)
    report = _report(session, process_named(session, process))
    if report["results_hidden"]:
        click.echo(HIDDEN, err=True)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(report)))


@click.command("tally-verify")
@click.argument("process")
@in_application
def tally_verify(process: str) -> None:
    """Recompute every published figure and root; name what does not fit."""
    session = db.session()
    begin_snapshot(session)
    outline = process_named(session, process)
    found = 0
    for sentence in breaks(session, outline):
        click.echo(sentence)
        found += 1
    if found:
        raise click.ClickException(f"{found} break{'s' if found > 1 else ''}")
    known = len(releases_of(session, outline.id))
    click.echo(f"All is well: {known} release{'' if known == 1 else 's'} of the vote log, and the votes themselves.")


def breaks(session: Session, process: ProcessOutline) -> Iterator[str]:
    """Yield a sentence for each published figure, root or file that does not follow from the votes of a process."""
    for idea_id in tally_breaks(session, process.id):
        yield f"idea {idea_id}: the tally is not what its votes add up to"
    for idea_id in standing_breaks(session, process_id=process.id):
        yield f"idea {idea_id}: it stands elsewhere in the lists than its votes and comments say"
    for phase_id, idea_id in priority_breaks(session, process.id):
        where = f"idea {idea_id}" if idea_id else "somebody"
        yield f"phase {phase_id}: the points of {where} are not what people gave, or more than is allowed"
    yield from release_breaks(session, process.id, now=clock.now())
    yield from _group_breaks(session, process.id)
    if wrong := _stale_figures(session, process.id):
        yield f"figures of the results pages: {', '.join(wrong)} are not what can be counted"
    if wrong := stale_figures(session, process.id):
        yield f"figures of who takes part: {', '.join(wrong)} are not what people said about themselves"


def _group_breaks(session: Session, process_id: int) -> tuple[str, ...]:
    try:
        from participation.opinions.verifying import verify_latest

        verified = verify_latest(session, process_id)
    except ModuleNotFoundError as problem:
        click.echo(f"opinion groups are not checked, they need the extra 'analysis': {problem}", err=True)
        return ()
    return verified.breaks if verified else ()


def _stale_figures(session: Session, process_id: int) -> list[str]:
    """Return which stored figures of the results pages are wrong, of those that nothing has happened to since."""
    snapshot = latest_figures(session, process_id)
    if snapshot is None:
        return []
    ideas = idea_counts(session, process_id)
    if known_marks(session)[process_id] != mark_of(session, process_id, ideas):
        click.echo(f"figures of the results pages are not checked: they are taken anew {SOON}", err=True)
        return []
    zone = clock.zone(current_app.config["TIMEZONE"])
    counted = count_figures(session, process_id, ideas, zone).to_json()
    stored = snapshot.figures.to_json()
    return [name for name in MARKED_FIGURES if stored[name] != counted[name]]


def _report(session: Session, process: ProcessOutline) -> dict[str, Any]:
    ideas = session.execute(
        select(Idea.id, Idea.external_id, Idea.state).where(Idea.process_id == process.id).order_by(Idea.id)
    ).all()
    states = {idea.id: {"external_id": idea.external_id, "state": idea.state.value} for idea in ideas}
    figures = figures_of(tallies(session, states))
    return {
        "process": process.slug,
        "results_hidden": not may_see_results(process, now=clock.now()),
        "votes": sum(row.votes for row in figures),
        "ideas": [{**asdict(row), **states[row.idea]} for row in figures],
        "points": [
            {"phase": phase.id, **_points(point_figures(session, phase.id, states))}
            for phase in process.phases
            if Capability.PRIORITISE in phase.allows
        ],
        "releases": [
            {
                "number": release.number,
                "made_at": release.made_at.isoformat(),
                "leaves": release.leaves,
                "root": release.root,
                "file_sha256": release.file_sha256,
                "final": release.is_final,
            }
            for release in releases_of(session, process.id)
        ],
    }


def _points(figures: Mapping[int, PointFigures]) -> dict[str, Any]:
    """Return what each idea got that got any; ``spread`` says how many people gave 1, 2, 3 … points."""
    given = {idea_id: one for idea_id, one in figures.items() if one.people}
    return {
        "ideas": [
            {"idea": idea_id, "points": one.points, "people": one.people, "spread": list(one.spread)}
            for idea_id, one in given.items()
        ]
    }


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['votes']} votes on {len(report['ideas'])} ideas"
    for row in report["ideas"]:
        share = _share(row)
        yield f"idea {row['idea']}: {row['agree']} agree, {row['disagree']} disagree, {row['unsure']} unsure{share}"
    for phase in report["points"]:
        for row in phase["ideas"]:
            yield f"idea {row['idea']}: {row['points']} points of {row['people']} people in phase {phase['phase']}"
    for release in report["releases"]:
        last = ", the last one" if release["final"] else ""
        yield f"release {release['number']} of {release['made_at']}: {release['leaves']} votes, {release['root']}{last}"


def _share(row: dict[str, Any]) -> str:
    if row["agreement"] is None:
        return ""
    return f"; agreement {row['agreement']:.1%}, between {row['low']:.1%} and {row['high']:.1%}"
