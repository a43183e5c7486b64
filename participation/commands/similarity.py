"""Making what similar ideas are found by, for ideas that came without an event or before the extra was installed."""

from functools import partial

import click

from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.kit.db import db
from participation.processes.outline import ProcessOutline
from participation.processes.queries import all_processes
from participation.similarity.jobs import fill_process
from participation.texts.vectors import encoder


@click.command()
@click.argument("process", required=False)
@in_application
def vectors(process: str | None) -> None:
    """Make missing vectors and neighbours of ideas, in one or all processes."""
    session = db.session()
    chosen = [process_named(session, process)] if process else all_processes(session, with_drafts=True)
    if encoder() is None:
        click.echo("The extra “analysis” is not installed or switched off: similar ideas are found by words only.")
    for outline in chosen:
        done = fill_process(outline.id, partial(_tell, outline))
        click.echo(f"{outline.slug}: {done} ideas")


def _tell(outline: ProcessOutline, count: int) -> None:
    click.echo(f"{outline.slug}: {count} …", err=True)
