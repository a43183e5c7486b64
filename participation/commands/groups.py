"""Finding the opinion groups of a process."""

import json
from typing import Any

import click

from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.kit import clock
from participation.kit.db import begin_snapshot, db
from participation.processes.policies import may_see_results

HIDDEN = "Readers cannot see these results yet: please treat them accordingly."


@click.command()
@click.argument("process")
@click.option("--k", type=click.IntRange(1, 20), help="So many groups; without it as many as separate best.")
@click.option("--min-votes", type=click.IntRange(1), help="Leave out people who voted on fewer ideas.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@in_application
def groups(process: str, k: int | None, min_votes: int | None, as_json: bool) -> None:
    """Show who votes alike: groups, what each stands for, what all share."""
    try:
        from participation.opinions.grouping import MIN_VOTES
        from participation.opinions.report import groups_report

        session = db.session()
        begin_snapshot(session)
        outline = process_named(session, process)
        report = groups_report(session, outline.id, k=k, min_votes=min_votes or MIN_VOTES)
    except ModuleNotFoundError as problem:
        raise click.ClickException(f"opinion groups need the extra 'analysis': {problem}") from None
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None
    if not may_see_results(outline, now=clock.now()):
        click.echo(HIDDEN, err=True)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(report)))


def _lines(report: dict[str, Any]) -> list[str]:
    grouped = f"{report['people_grouped']} people in {report['k']} groups"
    counted = f"{report['votes']} votes on {report['ideas']} ideas"
    lines = [f"{grouped}, {counted}; {report['people_with_too_few_votes']} people voted on too few to be grouped"]
    for group in report["groups"]:
        lines.append(f"group {group['group']}: {group['size']} people")
        lines += [
            f"  {held['side']} with {_name(held)}: {held['share']:.0%} against {held['elsewhere']:.0%} elsewhere"
            for held in group["representative"]
        ]
        lines += [
            f"  against most people it would {held['side']} with {_name(held)}: {held['share']:.0%}"
            f" against {held['elsewhere']:.0%} of all"
            for held in group["against_majority"]
        ]
    lines += [f"all groups {shared['side']} with {_name(shared)}" for shared in report["consensus"]]
    lines += [
        f"groups differ on {_name(divide)}: {divide['lowest']:.0%} to {divide['highest']:.0%} agree"
        for divide in report["divisive"]
    ]
    return lines


def _name(idea: dict[str, Any]) -> str:
    return f"idea {idea['external_id'] or idea['idea']}"
